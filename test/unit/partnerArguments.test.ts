import assert from 'node:assert/strict';
import {
  ratedUsageSpec,
  requireCurrency,
  usageRecordsSpec,
  utilizationSpec,
} from '../../src/choices/partnerArguments.ts';
import { refusal } from '../support/refusal.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const CUSTOMER = '5f5d2a7c-0a5e-4c62-9e3a-1f8d44c0b7e1';
const SUBSCRIPTION = 'D14C0B7E-1F8D-4C62-9E3A-5F5D2A7C0A5E';

/** The refusal of an argument: its sentence and its advice. */
describe('the argument of openUsageRecords', () => {
  const check = (given: object) => usageRecordsSpec(given, 'Partner', 'csv');
  const of = (given: object) => check(given).of;

  it('means what its ids tell', () => {
    assert.equal(of({}), 'customers');
    assert.equal(of({ customerId: CUSTOMER }), 'subscriptions');
    assert.equal(of({ customerId: CUSTOMER, subscriptionId: SUBSCRIPTION }), 'meters');
    assert.equal(of({ customerId: CUSTOMER, subscriptionId: SUBSCRIPTION, of: 'Resources' }), 'resources');
  });

  it('takes ids with blanks around them, and the usual format', () => {
    assert.deepEqual(check({ customerId: ` ${CUSTOMER} ` }), {
      kind: 'usageRecords',
      connection: 'Partner',
      format: 'csv',
      of: 'subscriptions',
      customer: CUSTOMER,
      subscription: undefined,
    });
    assert.equal(check({ format: 'JSON' }).format, 'json');
  });

  for (const [what, given, sentence] of [
    ['an id that leads elsewhere', { customerId: '../x' }, /^customerId: '\.\.\/x' is no id; use/],
    ['an id that is a number', { customerId: 7 }, /^customerId: '7' is no id; use/],
    ['an empty id', { customerId: '' }, /^customerId: '' is no id; use/],
    ['all customers of one', { customerId: CUSTOMER, of: 'customers' }, /^customerId: .*leave it out/],
    ['subscriptions of nobody', { of: 'subscriptions' }, /^customerId: is missing; give the tenant id/],
    ['meters of no subscription', { customerId: CUSTOMER, of: 'meters' }, /^subscriptionId: is missing; give/],
    [
      'subscriptions of one',
      { customerId: CUSTOMER, subscriptionId: SUBSCRIPTION, of: 'subscriptions' },
      /^subscriptionId: .*leave it out/,
    ],
    ['rows that there are not', { of: 'days' }, /^of: 'days' is not known; use subscriptions, customers, meters/],
    ['an unknown format', { format: 'xlsx' }, /^format: 'xlsx' is not known; use csv, json, ndjson/],
  ] as const) {
    it(`is refused for ${what}`, () => assert.match(refusal(() => check(given)).explanation, sentence));
  }
});

