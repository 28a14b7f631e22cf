import assert from 'node:assert/strict';
import type { PartnerCenterClient } from '../../src/api/partnerCenter/partnerCenterClient.ts';
import { setUsageBudget } from '../../src/api/partnerCenter/usageBudget.ts';
import { readPartnerSpend } from '../../src/spend/partnerSpend.ts';
import { SpendCache } from '../../src/spend/spendCache.ts';
import { partnerSpendChoices } from '../../src/spend/spendChoices.ts';
import { spendPicture } from '../../src/spend/spendPicture.ts';
import { checkSpendQuestion } from '../../src/spend/spendQuestion.ts';
import type { SpendPicture } from '../../src/spend/spendShapes.ts';
import { connectPartnerCenter } from '../support/partnerCenter.ts';
import { SamplePartnerCenter } from '../support/samplePartnerCenter.ts';
import { sumOf } from '../support/spend.ts';

const NOW = new Date('2026-11-21T09:00:00Z');

describe('spend of a customer of Partner Center', () => {
  let sample: SamplePartnerCenter;
  let client: PartnerCenterClient;
  let close: () => Promise<void>;
  let cache: SpendCache;
  before(async () => {
    sample = await SamplePartnerCenter.start();
    ({ client, close } = connectPartnerCenter(sample.service.endpoints.partnerCenter));
  });
  after(async () => {
    await close();
    await sample.service.close();
  });
  beforeEach(() => {
    cache = new SpendCache();
  });

  async function picture(customer: string, more: object = {}, asking = client): Promise<SpendPicture> {
    const question = checkSpendQuestion({ scope: `/partnerCenter/customers/${customer}`, ...more }, NOW);
    return spendPicture(await readPartnerSpend(asking, question, { cache, now: NOW }), { now: NOW, locale: 'en-US' });
  }

  /** What the service tells of each subscription, from the digits as they came. */
  async function told(customer: string): Promise<string[]> {
    const [text = ''] = await sample.pages(`/v1/customers/${customer}/subscriptions/usagerecords`);
    return [...text.matchAll(/"totalCost":(-?[0-9.]+)/g)].map(([, digits = '']) => digits);
  }

  it('is the sums that the service tells, by subscription, as one step of the open period', async () => {
    const { customer: id } = sample.story('mixed');
    const { series, total, steps, currency, facts, period } = await picture(id);
    assert.deepEqual(series.map((each) => each.total).sort(), (await told(id)).map((digits) => sumOf([digits])).sort());
    assert.equal(total, sumOf(await told(id)));
    assert.deepEqual(steps, [{ ...period, open: true, state: 'open' }]);
    assert.match(currency, /^[A-Z]{3}$/);
    assert.ok(facts.some((fact) => fact.includes('once a day')));
  });

  for (const groupBy of ['', 'Meter', 'Resource']) {
    it(`adds up by ${groupBy || 'nothing'}`, async () => {
      const { series, total } = await picture(sample.story('mixed').customer, { groupBy, top: 2 });
      assert.notEqual(total, '0');
      assert.equal(sumOf(series.map((each) => each.total)), total);
    });
  }

  it('stands beside the spending budget of the customer, where there is one', async () => {
    const { tenant } = sample.service;
    const cumulative = { view: 'cumulative', groupBy: '' };
    const customers = Array.from({ length: 4 }, (_, at) => tenant.directory.customer(at).name);
    const amounts: (string | undefined)[] = [];
    for (const customer of customers) {
      const { cumulative: lines, steps, total, facts } = await picture(customer, cumulative);
      const [budget] = lines.budgets;
      amounts.push(budget?.amount);
      assert.ok(!facts.some((fact) => fact.includes('could not be read')), facts.join());
      if (budget !== undefined) {
        assert.deepEqual([budget.name, budget.values], ['Spending budget', [budget.amount]]);
        assert.deepEqual(steps, [{ from: '2026-11-01', to: '2026-11-30', open: true, state: 'open' }]);
        assert.deepEqual(lines.actual, [total]);
      }
    }
    assert.deepEqual(amounts, ['6500', '97', '1234.56', '0']);
    const none = await picture(tenant.directory.customer(4).name, cumulative);
    assert.deepEqual(none.cumulative.budgets, []);
  });

  it('leaves the spending budget out beside another currency or a part of the cost, and says so', async () => {
    const customer = sample.stories.yen.customer;
    await setUsageBudget(client, customer, '50000');
    const billed = await picture(customer, { view: 'cumulative' });
    assert.deepEqual(
      billed.cumulative.budgets.map(({ amount }) => amount),
      ['50000'],
    );
    const inUsd = await picture(customer, { view: 'cumulative', currency: 'usd' });
    assert.deepEqual(inUsd.cumulative.budgets, []);
    assert.ok(inUsd.facts.some((fact) => fact.startsWith('1 budget is not drawn')));
    const { cumulative: columns } = await picture(customer, { view: 'columns' });
    assert.deepEqual(columns.budgets, []);
  });

  it('is there without the budget when that cannot be read, and says why', async () => {
    const { customer } = sample.story('mixed');
    sample.service.setFault('403@usagebudget');
    try {
      const { total, facts } = await picture(customer, { view: 'cumulative' });
      assert.notEqual(total, '0');
      assert.ok(
        facts.some((fact) => fact.startsWith('The spending budget could not be read: ')),
        facts.join(),
      );
    } finally {
      sample.service.setFault(undefined);
    }
  });

  it('is kept for ten minutes, or until it is wanted anew', async () => {
    const { customer: id } = sample.story('mixed');
    const asked = () => sample.service.requests().length;
    await picture(id);
    const before = asked();
    await picture(id, { filters: [{ by: 'Subscription', values: ['nothing'] }] });
    assert.equal(asked(), before);
    const question = checkSpendQuestion({ scope: `/partnerCenter/customers/${id}` }, NOW);
    await readPartnerSpend(client, question, { cache, now: NOW, refresh: true });
    assert.ok(asked() > before);
  });

  it('says what a sum in US dollars leaves out', async () => {
    const { customer } = sample.stories.yen;
    const billed = await picture(customer);
    assert.deepEqual([billed.currency, billed.decimals, billed.total === '0'], ['JPY', 0, false]);
    const inUsd = await picture(customer, { currency: 'usd' });
    assert.deepEqual([inUsd.currency, inUsd.total], ['USD', '0']);
    assert.ok(inUsd.facts.some((fact) => fact.includes('left out')));
    assert.ok(!billed.facts.some((fact) => fact.includes('left out')));
  });

  it('is refused before anything is sent where the sign-in cannot have it', async () => {
    const { client: appOnly, close: end } = connectPartnerCenter(sample.service.endpoints.partnerCenter, {
      signIn: 'appOnly',
    });
    try {
      const before = sample.service.requests().length;
      await assert.rejects(picture(sample.story('mixed').customer, {}, appOnly), {
        kind: 'argument',
        message: /^scope: /,
      });
      assert.equal(sample.service.requests().length, before);
    } finally {
      await end();
    }
  });

  it('can be asked by subscription, meter or resource, in the open month', () => {
    const { groupBys, presets, amortized } = partnerSpendChoices();
    assert.deepEqual(
      groupBys.map(({ id }) => id),
      ['', 'Subscription', 'Meter', 'Resource'],
    );
    assert.deepEqual(
      presets.map(({ id }) => id),
      ['MonthToDate'],
    );
    assert.equal(amortized, false);
  });
});
