import assert from 'node:assert/strict';
import { BillingError } from '../../src/api/http/errors.ts';
import type { Settings } from '../../src/contributions.ts';
import { subjectOf } from '../../src/exports/exportArgument.ts';
import { givenFile, optionsOf } from '../../src/exports/exportOptions.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const ACCOUNT = '/providers/Microsoft.Billing/billingAccounts/a:b_2019-05-31';
const CUSTOMER = `${ACCOUNT}/customers/c1`;

const connections = {
  find: (name: unknown) => (name === 'Work' ? 'Work' : undefined),
  list: () => [{ name: 'Work' }],
  hasPartnerCenter: () => true,
  arm: async () => ({ versions: 'newest' as const }),
};

const ask = (given: Record<string, unknown>) => subjectOf({ connection: 'Work', ...given }, connections, NOW);

async function refusal(given: Record<string, unknown>): Promise<string> {
  const error = await ask(given).then(
    () => assert.fail('it was accepted'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof BillingError && error.kind === 'argument', String(error));
  return error.explanation;
}

describe('what an argument of exportUsage asks for', () => {
  it('usage details of a scope, of the month to date when nothing else is said', async () => {
    assert.deepEqual(await ask({ scope: CUSTOMER, label: 'Fabrikam' }), {
      connection: 'Work',
      source: {
        kind: 'usageDetails',
        scopes: [{ scope: CUSTOMER, label: 'Fabrikam' }],
        period: { from: '2026-11-01', to: '2026-11-21' },
      },
      title: 'Usage of Fabrikam 2026-11-01 to 2026-11-21',
      name: 'Fabrikam usage 2026-11-01 to 2026-11-21',
      shareSafeName: 'usage 2026-11-01 to 2026-11-21',
    });
  });

  it('several scopes in one file, with what people call them', async () => {
    const { source, name } = await ask({
      scopes: [{ scope: CUSTOMER, label: 'Fabrikam' }, `${ACCOUNT}/customers/c2`],
      period: '2026-10',
      metric: 'amortizedcost',
    });
    assert.deepEqual(source, {
      kind: 'usageDetails',
      scopes: [{ scope: CUSTOMER, label: 'Fabrikam' }, { scope: `${ACCOUNT}/customers/c2` }],
      period: { from: '2026-10-01', to: '2026-10-31' },
      metric: 'AmortizedCost',
    });
    assert.equal(name, '2 customers usage 2026-10 amortized');
  });

  it('an invoice has its own period', async () => {
    const invoice = `${ACCOUNT}/invoices/G1`;
    assert.deepEqual((await ask({ scope: invoice })).source, { kind: 'usageDetails', scopes: [{ scope: invoice }] });
    assert.match(await refusal({ scope: invoice, period: '2026-10' }), /^period: an invoice has its own period\./);
  });

  it('the other kinds are told by their fields', async () => {
    const ids = { customerId: 'c1', subscriptionId: 's1' };
    assert.deepEqual((await ask({ of: 'customers' })).source, { kind: 'usageRecords', of: 'customers' });
    assert.deepEqual((await ask({ customerId: 'c1' })).source, {
      kind: 'usageRecords',
      of: 'subscriptions',
      customer: 'c1',
    });
    assert.deepEqual((await ask({ ...ids, start: '2026-11-01', end: '2026-11-03' })).source, {
      kind: 'utilization',
      subscriptions: [{ customer: 'c1', subscription: 's1' }],
      start: '2026-11-01T00:00:00Z',
      end: '2026-11-03T00:00:00Z',
      granularity: 'daily',
      showDetails: true,
    });
    assert.deepEqual((await ask({ ...ids, period: 'last', currency: 'eur' })).source, {
      kind: 'ratedUsage',
      customer: 'c1',
      subscription: 's1',
      period: 'last',
      currency: 'EUR',
    });
    assert.deepEqual((await ask({ invoice: 'G1', provider: 'onetime', type: 'billinglineitems' })).source, {
      kind: 'lineItems',
      provider: 'onetime',
      type: 'billinglineitems',
      invoice: 'G1',
    });
    assert.deepEqual((await ask({ account: 'a', profile: 'p', period: '2026-10' })).source, {
      kind: 'transactions',
      parent: { account: 'a', profile: 'p' },
      period: { from: '2026-10-01', to: '2026-10-31' },
      type: 'Billed',
    });
    const query = await ask({ scope: CUSTOMER, period: '2026-10', groupBy: ['ServiceName'], granularity: 'Daily' });
    assert.equal(query.source.kind, 'query');
    assert.equal(query.name, 'c1 costs 2026-10 by ServiceName');
  });

  it('says whether what is stored will do', async () => {
    for (const given of [{ scope: CUSTOMER }, { invoice: 'G1' }, { account: 'a', invoice: 'G1' }]) {
      const plain = await ask(given);
      assert.equal('anew' in plain, false);
      assert.deepEqual(await ask({ ...given, anew: false }), plain);
      assert.deepEqual(await ask({ ...given, anew: true }), { ...plain, anew: true });
    }
  });

  it('no name says whose it is when it must not', async () => {
    const secret = /fabrikam|c1|s1|G1\b/i;
    for (const given of [
      { scope: CUSTOMER },
      { scopes: [CUSTOMER] },
      { scope: `${ACCOUNT}/invoices/G1` },
      { customerId: 'c1' },
      { customerId: 'c1', subscriptionId: 's1', start: '2026-11-01', end: '2026-11-03' },
      { customerId: 'c1', invoice: 'G1' },
      { invoice: 'G1', provider: 'onetime', type: 'billinglineitems' },
      { account: 'c1', invoice: 'G1' },
      { scope: CUSTOMER, groupBy: [] },
    ]) {
      const { shareSafeName } = await ask({ ...given, label: 'Fabrikam' });
      assert.doesNotMatch(shareSafeName, secret);
      assert.notEqual(shareSafeName, '');
    }
  });

  it('is refused with the field in words', async () => {
    const refusals: [Record<string, unknown>, RegExp][] = [
      [{}, /^scope: is missing; give the ARM path/],
      [{ connection: 'Play', scope: CUSTOMER }, /^connection: there is no connection 'Play'\. Use one of: Work\./],
      [{ scope: '/subscriptions' }, /^scope: '\/subscriptions' is not a scope with usage\./],
      [{ scope: CUSTOMER, scopes: [CUSTOMER] }, /^scopes: and scope are both there/],
      [{ scopes: CUSTOMER }, /^scopes: is no list/],
      [{ scopes: [] }, /^scopes: is empty/],
      [{ scopes: [CUSTOMER, 7] }, /^scopes\[1\]: is missing\./],
      [{ scopes: [{ scope: CUSTOMER, label: 7 }] }, /^scopes\[0\]\.label: has to be a text\./],
      [{ scopes: [CUSTOMER, `${ACCOUNT}/invoices/G1`] }, /^scopes: has invoices beside others/],
      [
        { scopes: [CUSTOMER, CUSTOMER.toUpperCase()] },
        /^scopes: '.+' is part of '.+'; its rows would be in the file twice\./,
      ],
      [{ scopes: [CUSTOMER, ACCOUNT] }, /^scopes: '.+customers\/c1' is part of '.+'/],
      [{ scope: CUSTOMER, period: 'Yesterday' }, /^period: 'Yesterday' is not a period\./],
      [{ scope: CUSTOMER, metric: 'Retail' }, /^metric: 'Retail' is not one of/],
      [{ scope: CUSTOMER, label: 7 }, /^label: has to be a text\./],
      [{ scopes: [CUSTOMER], groupBy: ['ServiceName'] }, /^scopes: costs are asked of one scope at a time/],
      [{ customerId: 'c1', period: 'last' }, /^currency: is missing/],
      [{ subscriptionId: 's1' }, /^subscriptionId: usage of customers is that of all of them/],
      [{ account: '..' }, /^account: '\.\.' is not a name\./],
      [{ account: 'a', type: 'Paid' }, /^type: 'Paid' is not one of Billed, Unbilled, Other\./],
      [{ account: 'a', invoice: 'G1', period: '2026-10' }, /^period: an invoice has its own period/],
      [{ scope: CUSTOMER, anew: 'yes' }, /^anew: is neither true nor false/],
    ];
    for (const [given, sentence] of refusals) {
      assert.match(await refusal(given), sentence);
    }
  });

  it('scopes that only begin alike are apart', async () => {
    const { source } = await ask({ scopes: [CUSTOMER, `${CUSTOMER}0`] });
    assert.equal(source.kind === 'usageDetails' && source.scopes.length, 2);
  });
});

describe('how an export is written', () => {
  const settings: Settings = {
    'azureBilling.connections': [],
    'azureBilling.documents.format': 'csv',
    'azureBilling.explorer.showCosts': true,
    'azureBilling.export.format': 'ndjson',
    'azureBilling.export.columns': 'focus',
    'azureBilling.export.formulaGuard': true,
    'azureBilling.export.lineEnding': 'crlf',
    'azureBilling.export.bom': false,
    'azureBilling.export.resumeInterrupted': 'ask',
    'azureBilling.store.limit': 5,
    'azureBilling.engine.memoryLimit': 1024,
  };
  const usual = <Name extends keyof Settings>(name: Name) => settings[name];
  const refused = (given: Record<string, unknown>, sentence: RegExp) =>
    assert.throws(() => optionsOf(given, 'usageDetails', usual), { message: sentence });

  it('is what the settings say, but for what is given', () => {
    assert.deepEqual(optionsOf({}, 'usageDetails', usual), {
      format: 'ndjson',
      columns: 'focus',
      shareSafe: false,
      formulaGuard: true,
      lineEnd: '\r\n',
      bom: false,
    });
    const given = { format: 'csv', columns: 'service', shareSafe: true, formulaGuard: false, lineEnd: 'lf', bom: true };
    assert.deepEqual(optionsOf(given, 'usageDetails', usual), { ...given, lineEnd: '\n' });
  });

  it('the ending of the file tells the format that is left out', () => {
    assert.equal(optionsOf({ file: '/tmp/x.PARQUET' }, 'usageDetails', usual).format, 'parquet');
    assert.equal(optionsOf({ file: '/tmp/x.txt' }, 'usageDetails', usual).format, 'ndjson');
  });

  it('FOCUS columns are for usage details; the setting is no reason to refuse others', () => {
    assert.equal(optionsOf({}, 'utilization', usual).columns, 'service');
    assert.throws(() => optionsOf({ columns: 'focus' }, 'utilization', usual), { message: /^columns: FOCUS columns/ });
  });

  it('is refused with the field in words', () => {
    refused({ format: 'xml' }, /^format: 'xml' is not one of csv, json, ndjson, parquet, xlsx\./);
    refused({ columns: 'all' }, /^columns: 'all' is not one of service, focus\./);
    refused({ lineEnd: 'LF' }, /^lineEnd: 'LF' is not one of lf, crlf\./);
    refused({ shareSafe: 'yes' }, /^shareSafe: is neither true nor false\./);
    refused({ formulaGuard: 1 }, /^formulaGuard: is neither true nor false\./);
    refused({ bom: null }, /^bom: is neither true nor false\./);
    refused({ file: 'usage.csv' }, /^file: 'usage\.csv' is not an absolute path\./);
    refused({ file: '' }, /^file: has to be a text/);
  });

  it('a file gets the ending of its format, and no name that lies or that some system refuses', () => {
    assert.equal(givenFile({ file: '/tmp/usage' }, 'csv'), '/tmp/usage.csv');
    assert.equal(givenFile({ file: '/tmp/usage.2026' }, 'csv'), '/tmp/usage.2026.csv');
    assert.equal(givenFile({ file: '/tmp/usage.CSV' }, 'csv'), '/tmp/usage.CSV');
    assert.equal(givenFile({}, 'csv'), undefined);
    for (const [file, sentence] of [
      ['/tmp/usage.json', /^file: 'usage\.json' ends as json and the format is csv/],
      ['/tmp/../etc/usage.csv', /^file: .* has a part that leads elsewhere/],
      ['/tmp/./usage.csv', /^file: .* has a part that leads elsewhere/],
      ['/tmp/', /^file: '\/tmp\/' names a folder/],
      ['/tmp/con.csv', /^file: 'con\.csv' is a name that Windows keeps/],
      ['/tmp/a:b.csv', /^file: 'a:b\.csv' has a character/],
      ['/tmp/usage\u202Evsc.csv', /has a character that a file name cannot have everywhere/],
      ['/tmp/usage.', /has a character/],
    ] as const) {
      assert.throws(() => givenFile({ file }, 'csv'), { message: sentence }, file);
    }
  });
});
