import assert from 'node:assert/strict';
import { digitsOf, ExactNumber } from '../../src/json/exact.ts';
import { parseJson } from '../../src/json/parseJson.ts';
import { chooseLayout } from '../../src/records/chooseLayout.ts';
import { focusLayout, hasFocusColumns } from '../../src/records/focus.ts';
import type { CostKind } from '../../src/records/focusRows.ts';
import { serviceCategory, singleUnit } from '../../src/records/focusTerms.ts';
import { COST_FILES } from '../../src/records/rowLayout.ts';
import { LEGACY_USAGE, MODERN_USAGE } from '../../src/records/usageDetails.ts';
import { csvCells } from '../support/csvCells.ts';
import { FILE_COLUMNS, SCHEMAS } from '../support/rowFixtures.ts';
import { writeFile, writePage, writeRows } from '../support/writeRows.ts';

type Row = Record<string, unknown>;

const KINDS = [
  ...Object.keys(SCHEMAS).filter((kind) => hasFocusColumns(SCHEMAS[kind]?.kind ?? '')),
  ...Object.keys(FILE_COLUMNS),
];

const focus = (costs: CostKind = 'actual') => chooseLayout({ columns: 'focus', costs });

/** The row of one record of usage details. */
function modern(properties: Row, costs?: CostKind): Row {
  const page = Buffer.from(JSON.stringify({ value: [{ properties }] }));
  return (JSON.parse(writePage(MODERN_USAGE, page, 'json', { layout: focus(costs) })) as Row[])[0] ?? {};
}

/** A value as text, nothing for none. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) {
    return '';
  }
  return typeof value === 'number' || value instanceof ExactNumber
    ? digitsOf(value)
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
}

/** The columns that version 1.2 of the specification requires in every file. */
const MANDATORY = [
  ...['BilledCost', 'BillingAccountId', 'BillingAccountName', 'BillingCurrency', 'BillingPeriodEnd'],
  ...['BillingPeriodStart', 'ChargeCategory', 'ChargeClass', 'ChargeDescription', 'ChargePeriodEnd'],
  ...['ChargePeriodStart', 'ContractedCost', 'EffectiveCost', 'InvoiceIssuerName', 'ListCost', 'PricingQuantity'],
  ...['PricingUnit', 'ProviderName', 'PublisherName', 'ServiceCategory', 'ServiceName'],
];

/** Of these, what rows of a kind do not know. */
const EMPTY: Readonly<Record<string, readonly string[]>> = {
  legacy: ['ListCost'],
  subscriptionFile: ['ListCost', 'BillingAccountId', 'BillingAccountName'],
};

