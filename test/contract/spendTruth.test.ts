import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BillingError } from '../../src/api/http/errors.ts';
import { SpendCache } from '../../src/spend/spendCache.ts';
import type { SpendRead } from '../../src/spend/spendRead.ts';
import type { SpendFilter, SpendPicture } from '../../src/spend/spendShapes.ts';
import { SpendBench, sumOf } from '../support/spend.ts';
import { asked, drawn, FROM, TODAY, type TruthRow, type TruthScope, truthRow } from '../support/spendTruth.ts';

interface Row extends TruthRow {
  account: number;
}

describe('the truth of spend, from the usage rows themselves', function () {
  this.timeout(60_000);
  let bench: SpendBench;
  let rows: Row[];
  let scopes: TruthScope<Row>[];

  before(async () => {
    bench = await SpendBench.start({ usageRows: 6_000 });
    rows = [];
    for (const [at] of bench.service.tenant.accounts.entries()) {
      rows.push(...(await usageRows(at)));
    }
    const { tenant } = bench.service;
    scopes = tenant.accounts.flatMap((account, at): TruthScope<Row>[] => [
      { scope: bench.account(at), owns: (row) => row.account === at },
      ...account.profiles.map((profile) => ({
        scope: `${bench.account(at)}/billingProfiles/${profile.name}`,
        owns: (row: Row) => row.profile.toLowerCase().endsWith(profile.name.toLowerCase()),
      })),
    ]);
    for (const at of [0, 1, 2, 3, 20, 40]) {
      const customer = tenant.directory.customer(at);
      scopes.push({ scope: bench.customer(at), owns: (row) => row.customer === customer.name });
      const subscription = tenant.subscriptions(customer).at(0).name;
      scopes.push({ scope: `/subscriptions/${subscription}`, owns: (row) => row.subscription === subscription });
    }
    const group = rows.find(({ values }) => values.ResourceGroupName !== '');
    assert.ok(group);
    scopes.push({
      scope: `/subscriptions/${group.subscription}/resourceGroups/${group.values.ResourceGroupName}`,
      owns: ({ subscription, values }) =>
        subscription === group.subscription && values.ResourceGroupName === group.values.ResourceGroupName,
    });
  });
  after(() => bench.close());
  beforeEach(() => bench.service.setFault(undefined));

  async function usageRows(account: number): Promise<Row[]> {
    const found = await bench.usageRows(bench.account(account), FROM, TODAY);
    return found.map((row) => ({ ...truthRow(row, 'Billing'), account }));
  }

  const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

  function keeps({ values: texts }: Row, filters: readonly SpendFilter[]): boolean {
    return filters.every(
      ({ by, values, not }) => values.some((value) => same(value, texts[by] ?? '')) !== (not === true),
    );
  }

  function check(picture: SpendPicture, own: readonly Row[], top: number): void {
    const { currency, series, totals, steps, total } = picture;
    const counted = own.filter((row) => row.currency === currency);
    assert.equal(total, sumOf(counted.map(({ cost }) => cost)));
    assert.equal(sumOf(series.map((each) => each.total)), total);
    assert.ok(series.length <= top + 1);
    for (const [at, { from, to }] of steps.entries()) {
      const ofStep = counted.filter(({ day }) => day >= from && day <= to);
      assert.equal(totals[at] ?? '0', sumOf(ofStep.map(({ cost }) => cost)), from);
      assert.equal(sumOf(series.map(({ values }) => values[at] ?? null)), totals[at] ?? '0', from);
    }
    const { groupBy } = picture.question;
    for (const { kind, key, total: ofGroup } of series) {
      const group = counted.filter(({ values }) => kind !== 'group' || same(values[groupBy] ?? '', key));
      if (kind !== 'others') {
        assert.equal(ofGroup, sumOf(group.map(({ cost }) => cost)), key);
      }
    }
  }

  it('holds for any scope, group, filter, period and currency, credits among them', async () => {
    const seen = new Set<string>();
    let hasCredit = false;
    await fc.assert(
      fc.asyncProperty(asked, async (given) => {
        // The service cannot be asked for what has no value.
        const { question, inDays } = drawn(given, scopes, rows, false);
        const own = inDays.filter((row) => keeps(row, question.filters));
        const { currencies } = await bench.picture(question);
        for (const currency of new Set(own.map((row) => row.currency))) {
          assert.ok(currencies.includes(currency), `${question.scope} ${currency}`);
        }
        for (const code of currencies) {
          const picture = await bench.picture({ ...question, code });
          check(picture, own, given.top);
          seen.add(`${code} ${picture.decimals}`);
          hasCredit ||= picture.series.some(({ total }) => total.startsWith('-'));
          const { comparison } = picture;
          if (comparison !== undefined) {
            assert.equal(sumOf(comparison.drivers.map(({ difference }) => difference)), comparison.difference);
            assert.equal(sumOf([comparison.total, comparison.difference]), comparison.now);
            const compared = own.filter(({ day, currency }) => day <= comparison.days.to && currency === code);
            assert.equal(comparison.now, sumOf(compared.map(({ cost }) => cost)));
          }
        }
      }),
      { numRuns: 120 },
    );
    assert.ok(
      ['JPY 0', 'KWD 3', 'USD 2'].every((each) => seen.has(each)),
      [...seen].join(),
    );
    assert.ok(hasCredit, 'rounding rows are credits at times');
  });

  /** Whole months by day: three requests. */
  const given = { period: { from: FROM, to: TODAY }, granularity: 'daily', groupBy: 'Meter', top: 3 };

  async function failing(fault: string): Promise<{ parts: SpendRead[]; result: unknown }> {
    bench.cache = new SpendCache();
    const parts: SpendRead[] = [];
    bench.service.setFault(fault);
    const result = await bench
      .picture({ ...given, scope: bench.account() }, { onPart: (part) => parts.push(part) })
      .catch((error: unknown) => error);
    bench.service.setFault(undefined);
    return { parts, result };
  }

  const whole = () => rows.filter(({ account }) => account === 0);

  for (const fault of ['429*2', '503*2', 'reset*2', 'truncated*2', 'empty-body*1', 'bom']) {
    it(`holds when ${fault} comes in between`, async () => {
      const { result, parts } = await failing(`${fault}@CostManagement/query`);
      assert.ok(!(result instanceof Error), String(result));
      check(result as SpendPicture, whole(), given.top);
      assert.equal((result as SpendPicture).partial, undefined);
      for (const part of parts) {
        assert.ok(part.now.missing.length > 0);
      }
    });
  }

  for (const fault of [
    'truncated',
    '401',
    '403',
    'reset',
    'html',
    'wrong-shape',
    'repeating-next-link',
    'foreign-next-link',
  ]) {
    it(`has no picture when ${fault} stays, and nothing of it is kept`, async () => {
      const { result } = await failing(`${fault}@CostManagement/query`);
      assert.ok(result instanceof BillingError, String(result));
      const picture = await bench.picture({ ...given, scope: bench.account() });
      check(picture, whole(), given.top);
      assert.equal(picture.stale, undefined);
    });
  }

  for (const fault of ['truncated', '401', 'reset']) {
    it(`has no picture when ${fault} begins in the middle; what was read before is whole and kept`, async () => {
      bench.cache = new SpendCache();
      const scope = bench.account();
      const half = { ...given, scope, period: { from: '2026-03-01', to: TODAY } };
      const reading = bench.picture(half, {
        onPart: () => bench.service.setFault(`${fault}@CostManagement/query`),
      });
      await assert.rejects(reading, BillingError);
      bench.service.setFault(undefined);
      const asked = bench.queries;
      const picture = await bench.picture(half);
      assert.ok(bench.queries - asked < picture.steps.length / 28, 'months that were read are not asked for again');
      const truth = bench.service.tenant.truth(scope, '2026-03-01', TODAY).totals.get(picture.currency) ?? '';
      assert.equal(picture.total, sumOf([truth]));
      assert.equal(picture.partial, undefined);
    });
  }

  it('holds after a reading was cancelled in the middle, whatever it had read', async () => {
    for (let after = 1; after <= 2; after++) {
      bench.cache = new SpendCache();
      const abort = new AbortController();
      let parts = 0;
      const reading = bench.picture(
        { ...given, scope: bench.account() },
        {
          signal: abort.signal,
          onPart: ({ now }) => {
            assert.ok(now.missing.length > 0);
            parts++;
            if (parts === after) {
              abort.abort();
            }
          },
        },
      );
      await assert.rejects(reading, { name: 'AbortError' });
      check(await bench.picture({ ...given, scope: bench.account() }), whole(), given.top);
    }
  });
});
