import assert from 'node:assert/strict';
import { type BudgetContext, checkBudget } from '../../src/api/arm/budgetRules.ts';
import type { CostScope } from '../../src/api/arm/scope.ts';
import { parseJson } from '../../src/json/parseJson.ts';

const CUSTOMER: CostScope = { kind: 'customer', account: 'a:b', customer: 'c' };
const SUBSCRIPTION: CostScope = { kind: 'subscription', subscription: 's' };
const GROUP = '/subscriptions/s/resourceGroups/g/providers/microsoft.insights/actionGroups/oncall';

const CONTEXT: BudgetContext = {
  scope: CUSTOMER,
  provider: 'costManagement',
  versions: 'newest',
  name: 'monthly',
  today: '2026-11-21',
};
const COST_SEED: Partial<BudgetContext> = { versions: 'seed' };
const CONSUMPTION: Partial<BudgetContext> = { provider: 'consumption' };
const CONSUMPTION_SEED: Partial<BudgetContext> = { provider: 'consumption', versions: 'seed' };
const AT_SUBSCRIPTION: Partial<BudgetContext> = { scope: SUBSCRIPTION };

const notification = (members: object = {}) => ({
  enabled: true,
  operator: 'GreaterThan',
  threshold: 80,
  contactEmails: ['billing@example.com'],
  ...members,
});

const cost = (properties: object = {}, root: object = {}) => ({
  ...root,
  properties: {
    category: 'Cost',
    amount: 100,
    timeGrain: 'Monthly',
    timePeriod: { startDate: '2026-11-01T00:00:00Z' },
    notifications: { eighty: notification() },
    ...properties,
  },
});

const reservation = (properties: object = {}) => ({
  properties: {
    category: 'ReservationUtilization',
    timeGrain: 'Last7Days',
    timePeriod: { startDate: '2026-11-21', endDate: '2028-11-21' },
    filter: {},
    notifications: { low: notification({ operator: 'LessThan', threshold: 99, frequency: 'Daily' }) },
    ...properties,
  },
});

const starting = (startDate: unknown, timeGrain = 'Monthly', endDate?: unknown) =>
  cost({ timeGrain, timePeriod: { startDate, ...(endDate === undefined ? {} : { endDate }) } });
const notified = (members: object) => cost({ notifications: { eighty: notification(members) } });
const many = (count: number, members: object = {}) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, notification(members)]));
const leaf = (name = 'ResourceId', operator = 'In') => ({ name, operator, values: ['x'] });

const P = 'properties';
const N = 'properties.notifications.eighty';