describe('FOCUS columns', () => {
  it('are the same for all kinds of rows, in one order, and hold those that the specification requires', () => {
    const headers = KINDS.map((kind) => {
      const names = writeRows(kind, 'csv', { layout: focus() }).split('\n')[0]?.split(',') ?? [];
      return names.filter((name) => name !== 'unknownFields');
    });
    assert.equal(KINDS.length, 4);
    for (const header of headers) {
      assert.deepEqual(header, headers[0]);
    }
    assert.deepEqual(
      MANDATORY.filter((name) => !headers[0]?.includes(name)),
      [],
    );
    assert.deepEqual(headers[0], [...(headers[0] ?? []).slice(0, -1)].sort().concat('x_Source'));
  });

  it('have the form that the specification gives to what it requires, and are empty where it says so', () => {
    const decimal = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
    const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
    const text = /\S/;
    const forms: Readonly<Record<string, RegExp>> = {
      ...{ BilledCost: decimal, EffectiveCost: decimal, ListCost: decimal, PricingQuantity: decimal },
      ...{ BillingPeriodStart: moment, BillingPeriodEnd: moment, ChargePeriodStart: moment, ChargePeriodEnd: moment },
      ...{ BillingAccountId: text, BillingAccountName: text, BillingCurrency: /^[A-Z]{3}$/, PricingUnit: text },
      ...{ ChargeCategory: /^(?:Usage|Purchase|Tax|Credit|Adjustment)$/, ChargeClass: /^(?:Correction)?$/ },
      ...{ ChargeDescription: text, InvoiceIssuerName: text, ProviderName: text, PublisherName: text },
      ...{ ServiceCategory: text, ServiceName: text },
      // Nothing that rows have is their product of price and quantity.
      ContractedCost: /^$/,
    };
    assert.deepEqual(Object.keys(forms).sort(), [...MANDATORY].sort());
    for (const kind of KINDS) {
      const [row = {}] = parseJson(writeRows(kind, 'json', { layout: focus() })) as Row[];
      const other = Object.keys(forms).filter((name) => !forms[name]?.test(textOf(row[name])));
      assert.deepEqual(other, EMPTY[kind] ?? [], kind);
      assert.deepEqual(
        other.map((name) => textOf(row[name])),
        other.map(() => ''),
      );
      const period = (which: string) => Date.parse(String(row[`ChargePeriod${which}`]));
      assert.equal(period('End') - period('Start'), 86_400_000, kind);
      assert.ok(String(row.BillingPeriodStart) < String(row.BillingPeriodEnd));
    }
  });

  for (const kind of KINDS) {
    for (const costs of ['actual', 'amortized'] as const) {
      it(`${kind}, ${costs}: every value of the row is in a column as it was sent, or in x_Source under its name`, () => {
        const sent = parseJson(writeRows(kind, 'json', { layout: chooseLayout({ always: true }) })) as Row[];
        const written = parseJson(writeRows(kind, 'json', { layout: focus(costs) })) as Row[];
        assert.equal(written.length, 3);
        sent.forEach((row, i) => {
          const { x_Source: source, ...columns } = written[i] ?? {};
          const texts = new Set(Object.values(columns).map(textOf));
          for (const [name, value] of Object.entries(row)) {
            const text = textOf(value);
            // Files have tags as text, which becomes the object that it is.
            const object = name === 'tags' && typeof value === 'string' ? textOf(columns.Tags) : text;
            const kept = textOf((source as Row | undefined)?.[name]);
            assert.ok(text === '' || texts.has(text) || texts.has(object) || kept === text, `${name}: ${text}`);
          }
        });
      });
    }
  }

  it('have numbers digit by digit', () => {
    const page = Buffer.from(
      '{"value":[{"properties":{"costInBillingCurrency":0.12345678901234567890,"paygCostInBillingCurrency":1.0}}]}',
    );
    assert.match(
      writePage(MODERN_USAGE, page, 'ndjson', { layout: focus() }),
      /^\{"BilledCost":0\.12345678901234567890,.*"ListCost":1\.0,/,
    );
  });

  it('end a period where the next begins', () => {
    const expected = {
      BillingPeriodStart: '2026-02-01T00:00:00Z',
      BillingPeriodEnd: '2026-03-01T00:00:00Z',
      ChargePeriodStart: '2026-02-28T00:00:00Z',
      ChargePeriodEnd: '2026-03-01T00:00:00Z',
    };
    const times = ({ BillingPeriodStart, BillingPeriodEnd, ChargePeriodStart, ChargePeriodEnd }: Row) => ({
      ...{ BillingPeriodStart, BillingPeriodEnd, ChargePeriodStart, ChargePeriodEnd },
    });
    const record = {
      billingPeriodStartDate: '2026-02-01T00:00:00.0000000Z',
      billingPeriodEndDate: '2026-02-28T23:59:59Z',
      date: '2026-02-28',
    };
    const file = 'billingPeriodStartDate,billingPeriodEndDate,date\n02/01/2026,02/28/2026,02/28/2026\n';
    assert.deepEqual(times(modern(record)), expected);
    assert.deepEqual(times(csvCells(writeFile(file, 'csv', { layout: focus() }))[0] ?? {}), expected);
  });

  it('leave a date that is none empty, and keep what was sent', () => {
    const row = modern({ date: 'soon' });
    assert.equal(row.ChargePeriodStart, undefined);
    assert.deepEqual(row.x_Source, { date: 'soon' });
  });

  it('tell billed from effective cost only where rows can', () => {
    const costsOf = ({ BilledCost, EffectiveCost, PricingCurrencyEffectiveCost }: Row) => [
      BilledCost,
      EffectiveCost,
      PricingCurrencyEffectiveCost,
    ];
    const used = { chargeType: 'Usage', costInBillingCurrency: 2, costInPricingCurrency: 3 };
    for (const [more, actual, amortized] of [
      [{}, [2, 2, 3], [2, 2, 3]],
      [{ pricingModel: 'OnDemand', benefitId: '', reservationId: '' }, [2, 2, 3], [2, 2, 3]],
      [{ pricingModel: 'Reservation' }, [2, undefined, undefined], [undefined, 2, 3]],
      [{ reservationId: 'r' }, [2, undefined, undefined], [undefined, 2, 3]],
      [{ benefitId: 'b' }, [2, undefined, undefined], [undefined, 2, 3]],
      [{ chargeType: 'Purchase' }, [2, undefined, undefined], [undefined, 2, 3]],
    ] as const) {
      assert.deepEqual(costsOf(modern({ ...used, ...more })), actual, JSON.stringify(more));
      assert.deepEqual(costsOf(modern({ ...used, ...more }, 'amortized')), amortized, JSON.stringify(more));
    }
  });

  it('have unit prices in the billing currency only where that is the currency of prices', () => {
    const prices = { unitPrice: 1, marketPrice: 2, billingCurrencyCode: 'EUR' };
    const pricesOf = (row: Row) =>
      [
        'ContractedUnitPrice',
        'ListUnitPrice',
        'PricingCurrencyContractedUnitPrice',
        'PricingCurrencyListUnitPrice',
      ].map((name) => row[name]);
    assert.deepEqual(pricesOf(modern({ ...prices, pricingCurrencyCode: 'EUR' })), [1, 2, 1, 2]);
    assert.deepEqual(pricesOf(modern({ ...prices, pricingCurrencyCode: 'USD' })), [undefined, undefined, 1, 2]);
    const page = Buffer.from('{"value":[{"properties":{"unitPrice":1,"payGPrice":2,"billingCurrency":"EUR"}}]}');
    const [legacy] = JSON.parse(writePage(LEGACY_USAGE, page, 'json', { layout: focus() })) as Row[];
    assert.deepEqual(pricesOf(legacy ?? {}), [1, 2, undefined, undefined]);
  });

  it('count in units only where the unit of measure is one of them', () => {
    const quantitiesOf = ({
      ConsumedQuantity,
      ConsumedUnit,
      PricingQuantity,
      PricingUnit,
      x_PricingUnitDescription,
    }: Row) => [...[ConsumedQuantity, ConsumedUnit, PricingQuantity, PricingUnit, x_PricingUnitDescription]];
    const used = { chargeType: 'Usage', quantity: 3 };
    assert.deepEqual(quantitiesOf(modern({ ...used, unitOfMeasure: '1 Hour' })), [3, 'Hour', 3, 'Hour', '1 Hour']);
    assert.deepEqual(quantitiesOf(modern({ ...used, chargeType: 'Purchase', unitOfMeasure: '1/Month' })), [
      ...[undefined, undefined, 3, 'Units/Month', '1/Month'],
    ]);
    const blocks = modern({ ...used, unitOfMeasure: '100 GB' });
    assert.deepEqual(quantitiesOf(blocks), [undefined, undefined, undefined, undefined, '100 GB']);
    assert.equal((blocks.x_Source as Row).quantity, 3);
  });

  it('translate the words that have a translation, and invent none', () => {
    const { ChargeCategory, ChargeClass, ChargeFrequency, PricingCategory, x_Source } = modern({
      ...{ chargeType: 'Refund', frequency: 'UsageBased', pricingModel: 'Spot' },
    });
    assert.deepEqual(
      [ChargeCategory, ChargeClass, ChargeFrequency, PricingCategory],
      ['Purchase', 'Correction', 'Usage-Based', 'Dynamic'],
    );
    assert.deepEqual(x_Source, { chargeType: 'Refund', frequency: 'UsageBased', pricingModel: 'Spot' });
    assert.deepEqual(
      [modern({ chargeType: 'Something' }).ChargeCategory, modern({}).ChargeCategory],
      [undefined, undefined],
    );
    assert.deepEqual(['AI + Machine Learning', 'Quantum'].map(serviceCategory), ['AI and Machine Learning', 'Other']);
    assert.equal(modern({ chargeType: 'toString', pricingModel: 'constructor' }).ChargeCategory, undefined);
  });

  it('say what a commitment was used for, or that it was not', () => {
    const status = (properties: Row) => modern(properties).CommitmentDiscountStatus;
    assert.equal(status({ chargeType: 'Usage', pricingModel: 'SavingsPlan' }), 'Used');
    assert.equal(status({ chargeType: 'UnusedReservation', pricingModel: 'Reservation' }), 'Unused');
    assert.equal(status({ chargeType: 'Usage', pricingModel: 'OnDemand' }), undefined);
  });

  it('name who issues the invoice: Microsoft to partners, partners to their customers', () => {
    const issuer = (file: string) => csvCells(writeFile(file, 'csv', { layout: focus() }))[0]?.InvoiceIssuerName;
    assert.equal(issuer('billingProfileId,partnerName\np,Juniper\n'), 'Microsoft');
    assert.equal(issuer('partnerName\nJuniper\n'), 'Juniper');
    assert.equal(issuer('date\n10/01/2026\n'), 'Microsoft');
  });

  it('name a resource and its type from its path', () => {
    const path = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/north/databases/shop';
    const { ResourceName, ResourceType, SubAccountId } = modern({ instanceName: path, subscriptionGuid: 's' });
    assert.deepEqual(
      [ResourceName, ResourceType, SubAccountId],
      ['shop', 'Microsoft.Sql/servers/databases', '/subscriptions/s'],
    );
    assert.equal(modern({ instanceName: 'shop' }).ResourceType, undefined);
  });

  it('are refused for rows that have none', () => {
    assert.equal(hasFocusColumns(COST_FILES), true);
    assert.throws(
      () =>
        focusLayout('actual')({
          source: 'licences',
          cells: [],
          unknown: true,
          text: () => undefined,
          isNested: () => false,
        }),
      /not for licences/,
    );
  });
});

describe('units of measure', () => {
  it('are single ones or blocks', () => {
    const units = [
      '1 Hour',
      '1 GB/Month',
      '1/Month',
      '1 GiB',
      '100 Hours',
      '10K',
      '1K',
      '1M',
      '1 Million',
      '',
      'Hour',
      '1',
    ].map(singleUnit);
    assert.deepEqual(units, ['Hour', 'GB/Month', 'Units/Month', 'GiB', ...Array(8).fill(undefined)]);
  });
});
