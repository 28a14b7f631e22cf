import assert from 'node:assert/strict';
import { checkBudget } from '../../src/api/arm/budgetRules/checkBudget.ts';
import type { BudgetContext } from '../../src/api/arm/budgetRules/context.ts';
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

const cost = (properties: object = {}) => ({
  category: 'Cost',
  amount: 100,
  timeGrain: 'Monthly',
  timePeriod: { startDate: '2026-11-01T00:00:00Z' },
  notifications: { eighty: notification() },
  ...properties,
});

const reservation = (properties: object = {}) => ({
  category: 'ReservationUtilization',
  timeGrain: 'Last7Days',
  timePeriod: { startDate: '2026-11-21', endDate: '2028-11-21' },
  filter: {},
  notifications: { low: notification({ operator: 'LessThan', threshold: 99, frequency: 'Daily' }) },
  ...properties,
});

const starting = (startDate: unknown, timeGrain = 'Monthly', endDate?: unknown) =>
  cost({ timeGrain, timePeriod: { startDate, ...(endDate === undefined ? {} : { endDate }) } });
const notified = (members: object) => cost({ notifications: { eighty: notification(members) } });
const many = (count: number, members: object = {}) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, notification(members)]));
const leaf = (name = 'ResourceId', operator = 'In') => ({ name, operator, values: ['x'] });

const N = '/notifications/eighty';

