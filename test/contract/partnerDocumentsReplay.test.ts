import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { PartnerCenterClient } from '../../src/api/partnerCenter/partnerCenterClient.ts';
import { ExactNumber } from '../../src/json/exact.ts';
import { parseJson } from '../../src/json/parseJson.ts';
import { DecimalSum } from '../../src/records/decimal.ts';
import { FORMATS, type Format } from '../../src/records/formats.ts';
import type { Sink } from '../../src/records/output.ts';
import type { LineItemWords } from '../../src/usage/partner/lineItemCall.ts';
import { writeLineItems } from '../../src/usage/partner/writeLineItems.ts';
import { type UsageRecordsSubject, writeUsageRecords } from '../../src/usage/partner/writeUsageRecords.ts';
import { writeUtilization } from '../../src/usage/partner/writeUtilization.ts';
import type { UsageReport } from '../../src/usage/writeUsage.ts';
import { MemorySink } from '../support/arm.ts';
import { cellOf, csvCells } from '../support/csvCells.ts';
import { withStub } from '../support/partnerCenter.ts';
import { sendJson } from '../support/stubService.ts';

/** Public example payloads of the service, kept beside the project and not in it. */
const EXAMPLES = path.resolve(import.meta.dirname, '../../../shared/api/examples/partner-center');
const AREAS = ['usage', 'utilization', 'lineitems'];

type Members = Readonly<Record<string, unknown>>;

/** A document, and the member of its records that it adds up. */
interface Document {
  write(client: PartnerCenterClient, format: Format, sink: Sink): Promise<UsageReport>;
  amount: string;
}

const records = (subject: UsageRecordsSubject): Document => ({
  write: (client, format, sink) => writeUsageRecords(client, subject, format, sink, {}),
  amount: 'totalCost',
});

const DAY = { start: '2026-10-01T00:00:00Z', end: '2026-10-02T00:00:00Z', granularity: 'daily' } as const;
const ONE = { customer: 'c1', subscription: 's1' };

const utilization: Document = {
  write: (client, format, sink) => writeUtilization(client, { ...ONE, ...DAY, showDetails: true }, format, sink, {}),
  amount: 'quantity',
};

const lines = (words: LineItemWords, amount: string, invoice = 'G1'): Document => ({
  write: (partnerCenter, format, sink) =>
    writeLineItems({ partnerCenter, graph: undefined }, { ...words, invoice, currency: 'USD' }, format, sink, {}),
  amount,
});

const ofSubscriptions = records({ of: 'subscriptions', customer: 'c1' });
const ofMeters = records({ of: 'meters', ...ONE });
const ratedUsage = lines({ provider: 'onetime', type: 'usagelineitems' }, 'billingPreTaxTotal');
const charges = lines({ provider: 'onetime', type: 'billinglineitems' }, 'subtotal');

const DOCUMENTS: Readonly<Record<string, Document>> = {
  'usage/customers-usagerecords.json': records({ of: 'customers' }),
  'usage/subscriptions-usagerecords-145p.json': ofSubscriptions,
  'usage/subscriptions-usagerecords-azure-plan.json': ofSubscriptions,
  'usage/usagerecords-resources-145p.json': ofMeters,
  'usage/meterusagerecords-azure-plan.json': ofMeters,
  'usage/resourceusagerecords-azure-plan.json': records({ of: 'resources', ...ONE }),
  'utilization/app-service-daily-with-next.json': utilization,
  'utilization/azure-stack-daily.json': utilization,
  'lineitems/billed-usage-page1.json': ratedUsage,
  'lineitems/unbilled-usage-page1.json': ratedUsage,
  'lineitems/unbilled-usage-last-page.json': ratedUsage,
  'lineitems/unbilled-recon-page1.json': charges,
  'lineitems/onetime-billing-page1.json': charges,
  'lineitems/office-billing.json': lines({ provider: 'office', type: 'billinglineitems' }, 'subtotal', 'D1'),
  'lineitems/azure-145p-billing.json': lines({ provider: 'azure', type: 'billinglineitems' }, 'pretaxCharges', 'D1'),
};

