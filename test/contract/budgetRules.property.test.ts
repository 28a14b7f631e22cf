import assert from 'node:assert/strict';
import fc from 'fast-check';
import { checkBudget } from '../../src/api/arm/budgetRules/checkBudget.ts';
import type { BudgetContext } from '../../src/api/arm/budgetRules/context.ts';
import { scopePath } from '../../src/api/arm/scope.ts';
import { apiVersion } from '../../src/api/arm/versions.ts';
import { type BudgetBench, startBudgetBench, TODAY } from '../support/budgetBench.ts';
import { budgetBodies } from '../support/budgetBodies.ts';

/** Bodies of each scope, provider and version column; `BUDGET_RUNS=1000` for more. */
const RUNS = Number(process.env.BUDGET_RUNS ?? 110);

describe('diagnostics of budgets against the sample service', () => {
  let bench: BudgetBench;
  const seen = { accepted: 0, refused: 0, uncertain: 0 };

  before(async () => {
    bench = await startBudgetBench({ customers: 10, usageRows: 1000 });
  });
  after(() => bench.close());

  for (const kind of ['billingAccount', 'billingProfile', 'customer', 'subscription', 'resourceGroup'] as const) {
    for (const provider of ['costManagement', 'consumption'] as const) {
      for (const versions of ['newest', 'seed'] as const) {
        it(`${kind}, ${provider}, ${versions}: what they accept is accepted, what they refuse is refused`, async () => {
          const scope = bench.scopes[kind];
          const context: BudgetContext = { scope, provider, versions, name: 'made', today: TODAY };
          const area = provider === 'consumption' ? 'consumptionBudgets' : 'costBudgets';
          const address = `${bench.service.endpoints.resourceManager}${scopePath(scope)}/providers/Microsoft.${provider}/budgets/made?api-version=${apiVersion(area, versions)}`;
          await fc.assert(
            fc.asyncProperty(budgetBodies(context), async (properties) => {
              const findings = checkBudget(properties, context);
              const severities = new Set(findings.map(({ severity }) => severity));
              const response = await fetch(address, { method: 'PUT', body: JSON.stringify({ properties }) });
              const answer = await response.text();
              if (response.status < 300) {
                // The next one is new again.
                await (await fetch(address, { method: 'DELETE' })).text();
              }
              const told = `HTTP ${response.status} ${answer} for ${JSON.stringify(findings)}`;
              if (severities.has('error')) {
                seen.refused++;
                assert.ok([400, 403].includes(response.status), told);
              } else if (severities.has('uncertain')) {
                seen.uncertain++;
              } else {
                seen.accepted++;
                assert.ok(response.status < 300, told);
              }
            }),
            { numRuns: RUNS },
          );
        });
      }
    }
  }

  it('has seen enough of either', () => {
    const all = seen.accepted + seen.refused + seen.uncertain;
    assert.ok(all >= 2000 || RUNS < 100, `${all} bodies`);
    assert.ok(seen.accepted > all / 4 && seen.refused > all / 4 && seen.uncertain < all / 10, JSON.stringify(seen));
  });
});
