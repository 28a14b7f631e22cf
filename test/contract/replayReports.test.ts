import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ArmClient } from '../../src/api/arm/armClient.ts';
import { armPath } from '../../src/api/arm/armClient.ts';
import { type BudgetAddress, deleteBudget, getBudget, listBudgets, putBudget } from '../../src/api/arm/budgets.ts';
import { generateCostDetails, resumeCostDetails } from '../../src/api/arm/costDetails.ts';
import type { CostDetailsRequest } from '../../src/api/arm/costDetailsRules.ts';
import {
  generateDetailedCostReport,
  getDetailedCostReportStatus,
  resumeDetailedCostReport,
} from '../../src/api/arm/detailedCostReport.ts';
import type { ExportPeriod } from '../../src/api/arm/exportRules.ts';
import {
  createExport,
  deleteExport,
  getExport,
  listExportRuns,
  listExports,
  runExport,
} from '../../src/api/arm/exports.ts';
import { preparePriceSheet } from '../../src/api/arm/priceSheet.ts';
import { parseCostScope, parseScope } from '../../src/api/arm/scope.ts';
import { parseJson } from '../../src/json/parseJson.ts';
import { collect, connect } from '../support/arm.ts';
import { describeReplay, type Parameters, parameter, type Replay, same } from '../support/replay.ts';
import { sendJson, startStubService } from '../support/stubService.ts';

const costScope = (p: Parameters) => parseCostScope(parameter(p, 'scope'));

/** A day on which the periods of the examples were current. */
const dayOfReport = '2020-03-20';

/** The body that was sent is the example's, member by member. */
function sameBody(request: { body: string }, parameters: Parameters): void {
  const body = parameters.parameters ?? parameters.exportRunRequest;
  assert.deepEqual(request.body === '' ? undefined : parseJson(request.body), body);
}

const body = (p: Parameters) => p.parameters as Record<string, unknown>;

/** The files of a finished report are those of its manifest, and the answer is there as it came. */
const report =
  (call: (arm: ArmClient, p: Parameters, base: string) => ReturnType<typeof generateCostDetails>): Replay =>
  async (arm, { parameters, body: expected, base }) => {
    const { answer, blobs } = await call(arm, parameters, base);
    assert.deepEqual(answer, expected);
    assert.deepEqual(blobs, (expected as { manifest: { blobs: unknown } }).manifest.blobs);
  };

const operationLink = (arm: ArmClient, p: Parameters, base: string, kind: string) =>
  base +
  armPath(
    arm,
    'costDetails',
    `/${parameter(p, 'scope')}/providers/Microsoft.CostManagement/${kind}/${parameter(p, 'operationId')}`,
  );

const priceSheet = same((arm, p) =>
  preparePriceSheet(arm, {
    account: parameter(p, 'billingAccountName'),
    profile: parameter(p, 'billingProfileName'),
    invoice: p.invoiceName as string | undefined,
  }),
);

const nothing =
  (call: (arm: ArmClient, p: Parameters) => Promise<void>): Replay =>
  async (arm, { parameters }) => {
    assert.equal(await call(arm, parameters), undefined);
  };

describeReplay('replay of public example payloads: cost details', ['cost-details'], {
  versions: (file) => (file.includes('-2023-11-01-') ? 'newest' : 'seed'),
  check: (request, { parameters }) => sameBody(request, parameters),
  calls: {
    GenerateCostDetailsReport_CreateOperation: report((arm, p) =>
      generateCostDetails(arm, parseScope(parameter(p, 'scope')), body(p) as CostDetailsRequest, dayOfReport),
    ),
    GenerateCostDetailsReport_GetOperationResults: report((arm, p, base) =>
      resumeCostDetails(arm, operationLink(arm, p, base, 'costDetailsOperationResults')),
    ),
    GenerateDetailedCostReport_CreateOperation: same((arm, p) =>
      generateDetailedCostReport(arm, parseScope(parameter(p, 'scope')), body(p)),
    ),
    GenerateDetailedCostReportOperationResults_Get: same((arm, p, base) =>
      resumeDetailedCostReport(arm, operationLink(arm, p, base, 'operationResults')),
    ),
    GenerateDetailedCostReportOperationStatus_Get: same((arm, p, base) =>
      getDetailedCostReportStatus(arm, operationLink(arm, p, base, 'operationStatus')),
    ),
  },
});

