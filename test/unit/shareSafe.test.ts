import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { parseJson } from '../../src/json/parseJson.ts';
import { chooseLayout } from '../../src/records/chooseLayout.ts';
import { hasFocusColumns } from '../../src/records/focus.ts';
import { FORMATS } from '../../src/records/formats.ts';
import { type PseudonymKind, Pseudonyms } from '../../src/records/pseudonyms.ts';
import { RecordReader } from '../../src/records/recordReader.ts';
import { COST_FILES } from '../../src/records/rowLayout.ts';
import { treatmentOf } from '../../src/records/sensitiveColumns.ts';
import { MODERN_USAGE } from '../../src/records/usageDetails.ts';
import { FILE_COLUMNS, SCHEMAS, SECRET, SECRET_DIGITS } from '../support/rowFixtures.ts';
import { writePage, writeRows } from '../support/writeRows.ts';

const key = (byte: number) => new Uint8Array(32).fill(byte);
const pseudonyms = new Pseudonyms(key(7));
const GUID = '5ec4e7a1-0000-4000-8000-00000000000a';

/** Kind of rows → its source and the names of its columns. */
const KINDS = [
  ...Object.entries(SCHEMAS).map(
    ([kind, schema]) => [kind, schema.kind, new RecordReader(schema).cells.map(({ name }) => name)] as const,
  ),
  ...Object.entries(FILE_COLUMNS).map(([kind, columns]) => [kind, COST_FILES, columns] as const),
];

function assertNoSecret(text: string): void {
  const lower = text.toLowerCase();
  for (const secret of [SECRET, ...SECRET_DIGITS]) {
    const at = lower.indexOf(secret);
    assert.equal(at, -1, `'${text.slice(Math.max(0, at - 80), at + 40)}'`);
  }
}

/** Columns of cost queries (REST reference: Query - Usage; dimensions that it names in examples). */
const QUERY_COLUMNS = [
  ...['PreTaxCost', 'Cost', 'CostUSD', 'PreTaxCostUSD', 'Currency', 'UsageDate', 'BillingMonth', 'ResourceGroup'],
  ...['ResourceGroupName', 'ResourceId', 'ResourceType', 'ResourceLocation', 'ServiceName', 'ServiceFamily'],
  ...['SubscriptionId', 'SubscriptionName', 'MeterCategory', 'MeterSubCategory', 'Meter', 'MeterId'],
  ...['CustomerName', 'CustomerTenantId', 'ResellerMpnId', 'InvoiceId', 'BillingProfileId', 'BillingProfileName'],
  ...['ChargeType', 'PublisherType', 'Frequency', 'PricingModel', 'BenefitId', 'BenefitName', 'Product'],
  ...['PartNumber', 'UnitOfMeasure', 'ReservationId', 'ReservationName', 'PartnerEarnedCreditApplied'],
];

