import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseScope } from '../../src/api/arm/scope.ts';
import { BillingError } from '../../src/api/http/errors.ts';
import { drillTarget } from '../../src/charts/spendDrill.ts';
import { isWithoutPricing } from '../../src/spend/pricingRows.ts';
import { SpendCache } from '../../src/spend/spendCache.ts';
import { checkSpendQuestion } from '../../src/spend/spendQuestion.ts';
import { readSpend, spendEffort } from '../../src/spend/spendReader.ts';
import type { SpendFilter, SpendPicture } from '../../src/spend/spendShapes.ts';
import { checkUsageFilter } from '../../src/usage/usageFilter.ts';
import { writeUsage } from '../../src/usage/writeUsage.ts';
import { connect, MemorySink } from '../support/arm.ts';
import { SpendBench, sumOf } from '../support/spend.ts';
import { asked, drawn, FROM, TODAY, type TruthRow, type TruthScope, truthRow } from '../support/spendTruth.ts';
import { startStubService } from '../support/stubService.ts';

describe('spend in the pricing currency', function () {
  this.timeout(60_000);
  let bench: SpendBench;
  let rows: TruthRow[];
  let scopes: TruthScope<TruthRow>[];

  before(async () => {
    bench = await SpendBench.start({ usageRows: 30_000 });
    // Its profiles are billed in several currencies; rows of rounding are priced in that of the bill.
    rows = (await bench.usageRows(bench.account(), FROM, TODAY)).map((row) => truthRow(row, 'Pricing'));
    const { tenant } = bench.service;
    const [account] = tenant.accounts;
    assert.ok(account);
    scopes = [{ scope: bench.account(), owns: () => true }];
    for (const { name } of account.profiles) {
      const owns = ({ profile }: TruthRow) => profile.toLowerCase().endsWith(name.toLowerCase());
      scopes.push({ scope: `${bench.account()}/billingProfiles/${name}`, owns });
    }
    for (const id of new Set(rows.map(({ customer }) => customer).filter((name) => name !== ''))) {
      if (scopes.length < 8) {
        scopes.push({ scope: `${bench.account()}/customers/${id}`, owns: ({ customer }) => customer === id });
      }
    }
    const one = rows.find(({ values }) => values.ResourceGroupName !== '');
    assert.ok(one);
    const { subscription, values } = one;
    const ofGroup = (row: TruthRow) => row.values.ResourceGroupName === values.ResourceGroupName;
    scopes.push({
      scope: `/subscriptions/${subscription}/resourceGroups/${values.ResourceGroupName?.toUpperCase()}`,
      owns: (row) => row.subscription === subscription && ofGroup(row),
    });
  });
  after(() => bench.close());
  beforeEach(() => {
    bench.service.setFault(undefined);
    bench.cache = new SpendCache();
  });

  /** Requests for usage rows that the service has answered. */
  const calls = () => bench.service.counts()['usageDetails.list'] ?? 0;
  const costs = (of: readonly TruthRow[]) => sumOf(of.map(({ cost }) => cost));
  const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
  const keeps = ({ values: texts }: TruthRow, { by, values, not }: SpendFilter) =>
    values.some((value) => same(value, texts[by] ?? '')) !== (not === true);

  function check(picture: SpendPicture, own: readonly TruthRow[]): void {
    const { currency, series, totals, steps, total, question } = picture;
    const counted = own.filter((row) => row.currency === currency);
    assert.equal(total, costs(counted));
    assert.equal(sumOf(series.map((each) => each.total)), total);
    assert.equal(picture.partial, undefined);
    for (const [at, { from, to }] of steps.entries()) {
      const ofStep = counted.filter(({ day }) => day >= from && day <= to);
      assert.equal(totals[at] ?? '0', costs(ofStep), from);
      assert.equal(sumOf(series.map(({ values }) => values[at] ?? null)), totals[at] ?? '0', from);
    }
    for (const { kind, key, total: ofGroup } of series.filter((each) => each.kind === 'group')) {
      const group = counted.filter(({ values }) => same(values[question.groupBy] ?? '', key));
      assert.equal(ofGroup, costs(group), `${kind} ${key}`);
    }
  }

  const pricing = { currency: 'pricing', granularity: 'daily', groupBy: 'Meter', top: 3 };
  const whole = () => ({ ...pricing, scope: bench.account(), period: { from: FROM, to: TODAY } });

  it('is the truth of any scope, group, filter and period in each currency', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(asked, async (given) => {
        const { question: any, inDays } = drawn(given, scopes, rows, true);
        const question = { ...any, currency: 'pricing' };
        const own = inDays.filter((row) => any.filters.every((one) => keeps(row, one)));
        const { currencies } = await bench.picture(question);
        assert.ok(own.every(({ currency }) => currencies.includes(currency)));
        for (const code of currencies) {
          const picture = await bench.picture({ ...question, code });
          assert.equal(picture.currency, code);
          check(picture, own);
          seen.add(code);
          const { comparison } = picture;
          if (comparison !== undefined) {
            assert.equal(sumOf(comparison.drivers.map(({ difference }) => difference)), comparison.difference);
            const compared = own.filter(({ day, currency }) => day <= comparison.days.to && currency === code);
            assert.equal(comparison.now, costs(compared));
          }
        }
      }),
      { numRuns: 50 },
    );
    assert.ok(seen.size > 1, [...seen].join());
  });

  it('shows each currency on its own, the largest first, and says where the amounts are from', async () => {
    const { currency, currencies, facts } = await bench.picture(whole());
    assert.equal(currency, 'USD');
    assert.ok(currencies.length > 1);
    assert.match(
      facts[0] ?? '',
      /^Amounts are in USD, the pricing currency of the usage rows.*each is shown on its own/,
    );
  });

  it('calls subscriptions by their names, without a request for what there is to group by', async () => {
    const { series } = await bench.picture({ ...whole(), groupBy: 'SubscriptionId', period: '2026-10' });
    assert.match(series[0]?.key ?? '', /^[0-9a-f-]{36}$/);
    assert.match(series[0]?.label ?? '', /^[A-Z][a-z ]+/);
  });

  it('reads months one after the other, the newest first, keeps closed ones, and tells what it takes', async () => {
    const effort = (more: object) =>
      spendEffort(bench.arm, checkSpendQuestion({ ...whole(), ...more }, bench.now), bench.cache, bench.now);
    assert.deepEqual(await effort({}), { queries: 0, usageRows: { months: 3 } });
    const before = calls();
    const queries = bench.queries;
    const missing: string[][] = [];
    await bench.picture(whole(), { onPart: ({ now }) => missing.push([...now.missing]) });
    assert.deepEqual(missing, [['2026-09', '2026-10'], ['2026-09']]);
    const taken = calls() - before;
    assert.ok(taken > 3, 'months have several pages');
    assert.deepEqual(await effort({}), { queries: 0 });
    assert.deepEqual(await effort({ groupBy: '' }), { queries: 0, usageRows: { months: 3, calls: taken } });
    await bench.picture({ ...whole(), top: 1, granularity: 'monthly', view: 'table' });
    await bench.picture({ ...whole(), filters: [{ by: 'Meter', values: ['none'] }] });
    assert.equal(calls(), before + taken);
    assert.equal(bench.queries, queries, 'no cost is asked of cost queries');
    bench.now = new Date(bench.now.getTime() + 4 * 60 * 60_000 + 1);
    assert.equal((await effort({})).usageRows?.months, 1, 'the open month is good for four hours');
    bench.now = new Date('2026-11-21T09:00:00Z');
  });

  it('has no budgets and no forecast beside it, says why, and asks for neither', async () => {
    const asked = () => ({ ...bench.service.counts(), 'usageDetails.list': 0 });
    const before = asked();
    const { cumulative, facts, steps } = await bench.picture({ ...whole(), period: 'MonthToDate', view: 'cumulative' });
    assert.deepEqual([cumulative.budgets, cumulative.forecast], [[], undefined]);
    assert.match(cumulative.noForecast ?? '', /billing currency/);
    assert.ok(facts.some((fact) => fact.startsWith('Budgets are in the billing currency')));
    assert.equal(steps.at(-1)?.to, TODAY);
    assert.deepEqual(asked(), before);
  });

  it('adds up to the rows that drill-through opens', async () => {
    for (const groupBy of ['', 'tag:environment', 'SubscriptionId', 'ResourceId', 'ResourceType', 'ResourceLocation']) {
      const picture = await bench.picture({ ...whole(), groupBy, period: '2026-10', top: 1 });
      const { currency, currencies, period, question } = picture;
      for (const { kind, key, total } of picture.series) {
        const but = picture.series.filter((each) => each.kind === 'group').map((each) => each.key);
        const mark = { period, ...(kind === 'others' ? { but } : { key }) };
        const subject = { connection: 'c', label: '', question, picture: { currency, currencies } };
        const { argument, doubt } = drillTarget(subject, mark);
        assert.equal(doubt, undefined);
        assert.ok('scope' in argument);
        const sink = new MemorySink();
        const { arm } = bench;
        const only = checkUsageFilter(argument.only ?? []);
        await writeUsage({ arm, scope: parseScope(argument.scope), period, format: 'ndjson', only }, sink);
        const lines = sink.text.split('\n').filter((line) => line !== '');
        const digits = lines.map((line) => /"costInPricingCurrency":\s*(-?[\d.]+)/.exec(line)?.[1] ?? '');
        assert.equal(sumOf(digits), total, `${groupBy} ${kind} ${key}`);
      }
    }
  });

  for (const fault of ['429*2', '503*2', 'reset*2', 'truncated*2', 'empty-body*1', 'bom']) {
    it(`is the truth when ${fault} comes in between`, async () => {
      bench.service.setFault(`${fault}@Consumption/usageDetails`);
      check(await bench.picture(whole(), { onPart: ({ now }) => assert.ok(now.missing.length > 0) }), rows);
    });
  }

  const LASTING = ['truncated', '401', '403', 'reset', 'html', 'wrong-shape', 'repeating-next-link'];
  for (const fault of [...LASTING, 'foreign-next-link', '401-after-first-page']) {
    it(`has no picture when ${fault} stays, and nothing of a half-read month is kept`, async () => {
      bench.service.setFault(`${fault}@Consumption/usageDetails`);
      let parts = 0;
      const reading = bench.picture(whole(), { onPart: () => parts++ });
      await assert.rejects(reading, BillingError);
      assert.equal(parts, 0);
      bench.service.setFault(undefined);
      const picture = await bench.picture(whole());
      check(picture, rows);
      assert.equal(picture.stale, undefined);
    });
  }

  for (const fault of ['truncated', '401-after-first-page', 'reset']) {
    it(`keeps the month that was whole before ${fault} began`, async () => {
      const before = calls();
      let first = 0;
      const reading = bench.picture(whole(), {
        onPart: ({ now }) => {
          assert.deepEqual(now.missing, ['2026-09', '2026-10']);
          first = calls() - before;
          bench.service.setFault(`${fault}@Consumption/usageDetails`);
        },
      });
      await assert.rejects(reading, BillingError);
      bench.service.setFault(undefined);
      const again = calls();
      check(await bench.picture(whole()), rows);
      const november = rows.filter(({ day }) => day >= '2026-11-01').length;
      assert.ok(first >= november / 1000);
      assert.ok(calls() - again <= Math.ceil((rows.length - november) / 1000) + 2, 'November is not read again');
    });
  }

  it('ends at once when it is cancelled in the middle of a month, and keeps the whole ones', async () => {
    const abort = new AbortController();
    const parts: string[][] = [];
    const reading = bench.picture(whole(), {
      signal: abort.signal,
      onPart: ({ now }) => {
        parts.push([...now.missing]);
        setImmediate(() => abort.abort());
      },
    });
    await assert.rejects(reading, { name: 'AbortError' });
    assert.deepEqual(parts, [['2026-09', '2026-10']]);
    const question = checkSpendQuestion(whole(), bench.now);
    const { usageRows } = await spendEffort(bench.arm, question, bench.cache, bench.now);
    assert.equal(usageRows?.months, 2);
    check(await bench.picture(whole()), rows);
  });

  it('shows the kept open month with the reason when reading it again fails', async () => {
    const { total } = await bench.picture(whole());
    bench.service.setFault('503@Consumption/usageDetails');
    const picture = await bench.picture(whole(), { refresh: true });
    assert.equal(picture.total, total);
    assert.match(picture.stale ?? '', /503/);
  });
});