describeReplay('replay of public example payloads: price sheet', ['pricesheet'], {
  versions: (file) => (file.includes('/billing-') ? 'seed' : 'newest'),
  check(request, { parameters }) {
    assert.equal(request.body, '');
    const seed = parameters['api-version'] === '2019-10-01-preview';
    assert.equal(new URL(request.target, 'http://localhost').searchParams.get('format'), seed ? 'csv' : null);
  },
  calls: { PriceSheet_Download: priceSheet, PriceSheet_DownloadByBillingProfile: priceSheet },
});

describeReplay('replay of public example payloads: exports', ['exports'], {
  versions: (file) => (/-20(23|25)-/.test(file) ? 'newest' : 'seed'),
  check: (request, { parameters }) => sameBody(request, parameters),
  calls: {
    Exports_List: same(async (arm, p) => ({
      value: await collect(listExports(arm, costScope(p), { withRuns: true })),
    })),
    Exports_Get: same((arm, p) => getExport(arm, costScope(p), parameter(p, 'exportName'), { withRuns: true })),
    Exports_CreateOrUpdate: same((arm, p) => createExport(arm, costScope(p), parameter(p, 'exportName'), body(p))),
    Exports_Execute: nothing((arm, p) => {
      const { timePeriod } = (p.exportRunRequest ?? {}) as { timePeriod?: ExportPeriod };
      return runExport(arm, costScope(p), parameter(p, 'exportName'), timePeriod);
    }),
    Exports_Delete: nothing((arm, p) => deleteExport(arm, costScope(p), parameter(p, 'exportName'))),
    Exports_GetExecutionHistory: same(async (arm, p) => ({
      value: await collect(listExportRuns(arm, costScope(p), parameter(p, 'exportName'))),
    })),
  },
});

/** Both providers share their operation ids; only Consumption's examples are of this version. */
const budgetOf = (p: Parameters): BudgetAddress => ({
  scope: costScope(p),
  provider: p['api-version'] === '2019-10-01' ? 'consumption' : 'costManagement',
});

const put = same(async (arm, p) => {
  const { startDate } = (body(p).properties as { timePeriod: { startDate: string } }).timePeriod;
  const day = startDate.slice(0, 10);
  return (await putBudget(arm, budgetOf(p), parameter(p, 'budgetName'), body(p), day)).budget;
});

describeReplay('replay of public example payloads: budgets', ['budgets'], {
  versions: (file) => (file.includes('-2023-11-01-') ? 'newest' : 'seed'),
  check: (request, { parameters }) => sameBody(request, parameters),
  calls: {
    Budgets_List: same(async (arm, p) => ({ value: await collect(listBudgets(arm, budgetOf(p))) })),
    Budgets_Get: same((arm, p) => getBudget(arm, budgetOf(p), parameter(p, 'budgetName'))),
    Budgets_CreateOrUpdate: put,
    Budget_CreateOrUpdate: put,
    Budgets_Delete: nothing((arm, p) => deleteBudget(arm, budgetOf(p), parameter(p, 'budgetName'))),
  },
});

describe('replay of recorded traffic: exports', () => {
  const file = path.resolve(
    import.meta.dirname,
    '../../../shared/api/examples/arm/exports/recorded-2019-01-01-ExportsListBySubscription.json',
  );

  it('comes through unchanged', async function () {
    if (!existsSync(file)) {
      this.skip();
    }
    const { interactions } = parseJson(readFileSync(file, 'utf8')) as {
      interactions: { request: { uri: string }; response: { body: { data: { value: unknown[] } } } }[];
    };
    for (const { request, response } of interactions) {
      const service = await startStubService((_request, answer) => sendJson(answer, 200, response.body.data));
      const { arm, close } = connect(service.base, { versions: 'seed' });
      const { pathname } = new URL(request.uri);
      try {
        const scope = parseCostScope(pathname.replace(/\/providers\/Microsoft\.CostManagement\/exports$/, ''));
        assert.deepEqual(await collect(listExports(arm, scope)), response.body.data.value);
        assert.equal(service.requests[0]?.target.split('?')[0], pathname);
      } finally {
        await close();
        await service.close();
      }
    }
  });
});
