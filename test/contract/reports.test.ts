import assert from 'node:assert/strict';
import type { ArmClient } from '../../src/api/arm/armClient.ts';
import { deleteBudget, getBudget, listBudgets, putBudget } from '../../src/api/arm/budgets.ts';
import { generateCostDetails, resumeCostDetails } from '../../src/api/arm/costDetails.ts';
import { generateDetailedCostReport } from '../../src/api/arm/detailedCostReport.ts';
import {
  createExport,
  deleteExport,
  getExport,
  listExportRuns,
  listExports,
  runExport,
  updateExport,
} from '../../src/api/arm/exports.ts';
import { preparePriceSheet, priceSheetAddress } from '../../src/api/arm/priceSheet.ts';
import type { CostScope, Scope } from '../../src/api/arm/scope.ts';
import { StaleETagError } from '../../src/api/arm/staleETag.ts';
import type { VersionSet } from '../../src/api/arm/versions.ts';
import { BillingError } from '../../src/api/http/errors.ts';
import { parseJson } from '../../src/json/parseJson.ts';
import { collect, connect } from '../support/arm.ts';
import { FastClock } from '../support/fastClock.ts';
import { type StubRequest, sendJson, startStubService } from '../support/stubService.ts';

const ACCOUNT = 'aaaa:bbbb_2019-05-31';
const CUSTOMER: Scope & CostScope = { kind: 'customer', account: ACCOUNT, customer: 'c1' };
const CUSTOMER_PATH = `/providers/Microsoft.Billing/billingAccounts/${ACCOUNT}/customers/c1`;
const TODAY = '2026-11-21';