/** Single resources, which are no records. */
const SUMMARIES = ['usage/customer-usagesummary-azure-plan.json', 'usage/subscription-usagesummary-145p.json'];

/** Misspelt members of published payloads; they are kept as what they are. */
const STRAY: Readonly<Record<string, readonly string[]>> = {
  'lineitems/unbilled-usage-page1.json': ['invoiceLineItemTypce'],
  'lineitems/unbilled-recon-page1.json': ['attributes/objectType'],
  'lineitems/onetime-billing-page1.json': ['attributes/objectType'],
};

const BOM = '\ufeff';
const LAST_PAGE = '{"totalCount":0,"items":[]}';

describe('replay of public example payloads: documents of Partner Center', () => {
  if (!existsSync(EXAMPLES)) {
    it('needs the examples beside the project', function () {
      this.skip();
    });
    return;
  }
  const index = JSON.parse(readFileSync(path.join(EXAMPLES, 'index.json'), 'utf8')) as { file: string }[];

  it('leaves no payload of records out', () => {
    const files = index.map(({ file }) => file).filter((file) => AREAS.includes(file.split('/')[0] ?? ''));
    assert.deepEqual(files.sort(), [...Object.keys(DOCUMENTS), ...SUMMARIES].sort());
  });

  for (const [file, { write, amount }] of Object.entries(DOCUMENTS)) {
    it(`${file} becomes documents with every digit and text`, async () => {
      const page = readFileSync(path.join(EXAMPLES, file), 'utf8');
      const { items } = parseJson(page) as { items: Members[] };
      for (const format of FORMATS) {
        let served = 0;
        await withStub(
          (_request, response) => sendJson(response, 200, served++ === 0 ? `${BOM}${page}` : LAST_PAGE),
          async ({ client }) => {
            const sink = new MemorySink();
            const report = await write(client, format, sink);
            assert.equal(report.rows, items.length);
            assert.deepEqual(report.unknownFields, STRAY[file] ?? []);
            assert.equal(sum(Object.values(report.totals)), sum(items.map((item) => String(item[amount]))));
            assert.ok(!Object.keys(report.totals).includes(''), 'all is of some currency or unit');
            check(format, sink.text, items);
          },
        );
      }
    });
  }
});

function check(format: Format, text: string, items: readonly Members[]): void {
  if (format !== 'csv') {
    const values = format === 'json' ? parseJson(text) : text.trimEnd().split('\n').map(parseJson);
    assert.deepEqual(values, items);
    return;
  }
  for (const [n, cells] of csvCells(text).entries()) {
    const { unknownFields = '', ...known } = cells;
    const kept = { ...known, ...(unknownFields === '' ? {} : (parseJson(unknownFields) as Members)) };
    const item = spread(items[n] ?? {}, Object.keys(known));
    for (const name of new Set([...Object.keys(item), ...Object.keys(kept)])) {
      // Published payloads are indented, and nested values stay as they were sent.
      const [cell, value] = [kept[name], item[name]];
      const meant = typeof cell === 'string' && isNested(value) ? parseJson(cell) : cell;
      assert.equal(cellOf(meant), cellOf(value), `${name} of row ${n + 1}`);
    }
  }
}

/** The record with its objects in parts where their members are columns: `resource.id`. */
function spread(item: Members, columns: readonly string[]): Members {
  return Object.fromEntries(
    Object.entries(item).flatMap(([name, value]) =>
      isNested(value) && columns.some((column) => column.startsWith(`${name}.`))
        ? Object.entries(value).map(([member, inner]) => [`${name}.${member}`, inner])
        : [[name, value]],
    ),
  );
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof ExactNumber);
}

function sum(digits: readonly string[]): string {
  const total = new DecimalSum();
  for (const each of digits) {
    total.add(each);
  }
  return total.toString();
}
