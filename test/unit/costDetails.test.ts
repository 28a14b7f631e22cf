import assert from 'node:assert/strict';
import { type CostDetailsRequest, checkCostDetails } from '../../src/api/arm/costDetailsRules.ts';
import { addMonths, dayOf } from '../../src/api/arm/days.ts';
import type { Scope } from '../../src/api/arm/scope.ts';
import { BillingError } from '../../src/api/http/errors.ts';

const TODAY = '2026-11-21';
const PARTNER = 'aaaa:bbbb_2019-05-31';
const PROFILE: Scope = { kind: 'billingProfile', account: PARTNER, profile: 'p' };
const CUSTOMER: Scope = { kind: 'customer', account: PARTNER, customer: 'c' };
const ACCOUNT: Scope = { kind: 'billingAccount', account: PARTNER };
const ENROLMENT: Scope = { kind: 'billingAccount', account: '123456' };
const SUBSCRIPTION: Scope = { kind: 'subscription', subscription: 's' };

const days = (start: string, end: string): CostDetailsRequest => ({ timePeriod: { start, end } });

describe('checkCostDetails', () => {
  const accepted: [string, Scope, CostDetailsRequest][] = [
    ['nothing: the current month', ACCOUNT, {}],
    ['a metric', SUBSCRIPTION, { metric: 'AmortizedCost' }],
    ['a calendar month', CUSTOMER, days('2026-10-01', '2026-10-31')],
    ['a month across two', CUSTOMER, days('2026-01-31', '2026-02-28')],
    ['one day', CUSTOMER, days('2026-11-21', '2026-11-21')],
    ['the oldest day', CUSTOMER, days('2025-10-21', '2025-11-20')],
    ['an invoice at a profile', PROFILE, { invoiceId: 'G012345678' }],
    ['an invoice at a customer', CUSTOMER, { invoiceId: 'G012345678' }],
    ['a billing period of an enrolment', ENROLMENT, { billingPeriod: '202610' }],
  ];
  for (const [what, scope, request] of accepted) {
    it(`accepts ${what}`, () => checkCostDetails(scope, request, TODAY));
  }

  const refused: [string, Scope, unknown, RegExp][] = [
    ['an invoice as scope', { kind: 'invoice', account: 'a', invoice: 'i' }, {}, /^scope: /],
    ['an unknown metric', ACCOUNT, { metric: 'Usage' }, /^metric: 'Usage'/],
    ['two periods', PROFILE, { ...days('2026-10-01', '2026-10-31'), invoiceId: 'G0' }, /^timePeriod: .*invoiceId/],
    ['an invoice and a billing period', PROFILE, { invoiceId: 'G0', billingPeriod: '202610' }, /^invoiceId: /],
    ['more than a month', CUSTOMER, days('2026-09-30', '2026-10-31'), /^timePeriod\.end: .*longer than a month/],
    ['more than thirteen months back', CUSTOMER, days('2025-10-20', '2025-10-21'), /^timePeriod\.start: .*13 months/],
    ['an end before the start', CUSTOMER, days('2026-10-02', '2026-10-01'), /^timePeriod\.start: .*after/],
    ['a day that is none', CUSTOMER, days('2026-02-30', '2026-03-01'), /^timePeriod\.start: '2026-02-30'/],
    ['a date-time', CUSTOMER, days('2026-10-01', '2026-10-31T00:00:00Z'), /^timePeriod\.end: /],
    ['a missing end', CUSTOMER, { timePeriod: { start: '2026-10-01' } }, /^timePeriod\.end: 'undefined'/],
    ['an invoice at an account', ACCOUNT, { invoiceId: 'G012345678' }, /^invoiceId: /],
    ['an empty invoice', PROFILE, { invoiceId: ' ' }, /^invoiceId: is empty/],
    ['a billing period of a partner', ACCOUNT, { billingPeriod: '202610' }, /^billingPeriod: .*enrolments/],
    ['a billing period that is none', ENROLMENT, { billingPeriod: '202613' }, /^billingPeriod: '202613'/],
  ];
  for (const [what, scope, request, message] of refused) {
    it(`refuses ${what}, naming the field`, () => {
      assert.throws(
        () => checkCostDetails(scope, request as CostDetailsRequest, TODAY),
        (error) => error instanceof BillingError && error.kind === 'argument' && message.test(error.message),
      );
    });
  }
});

describe('days', () => {
  it('reads days and date-times as UTC', () => {
    assert.equal(dayOf('2026-10-01'), '2026-10-01');
    assert.equal(dayOf('2026-10-01T00:00:00'), '2026-10-01');
    assert.equal(dayOf('2026-10-01T00:00:00.0000000Z'), '2026-10-01');
    assert.equal(dayOf('2026-10-01T00:00:00+02:00'), '2026-09-30');
  });

  it('knows what is no day', () => {
    for (const value of ['2026-02-29', '2026-13-01', '1 October 2026', '20261001', '', null, 20261001]) {
      assert.equal(dayOf(value), undefined, String(value));
    }
  });

  it('stays in a shorter month', () => {
    assert.equal(addMonths('2026-01-31', 1), '2026-02-28');
    assert.equal(addMonths('2024-03-31', -1), '2024-02-29');
    assert.equal(addMonths('2026-11-21', -13), '2025-10-21');
  });
});