describe('share-safe rows', () => {
  it('are tested for every kind of record that there is', async () => {
    const folder = path.join(import.meta.dirname, '..', '..', 'src', 'records');
    const modules = readdirSync(folder).filter((name) => name.endsWith('.ts'));
    const schemas = new Set<unknown>(Object.values(SCHEMAS));
    for (const name of modules) {
      const exported = (await import(path.join(folder, name))) as Record<string, unknown>;
      for (const [one, value] of Object.entries(exported)) {
        const isSchema = typeof value === 'object' && value !== null && 'kind' in value && 'columns' in value;
        assert.ok(!isSchema || schemas.has(value), `${one} of ${name}`);
      }
    }
  });

  it('of cost queries keep their costs and hide their names', () => {
    assert.deepEqual(
      QUERY_COLUMNS.filter((name) => [undefined, 'emptied'].includes(treatmentOf('cost query', name))),
      [],
    );
    assert.equal(treatmentOf('cost query', 'TagValue'), undefined);
    assert.equal(treatmentOf('cost query', 'CustomerName'), 'customer');
  });

  for (const [kind, source, columns] of KINDS) {
    it(`${kind}: every column is on a list`, () => {
      assert.deepEqual(
        columns.filter((name) => treatmentOf(source, name) === undefined),
        [],
      );
    });

    for (const format of FORMATS) {
      it(`${kind} as ${format}: no secret is left, in any case`, () => {
        const scope = { scope: `/subscriptions/${GUID}`, label: `The ${SECRET}` };
        assert.ok(writeRows(kind, format, { scope }).toLowerCase().includes(SECRET));
        assertNoSecret(
          writeRows(kind, format, { layout: chooseLayout({ pseudonyms }), scope: pseudonyms.scope(scope) }),
        );
        if (hasFocusColumns(source)) {
          for (const costs of ['actual', 'amortized'] as const) {
            assertNoSecret(writeRows(kind, format, { layout: chooseLayout({ columns: 'focus', costs, pseudonyms }) }));
          }
        }
      });
    }

    it(`${kind}: what is kept has the digits that were sent`, () => {
      const rows = (layout = chooseLayout({ always: true })) =>
        parseJson(writeRows(kind, 'json', { layout })) as Record<string, unknown>[];
      const safe = rows(chooseLayout({ pseudonyms }));
      rows().forEach((row, i) => {
        const kept = Object.entries(row).filter(
          ([name, value]) => treatmentOf(source, name) === 'kept' && typeof value !== 'string' && value !== null,
        );
        assert.deepEqual(
          kept.filter(([, value]) => !Array.isArray(value)).map(([name]) => [name, safe[i]?.[name]]),
          kept.filter(([, value]) => !Array.isArray(value)),
        );
      });
    });
  }

  it('hold no secret whatever values the service sends where names belong, and objects where none belong', () => {
    const secret = fc.string({ maxLength: 5 }).map((text) => `${SECRET}${text}`);
    const nested = fc.oneof(
      fc.dictionary(secret, secret, { minKeys: 1, maxKeys: 2 }),
      fc.array(secret, { minLength: 1 }),
    );
    const value = fc.oneof(secret, nested, fc.constant(null), fc.constant(true), fc.constant(12));
    const names = new RecordReader(MODERN_USAGE).cells.map(({ name }) => name);
    const isKept = (name: string) => treatmentOf(MODERN_USAGE.kind, name) === 'kept';
    const record = fc
      .dictionary(fc.constantFrom(...names), value)
      .map((members) =>
        Object.fromEntries(Object.entries(members).filter(([name, one]) => !isKept(name) || typeof one !== 'string')),
      );
    fc.assert(
      fc.property(
        record,
        fc.constantFrom(...FORMATS),
        fc.constantFrom('service', 'focus'),
        (members, format, columns) => {
          const page = Buffer.from(JSON.stringify({ value: [{ ...members, properties: members }] }));
          assertNoSecret(writePage(MODERN_USAGE, page, format, { layout: chooseLayout({ columns, pseudonyms }) }));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('empty a column that no list names', () => {
    const schema = {
      ...MODERN_USAGE,
      columns: [...MODERN_USAGE.columns, { name: 'nickname', within: 'properties' } as const],
    };
    const page = Buffer.from(`{"value":[{"properties":{"nickname":"${SECRET}","meterName":"D2"}}]}`);
    assert.equal(writePage(schema, page, 'ndjson', { layout: chooseLayout({ pseudonyms }) }), '{"meterName":"D2"}\n');
  });

  it('empty a kept column that holds an object', () => {
    const page = Buffer.from(`{"value":[{"properties":{"product":{"name":"${SECRET}"},"meterName":["${SECRET}"]}}]}`);
    assert.equal(writePage(MODERN_USAGE, page, 'ndjson', { layout: chooseLayout({ pseudonyms }) }), '{}\n');
  });

  it('join: a name has the same pseudonym alone and in paths, whatever its case', () => {
    const page = Buffer.from(
      `{"value":[{"properties":{"resourceGroup":"rg-North","subscriptionGuid":"${GUID}","customerTenantId":"${GUID.toUpperCase()}",` +
        `"instanceName":"/subscriptions/${GUID}/resourceGroups/RG-NORTH/providers/Microsoft.Web/sites/Shop"}}]}`,
    );
    const text = writePage(MODERN_USAGE, page, 'json', { layout: chooseLayout({ pseudonyms }) });
    const [row] = JSON.parse(text) as Record<string, string>[];
    assert.equal(
      row?.instanceName,
      `/subscriptions/${row?.subscriptionGuid}/resourceGroups/${row?.resourceGroup}/providers/Microsoft.Web/sites/${pseudonyms.of('resource', 'shop')}`,
    );
    assert.equal(row?.customerTenantId, row?.subscriptionGuid);
  });
});

describe('pseudonyms', () => {
  it('are the same under the same key and others under another', () => {
    const again = new Pseudonyms(key(7));
    const other = new Pseudonyms(key(8));
    for (const value of ['Juniper Wharf', GUID, `/subscriptions/${GUID}`]) {
      assert.equal(again.of('customer', value), pseudonyms.of('customer', value));
      assert.notEqual(other.of('customer', value), pseudonyms.of('customer', value));
    }
  });

  it('differ by kind, but for GUIDs', () => {
    assert.match(pseudonyms.of('customer', 'Juniper'), /^Customer [0-9A-Z]{10}$/);
    assert.match(pseudonyms.of('domain', 'juniper.example'), /^d-[0-9a-z]{10}\.example$/);
    assert.notEqual(pseudonyms.of('resource', 'juniper').slice(4), pseudonyms.of('resourceGroup', 'juniper').slice(3));
    assert.equal(pseudonyms.of('customer', GUID), pseudonyms.of('subscription', ` ${GUID.toUpperCase()} `));
  });

  it('of GUIDs are GUIDs that are told from real ones by their version', () => {
    fc.assert(
      fc.property(fc.uuid(), (guid) => {
        assert.match(
          pseudonyms.of('text', guid),
          /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        );
      }),
    );
  });

  it('are the same before and after many others were made', () => {
    const first = pseudonyms.of('resource', 'the first');
    for (let i = 0; i < 60_000; i++) {
      pseudonyms.of('record', `record ${i}`);
    }
    assert.equal(pseudonyms.of('resource', 'the first'), first);
  });

  it('say nothing of blanks', () => {
    assert.equal(pseudonyms.of('customer', '  '), '');
  });

  it('of paths keep Azure’s words and no other segment, in damaged paths too', () => {
    const words = [
      'subscriptions',
      'resourceGroups',
      'providers',
      'Microsoft.Web',
      'customers',
      'billingPeriods',
      '',
      '%',
    ];
    const name = fc.stringMatching(/^[a-z]{3,8}$/).map((text) => `${SECRET}${text}`);
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...words), name), { maxLength: 10 }), (segments) => {
        const path = `/${segments.join('/')}`;
        const hidden = pseudonyms.of('resource', path);
        assert.equal(hidden.split('/').length, path.split('/').length);
        // A type may be named anything behind a namespace of Microsoft's, so that place alone is let be.
        if (!segments.includes('Microsoft.Web')) {
          assertNoSecret(hidden);
        }
      }),
    );
  });

  it('name a scope as what it is', () => {
    const labelOf = (scope: string) => pseudonyms.scope({ scope, label: 'Juniper' }).label.split(' ')[0];
    assert.equal(labelOf(`/subscriptions/${GUID}`), 'Subscription');
    assert.equal(labelOf(`/providers/Microsoft.Billing/billingAccounts/a/customers/${GUID}`), 'Customer');
    assert.equal(labelOf('anything'), 'Text');
  });

  it('need a key that cannot be guessed', () => {
    assert.throws(() => new Pseudonyms(new Uint8Array(16)), RangeError);
  });

  it('never look like a formula or a number', () => {
    const kinds: PseudonymKind[] = ['customer', 'partnerNumber', 'invoice', 'costCenter', 'resource', 'domain', 'text'];
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.string({ minLength: 1 }), (kind, value) => {
        const one = pseudonyms.of(kind, `x${value}`);
        assert.match(one, /^[A-Za-z]/);
      }),
    );
  });
});
