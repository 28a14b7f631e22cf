import assert from 'node:assert/strict';
import { type ArmClient, createArmClient } from '../../src/api/arm/armClient.ts';
import { parseScope } from '../../src/api/arm/scope.ts';
import type { Transport } from '../../src/api/http/transport.ts';
import { createUndiciTransport } from '../../src/api/http/undiciTransport.ts';
import { drillTarget, type SpendMark } from '../../src/charts/spendDrill.ts';
import { DecimalSum } from '../../src/records/decimal.ts';
import { dimensionsOf } from '../../src/sample/costDimensions.ts';
import type { CostScope } from '../../src/sample/costScopes.ts';
import { checkSpendQuestion } from '../../src/spend/spendQuestion.ts';
import type { SpendPicture } from '../../src/spend/spendShapes.ts';
import { checkUsageFilter } from '../../src/usage/usageFilter.ts';
import { writeUsage } from '../../src/usage/writeUsage.ts';
import { MemorySink } from '../support/arm.ts';
import { FastClock } from '../support/fastClock.ts';
import { SpendBench, sumOf } from '../support/spend.ts';

/** Two days of the closed month and two of the open one. */
const DAYS = { from: '2026-10-30', to: '2026-11-02' };

/** Usage rows have no such column. */
const UNTOLD = ['PartnerEarnedCreditApplied'];

