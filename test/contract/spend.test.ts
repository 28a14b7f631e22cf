import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BillingError } from '../../src/api/http/errors.ts';
import { SpendCache } from '../../src/spend/spendCache.ts';
import { spendChoices, spendValues } from '../../src/spend/spendChoices.ts';
import { addDays } from '../../src/spend/spendPeriod.ts';
import { checkSpendQuestion } from '../../src/spend/spendQuestion.ts';
import { spendEffort } from '../../src/spend/spendReader.ts';
import type { SpendPicture } from '../../src/spend/spendShapes.ts';
import { SpendBench, sumOf } from '../support/spend.ts';

describe('spend, read from the service', () => {
  let bench: SpendBench;
  before(async () => {
    bench = await SpendBench.start();
  });
  after(() => bench.close());
  beforeEach(() => {
    bench.cache = new SpendCache();
    bench.now = new Date('2026-11-21T09:00:00Z');
    bench.service.setFault(undefined);
  });

  /** Series add up to each step, steps to the total, the total to what the service's own rows add up to. */
  function checkTruth(picture: SpendPicture, scope: string, from: string, to: string): void {
    const truth = bench.service.tenant.truth(scope, from, to).totals.get(picture.currency);
    assert.equal(picture.total, withoutZeros(truth ?? '0'), `${scope} ${picture.currency}`);
    assert.equal(sumOf(picture.series.map(({ total }) => total)), picture.total);
    assert.equal(sumOf(picture.totals), picture.total);
    for (const [at, total] of picture.totals.entries()) {
      if (total !== null) {
        assert.equal(sumOf(picture.series.map(({ values }) => values[at] ?? null)), total);
      }
    }
    for (const { values, total, label } of picture.series) {
      assert.equal(sumOf(values), total, label);
    }
  }

  const withoutZeros = (digits: string) => sumOf([digits]);
  const trueCost = (scope: string, from: string, to: string, currency = 'USD') =>
    withoutZeros(bench.service.tenant.truth(scope, from, to).totals.get(currency) ?? '0');

  it('is the truth to the digit in every currency, by day and by month, for every kind of scope', async () => {
    const { tenant } = bench.service;
    const seen = new Set<string>();
    const scopes = tenant.accounts.flatMap((account, at) => [
      bench.account(at),
      ...account.profiles.map((profile) => `${bench.account(at)}/billingProfiles/${profile.name}`),
    ]);
    const first = tenant.directory.customer(0);
    scopes.push(bench.customer(0), `/subscriptions/${tenant.subscriptions(first).at(0).name}`);
    for (const scope of scopes) {
      for (const granularity of ['daily', 'monthly'] as const) {
        const given = { scope, period: { from: '2026-09-10', to: '2026-11-21' }, granularity, top: 2 };
        const { currencies } = await bench.picture(given);
        assert.deepEqual(
          [...currencies].sort(),
          [...tenant.truth(scope, '2026-09-10', '2026-11-21').totals.keys()].sort(),
        );
        for (const code of currencies) {
          const picture = await bench.picture({ ...given, code });
          assert.equal(picture.currency, code);
          checkTruth(picture, scope, '2026-09-10', '2026-11-21');
          seen.add(`${code} ${picture.decimals}`);
        }
      }
    }
    assert.deepEqual([...seen].sort(), ['EUR 2', 'JPY 0', 'KWD 3', 'USD 2']);
  });

  for (const groupBy of [
    '',
    'SubscriptionId',
    'CustomerTenantId',
    'ResourceLocation',
    'ChargeType',
    'tag:environment',
  ]) {
    it(`is the truth by ${groupBy || 'nothing'}`, async () => {
      const scope = bench.account();
      const picture = await bench.picture({ scope, groupBy, period: '2026-10', top: 3 });
      checkTruth(picture, scope, '2026-10-01', '2026-10-31');
      const kinds = picture.series.map(({ kind }) => kind);
      assert.deepEqual(new Set(kinds.slice(0, -1)), new Set(groupBy === '' ? [] : ['group']));
      if (groupBy === 'SubscriptionId') {
        const [largest] = picture.series;
        assert.match(largest?.key ?? '', /^[0-9a-f-]{36}$/);
        assert.match(largest?.label ?? '', /^[A-Z][a-z ]+/, 'subscriptions go by their names');
      }
    });
  }

  it('is the truth of any customer, period, grouping and top N', async () => {
    const { directory } = bench.service.tenant;
    const question = fc.record({
      customer: fc.nat({ max: directory.customerCount - 1 }),
      start: fc.nat({ max: 480 }),
      length: fc.integer({ min: 1, max: 70 }),
      granularity: fc.constantFrom('auto' as const, 'daily' as const, 'monthly' as const),
      groupBy: fc.constantFrom(
        '',
        'ServiceName',
        'ResourceGroupName',
        'Meter',
        'PartnerEarnedCreditApplied',
        'tag:team',
      ),
      top: fc.integer({ min: 1, max: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(question, async ({ customer, start, length, ...given }) => {
        const scope = bench.customer(customer);
        const from = addDays('2025-06-01', start);
        const to = addDays(from, length - 1);
        const picture = await bench.picture({ ...given, scope, period: { from, to } });
        checkTruth(picture, scope, from, to);
        assert.ok(picture.series.length <= given.top + 1);
      }),
      { numRuns: 60 },
    );
  });

  it('in US dollars has one currency, whatever is billed', async () => {
    const given = { scope: bench.account(), period: '2026-10', currency: 'usd' };
    const picture = await bench.picture(given);
    assert.deepEqual([picture.currency, picture.currencies], ['USD', ['USD']]);
    const asked = bench.queries;
    const billed = await bench.picture({ ...given, currency: 'billing', code: 'USD' });
    assert.equal(bench.queries, asked, 'both views come with one answer');
    assert.notEqual(picture.total, billed.total);
  });

  it('asks a month once, the newest first, and closed months never again', async () => {
    const scope = bench.customer(0);
    const given = { scope, period: { from: '2026-09-05', to: '2026-11-21' }, granularity: 'daily' };
    const asked = bench.queries;
    const missing: string[][] = [];
    await bench.picture(given, { onPart: (read) => missing.push([...read.now.missing]) });
    assert.equal(bench.queries, asked + 3);
    assert.equal(missing.length, 2);
    await bench.picture({ ...given, period: 'TheLastMonth', top: 1, view: 'table' });
    await bench.picture({ ...given, filters: [{ by: 'ServiceName', values: ['Storage'] }] });
    await bench.picture({ ...given, period: { from: '2026-10-03', to: '2026-11-02' }, granularity: 'monthly' });
    assert.equal(bench.queries, asked + 3);
    bench.now = new Date('2026-11-21T13:00:01Z');
    await bench.picture(given);
    assert.equal(bench.queries, asked + 4, 'the open month is good for four hours');
    await bench.picture(given, { refresh: true });
    assert.equal(bench.queries, asked + 5, 'a refresh asks for what goes on');
  });

  it('sends one request for all who ask the same at the same time, and ends it when the last one leaves', async () => {
    const given = { scope: bench.customer(2), period: '2026-11' };
    const asked = bench.queries;
    const [one, other] = await Promise.all([bench.picture(given), bench.picture({ ...given, top: 1 })]);
    assert.equal(bench.queries, asked + 1);
    assert.equal(one.total, other.total);
    const abort = new AbortController();
    const leaving = bench.picture(given, { refresh: true, signal: abort.signal });
    const staying = bench.picture(given);
    abort.abort();
    await assert.rejects(leaving, { name: 'AbortError' });
    assert.equal((await staying).total, one.total);
    const alone = new AbortController();
    const last = bench.picture({ ...given, period: '2026-07' }, { signal: alone.signal });
    alone.abort();
    await assert.rejects(last, { name: 'AbortError' });
    assert.notEqual((await bench.picture({ ...given, period: '2026-07' })).total, '0');
  });

  it('asks for a year of months at once, and for the days that are compared', async () => {
    const groupBy = 'SubscriptionId';
    const scope = bench.customer(0);
    const question = { scope, period: 'TheLast12Months', compareWith: 'lastYear', groupBy };
    const asked = bench.queries;
    const checked = checkSpendQuestion(question, bench.now);
    assert.deepEqual(await spendEffort(bench.arm, checked, bench.cache, bench.now), { queries: 4 });
    const { steps, comparison, total } = await bench.picture(question);
    // By month but for the open month and the same month a year earlier, which are not compared to their ends.
    assert.equal(bench.queries, asked + 4);
    assert.equal(steps.length, 12);
    assert.deepEqual(await spendEffort(bench.arm, checked, bench.cache, bench.now), { queries: 0 });
    assert.equal(total, trueCost(scope, '2025-12-01', '2026-11-21'));
    assert.equal(comparison?.now, trueCost(scope, '2025-12-01', '2026-11-20'));
    assert.equal(comparison?.total, trueCost(scope, '2024-12-01', '2025-11-20'));
  });

  it('filters among what is kept when the groups are filtered, and asks when something else is', async () => {
    const scope = bench.customer(0);
    const given = { scope, period: '2026-10', groupBy: 'ServiceName' };
    const all = await bench.picture(given);
    const [largest] = all.series;
    assert.ok(largest);
    const asked = bench.queries;
    const only = await bench.picture({ ...given, filters: [{ by: 'ServiceName', values: [largest.key] }] });
    const without = await bench.picture({
      ...given,
      filters: [{ by: 'ServiceName', values: [largest.key], not: true }],
    });
    assert.equal(bench.queries, asked);
    assert.equal(only.total, largest.total);
    assert.equal(sumOf([only.total, without.total]), all.total);
    const sent = await bench.picture({
      ...given,
      groupBy: '',
      filters: [{ by: 'ServiceName', values: [largest.key] }],
    });
    assert.equal(sent.total, largest.total);
    const rest = { ...given, groupBy: '', filters: [{ by: 'ServiceName', values: [largest.key], not: true }] };
    assert.equal((await bench.picture(rest)).total, without.total);
    assert.equal(bench.queries, asked + 2);
  });

  it('compares equal days without today, and the drivers add up to the difference', async () => {
    const scope = bench.account();
    for (const top of [1, 10]) {
      const { comparison, facts, cumulative } = await bench.picture({ scope, compareWith: 'previous', top });
      assert.ok(comparison);
      assert.deepEqual(comparison.days, { from: '2026-11-01', to: '2026-11-20' });
      assert.deepEqual(comparison.period, { from: '2026-10-01', to: '2026-10-20' });
      assert.equal(comparison.now, trueCost(scope, '2026-11-01', '2026-11-20'));
      assert.equal(comparison.total, trueCost(scope, '2026-10-01', '2026-10-20'));
      assert.equal(sumOf([comparison.total, comparison.difference]), comparison.now);
      assert.equal(sumOf(comparison.drivers.map(({ difference }) => difference)), comparison.difference);
      const sizes = comparison.drivers.map(({ difference }) => Math.abs(Number(difference)));
      assert.deepEqual(
        sizes,
        [...sizes].sort((one, other) => other - one),
      );
      assert.match(comparison.note ?? '', /today is not over and left out of both/);
      assert.ok(facts.includes(comparison.note ?? ''));
      assert.equal(cumulative.previous?.[19], comparison.total);
      assert.equal(cumulative.previous?.[20], null);
    }
    const closed = await bench.picture({ scope, compareWith: 'previous', period: '2026-10' });
    assert.equal(closed.comparison?.now, closed.total);
    assert.equal(closed.comparison?.note, undefined);
  });

  it('compares nothing on the first of a month, and says so', async () => {
    bench.now = new Date('2026-11-01T12:00:00Z');
    const { comparison, facts } = await bench.picture({ scope: bench.customer(0), compareWith: 'previous' });
    assert.equal(comparison, undefined);
    assert.ok(facts.some((fact) => fact.startsWith('There is nothing to compare yet')));
  });

  it('shows everybody the newest answer, whoever asked for it', async () => {
    const scope = bench.customer(0);
    // Later than the clock of the client will be.
    bench.now = new Date('2026-11-21T23:00:00Z');
    const old = await bench.picture({ scope, granularity: 'daily', period: '2026-11' });
    bench.clock.pass(60_000);
    const [one, other] = await Promise.all([
      bench.picture({ scope, granularity: 'daily', period: '2026-11' }, { refresh: true }),
      bench.picture({ scope, granularity: 'daily', period: '2026-11', top: 2 }),
    ]);
    assert.ok(one.fetchedAt > old.fetchedAt);
    assert.equal(other.fetchedAt, one.fetchedAt);
  });

  it('goes on to the end of the month with the forecast of the service and a range, beside the budget', async () => {
    const asked = bench.queries;
    const { steps, cumulative, total } = await bench.picture({ scope: bench.customer(0), view: 'cumulative' });
    const { actual, forecast, budgets, noForecast } = cumulative;
    assert.equal(noForecast, undefined);
    assert.ok(forecast);
    assert.equal(steps.at(-1)?.to, '2026-11-30');
    assert.equal(actual[19], total);
    assert.deepEqual(
      actual.slice(20),
      Array.from({ length: 10 }, () => null),
    );
    assert.equal(forecast.values[19], total, 'it begins where the actual line ends');
    assert.equal(forecast.values.at(-1), forecast.total);
    const at = (line: readonly (string | null)[], index: number) => Number(line.at(index));
    assert.ok(at(forecast.low, -1) < at(forecast.values, -1) && at(forecast.values, -1) < at(forecast.high, -1));
    assert.ok(at(forecast.high, -1) - at(forecast.low, -1) > at(forecast.high, 21) - at(forecast.low, 21));
    assert.deepEqual(
      budgets.map(({ name, amount, values }) => [name, values.at(-1) === amount]),
      [['monthly-plan', true]],
    );
    // This month, the last one for the range; the forecast is a call of its own.
    assert.equal(bench.queries, asked + 2);
    const monthly = await bench.picture({ scope: bench.customer(0), view: 'cumulative', granularity: 'monthly' });
    assert.equal(monthly.cumulative.forecast?.total, forecast.total);
    assert.equal(monthly.cumulative.actual.at(-1), total);
  });

  it('draws the budget of an account, which is in US dollars, beside its cost in US dollars alone', async () => {
    const given = { scope: bench.account(), view: 'cumulative', currency: 'usd' };
    const { cumulative } = await bench.picture(given);
    assert.deepEqual(
      cumulative.budgets.map(({ name }) => name),
      ['all-customers'],
    );
    assert.ok(cumulative.forecast, 'several currencies have a forecast in one');
    const billed = await bench.picture({ ...given, currency: 'billing' });
    assert.deepEqual(billed.cumulative.budgets, []);
    assert.ok(billed.facts.some((fact) => fact.startsWith('1 budget is not drawn')));
  });

  it('says why there is no forecast', async () => {
    const several = await bench.picture({ scope: bench.account(), view: 'cumulative' });
    assert.match(several.cumulative.noForecast ?? '', /one currency/);
    const unused = await bench.picture({ scope: bench.customer(5), view: 'cumulative' });
    assert.match(unused.cumulative.noForecast ?? '', /no cost in the last four weeks/);
    assert.deepEqual([unused.series, unused.total, unused.currency], [[], '0', '']);
    const over = await bench.picture({ scope: bench.customer(0), view: 'cumulative', period: '2026-10' });
    assert.deepEqual([over.cumulative.forecast, over.cumulative.noForecast], [undefined, undefined]);
    const asked = bench.service.counts().forecast;
    await bench.picture({ scope: bench.customer(2), view: 'cumulative' }, { forecast: false });
    assert.equal(bench.service.counts().forecast, asked);
  });

  it('shows kept figures with the reason when asking again fails, and fails when there are none', async () => {
    const given = { scope: bench.customer(0), period: { from: '2026-10-01', to: '2026-11-21' }, granularity: 'daily' };
    const whole = await bench.picture(given);
    bench.service.setFault('503@CostManagement/query');
    await assert.rejects(bench.picture({ ...given, period: '2026-08' }), BillingError);
    const stale = await bench.picture(given, { refresh: true });
    assert.equal(stale.total, whole.total);
    assert.match(stale.stale ?? '', /503/);
    assert.equal(whole.stale, undefined);
  });

  it('keeps what was read before a failure', async () => {
    const given = { scope: bench.customer(1), period: { from: '2026-05-01', to: '2026-11-21' }, granularity: 'daily' };
    const abort = new AbortController();
    let parts = 0;
    const stopped = bench.picture(given, {
      signal: abort.signal,
      onPart: () => {
        parts++;
        abort.abort();
      },
    });
    await assert.rejects(stopped, { name: 'AbortError' });
    assert.ok(parts >= 1);
    const asked = bench.queries;
    const { partial } = await bench.picture(given);
    assert.equal(partial, undefined);
    assert.ok(bench.queries - asked < 7, 'what was read is not asked for again');
  });

  it('knows what can be grouped by here, and the values of a filter', async () => {
    const question = checkSpendQuestion({ scope: bench.customer(0), period: '2026-10' }, bench.now);
    const options = { cache: bench.cache, now: bench.now };
    const { groupBys, currencies, amortized } = await spendChoices(bench.arm, question, options);
    assert.deepEqual(groupBys.slice(0, 2), [
      { id: '', label: 'Nothing: one sum' },
      { id: 'ServiceName', label: 'Service name' },
    ]);
    assert.ok(!groupBys.some(({ id }) => id === 'ResourceId'), 'a customer cannot be split by resource');
    assert.deepEqual([currencies, amortized], [['billing', 'usd', 'pricing'], true]);
    const values = await spendValues(bench.arm, question, 'ServiceName', options);
    const { series } = await bench.picture({ scope: question.scope, period: '2026-10', top: 50 });
    assert.deepEqual([...values].sort(), series.map(({ key }) => key).sort());
  });

  it('lists the keys of tags when somebody wants them, once for an account, and their values by the query that shows them', async () => {
    const options = { cache: bench.cache, now: bench.now };
    const asked = () => bench.service.counts()['tags.get'] ?? 0;
    const before = asked();
    const keys = ['application', 'costCenter', 'environment'];
    const question = (more: object) =>
      checkSpendQuestion({ scope: bench.customer(0), period: '2026-10', ...more }, bench.now);
    for (const scope of [bench.customer(0), bench.customer(1), bench.account()]) {
      assert.deepEqual(await spendValues(bench.arm, question({ scope }), 'tag:', options), keys);
    }
    assert.equal(asked(), before + 1);
    const { name } = bench.service.tenant.subscriptions(bench.service.tenant.directory.customer(0)).at(0);
    assert.deepEqual(
      await spendValues(bench.arm, question({ scope: `/subscriptions/${name}` }), 'tag:', options),
      keys,
    );
    assert.equal(asked(), before + 2);
    const values = await spendValues(bench.arm, question({}), 'tag:environment', options);
    assert.deepEqual(values, ['dev', 'prod', 'test']);
    const queries = bench.queries;
    const monthly = { granularity: 'monthly', groupBy: 'tag:environment' };
    const { series } = await bench.picture({ ...question(monthly), top: 50 });
    assert.equal(bench.queries, queries);
    assert.deepEqual(series.map(({ key }) => key).sort(), ['', ...values]);
    assert.deepEqual(await spendValues(bench.arm, question(monthly), 'tag:environment', options), ['', ...values]);
    const [first] = values;
    const filters = [{ by: 'tag:environment', values: [first] }];
    const only = await bench.picture({ ...question({}), filters });
    assert.equal(only.total, series.find(({ key }) => key === first)?.total);
  });

  it('does not keep that the keys of tags were refused', async () => {
    const options = { cache: bench.cache, now: bench.now };
    const question = checkSpendQuestion({ scope: bench.customer(0) }, bench.now);
    bench.service.setFault('403@Consumption/tags');
    await assert.rejects(spendValues(bench.arm, question, 'tag:', options), { kind: 'refused', status: 403 });
    bench.service.setFault(undefined);
    assert.ok((await spendValues(bench.arm, question, 'tag:', options)).length > 0, 'a refusal is not kept');
  });
});

describe('spend in the api-versions of the beginning', () => {
  it('is the truth by service and by tag, with budgets and a forecast; there are no amortized costs', async () => {
    const bench = await SpendBench.start({}, 'seed');
    try {
      const scope = bench.customer(0);
      const truth = bench.service.tenant.truth(scope, '2026-10-01', '2026-10-31').totals.get('USD') ?? '';
      for (const groupBy of ['ServiceName', 'tag:environment']) {
        assert.equal((await bench.picture({ scope, groupBy, period: '2026-10' })).total, sumOf([truth]));
      }
      const filters = [{ by: 'ChargeType', values: ['Usage'], not: true }];
      assert.equal((await bench.picture({ scope, filters, period: '2026-10' })).total, '0');
      const { cumulative } = await bench.picture({ scope, view: 'cumulative' });
      assert.ok(cumulative.forecast);
      assert.equal(cumulative.budgets.length, 1);
      await assert.rejects(bench.picture({ scope, metric: 'amortized' }), { kind: 'argument', message: /^metric: / });
    } finally {
      await bench.close();
    }
  });
});

describe('spend under the limits of the service', () => {
  it('waits for its turn with four queries a minute, shows what is there, and ends whole', async () => {
    const bench = await SpendBench.start({ throttle: 'documented' });
    try {
      const scope = bench.customer(0);
      const waits: number[] = [];
      const pictures: (string | undefined)[] = [];
      const picture = await bench.picture(
        { scope, period: { from: '2026-06-01', to: '2026-11-21' }, granularity: 'daily' },
        {
          onWait: ({ milliseconds }) => waits.push(milliseconds),
          onPart: (read) => pictures.push(read.now.missing[0]),
        },
      );
      assert.ok(waits.length > 0 && waits.every((wait) => wait <= 60_000), String(waits));
      assert.equal(pictures.length, 5);
      assert.equal(picture.partial, undefined);
      const truth = bench.service.tenant.truth(scope, '2026-06-01', '2026-11-21').totals.get('USD') ?? '';
      assert.equal(picture.total, sumOf([truth]));
    } finally {
      await bench.close();
    }
  });
});
