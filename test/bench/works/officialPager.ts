import { open } from 'node:fs/promises';
import { ConsumptionManagementClient } from '@azure/arm-consumption';
import { stringify } from 'csv-stringify/sync';
import type { WorkDone, WorkInput } from './work.ts';

const NO_SUBSCRIPTION = '00000000-0000-0000-0000-000000000000';
const CREDENTIAL = { getToken: async () => ({ token: 'none', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) };

/**
 * Peer: the pager of `@azure/arm-consumption`, and `csv-stringify` with all fields that it gives. A page is formatted as a whole
 * because the stream of `csv-stringify` takes a third more CPU time.
 */
export async function officialPagerToCsv({ base, scope, period, file }: WorkInput): Promise<WorkDone> {
  const client = new ConsumptionManagementClient(CREDENTIAL, NO_SUBSCRIPTION, {
    endpoint: base,
    allowInsecureConnection: true,
  });
  // It sends tokens over https alone, and the service here takes none.
  client.pipeline.removePolicy({ name: 'bearerTokenAuthenticationPolicy' });
  client.pipeline.addPolicy({
    name: 'period',
    sendRequest(request, next) {
      // Modern scopes take dates, and the operation has no parameters for them; links have them already.
      if (!request.url.includes('startDate=')) {
        request.url += `&startDate=${period.from}&endDate=${period.to}`;
      }
      return next(request);
    },
  });
  const target = file === undefined ? undefined : await open(file, 'w');
  let columns: string[] | undefined;
  let rows = 0;
  let bytes = 0;
  for await (const page of client.usageDetails.list(scope.slice(1)).byPage()) {
    const header = columns === undefined;
    columns ??= Object.keys(page[0] ?? {});
    const cast = { date: (value: Date) => value.toISOString(), boolean: String };
    const chunk = Buffer.from(stringify(page, { columns, header, cast }));
    rows += page.length;
    bytes += chunk.length;
    await target?.writeFile(chunk);
  }
  await target?.close();
  return { rows, bytes };
}