interface Step {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Makes a call against a service that answers these in turn, `{base}` filled in. */
async function against<T>(
  steps: readonly Step[],
  call: (arm: ArmClient, base: string) => Promise<T>,
  versions: VersionSet = 'newest',
): Promise<{ value?: T; error?: BillingError; requests: StubRequest[] }> {
  let next = 0;
  const stub = await startStubService((_request, response, base) => {
    const { status, body = '', headers = {} } = steps[next++] ?? { status: 418 };
    const filled = Object.entries(headers).map(([name, value]) => [name, value.replace('{base}', base)]);
    sendJson(response, status, body, Object.fromEntries(filled));
  });
  const { arm, close } = connect(stub.base, { versions, clock: new FastClock() });
  try {
    return { value: await call(arm, stub.base), requests: stub.requests };
  } catch (error) {
    assert.ok(error instanceof BillingError, String(error));
    return { error, requests: stub.requests };
  } finally {
    await close();
    await stub.close();
  }
}

const started: Step = { status: 202, headers: { location: '{base}/op/1?sessiontoken=0:1', 'retry-after': '30' } };
const lines = (requests: StubRequest[]) => requests.map(({ method, target }) => `${method} ${target}`);

describe('cost details', () => {
  const request = { timePeriod: { start: '2026-10-01', end: '2026-10-31' } };
  const generate = (arm: ArmClient) => generateCostDetails(arm, CUSTOMER, request, TODAY);
  const blob = (name: string) => ({ blobLink: `https://storage.example/${name}?sig=x`, byteCount: 5 });
  const report = (blobs: unknown, more: object = {}) => ({
    status: 200,
    body: { status: 'Completed', manifest: { blobCount: 2, blobs }, ...more },
  });

  it('gives all parts of a report, and follows the link unchanged', async () => {
    const { value, requests } = await against([started, started, report([blob('1'), blob('2')])], generate);
    assert.deepEqual(value?.blobs, [blob('1'), blob('2')]);
    assert.deepEqual(lines(requests), [
      `POST ${CUSTOMER_PATH}/providers/Microsoft.CostManagement/generateCostDetailsReport?api-version=2025-03-01`,
      'GET /op/1?sessiontoken=0:1',
      'GET /op/1?sessiontoken=0:1',
    ]);
  });

  it('is empty where there is no data, in any of the ways to say so', async () => {
    const none = { status: 200, body: { id: 'x', status: 'NoDataFound', manifest: null, new: '' } };
    const waited = await against([started, none], generate);
    assert.deepEqual(waited.value, { blobs: [], answer: none.body });
    assert.deepEqual((await against([{ status: 204 }], generate)).value, { blobs: [] });
    assert.deepEqual((await against([started, { status: 204 }], generate)).value, { blobs: [] });
  });

  it('fails when the report failed, with what the service said', async () => {
    const failure = { status: 'Failed', error: { code: 'BadData', message: 'Too large' } };
    const { error } = await against([started, { status: 200, body: failure }], generate);
    assert.equal(error?.kind, 'refused');
    assert.equal(error?.code, 'BadData');
    assert.match(error?.message ?? '', /^Generate cost details report failed: .*Too large\.$/);
  });

  it('refuses a manifest that lacks a part, or a report without one', async () => {
    const { error } = await against([started, report([blob('1')])], generate);
    assert.match(error?.message ?? '', /counts 2 files and names 1/);
    const without = await against([started, { status: 200, body: { status: 'Archived' } }], generate);
    assert.match(without.error?.message ?? '', /ended as 'Archived' and names no files/);
  });

  it('asks again for a result that was cut short, without starting anew', async () => {
    const steps = [started, { status: 200, body: '{"status":"Comp' }, report([blob('1'), blob('2')])];
    const { value, requests } = await against(steps, generate);
    assert.equal(value?.blobs.length, 2);
    assert.deepEqual(
      requests.map(({ method }) => method),
      ['POST', 'GET', 'GET'],
    );
  });

  it('starts again when the start was refused for a while', async () => {
    const { value } = await against([{ status: 503 }, started, report([blob('1'), blob('2')])], generate);
    assert.equal(value?.blobs.length, 2);
  });

  it('sends nothing for a request that breaks a rule', async () => {
    const { error, requests } = await against([], (arm) =>
      generateCostDetails(arm, CUSTOMER, { timePeriod: { start: '2020-01-01', end: '2020-01-31' } }, TODAY),
    );
    assert.equal(error?.kind, 'argument');
    assert.deepEqual(requests, []);
  });

  it('goes on with a report that was begun before, by its link or its id', async () => {
    const done = report([blob('1'), blob('2')]);
    const byLink = await against([started, done], (arm, base) => resumeCostDetails(arm, `${base}/op/0?x=y`));
    assert.deepEqual(lines(byLink.requests), ['GET /op/0?x=y', 'GET /op/1?sessiontoken=0:1']);
    const id = 'subscriptions/s/providers/Microsoft.CostManagement/costDetailsOperationResults/1';
    const byId = await against([done], (arm) => resumeCostDetails(arm, id), 'seed');
    assert.deepEqual(lines(byId.requests), [`GET /${id}?api-version=2022-05-01`]);
  });
});

describe('detailed cost report', () => {
  const both: Step = {
    status: 202,
    headers: { location: '{base}/operationResults/1', 'azure-asyncoperation': '{base}/operationStatus/1' },
  };
  const generate = (arm: ArmClient) => generateDetailedCostReport(arm, CUSTOMER, { metric: 'ActualCost' });

  it('is awaited by its result, because its status words are not those of other operations', async () => {
    const body = { properties: { downloadUrl: 'https://storage.example/1', validTill: '' }, error: { message: null } };
    const { value, requests } = await against([both, { status: 202 }, { status: 200, body }], generate);
    assert.deepEqual(value, body);
    assert.deepEqual(lines(requests).slice(1), ['GET /operationResults/1', 'GET /operationResults/1']);
  });

  it('tells no data from a failure', async () => {
    assert.equal((await against([both, { status: 200, body: { status: 'NoDataFound' } }], generate)).value, undefined);
    const { error } = await against([both, { status: 200, body: { status: 'TimedOut', error: null } }], generate);
    assert.match(error?.message ?? '', /ended as TimedOut/);
  });
});

describe('price sheet', () => {
  const owner = { account: ACCOUNT, profile: 'p1', invoice: 'G000000001' };

  it('gives the address under either name, from the provider of the version', async () => {
    const seed = await against(
      [started, { status: 200, body: { url: 'u' } }],
      (a) => preparePriceSheet(a, owner),
      'seed',
    );
    assert.equal(seed.value && priceSheetAddress(seed.value), 'u');
    assert.match(seed.requests[0]?.target ?? '', /\/invoices\/G000000001\/pricesheet\/default\/download\?/);
    const newest = await against([started, { status: 200, body: { downloadUrl: 'd', validTill: null } }], (a) =>
      preparePriceSheet(a, owner),
    );
    assert.equal(newest.value && priceSheetAddress(newest.value), 'd');
    assert.match(
      newest.requests[0]?.target ?? '',
      /\/invoices\/G000000001\/providers\/Microsoft\.CostManagement\/pricesheets\/default\/download\?/,
    );
  });

  it('says when there is none, and when an answer names none', async () => {
    const none = await against([started, { status: 204 }], (arm) => preparePriceSheet(arm, owner));
    assert.match(none.error?.message ?? '', /there is no price sheet/);
    const odd = await against([started, { status: 200, body: { url: '', downloadUrl: null } }], (arm) =>
      preparePriceSheet(arm, owner),
    );
    assert.match(odd.error?.message ?? '', /names no file/);
  });
});

describe('exports', () => {
  const body = {
    properties: {
      deliveryInfo: { destination: { resourceId: '/subscriptions/s/storage', container: 'cost' } },
      definition: { type: 'ActualCost', timeframe: 'MonthToDate' },
    },
  };
  const stored = { id: 'x', name: 'daily', eTag: '"2"', properties: { format: null, schedule: null, runHistory: {} } };

  it('asks for runs only where the version has the option', async () => {
    const read = async (arm: ArmClient) => [
      ...(await collect(listExports(arm, CUSTOMER, { withRuns: true }))),
      await getExport(arm, CUSTOMER, 'daily', { withRuns: true }),
    ];
    const steps = [
      { status: 200, body: { value: [stored], nextLink: null } },
      { status: 200, body: stored },
    ];
    for (const versions of ['newest', 'seed'] as const) {
      const { value, requests } = await against(steps, read, versions);
      assert.deepEqual(value, [stored, stored]);
      for (const { target } of requests) {
        const expand = new URL(target, 'http://localhost').searchParams.get('$expand');
        assert.equal(expand, versions === 'newest' ? 'runHistory' : null);
      }
    }
  });

  it('keeps odd runs', async () => {
    const runs = [{ properties: { status: 'Paused', executionType: '', error: null, extra: [1] } }];
    const { value } = await against([{ status: 200, body: { value: runs } }], (arm) =>
      collect(listExportRuns(arm, CUSTOMER, 'daily')),
    );
    assert.deepEqual(value, runs);
  });

  it('creates without an eTag and updates with one', async () => {
    const created = await against([{ status: 201, body: stored }], (arm) => createExport(arm, CUSTOMER, 'daily', body));
    assert.deepEqual(created.value, stored);
    const tagged = { ...body, eTag: '"1"' };
    const updated = await against([{ status: 200, body: stored }], (arm) =>
      updateExport(arm, CUSTOMER, 'daily', tagged),
    );
    assert.deepEqual(JSON.parse(updated.requests[0]?.body ?? ''), tagged);

    const wrong = [
      await against([], (arm) => createExport(arm, CUSTOMER, 'daily', tagged)),
      await against([], (arm) => updateExport(arm, CUSTOMER, 'daily', body)),
    ];
    for (const { error, requests } of wrong) {
      assert.match(error?.message ?? '', /^eTag: /);
      assert.deepEqual(requests, []);
    }
  });

  it('tells of all that is wrong with a body, and sends nothing', async () => {
    const { error, requests } = await against([], (arm) =>
      createExport(arm, CUSTOMER, 'my export', { properties: {} }),
    );
    assert.match(error?.explanation ?? '', /^name: .*properties\.deliveryInfo: .*properties\.definition: /);
    assert.deepEqual(requests, []);
  });

  it('runs for its own period or a given one, once', async () => {
    const run = (period?: { from: string; to: string }) => (arm: ArmClient) =>
      runExport(arm, CUSTOMER, 'daily', period);
    assert.equal((await against([{ status: 200 }], run())).requests[0]?.body, '');
    const period = { from: '2026-10-01T00:00:00Z', to: '2026-10-31T00:00:00Z' };
    const given = await against([{ status: 200 }], run(period));
    assert.deepEqual(JSON.parse(given.requests[0]?.body ?? ''), { timePeriod: period });
    assert.match((await against([], run(period), 'seed')).error?.message ?? '', /^timePeriod: /);
    assert.match((await against([], run({ ...period, to: '2026-12-31' }))).error?.message ?? '', /^timePeriod: /);
    const failed = await against([{ status: 500 }, { status: 200 }], run());
    assert.equal(failed.error?.status, 500);
    assert.equal(failed.requests.length, 1);
  });

  it('takes a name as one part of the path', async () => {
    const { requests } = await against([{ status: 200 }], (arm) => deleteExport(arm, CUSTOMER, 'a/../b'));
    assert.match(requests[0]?.target ?? '', /\/exports\/a%2F\.\.%2Fb\?/);
    assert.match((await against([], (arm) => deleteExport(arm, CUSTOMER, ''))).error?.message ?? '', /^name: /);
  });
});

describe('budgets', () => {
  const text =
    '{"eTag":"\\"1\\"","properties":{"category":"Cost","amount":100.10,"timeGrain":"Monthly",' +
    '"timePeriod":{"startDate":"2026-11-01T00:00:00Z"},"filter":{},"own":0.12345678901234567890}}';
  const body = parseJson(text) as Record<string, unknown>;
  const stored = {
    id: CUSTOMER_PATH,
    name: 'monthly',
    eTag: '"2"',
    properties: {
      category: 'Spend',
      amount: null,
      notifications: { a: { operator: 'Near' }, thresholdType: 'Actual' },
      currentSpend: { amount: 0, unit: '' },
    },
  };
  const put = (arm: ArmClient) => putBudget(arm, { scope: CUSTOMER }, 'monthly', body, TODAY);

  it('goes to Consumption for customers in the seed version, and to Cost Management else', async () => {
    const read = async (arm: ArmClient) => [
      ...(await collect(listBudgets(arm, { scope: CUSTOMER, category: 'Cost' }))),
      await getBudget(arm, { scope: CUSTOMER }, 'monthly'),
      await getBudget(arm, { scope: { kind: 'billingAccount', account: ACCOUNT } }, 'monthly'),
    ];
    const list = { status: 200, body: { value: [stored], nextLink: null } };
    const one = { status: 200, body: stored };
    for (const versions of ['seed', 'newest'] as const) {
      const { value, requests } = await against([list, one, one], read, versions);
      assert.deepEqual(value, [stored, stored, stored]);
      const asked = requests.map(({ target }) => new URL(target, 'http://localhost'));
      assert.deepEqual(
        asked.map(({ pathname }) => /Microsoft\.(\w+)\/budgets/.exec(pathname)?.[1]),
        versions === 'seed'
          ? ['Consumption', 'Consumption', 'CostManagement']
          : ['CostManagement', 'CostManagement', 'CostManagement'],
      );
      assert.equal(asked[0]?.searchParams.get('$filter'), versions === 'seed' ? null : "properties/category eq 'Cost'");
    }
  });

  it('sends a body as it was written, digit by digit', async () => {
    for (const status of [200, 201]) {
      const { value, requests } = await against([{ status, body: stored }], put);
      assert.equal(requests[0]?.body, text);
      assert.deepEqual(value, { budget: stored, created: status === 201 });
    }
  });

  it('sends nothing for a body that breaks a rule', async () => {
    const { error, requests } = await against([], (arm) =>
      putBudget(
        arm,
        { scope: CUSTOMER },
        'monthly',
        { properties: { ...(body.properties as object), amount: '1' } },
        TODAY,
      ),
    );
    assert.equal(error?.message, 'amount is not a number; write digits such as 1250.00, without quotes.');
    assert.deepEqual(requests, []);
  });

  const refusal = (status: number, code: string, message: string): Step => ({
    status,
    body: { error: { code, message } },
  });
  const CHANGED = 'There are changes made to Budget monthly. Please get the latest budget to avoid overwrite.';

  for (const step of [refusal(400, '400', CHANGED), refusal(409, 'Conflict', 'Conflict'), refusal(412, '412', 'No')]) {
    it(`knows HTTP ${step.status} for a budget that was changed meanwhile`, async () => {
      const { error } = await against([step], put);
      assert.ok(error instanceof StaleETagError);
      assert.equal(error.status, step.status);
      assert.match(error.advice ?? '', /read it again/);
      assert.equal(error.call?.operation, 'Save the budget');
    });
  }

  for (const step of [
    refusal(400, '400', 'Start date of budgets cannot be updated.'),
    refusal(409, 'ReadOnlyDisabledSubscription', 'The subscription is disabled.'),
    refusal(404, '404', 'Not found'),
  ]) {
    it(`takes HTTP ${step.status} ${JSON.stringify(step.body)} for what it is`, async () => {
      const { error } = await against([step], put);
      assert.equal(error?.status, step.status);
      assert.ok(!(error instanceof StaleETagError));
    });
  }

  it('writes once: after a lost answer the eTag is old', async () => {
    const { error, requests } = await against([{ status: 500 }, { status: 200, body: stored }], put);
    assert.equal(error?.status, 500);
    assert.equal(requests.length, 1);
  });

  it('deletes on 200 and 204, and is content when a repetition finds nothing', async () => {
    const remove = (arm: ArmClient) => deleteBudget(arm, { scope: CUSTOMER }, 'monthly');
    for (const steps of [[{ status: 200 }], [{ status: 204 }], [{ status: 500 }, { status: 404 }]]) {
      assert.equal((await against(steps, remove)).error, undefined);
    }
    assert.equal((await against([{ status: 404 }], remove)).error?.status, 404);
    assert.equal((await against([{ status: 429 }, { status: 404 }], remove)).error?.status, 404);
  });
});
