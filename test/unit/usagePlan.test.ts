import assert from 'node:assert/strict';
import type { Scope } from '../../src/api/arm/scope.ts';
import { BillingError } from '../../src/api/http/errors.ts';
import { estimateReports, estimateText, estimateWalk, isBetter, isBig, tooSlowText } from '../../src/usage/estimate.ts';
import { pageDays } from '../../src/usage/pageDays.ts';
import { splitMonths } from '../../src/usage/period.ts';
import { reasonToReplace, replacementFor } from '../../src/usage/replacement.ts';
import { connect } from '../support/arm.ts';

const TODAY = '2026-11-21';
const OCTOBER = { from: '2026-10-01', to: '2026-10-31' };
const ACCOUNT = 'aaaa:bbbb_2019-05-31';
const CUSTOMER: Scope = { kind: 'customer', account: ACCOUNT, customer: 'c1' };

/** A page with so many rows on each of these days. */
const page = (...days: [day: string, rows: number][]) =>
  new TextEncoder().encode(
    JSON.stringify({
      value: days.flatMap(([day, rows]) =>
        Array.from({ length: rows }, () => ({ kind: 'modern', properties: { date: `${day}T00:00:00Z` } })),
      ),
    }),
  );

describe('days of a page', () => {
  it('are counted as they come', () => {
    const days = pageDays(page(['2026-10-01', 3], ['2026-10-02', 2], ['2026-10-01', 1]));
    assert.deepEqual(days, { rows: 6, days: 2, changes: 2, first: '2026-10-01' });
  });

  it('tell nothing of a page without rows, without days, or that cannot be read', () => {
    const none = { days: 0, changes: 0, first: undefined };
    assert.deepEqual(pageDays(page()), { rows: 0, ...none });
    assert.deepEqual(pageDays(new Uint8Array()), { rows: 0, ...none });
    const encode = (text: string) => new TextEncoder().encode(text);
    assert.deepEqual(pageDays(encode('{"value":[{"properties":{"date":null}},{}]}')), { rows: 2, ...none });
    assert.deepEqual(pageDays(encode('{"value":[{"properties"')), { rows: 0, ...none });
  });
});

describe('the estimate of a walk', () => {
  const estimate = (days: [string, number][], period = OCTOBER, seconds = 1, more = true) =>
    estimateWalk(pageDays(page(...days)), period, TODAY, seconds, more);

  it('is one call where there is no other page', () => {
    const { calls, known } = estimate([['2026-10-01', 10]], OCTOBER, 1, false);
    assert.deepEqual([calls, known], [1, true]);
  });

  it('takes the days of the first page for their part of the period', () => {
    // Two and a half of 31 days, one second a page.
    const quarter = estimate([
      ['2026-10-01', 400],
      ['2026-10-02', 400],
      ['2026-10-03', 200],
    ]);
    assert.deepEqual([quarter.calls, quarter.seconds, quarter.known], [13, 13, true]);
    assert.equal(estimate([['2026-10-01', 1000]]).calls, 62);
    assert.equal(estimate([['2026-10-01', 1000]], OCTOBER, 4).seconds, 248);
  });

  it('counts no days of the future, and the month of an invoice', () => {
    const november = { from: '2026-11-01', to: '2026-11-30' };
    assert.equal(estimate([['2026-11-01', 1000]], november).calls, 42);
    const invoice = estimateWalk(pageDays(page(['2026-02-01', 1000])), undefined, TODAY, 1, true);
    assert.equal(invoice.calls, 56);
  });

  it('is not known where the page jumps between days, or tells none', () => {
    const jumps = Array.from({ length: 50 }, (_, i): [string, number] => [`2026-10-0${1 + (i % 9)}`, 1]);
    assert.deepEqual([estimate(jumps).known, estimate(jumps).calls], [false, 2]);
    assert.equal(estimate([]).known, false);
  });

  it('never promises fewer calls than are seen to come', () => {
    const days = Array.from({ length: 31 }, (_, i): [string, number] => [
      `2026-10-${String(i + 1).padStart(2, '0')}`,
      2,
    ]);
    assert.equal(estimate(days).calls, 2);
  });
});

