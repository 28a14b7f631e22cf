import assert from 'node:assert/strict';
import type { BillingError } from '../../src/api/http/errors.ts';
import { FilesDocument } from '../../src/usage/filesDocument.ts';
import { PagesDocument } from '../../src/usage/pagesDocument.ts';
import { checkUsageFilter, type UsageFilter } from '../../src/usage/usageFilter.ts';

/** Rows as they are written, and what was left out. */
async function rowsOf(
  write: (sink: { write(bytes: Uint8Array): Promise<void> }) => Promise<{ rows: number; leftOut: number }>,
): Promise<{ text: string; rows: number; leftOut: number }> {
  const chunks: Buffer[] = [];
  const { rows, leftOut } = await write({
    write: async (bytes) => {
      chunks.push(Buffer.from(bytes));
    },
  });
  return { text: Buffer.concat(chunks).toString(), rows, leftOut };
}

const pages = (records: object[], only: UsageFilter) =>
  rowsOf(async (sink) => {
    const document = new PagesDocument('ndjson', sink, only);
    await document.page(Buffer.from(JSON.stringify({ value: records })));
    await document.end();
    return document;
  });

const files = (text: string, only: UsageFilter) =>
  rowsOf(async (sink) => {
    const document = new FilesDocument('csv', sink, {}, only);
    await document.write(Buffer.from(text));
    document.endFile();
    await document.end();
    return document;
  });

const modern = (meterCategory: string, tags: object | null, cost: number) => ({
  kind: 'modern',
  tags,
  properties: { meterCategory, costInBillingCurrency: cost, billingCurrencyCode: 'EUR', date: '2026-10-01' },
});
const legacy = (meterCategory: string) => ({
  kind: 'legacy',
  tags: null,
  properties: { meterDetails: { meterCategory }, cost: 1, billingCurrency: 'EUR', date: '2026-10-01' },
});

describe('a filter of usage rows', () => {
  const three = [modern('Storage', { Env: 'prod' }, 1), modern('SQL', null, 2), modern('storage', { env: 'test' }, 4)];

  it('keeps the rows of a group, compared without case, and counts the others', async () => {
    const { rows, leftOut, text } = await pages(three, [{ by: 'ServiceName', values: ['Storage'] }]);
    assert.deepEqual([rows, leftOut], [2, 1]);
    assert.ok(!text.includes('SQL'));
  });

  it('keeps all but some groups, and rows without a value', async () => {
    assert.equal((await pages(three, [{ by: 'ServiceName', values: ['storage'], not: true }])).rows, 1);
    assert.equal((await pages(three, [{ by: 'tag:env', values: ['PROD', ''] }])).rows, 2);
    assert.equal((await pages(three, [{ by: 'ResourceGroupName', values: [''] }])).rows, 3);
  });

  it('takes a row for one without a value when no column has one', async () => {
    const place = (properties: object) => ({ ...modern('Storage', null, 1), properties });
    const rows = [
      place({ resourceLocation: 'westeurope' }),
      place({ resourceLocationNormalized: 'EU West' }),
      place({}),
    ];
    const by = 'ResourceLocation';
    assert.equal((await pages(rows, [{ by, values: [''] }])).rows, 1);
    assert.equal((await pages(rows, [{ by, values: [''], not: true }])).rows, 2);
    assert.equal((await pages(rows, [{ by, values: ['eu west'] }])).rows, 1);
  });

  it('reads the type of a resource from its path', async () => {
    const of = (instanceName: string) => ({ ...modern('SQL', null, 1), properties: { instanceName } });
    const group = '/subscriptions/s/resourceGroups/g/providers';
    const rows = [`${group}/Microsoft.Sql/servers/main/databases/d`, `${group}/Microsoft.Sql/servers/main`, ''].map(of);
    const values = ['microsoft.sql/servers/databases'];
    const { rows: kept, text } = await pages(rows, [{ by: 'ResourceType', values }]);
    assert.equal(kept, 1);
    assert.ok(text.includes('databases/d'));
    assert.equal((await pages(rows, [{ by: 'ResourceType', values: [''] }])).rows, 1);
  });

  it('finds the category in the meter of rows of enrolments', async () => {
    const { rows } = await pages([legacy('Storage'), legacy('SQL')], [{ by: 'MeterCategory', values: ['sql'] }]);
    assert.equal(rows, 1);
  });

  it('keeps rows of cost files byte for byte, tags with or without their braces', async () => {
    const text = [
      'meterCategory,tags,costInBillingCurrency,billingCurrency,date',
      'Storage,"""env"": ""prod""",1.50,EUR,10/01/2026',
      'SQL,"{""env"": ""prod""}",2,EUR,10/01/2026',
      'Storage,,4,EUR,10/01/2026',
      '',
    ].join('\n');
    const lines = text.split('\n');
    const kept = await files(text, [{ by: 'tag:Env', values: ['prod'] }]);
    assert.equal(kept.text, [lines[0], lines[1], lines[2], ''].join('\n'));
    assert.deepEqual([kept.rows, kept.leftOut], [2, 1]);
    const both = [
      { by: 'tag:env', values: ['prod'] },
      { by: 'ServiceName', values: ['sql'] },
    ];
    assert.equal((await files(text, both)).text, [lines[0], lines[2], ''].join('\n'));
  });

  it('refuses what rows do not tell instead of keeping none or all of them', async () => {
    const refusal = (error: unknown) => (error as BillingError).message;
    const header = 'meterCategory,costInBillingCurrency,billingCurrency,date\nSQL,2,EUR,10/01/2026\n';
    await assert.rejects(files(header, [{ by: 'tag:env', values: ['prod'] }]), (error) =>
      /^only: these usage rows do not tell 'tag:env'/.test(refusal(error)),
    );
    for (const given of [undefined, 'x', [{ by: 'Nothing', values: ['x'] }], [{ by: 'tag:', values: ['x'] }]]) {
      assert.throws(() => checkUsageFilter(given), { name: 'BillingError' });
    }
  });
});
