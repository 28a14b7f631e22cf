import assert from 'node:assert/strict';
import { BillingError } from '../../src/api/http/errors.ts';
import { monthsReport } from '../../src/insights/monthsReport.ts';
import { freshnessOf, oldestOf } from '../../src/store/freshness.ts';
import { aboutOf, ageText, usageFacts } from '../../src/stored/usageFacts.ts';
import { anewWanted, monthsWanted } from '../../src/stored/usageWanted.ts';

const NOW = new Date('2026-11-02T12:00:00Z');
const SCOPE = '/providers/Microsoft.Billing/billingAccounts/a:b';
const CONNECTIONS = { find: (name: unknown) => (typeof name === 'string' ? 'Contoso' : undefined) };

describe('the age of usage', () => {
  const fetched = (month: string, at: string, closed = false) => ({
    freshness: freshnessOf(month, new Date(at), closed, NOW),
  });
  const closed = fetched('2026-09', '2026-10-20T08:00:00Z', true);
  const settling = fetched('2026-10', '2026-11-01T08:00:00Z');
  const open = fetched('2026-11', '2026-11-02T11:00:00Z');
  const openBefore = fetched('2026-11', '2026-11-02T10:00:00Z');

  it('is that of the part that is furthest from final, and of those the one that was fetched first', () => {
    assert.equal(oldestOf([closed, open, settling, openBefore]), openBefore.freshness);
    assert.equal(oldestOf([closed, settling]), settling.freshness);
    assert.equal(oldestOf([closed]), closed.freshness);
    assert.equal(oldestOf([]), undefined);
  });

  it('is told with what may still come, in the same words for tables and reports', () => {
    const words = (each: typeof open) => ageText(each.freshness, 'en')?.replace(/at .*?, the/, 'at …, the');
    assert.deepEqual(
      [open, settling, closed].map(words),
      ['The month goes on.', 'Late usage may still arrive.', ''].map((more) =>
        `Fetched at …, the oldest part. ${more}`.trim(),
      ),
    );
    assert.equal(ageText(undefined, 'en'), undefined);
    const wanted = monthsWanted({ connection: 'contoso', scope: SCOPE, period: '2026-11' }, CONNECTIONS, NOW);
    assert.deepEqual(aboutOf(usageFacts(wanted, open.freshness, 'en')), { about: ageText(open.freshness, 'en') });
    assert.deepEqual(aboutOf(usageFacts(wanted, undefined, 'en')), {});
  });

  it('is left by who asks anew, which is yes or no', () => {
    assert.deepEqual([{ anew: true }, { anew: false }, {}].map(anewWanted), [true, false, false]);
    for (const anew of ['true', 1, null]) {
      assert.throws(
        () => anewWanted({ anew }),
        (error) => error instanceof BillingError && /^anew: is neither true nor false/.test(error.message),
      );
    }
  });

  it('goes with a report that is the same, whether a row of the tree or an argument asked', () => {
    const row = { id: 'r', kind: 'account', label: 'Account', connection: 'contoso', scope: SCOPE };
    const report = (given: Parameters<typeof monthsWanted>[0]) =>
      monthsReport('azureBilling.showForecast', monthsWanted(given, CONNECTIONS, NOW));
    const expected = { connection: 'Contoso', scope: [SCOPE] };
    assert.deepEqual(report(row), { command: 'azureBilling.showForecast', argument: expected });
    assert.deepEqual(report({ connection: 'CONTOSO', scope: SCOPE }), report(row));
    const amortized = monthsWanted({ ...expected, metric: 'AmortizedCost' }, CONNECTIONS, NOW);
    assert.deepEqual(monthsReport('azureBilling.showUnusualCosts', amortized, { days: 60 }).argument, {
      ...expected,
      metric: 'AmortizedCost',
      days: 60,
    });
  });
});