describe('the choice between usage details and Cost Details', () => {
  const walk = (calls: number, seconds: number) => ({
    calls,
    seconds,
    known: true,
    source: 'usageDetails' as const,
    why: undefined,
  });
  const better = (months: number, calls: number, seconds: number) =>
    isBetter(estimateReports(months, ''), walk(calls, seconds));

  it('stays with usage details for whatever is not big', () => {
    assert.equal(isBig(walk(60, 60)), false);
    assert.equal(better(1, 60, 60), false);
  });

  it('takes Cost Details where they are faster', () => {
    assert.equal(better(1, 20, 100), true);
    assert.equal(better(2, 20, 100), false);
  });

  it('takes Cost Details where they save nine calls of ten', () => {
    assert.equal(better(1, 240, 20), true);
    assert.equal(better(12, 240, 20), false);
  });

  it('counts the wait for the limit of ten reports an hour', () => {
    assert.equal(estimateReports(10, '').seconds, 600);
    assert.equal(estimateReports(11, '').seconds, 660 + 3600);
  });

  it('is told in words', () => {
    assert.equal(estimateText(walk(240, 240)), 'about 240 calls, about 4 minutes');
    assert.equal(estimateText(walk(61, 1)), 'about 61 calls, about 1 second');
    assert.equal(estimateText(estimateReports(13, '')), 'about 52 calls, about 73 minutes');
    assert.equal(estimateText({ ...walk(900, 9000) }), 'about 900 calls, about 3 hours');
    assert.equal(estimateText({ ...walk(2, 2), known: false }), 'at least 2 calls');
    assert.equal(tooSlowText(walk(240, 20)), 'usage details would have taken about 240 calls');
    assert.equal(tooSlowText(walk(20, 100)), 'usage details would have taken about 20 calls, about 2 minutes');
  });
});

describe('periods in months', () => {
  it('keep every day once, oldest first', () => {
    assert.deepEqual(splitMonths({ from: '2026-01-30', to: '2026-03-02' }), [
      { from: '2026-01-30', to: '2026-01-31' },
      { from: '2026-02-01', to: '2026-02-28' },
      { from: '2026-03-01', to: '2026-03-02' },
    ]);
    assert.deepEqual(splitMonths(OCTOBER), [OCTOBER]);
    const day = { from: '2025-12-31', to: '2025-12-31' };
    assert.deepEqual(splitMonths(day), [day]);
    assert.equal(splitMonths({ from: '2025-10-21', to: '2026-10-20' }).length, 13);
  });
});

describe('what Cost Details can take the place of', () => {
  const { arm, close } = connect('http://127.0.0.1:9');
  after(() => close());
  const replacement = (scope: Scope, more: object = {}) =>
    replacementFor({ arm, scope, period: OCTOBER, ...more }, TODAY, {});

  it('is every scope but a resource group, a month at a time', async () => {
    for (const scope of [
      CUSTOMER,
      { kind: 'billingAccount', account: ACCOUNT },
      { kind: 'billingProfile', account: ACCOUNT, profile: 'p' },
      { kind: 'subscription', subscription: 's' },
    ] as Scope[]) {
      const period = { from: '2026-09-15', to: '2026-10-03' };
      assert.deepEqual(await replacement(scope, { period, metric: 'AmortizedCost' }), [
        { scope, request: { metric: 'AmortizedCost', timePeriod: { start: '2026-09-15', end: '2026-09-30' } } },
        { scope, request: { metric: 'AmortizedCost', timePeriod: { start: '2026-10-01', end: '2026-10-03' } } },
      ]);
    }
  });

  it('is an invoice, at its billing profile', async () => {
    const invoice: Scope = { kind: 'invoice', account: ACCOUNT, profile: 'p', invoice: 'G1' };
    assert.deepEqual(await replacement(invoice, { period: undefined }), [
      { scope: { kind: 'billingProfile', account: ACCOUNT, profile: 'p' }, request: { invoiceId: 'G1' } },
    ]);
  });

  it('is nothing more than 13 months ago, and no metric that Cost Details lack', async () => {
    assert.equal(await replacement(CUSTOMER, { period: { from: '2025-10-20', to: '2026-10-31' } }), undefined);
    assert.equal((await replacement(CUSTOMER, { period: { from: '2025-10-21', to: '2026-10-31' } }))?.length, 13);
    assert.equal(await replacement(CUSTOMER, { metric: 'Usage' }), undefined);
  });

  const refused = (status: number, code: string, message = 'No.') =>
    new BillingError('refused', message, { status, code });

  it('is what usage details do not support', () => {
    for (const error of [
      refused(400, 'SubscriptionTypeNotSupported'),
      refused(400, 'BadRequest', 'List usage details failed with HTTP 400: the offer is not supported.'),
      refused(400, '400', 'Unsupported scope.'),
    ]) {
      assert.match(reasonToReplace(error) ?? '', /do not support/);
    }
  });

  it('is what is too much for usage details', () => {
    for (const error of [
      refused(413, 'RequestEntityTooLarge'),
      refused(504, 'GatewayTimeout'),
      refused(500, 'ResponseTooLarge', 'The response is above the limit of 8 MB.'),
    ]) {
      assert.match(reasonToReplace(error) ?? '', /too much/);
    }
  });

  it('is not what fails for other reasons', () => {
    for (const error of [
      refused(401, 'AuthorizationFailed'),
      refused(403, 'RBACAccessDenied', 'Not supported for your role.'),
      refused(404, 'NotFound'),
      refused(429, '429'),
      refused(500, 'InternalServerError'),
      refused(400, 'BadRequest', 'The value of $top is not valid.'),
      new BillingError('unreachable', 'not supported'),
      new Error('not supported'),
      undefined,
    ]) {
      assert.equal(reasonToReplace(error), undefined);
    }
  });
});