describe('checkBudget', () => {
  const accepted: [string, unknown, Partial<BudgetContext>?][] = [
    ['a monthly budget', cost()],
    ['one without notifications', cost({ notifications: undefined })],
    ['digits that a double does not hold', parseJson(JSON.stringify(cost()).replace('100', '100.10'))],
    ['a quarter that goes on', starting('2026-09-01', 'Quarterly')],
    ['a year that goes on', starting('2025-12-01', 'Annually')],
    ['a start in a year', starting('2027-11-01')],
    ['an old start on an update', cost({ timePeriod: { startDate: '2020-01-01' } }, { eTag: '"1"' })],
    ['a threshold with two decimals', notified({ threshold: 79.55 })],
    ['the largest threshold', notified({ threshold: 1000 })],
    ['a forecast', notified({ thresholdType: 'Forecasted', locale: 'de-DE' })],
    ['five of each', cost({ notifications: { ...many(5), ...{ f: notification({ thresholdType: 'Forecasted' }) } } })],
    ['an action group alone', notified({ contactEmails: [], contactGroups: [GROUP] }), AT_SUBSCRIPTION],
    ['roles at a subscription', notified({ contactRoles: ['Owner'] }), AT_SUBSCRIPTION],
    ['billing months at a subscription', starting('2026-11-01', 'BillingMonth'), AT_SUBSCRIPTION],
    ['a filter', cost({ filter: { and: [{ dimensions: leaf() }, { tags: leaf('team') }] } })],
    [
      'a filter of the preview',
      cost({ filter: { or: [{ dimension: leaf() }, { not: { tag: leaf('t', 'Contains') } }] } }),
      COST_SEED,
    ],
    ['not, in older Consumption', cost({ filter: { not: { tags: leaf() } } }), CONSUMPTION_SEED],
    ['reservations', reservation()],
    ['reservations by id', reservation({ filter: { dimensions: leaf('ReservationId') } })],
  ];
  for (const [what, body, context] of accepted) {
    it(`accepts ${what}`, () => assert.deepEqual(checkBudget(body, { ...CONTEXT, ...context }), []));
  }

  const refused: [string, unknown, string, RegExp, Partial<BudgetContext>?][] = [
    ['nothing', null, 'body', /missing/],
    ['a list', [], 'body', /not an object/],
    ['no properties', {}, P, /missing/],
    ['a name with other characters', cost(), 'name', /1 to 63/, { name: 'my budget' }],
    ['a name that is too long', cost(), 'name', /1 to 63/, { name: 'x'.repeat(64) }],
    ['an unknown category', cost({ category: 'Spend' }), `${P}.category`, /Cost or ReservationUtilization/],
    ['reservations in Consumption', reservation(), `${P}.category`, /use Cost/, CONSUMPTION],
    ['reservations at a subscription', reservation(), `${P}.category`, /scope/, AT_SUBSCRIPTION],
    ['no amount', cost({ amount: undefined }), `${P}.amount`, /missing/],
    ['an amount in words', cost({ amount: '100' }), `${P}.amount`, /not a number/],
    ['an amount below zero', cost({ amount: -1 }), `${P}.amount`, /below zero/],
    ['an unknown grain', cost({ timeGrain: 'Weekly' }), `${P}.timeGrain`, /Monthly, Quarterly or Annually/],
    ['billing months at a customer', cost({ timeGrain: 'BillingMonth' }), `${P}.timeGrain`, /'BillingMonth'/],
    ['the grain of reservations for cost', cost({ timeGrain: 'Last7Days' }), `${P}.timeGrain`, /Last7Days/],
    ['no period', cost({ timePeriod: undefined }), `${P}.timePeriod`, /missing/],
    ['no start', starting(undefined), `${P}.timePeriod.startDate`, /missing/],
    ['a start in the middle of a month', starting('2026-11-15'), `${P}.timePeriod.startDate`, /first of a month/],
    [
      'a start that is the first only elsewhere',
      starting('2026-12-01T00:00:00+05:00'),
      `${P}.timePeriod.startDate`,
      /first/,
    ],
    ['a start over a year ahead', starting('2027-12-01'), `${P}.timePeriod.startDate`, /12 months ahead/],
    [
      'a start over three months ahead',
      starting('2027-03-01'),
      `${P}.timePeriod.startDate`,
      /3 months ahead/,
      COST_SEED,
    ],
    ['a month that is over', starting('2026-10-01'), `${P}.timePeriod.startDate`, /past/],
    ['a quarter that is over', starting('2026-08-01', 'Quarterly'), `${P}.timePeriod.startDate`, /past/],
    [
      'a start before budgets',
      cost({ timePeriod: { startDate: '2017-05-01' } }, { eTag: '"1"' }),
      `${P}.timePeriod.startDate`,
      /2017-06-01/,
    ],
    [
      'an end before the start',
      starting('2026-11-01', 'Monthly', '2026-10-31'),
      `${P}.timePeriod.endDate`,
      /not after/,
    ],
    ['an end that is no date', starting('2026-11-01', 'Monthly', 'never'), `${P}.timePeriod.endDate`, /not a date/],
    ['an eTag that is none', cost({}, { eTag: 5 }), 'eTag', /text/],
    ['an unknown operator', notified({ operator: 'Above' }), `${N}.operator`, /GreaterThan/],
    ['the operator of reservations for cost', notified({ operator: 'LessThan' }), `${N}.operator`, /LessThan/],
    ['no threshold', notified({ threshold: undefined }), `${N}.threshold`, /missing/],
    ['a threshold above the largest', notified({ threshold: 1000.5 }), `${N}.threshold`, /1000/],
    ['a threshold with three decimals', notified({ threshold: 80.125 }), `${N}.threshold`, /two decimals/],
    ['a tiny threshold', notified({ threshold: 1e-7 }), `${N}.threshold`, /two decimals/],
    [
      'a forecast in older Consumption',
      notified({ thresholdType: 'Forecasted' }),
      `${N}.thresholdType`,
      /use Actual/,
      CONSUMPTION_SEED,
    ],
    ['a frequency for cost', notified({ frequency: 'Daily' }), `${N}.frequency`, /reservations/],
    ['an unknown language', notified({ locale: 'la-va' }), `${N}.locale`, /la-va/],
    ['no mail', notified({ contactEmails: [] }), `${N}.contactEmails`, /at least one/],
    ['no list of mails', notified({ contactEmails: undefined }), `${N}.contactEmails`, /missing/],
    [
      'no contact at a subscription',
      notified({ contactEmails: [] }),
      `${N}.contactEmails`,
      /action group/,
      AT_SUBSCRIPTION,
    ],
    ['a mail that is none', notified({ contactEmails: ['billing'] }), `${N}.contactEmails[0]`, /mail address/],
    ['51 mails', notified({ contactEmails: Array(51).fill('a@b.c') }), `${N}.contactEmails`, /50/],
    ['groups at a customer', notified({ contactGroups: [GROUP] }), `${N}.contactGroups`, /subscriptions/],
    ['no switch', notified({ enabled: undefined }), `${N}.enabled`, /true or false/],
    ['a switch in words', notified({ enabled: 'yes' }), `${N}.enabled`, /neither/],
    ['six notifications', cost({ notifications: many(6) }), `${P}.notifications`, /6 notifications on actual cost/],
    [
      'six forecasts',
      cost({ notifications: many(6, { thresholdType: 'Forecasted' }) }),
      `${P}.notifications`,
      /forecasted/,
    ],
    [
      'what is no notification',
      cost({ notifications: { thresholdType: 'Actual' } }),
      `${P}.notifications.thresholdType`,
      /not an object/,
    ],
    ['a group of one', cost({ filter: { and: [{ tags: leaf() }] } }), `${P}.filter.and`, /at least two/],
    ['two kinds in one', cost({ filter: { tags: leaf(), dimensions: leaf() } }), `${P}.filter`, /tags and dimensions/],
    [
      'or, in newer versions',
      cost({ filter: { or: [{ tags: leaf() }, { tags: leaf() }] } }),
      `${P}.filter.or`,
      /not known/,
    ],
    ['not, in newer versions', cost({ filter: { not: { tags: leaf() } } }), `${P}.filter.not`, /not known/],
    [
      'a group in a group',
      cost({ filter: { and: [{ tags: leaf() }, { and: [] }] } }),
      `${P}.filter.and[1].and`,
      /not known/,
    ],
    ['another operator', cost({ filter: { tags: leaf('t', 'Contains') } }), `${P}.filter.tags.operator`, /use In/],
    [
      'no values',
      cost({ filter: { tags: { name: 't', operator: 'In', values: [] } } }),
      `${P}.filter.tags.values`,
      /at least one/,
    ],
    [
      'reservations in the past',
      reservation({ timePeriod: { startDate: '2026-11-20' } }),
      `${P}.timePeriod.startDate`,
      /today/,
    ],
    [
      'reservations for too long',
      reservation({ timePeriod: { startDate: '2026-12-05', endDate: '2029-12-06' } }),
      `${P}.timePeriod.endDate`,
      /three years/,
    ],
    [
      'reservations by something else',
      reservation({ filter: { dimensions: leaf('Meter') } }),
      `${P}.filter.dimensions.name`,
      /ReservationId/,
    ],
    [
      'two notifications on reservations',
      reservation({ notifications: many(2, { operator: 'LessThan' }) }),
      `${P}.notifications`,
      /exactly one/,
    ],
    ['no notification on reservations', reservation({ notifications: undefined }), `${P}.notifications`, /exactly one/],
    [
      'a threshold above 100 for reservations',
      reservation({ notifications: { eighty: notification({ operator: 'LessThan', threshold: 101 }) } }),
      `${N}.threshold`,
      /100 percent/,
    ],
  ];
  for (const [what, body, path, message, context] of refused) {
    it(`tells of ${what}`, () => {
      const problems = checkBudget(body, { ...CONTEXT, ...context });
      assert.deepEqual(
        problems.map((problem) => problem.path),
        [path],
        JSON.stringify(problems),
      );
      assert.match(problems[0]?.message ?? '', message);
    });
  }

  it('tells of all problems, in the order of the body', () => {
    const body = cost({
      amount: 'x',
      timeGrain: 'Weekly',
      notifications: { eighty: notification({ threshold: 'x' }) },
    });
    assert.deepEqual(
      checkBudget(body, CONTEXT).map(({ path }) => path),
      [`${P}.amount`, `${P}.timeGrain`, `${N}.threshold`],
    );
  });

  it('keeps the start of a budget that is changed', () => {
    const current = { properties: { timePeriod: { startDate: '2024-01-01T00:00:00Z' } } };
    const eTag = { eTag: '"1"' };
    assert.deepEqual(checkBudget(cost({ timePeriod: { startDate: '2024-01-01' } }, eTag), { ...CONTEXT, current }), []);
    const [problem] = checkBudget(cost({}, eTag), { ...CONTEXT, current });
    assert.match(problem?.message ?? '', /cannot be changed \(it is 2024-01-01\)/);
  });

  it('asks for the eTag of a budget that is changed where the version needs it', () => {
    const current = { properties: { timePeriod: { startDate: '2026-11-01' } } };
    assert.equal(checkBudget(cost(), { ...CONTEXT, ...COST_SEED, current })[0]?.path, 'eTag');
    assert.deepEqual(checkBudget(cost(), { ...CONTEXT, current }), []);
  });
});