describe('the argument of openUtilization', () => {
  const whole = { customerId: CUSTOMER, subscriptionId: SUBSCRIPTION, start: '2026-10-01', end: '2026-10-08' };
  const check = (given: object) => utilizationSpec({ ...whole, ...given }, 'Partner', 'csv', { now: NOW });

  it('is daily with a row for each resource when nothing else is said', () => {
    assert.deepEqual(check({}), {
      kind: 'utilization',
      connection: 'Partner',
      format: 'csv',
      customer: CUSTOMER,
      subscription: SUBSCRIPTION,
      start: '2026-10-01T00:00:00Z',
      end: '2026-10-08T00:00:00Z',
      granularity: 'daily',
      showDetails: true,
    });
  });

  it('moves times within a day to its midnight in UTC and keeps what was asked for', () => {
    const spec = check({ start: '2026-10-01T23:30:00-02:00', end: '2026-10-08T05:00:00Z' });
    assert.equal(spec.start, '2026-10-02T00:00:00Z');
    assert.equal(spec.askedStart, '2026-10-02T01:30:00Z');
    assert.equal(spec.end, '2026-10-08T00:00:00Z');
    assert.equal(spec.askedEnd, '2026-10-08T05:00:00Z');
  });

  it('moves times within an hour when hourly, and leaves hours alone', () => {
    const spec = check({
      granularity: 'Hourly',
      start: '2026-10-01T05:00:00Z',
      end: '2026-10-01T07:59:59Z',
    });
    assert.deepEqual(
      [spec.start, spec.askedStart, spec.end, spec.askedEnd],
      ['2026-10-01T05:00:00Z', undefined, '2026-10-01T07:00:00Z', '2026-10-01T07:59:59Z'],
    );
  });

  for (const [what, given, sentence] of [
    ['dates the wrong way round', { start: '2026-10-08', end: '2026-10-01' }, /^start: .* is not before end .*; swap/],
    ['a window of no time', { start: '2026-10-08', end: '2026-10-08' }, /^start: .* is not before end .*; swap/],
    [
      'a window within a day',
      { start: '2026-10-08T05:00:00Z', end: '2026-10-08T09:00:00Z' },
      /^end: .* within the same UTC day as start; use 2026-10-09T00:00:00Z or later/,
    ],
    ['a window too long', { start: '2020-01-01' }, /^end: the window is 2472 days long; use at most 1100, that is/],
    ['a time without a zone', { start: '2026-10-01T05:00:00' }, /^start: .* does not tell its time zone; add Z/],
    ['a day that is none', { end: '2026-02-30' }, /^end: '2026-02-30' is not a time; use a day or/],
    ['a missing time', { end: undefined }, /^end: is missing; give a time in UTC, for example/],
    ['a time that is a number', { start: 1_790_000_000_000 }, /^start: '1790000000000' is not a time; use/],
    ['the future', { end: '2026-12-01' }, /^end: .* is in the future; use 2026-11-21T00:00:00Z or earlier/],
    [
      'an end that is too near',
      { granularity: 'hourly', end: '2026-11-21T11:00:00Z' },
      /^end: .* less than two hours ago.*; use 2026-11-21T10:00:00Z or earlier/,
    ],
    ['an unknown granularity', { granularity: 'monthly' }, /^granularity: 'monthly' is not known; use daily or hourly/],
    ['details that are a text', { showDetails: 'true' }, /^showDetails: is neither true nor false; use/],
    ['pages of nothing', { size: 0 }, /^size: '0' is not a number of records a page; use 1 to 1000/],
    ['pages too large', { size: 1001 }, /^size: '1001' .* use 1 to 1000/],
    ['pages of a text', { size: '100' }, /^size: '100' .* use 1 to 1000/],
    ['no customer', { customerId: undefined }, /^customerId: is missing; give the tenant id of the customer/],
    ['no subscription', { subscriptionId: undefined }, /^subscriptionId: is missing; give the id that it has in/],
  ] as const) {
    it(`is refused for ${what}`, () => assert.match(refusal(() => check(given)).explanation, sentence));
  }
});

describe('the argument of openRatedUsage', () => {
  const check = (given: object) => ratedUsageSpec(given, 'Partner', 'csv');

  it('is of the running month when no invoice is given', () => {
    const { period, currency, invoice } = check({ currency: 'eur' });
    assert.deepEqual({ period, currency, invoice }, { period: 'current', currency: 'EUR', invoice: undefined });
  });

  it('is of an invoice, which has a period and a currency of its own', () => {
    const { period, currency, invoice } = requireCurrency(check({ invoice: 'G000012345' }));
    assert.deepEqual({ period, currency, invoice }, { period: undefined, currency: undefined, invoice: 'G000012345' });
  });

  for (const [what, given, sentence] of [
    ['an open period without a currency', {}, /^currency: is missing; give the ISO code/],
    ['a currency that is none', { currency: 'Euro' }, /^currency: 'Euro' is not a currency; give its ISO code/],
    ['a period that there is not', { currency: 'EUR', period: 'previous' }, /^period: .* use current, last/],
    ['the period of an invoice', { invoice: 'G1', period: 'last' }, /^period: an invoice has its own period; leave/],
    ['the word for the open period', { invoice: 'unbilled' }, /^invoice: 'unbilled' is no invoice; leave it out/],
    ['a plan of nobody', { subscriptionId: SUBSCRIPTION, currency: 'EUR' }, /^customerId: is missing; give/],
    ['attributes that there are not', { invoice: 'G1', fragment: 'some' }, /^fragment: .* use full, basic/],
  ] as const) {
    it(`is refused for ${what}`, () =>
      assert.match(refusal(() => requireCurrency(check(given))).explanation, sentence));
  }
});