describe('spend in the pricing currency of rows without one', () => {
  const row = (kind: string, more: object) => {
    const properties = { date: '2026-10-02T00:00:00Z', billingCurrency: 'EUR', ...more };
    return { kind, tags: null, properties };
  };

  async function read(value: readonly object[]) {
    const stub = await startStubService((_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ value }));
    });
    const { arm, close } = connect(stub.base);
    try {
      const now = new Date('2026-11-21T09:00:00Z');
      const given = { scope: '/subscriptions/s', currency: 'pricing', period: '2026-10' };
      const read = await readSpend(arm, checkSpendQuestion(given, now), { cache: new SpendCache(), now });
      return { read, requests: stub.requests.length };
    } finally {
      await close();
      await stub.close();
    }
  }

  it('ends with a sentence for rows of enrolments', async () => {
    await assert.rejects(read([row('legacy', { cost: 1 })]), (error: unknown) => {
      assert.ok(isWithoutPricing(error) && error instanceof BillingError);
      assert.match(error.explanation, /no cost in a pricing currency.*billing currency or US dollars/);
      return true;
    });
  });

  it('ends with it where no modern row has the column', async () => {
    await assert.rejects(read([row('modern', { costInBillingCurrency: 1 })]), isWithoutPricing);
  });

  it('counts the rows that are in no sum', async () => {
    const priced = { costInPricingCurrency: 2.5, pricingCurrencyCode: 'USD' };
    const { read: found } = await read([row('modern', priced), row('modern', { costInBillingCurrency: 1 })]);
    assert.equal(found.now.months.get('2026-10')?.withoutCost, 1);
  });
});
