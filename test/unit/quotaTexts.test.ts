import assert from 'node:assert/strict';
import type { QuotaLimit, QuotaSnapshot } from '../../src/api/http/quotaSnapshot.ts';
import { quotaGlance, quotaRows, quotaTooltip } from '../../src/workbench/quotaTexts.ts';

const NOW = 1_000_000;
const CUSTOMER = '/providers/microsoft.billing/billingaccounts/a:b_2019-05-31/customers/c';

const snapshot = (fields: Partial<QuotaSnapshot>) => ({
  connection: 'Ours',
  snapshot: { at: NOW, metered: true, limits: [], blocked: [], counters: [], waiting: [], ...fields },
});
const limit = (fields: Partial<QuotaLimit>): QuotaLimit => ({
  area: 'costQuery',
  scope: CUSTOMER,
  limit: 4,
  counts: 'calls',
  window: 60_000,
  remaining: 1,
  freesAt: NOW + 22_000,
  ...fields,
});
const wait = (seconds: number) =>
  ({
    operation: 'Query costs',
    area: 'costQuery',
    scope: CUSTOMER,
    until: NOW + seconds * 1000,
    cause: 'paced',
  }) as const;

describe("the words for Azure's limits", () => {
  it('say nothing as long as there is enough, or nobody counts', () => {
    assert.equal(quotaGlance([], NOW), undefined);
    assert.equal(quotaGlance([snapshot({ limits: [limit({ remaining: 2 })] })], NOW), undefined);
    assert.equal(quotaGlance([snapshot({ metered: false, limits: [limit({ remaining: 0 })] })], NOW), undefined);
  });

  it('name the tightest limit, and when to look again', () => {
    const limits = [limit({}), limit({ area: 'usageDetails', limit: 6, remaining: 0, freesAt: NOW + 5_000 })];
    assert.deepEqual(quotaGlance([snapshot({ limits })], NOW), {
      text: '$(warning) 0 of 6 left',
      spoken: 'Azure Billing: Usage details of customer c: 0 of 6 a minute left, more in 5 s.',
      waiting: false,
      staleAt: NOW + 5_000,
    });
  });

  it('count down to the first call that may go', () => {
    const glance = quotaGlance([snapshot({ waiting: [wait(50)] }), snapshot({ waiting: [wait(38)] })], NOW);
    assert.equal(glance?.text, '$(watch) waiting 38 s (2 calls)');
    assert.equal(glance.staleAt, undefined);
    assert.equal(quotaGlance([snapshot({ waiting: [wait(38)] })], NOW + 37_500)?.text, '$(watch) waiting 1 s');
    assert.equal(quotaGlance([snapshot({ waiting: [wait(600)] })], NOW)?.text, '$(watch) waiting 10 min');
  });

  it('list what presses most first, over all connections', () => {
    const { scope: _, ...units } = limit({ counts: 'units', window: 10_000, limit: 12, remaining: 11 });
    const rows = quotaRows(
      [
        snapshot({
          counters: [{ name: 'tenant-reads', remaining: 249, at: NOW - 3_000 }],
          limits: [units],
        }),
        {
          ...snapshot({ waiting: [wait(38)], limits: [limit({ told: { remaining: 1, at: NOW } })] }),
          connection: 'Theirs',
        },
      ],
      NOW,
    );
    assert.deepEqual(rows, [
      {
        label: '$(watch) Query costs',
        description: 'waits 38 s',
        detail: 'kept back so that Azure need not refuse it · customer c · Theirs',
      },
      {
        label: '$(dashboard) Cost queries',
        description: '1 of 4 a minute left',
        detail: 'customer c · more in 22 s · the service said 1 · Theirs',
      },
      {
        label: '$(dashboard) Cost queries, query units',
        description: '11 of 12 in 10 s left',
        detail: 'all scopes together · more in 22 s · Ours',
      },
      {
        label: '$(server) Azure Resource Manager: reads in the tenant',
        description: '249 left',
        detail: 'said 3 s ago, refilled all the time · Ours',
      },
    ]);
  });

  it('are a few plain sentences in the tooltip', () => {
    const limits = Array.from({ length: 12 }, (_, i) => limit({ scope: `/subscriptions/s${i}` }));
    const lines = quotaTooltip([snapshot({ limits, waiting: [wait(38)] })], NOW).split('\n');
    assert.equal(lines[1], 'Query costs waits 38 s.');
    assert.equal(lines[2], 'Cost queries of subscription s0: 1 of 4 a minute left, more in 22 s.');
    assert.equal(lines.at(-1), 'And 5 more; select to see all.');
  });

  it('stay on one line whatever a scope is called', () => {
    const [row] = quotaRows([snapshot({ limits: [limit({ scope: '/x/\u202e\nname' })] })], NOW);
    assert.doesNotMatch(row?.detail ?? '', /[\n\u202e]/);
  });
});
