import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';

/** Runs in a process of its own, where nothing but the service and its reader fills the heap. */
const SCRIPT = `
  import { startSampleService } from ${JSON.stringify(new URL('../../src/sample/service.ts', import.meta.url).href)};
  const service = await startSampleService({ usageRows: 1_000_000, now: new Date('2026-11-21T09:00:00Z') });
  const [account] = service.tenant.accounts;
  let url = service.endpoints.resourceManager + '/providers/Microsoft.Billing/billingAccounts/' + account.name +
    '/providers/Microsoft.Consumption/usageDetails?startDate=2026-10-01&endDate=2026-10-31&api-version=2023-11-01';
  const heap = () => { globalThis.gc(); return process.memoryUsage().heapUsed; };
  let afterTwo = 0;
  let pages = 0;
  while (url && pages < 20) {
    const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
    // Only the tail is read: parsing the page would measure the reader instead of the service.
    url = /"nextLink":"([^"]+)"\\}$/.exec(bytes.subarray(-2_000).toString())?.[1];
    pages++;
    if (pages === 2) afterTwo = heap();
  }
  console.log(JSON.stringify({ pages, growth: (heap() - afterTwo) / 1_048_576 }));
  process.exit();
`;

describe('sample service: a million usage rows', () => {
  it('holds no more memory after many pages than after few', () => {
    const args = ['--expose-gc', '--input-type=module', '--eval', SCRIPT];
    const { pages, growth } = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Record<
      'pages' | 'growth',
      number
    >;
    assert.equal(pages, 20);
    assert.ok(growth < 30, `the heap grew by ${growth.toFixed(1)} MB`);
  });
});