describe('the usage rows behind a mark', () => {
  let bench: SpendBench;
  let direct: Transport;
  /** A client for which Cost Details have to take the place of usage details. */
  let reports: ArmClient;

  before(async () => {
    bench = await SpendBench.start({ customers: 24, usageRows: 12_000 });
    direct = createUndiciTransport();
    reports = createArmClient({
      transport: {
        send: (request) => (isUsage(request.path) ? refused(request) : direct.send(request)),
        close: async () => {},
      },
      base: bench.service.endpoints.resourceManager,
      clock: new FastClock(),
    });
  });
  after(async () => {
    await direct.close();
    await bench.close();
  });

  const isUsage = (path: string) => /\/usageDetails\?/i.test(path);
  const refused: Transport['send'] = async () => {
    const error = { code: 'BadRequest', message: 'The offer of this subscription is not supported.' };
    const text = JSON.stringify({ error });
    return {
      status: 400,
      headers: {},
      body: (async function* () {
        yield Buffer.from(text);
      })(),
    };
  };

  /** What the rows add up to, in the picture's currency. */
  async function rowsOf(arm: ArmClient, picture: SpendPicture, mark: SpendMark): Promise<string> {
    const subject = { connection: 'Test', label: 'Test', question: picture.question, picture };
    const { command, argument, doubt } = drillTarget(subject, mark);
    assert.equal(doubt, undefined);
    assert.ok(command === 'azureBilling.openUsage');
    const { scope, metric, only } = argument;
    const sink = new MemorySink();
    const { totals } = await writeUsage(
      {
        arm,
        scope: parseScope(scope),
        period: mark.period,
        ...(metric === undefined ? {} : { metric }),
        ...(only === undefined ? {} : { only: checkUsageFilter(only) }),
        format: 'ndjson',
      },
      sink,
    );
    if (picture.question.currency === 'usd') {
      const sum = new DecimalSum();
      for (const [, digits = ''] of sink.text.matchAll(/"costInUSD": ?([-\d.]+)/gi)) {
        sum.add(digits);
      }
      return sum.toString();
    }
    assert.ok(Object.keys(totals).every((code) => code === picture.currency));
    return sumOf([totals[picture.currency] ?? '0']);
  }

  /** The largest group, the last one, the others, and all of a day. */
  function marksOf(picture: SpendPicture): [SpendMark, string][] {
    const { series, period, steps, totals } = picture;
    const groups = series.filter(({ kind }) => kind === 'group');
    const others = series.find(({ kind }) => kind === 'others');
    const ends = [groups[0], groups.at(-1)].flatMap((group) => group ?? []);
    const [{ from, to }] = [steps[1] ?? steps[0] ?? assert.fail('no steps')];
    return [
      ...ends.map(({ key, total }): [SpendMark, string] => [{ period, key }, total]),
      ...(others === undefined
        ? []
        : [[{ period, but: groups.map(({ key }) => key) }, others.total] satisfies [SpendMark, string]]),
      [{ period: { from, to } }, totals[steps.length > 1 ? 1 : 0] ?? '0'],
    ];
  }

  async function check(given: object, arm = bench.arm): Promise<number> {
    const picture = await bench.picture({ period: DAYS, top: 2, ...given });
    const marks = marksOf(picture);
    for (const [mark, digits] of marks) {
      const said = JSON.stringify([given, mark]);
      assert.equal(await rowsOf(arm, picture, mark), sumOf([digits]), said);
    }
    return marks.length;
  }

  async function scopeOf(kind: CostScope['kind']): Promise<string> {
    const { tenant } = bench.service;
    const subscription = `/subscriptions/${tenant.subscriptions(tenant.directory.customer(0)).at(0).name}`;
    switch (kind) {
      case 'billingAccount':
        return bench.account();
      case 'billingProfile':
        return `${bench.account()}/billingProfiles/${tenant.accounts[0]?.profiles[0]?.name}`;
      case 'customer':
        return bench.customer(0);
      case 'subscription':
        return subscription;
      case 'resourceGroup': {
        const { series } = await bench.picture({ scope: subscription, groupBy: 'ResourceGroupName', period: DAYS });
        return `${subscription}/resourceGroups/${series[0]?.key}`;
      }
    }
  }

  for (const kind of ['billingAccount', 'billingProfile', 'customer', 'subscription', 'resourceGroup'] as const) {
    it(`add up to it by every dimension and by tag in a ${kind}`, async () => {
      const scope = await scopeOf(kind);
      const dimensions = dimensionsOf(kind).filter((each) => each.groupingScopes.has(kind));
      for (const { name } of dimensions.filter((each) => !UNTOLD.includes(each.name))) {
        assert.ok((await check({ scope, groupBy: name })) > 1);
      }
      const filters = [{ by: 'tag:Environment', values: ['test'], not: true }];
      await check({ scope, groupBy: 'tag:environment', filters });
      await check({ scope, groupBy: '' });
    });
  }

  it('add up to it with filters, by month, amortized and in US dollars', async () => {
    const scope = bench.account();
    const filters = [
      { by: 'ServiceName', values: ['storage', 'Virtual Machines'] },
      { by: 'ResourceLocation', values: ['EU West'], not: true },
    ];
    await check({ scope, groupBy: 'ResourceGroupName', filters, period: '2026-10', granularity: 'monthly' });
    await check({ scope, groupBy: 'Meter', metric: 'amortized' });
    await check({ scope, groupBy: 'CustomerName', currency: 'usd' });
    await check({
      scope,
      groupBy: '',
      filters: [{ by: 'ChargeType', values: ['Usage'], not: true }],
      period: '2026-10',
    });
  });

  it('are those of the currency that is shown, where an account is billed in several', async () => {
    const { tenant } = bench.service;
    const at = tenant.accounts.findIndex(({ profiles }) => new Set(profiles.map(({ currency }) => currency)).size > 1);
    const scope = bench.account(at);
    const { currencies } = await bench.picture({ scope, period: DAYS });
    assert.ok(currencies.length > 1);
    for (const code of currencies) {
      await check({ scope, code });
    }
  });

  for (const groupBy of ['ServiceName', 'ResourceGroupName', 'ResourceType', 'SubscriptionId', 'CustomerName']) {
    it(`add up to it by ${groupBy} when Cost Details bring them`, async () => {
      await check({ scope: bench.account(), groupBy }, reports);
      await check({ scope: bench.account(), groupBy: 'tag:environment' }, reports);
    });
  }

  it('are told to be others where usage rows do not tell what is grouped by, or filtered', async () => {
    const picture = await bench.picture({ scope: bench.account(), groupBy: UNTOLD[0], period: DAYS });
    const subject = { connection: 'Test', label: 'Test', question: picture.question, picture };
    const { doubt } = drillTarget(subject, { period: DAYS, key: '1' });
    assert.match(doubt?.message ?? '', /^Usage rows do not tell PartnerEarnedCreditApplied: /);
  });

  it('of Partner Center are whole lists, and told to be others than a mark', () => {
    const scope = '/partnerCenter/customers/00000000-0000-0000-0000-000000000001';
    const one = { currency: 'EUR', currencies: ['EUR'] };
    const target = (groupBy: string, mark: Partial<SpendMark>, filters: { by: string; values: string[] }[] = []) => {
      const question = { ...checkSpendQuestion({ scope, groupBy }, bench.now), filters };
      return drillTarget({ connection: 'C', label: 'L', question, picture: one }, { period: DAYS, ...mark });
    };
    assert.equal(target('Subscription', {}).doubt, undefined);
    assert.equal(target('', {}).doubt, undefined);
    const meters = target('Subscription', { key: 'abc' });
    assert.match(meters.doubt?.message ?? '', /need not add up/);
    assert.ok('subscriptionId' in meters.argument && meters.argument.subscriptionId === 'abc');
    for (const other of [target('Meter', { key: 'm' }), target('Meter', {}), target('Subscription', { but: ['a'] })]) {
      assert.match(other.doubt?.message ?? '', /more of them than this mark/);
    }
  });
});