describe('checkBudget', () => {
  const accepted: [string, unknown, Partial<BudgetContext>?][] = [
    ['a monthly budget', cost()],
    ['digits that a double does not hold', parseJson(JSON.stringify(cost()).replace('100', '100.10'))],
    ['a quarter that goes on', starting('2026-10-01', 'Quarterly')],
    ['a year that goes on', starting('2026-01-01', 'Annually')],
    ['a start in a year', starting('2027-11-01')],
    ['a threshold with two decimals', notified({ threshold: 79.55 })],
    ['the largest threshold', notified({ threshold: 1000 })],
    ['a forecast', notified({ thresholdType: 'Forecasted', locale: 'de-DE' })],
    ['five of each', cost({ notifications: { ...many(5), ...{ f: notification({ thresholdType: 'Forecasted' }) } } })],
    ['an action group alone', notified({ contactEmails: [], contactGroups: [GROUP] }), AT_SUBSCRIPTION],
    ['roles at a subscription', notified({ contactRoles: ['Owner'] }), AT_SUBSCRIPTION],
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
    ['a list', [], '', /not an object/],
    ['a number', parseJson('1.10'), '', /not an object/],
    ['nothing', undefined, '', /missing/],
    ['a name with other characters', cost(), '', /1 to 63/, { name: 'my budget' }],
    ['a name that is too long', cost(), '', /1 to 63/, { name: 'x'.repeat(64) }],
    ['an unknown category', cost({ category: 'Spend' }), '/category', /Cost or ReservationUtilization/],
    ['reservations in Consumption', reservation(), '/category', /use Cost/, CONSUMPTION],
    ['reservations at a subscription', reservation(), '/category', /scope/, AT_SUBSCRIPTION],
    ['no amount', cost({ amount: undefined }), '/amount', /missing/],
    ['an amount in words', cost({ amount: '100' }), '/amount', /not a number/],
    ['an amount of nothing', cost({ amount: 0 }), '/amount', /not above 0/],
    ['an amount below zero', cost({ amount: -1 }), '/amount', /not above 0/],
    ['an unknown grain', cost({ timeGrain: 'Weekly' }), '/timeGrain', /Monthly, Quarterly or Annually/],
    ['billing months at a customer', cost({ timeGrain: 'BillingMonth' }), '/timeGrain', /'BillingMonth'/],
    ['the grain of reservations for cost', cost({ timeGrain: 'Last7Days' }), '/timeGrain', /Last7Days/],
    ['no period', cost({ timePeriod: undefined }), '/timePeriod', /missing/],
    ['no start', starting(undefined), '/timePeriod/startDate', /missing/],
    ['a start in the middle of a month', starting('2026-11-15'), '/timePeriod/startDate', /first of a month/],
    [
      'a start that is the first only elsewhere',
      starting('2026-12-01T00:00:00+05:00'),
      '/timePeriod/startDate',
      /first/,
    ],
    ['a start over a year ahead', starting('2027-12-01'), '/timePeriod/startDate', /12 months ahead/],
    ['a month that is over', starting('2026-10-01'), '/timePeriod/startDate', /past/],
    ['a quarter that is over', starting('2026-08-01', 'Quarterly'), '/timePeriod/startDate', /past/],
    ['a start before budgets', starting('2017-05-01'), '/timePeriod/startDate', /2017-06-01/],
    ['an end before the start', starting('2026-11-01', 'Monthly', '2026-10-31'), '/timePeriod/endDate', /not after/],
    ['an end that is no date', starting('2026-11-01', 'Monthly', 'never'), '/timePeriod/endDate', /not a date/],
    ['an unknown operator', notified({ operator: 'Above' }), `${N}/operator`, /GreaterThan/],
    ['the operator of reservations for cost', notified({ operator: 'LessThan' }), `${N}/operator`, /LessThan/],
    ['no threshold', notified({ threshold: undefined }), `${N}/threshold`, /missing/],
    ['a threshold above the largest', notified({ threshold: 1000.5 }), `${N}/threshold`, /1000/],
    ['a threshold with three decimals', notified({ threshold: 80.125 }), `${N}/threshold`, /two decimals/],
    ['a tiny threshold', notified({ threshold: 1e-7 }), `${N}/threshold`, /two decimals/],
    [
      'a forecast in older Consumption',
      notified({ thresholdType: 'Forecasted' }),
      `${N}/thresholdType`,
      /use Actual/,
      CONSUMPTION_SEED,
    ],
    ['a frequency for cost', notified({ frequency: 'Daily' }), `${N}/frequency`, /reservations/],
    ['an unknown language', notified({ locale: 'la-va' }), `${N}/locale`, /la-va/],
    ['no mail', notified({ contactEmails: [] }), `${N}/contactEmails`, /at least one/],
    ['no list of mails', notified({ contactEmails: undefined }), `${N}/contactEmails`, /missing/],
    [
      'no contact at a subscription',
      notified({ contactEmails: [] }),
      `${N}/contactEmails`,
      /action group/,
      AT_SUBSCRIPTION,
    ],
    ['a mail that is none', notified({ contactEmails: ['billing'] }), `${N}/contactEmails/0`, /mail address/],
    ['51 mails', notified({ contactEmails: Array(51).fill('a@b.c') }), `${N}/contactEmails`, /50/],
    ['groups at a customer', notified({ contactGroups: [GROUP] }), `${N}/contactGroups`, /subscriptions/],
    ['no switch', notified({ enabled: undefined }), `${N}/enabled`, /true or false/],
    ['a switch in words', notified({ enabled: 'yes' }), `${N}/enabled`, /neither/],
    ['six notifications', cost({ notifications: many(6) }), '/notifications', /6 notifications on actual cost/],
    [
      'six forecasts',
      cost({ notifications: many(6, { thresholdType: 'Forecasted' }) }),
      '/notifications',
      /forecasted/,
    ],
    [
      'what is no notification',
      cost({ notifications: { thresholdType: 'Actual' } }),
      '/notifications/thresholdType',
      /not an object/,
    ],
    ['a group of one', cost({ filter: { and: [{ tags: leaf() }] } }), '/filter/and', /at least two/],
    ['two kinds in one', cost({ filter: { tags: leaf(), dimensions: leaf() } }), '/filter', /tags and dimensions/],
    [
      'or, in newer versions',
      cost({ filter: { or: [{ tags: leaf() }, { tags: leaf() }] } }),
      '/filter/or',
      /not known/,
    ],
    ['not, in newer versions', cost({ filter: { not: { tags: leaf() } } }), '/filter/not', /not known/],
    [
      'a group in a group',
      cost({ filter: { and: [{ tags: leaf() }, { and: [] }] } }),
      '/filter/and/1/and',
      /not known/,
    ],
    ['another operator', cost({ filter: { tags: leaf('t', 'Contains') } }), '/filter/tags/operator', /use In/],
    [
      'no values',
      cost({ filter: { tags: { name: 't', operator: 'In', values: [] } } }),
      '/filter/tags/values',
      /at least one/,
    ],
    [
      'reservations in the past',
      reservation({ timePeriod: { startDate: '2026-11-20' } }),
      '/timePeriod/startDate',
      /today/,
    ],
    [
      'reservations for too long',
      reservation({ timePeriod: { startDate: '2026-12-05', endDate: '2029-12-06' } }),
      '/timePeriod/endDate',
      /three years/,
    ],
    [
      'reservations by something else',
      reservation({ filter: { dimensions: leaf('Meter') } }),
      '/filter/dimensions/name',
      /ReservationId/,
    ],
    [
      'two notifications on reservations',
      reservation({ notifications: many(2, { operator: 'LessThan' }) }),
      '/notifications',
      /exactly one/,
    ],
    ['no notification on reservations', reservation({ notifications: undefined }), '/notifications', /exactly one/],
    [
      'a threshold above 100 for reservations',
      reservation({ notifications: { eighty: notification({ operator: 'LessThan', threshold: 101 }) } }),
      `${N}/threshold`,
      /100 percent/,
    ],
  ];
  for (const [what, body, pointer, message, context] of refused) {
    it(`tells of ${what}`, () => {
      const problems = checkBudget(body, { ...CONTEXT, ...context });
      assert.deepEqual(
        problems.map(({ pointer, severity }) => [pointer, severity]),
        [[pointer, 'error']],
        JSON.stringify(problems),
      );
      assert.match(problems[0]?.message ?? '', message);
    });
  }

  const doubtful: [string, unknown, string, 'uncertain' | 'warning', RegExp, Partial<BudgetContext>?][] = [
    ['no notifications', cost({ notifications: undefined }), '/notifications', 'warning', /never alerts/],
    ['an empty map of notifications', cost({ notifications: {} }), '/notifications', 'warning', /never alerts/],
    [
      'an end that is past',
      starting('2026-11-01', 'Monthly', '2026-11-20'),
      '/timePeriod/endDate',
      'warning',
      /never alerts/,
    ],
    ['a misspelled member', cost({ ammount: 5 }), '/ammount', 'warning', /spelling/],
    ['another spelling', notified({ Locale: 'de-de' }), `${N}/Locale`, 'warning', /read as locale/],
    ['an amount of reservations', reservation({ amount: 5 }), '/amount', 'warning', /not used/],
    ['a quarter of its own', starting('2026-09-01', 'Quarterly'), '/timePeriod/startDate', 'uncertain', /2026-10-01/],
    ['a year of its own', starting('2025-12-01', 'Annually'), '/timePeriod/startDate', 'uncertain', /2026-01-01/],
    [
      'billing months',
      starting('2026-11-18', 'BillingMonth'),
      '/timeGrain',
      'uncertain',
      /pay-as-you-go/,
      AT_SUBSCRIPTION,
    ],
    [
      'an unusual dimension',
      cost({ filter: { dimensions: leaf('PartNumber') } }),
      '/filter/dimensions/name',
      'uncertain',
      /PartNumber/,
    ],
    [
      'an action group elsewhere',
      notified({ contactGroups: [GROUP.replace('/s/', '/t/')] }),
      `${N}/contactGroups/0`,
      'uncertain',
      /actionGroups\/read/,
      AT_SUBSCRIPTION,
    ],
  ];
  for (const [what, body, pointer, severity, message, context] of doubtful) {
    it(`has doubts about ${what}`, () => {
      const [finding, ...others] = checkBudget(body, { ...CONTEXT, ...context });
      assert.deepEqual([finding?.pointer, finding?.severity, others], [pointer, severity, []]);
      assert.match(finding?.message ?? '', message);
    });
  }

  it('refuses a member that is written twice', () => {
    const [finding] = checkBudget(cost({ Amount: 7 }), CONTEXT);
    assert.deepEqual([finding?.code, finding?.pointer, finding?.severity], ['twice', '/Amount', 'error']);
  });

  it('writes pointers so that names with a slash or a tilde can be found again', () => {
    const [finding] = checkBudget(cost({ notifications: { 'a/b~c': notification({ threshold: 'x' }) } }), CONTEXT);
    assert.equal(finding?.pointer, '/notifications/a~1b~0c/threshold');
  });

  it('tells of all problems, in the order of the body', () => {
    const body = cost({
      amount: 'x',
      timeGrain: 'Weekly',
      notifications: { eighty: notification({ threshold: 'x' }) },
    });
    assert.deepEqual(
      checkBudget(body, CONTEXT).map(({ pointer }) => pointer),
      ['/amount', '/timeGrain', `${N}/threshold`],
    );
  });

  it('says in one sentence which field it is and what to do', () => {
    const body = cost({ notifications: { eighty: notification({ threshold: 1001 }) } });
    assert.equal(
      checkBudget(body, CONTEXT)[0]?.message,
      "threshold of 'eighty' is not between 0 and 1000 percent; write a number in between.",
    );
  });

  it('keeps the start of a budget that is changed', () => {
    const current = { properties: { timePeriod: { startDate: '2024-01-01T00:00:00Z' } } };
    assert.deepEqual(checkBudget(cost({ timePeriod: { startDate: '2024-01-01' } }), { ...CONTEXT, current }), []);
    const [finding] = checkBudget(cost(), { ...CONTEXT, current });
    assert.match(finding?.message ?? '', /cannot be changed \(it is 2024-01-01\)/);
  });
});
