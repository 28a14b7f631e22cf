import assert from 'node:assert/strict';
import type { Budget } from '../../src/api/arm/budgets.ts';
import { amountCurrency } from '../../src/budgeting/amountCurrency.ts';
import { type AlertGap, coverageOf, GAP_TEXTS, gapsOf } from '../../src/budgeting/coverage.ts';
import { addDigits, compareDigits, divideDigits, groupedDigits, multiplyDigits } from '../../src/budgeting/decimal.ts';
import { amountSuggestions, bodyAfter } from '../../src/budgeting/suggestions.ts';

const TODAY = '2026-11-21';
const notification = { enabled: true, operator: 'GreaterThan', threshold: 80, contactEmails: ['a@b.c'] };
const budget = (properties: object = {}): Budget => ({
  id: 'x',
  name: 'b',
  properties: {
    category: 'Cost',
    amount: 5,
    timePeriod: { startDate: '2026-11-01T00:00:00Z', endDate: '2027-10-31T00:00:00Z' },
    notifications: { one: notification },
    ...properties,
  },
});

describe('coverage by budgets', () => {
  const cases: [string, object, AlertGap[]][] = [
    ['alerts', {}, []],
    ['alerts on its last day', { timePeriod: { startDate: '2026-11-01', endDate: TODAY } }, []],
    ['has ended', { timePeriod: { startDate: '2026-01-01', endDate: '2026-11-20' } }, ['ended']],
    ['has not begun', { timePeriod: { startDate: '2026-12-01' } }, ['notStarted']],
    ['has no amount', { amount: null }, ['noAmount']],
    ['has no notifications', { notifications: {} }, ['noNotifications']],
    ['has a value that is no notification', { notifications: { thresholdType: 'Actual' } }, ['noNotifications']],
    ['has switched them off', { notifications: { a: { ...notification, enabled: false } } }, ['allOff']],
    ['names nobody', { notifications: { a: { ...notification, contactEmails: [] } } }, ['noContacts']],
    ['names a role', { notifications: { a: { ...notification, contactEmails: [], contactRoles: ['Owner'] } } }, []],
    ['is out of reach', { notifications: { a: { ...notification, threshold: 1000.01 } } }, ['thresholdTooHigh']],
    [
      'is out of reach, and one is not',
      { notifications: { a: { ...notification, threshold: 2000 }, b: notification } },
      [],
    ],
  ];
  for (const [what, properties, gaps] of cases) {
    it(`knows a budget that ${what}`, () => {
      assert.deepEqual(gapsOf(budget(properties), TODAY), gaps);
      for (const gap of gaps) {
        assert.match(GAP_TEXTS[gap], /\.$/);
      }
    });
  }

  it('tells the state of a scope by all its budgets', () => {
    const scope = { scope: '/s', label: 's' };
    const state = (...properties: object[]) =>
      coverageOf(
        scope,
        properties.map((one) => budget(one)),
        TODAY,
      ).state;
    const ended = { timePeriod: { startDate: '2026-01-01', endDate: '2026-02-28' } };
    assert.equal(state(), 'none');
    assert.equal(state({ category: 'ReservationUtilization' }), 'none');
    assert.equal(state(ended), 'expired');
    assert.equal(state(ended, {}), 'covered');
    assert.equal(state(ended, { notifications: {} }), 'silent');
    assert.equal(state({ timePeriod: { startDate: '2026-12-01' } }), 'future');
  });
});

describe('suggestions for budgets', () => {
  it('come from the last months, rounded up, for as many months as the grain has', () => {
    const months = [
      { month: '2026-08', currency: 'EUR', cost: '1000.00000000000000000001' },
      { month: '2026-09', currency: 'EUR', cost: '1234.5' },
      { month: '2026-10', currency: 'EUR', cost: '900' },
    ];
    assert.deepEqual(amountSuggestions(months, 'Monthly'), [
      { amount: '1100', currency: 'EUR', why: 'average of 2026-08 to 2026-10' },
      { amount: '1300', currency: 'EUR', why: 'the dearest month, 2026-09: 1,234.5' },
      { amount: '1400', currency: 'EUR', why: '10 % above the dearest month, 2026-09' },
    ]);
    assert.equal(amountSuggestions(months, 'Quarterly')[0]?.amount, '3200');
    assert.deepEqual(amountSuggestions([], 'Monthly'), []);
    assert.deepEqual(amountSuggestions([{ month: '2026-10', currency: 'EUR', cost: '0' }], 'Monthly'), []);
    assert.equal(
      amountSuggestions([{ month: '2026-10', currency: 'EUR', cost: '0.0123' }], 'Monthly')[0]?.amount,
      '0.02',
    );
  });

  it('take another budget over: from now on, without what the scope does not have', () => {
    const other = {
      category: 'Cost',
      amount: 7,
      timeGrain: 'Quarterly',
      timePeriod: { startDate: '2025-01-01T00:00:00Z', endDate: '2026-10-31T00:00:00Z' },
      notifications: { one: { ...notification, contactRoles: ['Owner'] } },
      own: 1,
    };
    const customer = { kind: 'customer', account: 'a:b', customer: 'c' } as const;
    const subscription = { kind: 'subscription', subscription: 's' } as const;
    assert.deepEqual(bodyAfter(other, { scope: customer, today: TODAY }), {
      ...other,
      timePeriod: { startDate: '2026-10-01T00:00:00Z' },
      notifications: { one: notification },
    });
    const kept = bodyAfter(other, { scope: subscription, today: '2026-05-15' });
    assert.deepEqual(kept.timePeriod, { startDate: '2026-04-01T00:00:00Z', endDate: '2026-10-31T00:00:00Z' });
    assert.deepEqual(kept.notifications, other.notifications);
  });

  it('are in USD at a billing account', () => {
    assert.equal(amountCurrency({ kind: 'billingAccount', account: 'a' }, 'EUR'), 'USD');
    assert.equal(amountCurrency({ kind: 'subscription', subscription: 's' }, 'EUR'), 'EUR');
  });
});

describe('exact digits', () => {
  it('are compared, added, multiplied and cut without a double', () => {
    assert.equal(addDigits('0.1', '0.2'), '0.3');
    assert.equal(addDigits('-1e2', '99.999'), '-0.001');
    assert.equal(multiplyDigits('12345678901234567890', '1.1'), '13580246791358024679');
    assert.equal(divideDigits('2', '3', 4), '0.6666');
    assert.equal(compareDigits('1000.00', '1e3'), 0);
    assert.equal(compareDigits('0.10000000000000000001', '0.1'), 1);
    assert.equal(groupedDigits('-1234567.1234567'), '-1,234,567.1234567');
    assert.throws(() => addDigits('ten', '1'), RangeError);
  });
});
