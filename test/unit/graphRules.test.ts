import assert from 'node:assert/strict';
import { type BillingExportRequest, exportCall } from '../../src/api/graph/exportRules.ts';
import { BillingError } from '../../src/api/http/errors.ts';

/** As commands call it: with whatever somebody wrote. */
const call = (request: object) => exportCall(request as BillingExportRequest);

function messageOf(request: object): string {
  try {
    call(request);
  } catch (error) {
    assert.ok(error instanceof BillingError);
    assert.equal(error.kind, 'argument');
    return error.message;
  }
  return assert.fail('it was accepted');
}

describe('billing export requests', () => {
  it('become the calls of the reference', () => {
    assert.deepEqual(call({ kind: 'billedUsage', invoiceId: 'G016907411', attributeSet: 'basic' }), {
      operation: 'Export billed usage',
      path: '/reports/partners/billing/usage/billed/export',
      body: { invoiceId: 'G016907411', attributeSet: 'basic' },
    });
    assert.deepEqual(call({ kind: 'unbilledUsage', currencyCode: 'USD', billingPeriod: 'current' }), {
      operation: 'Export unbilled usage',
      path: '/reports/partners/billing/usage/unbilled/export',
      body: { currencyCode: 'USD', billingPeriod: 'current' },
    });
    assert.equal(
      call({ kind: 'billedReconciliation', invoiceId: 'G1' }).path,
      '/reports/partners/billing/reconciliation/billed/export',
    );
    assert.equal(
      call({ kind: 'unbilledReconciliation', currencyCode: 'EUR', billingPeriod: 'last' }).path,
      '/reports/partners/billing/reconciliation/unbilled/export',
    );
  });

  it('take the spellings of Partner Center', () => {
    assert.deepEqual(call({ kind: 'billedUsage', invoiceId: ' OneTime-G016907411 ' }).body, {
      invoiceId: 'G016907411',
    });
    const unbilled = { kind: 'unbilledUsage', currencyCode: ' eur ', billingPeriod: 'Previous', attributeSet: 'FULL' };
    assert.deepEqual(call(unbilled).body, { currencyCode: 'EUR', billingPeriod: 'last', attributeSet: 'full' });
  });

  it('are refused with the name of the field and what to do', () => {
    const billed = { kind: 'billedUsage', invoiceId: 'G016907411' };
    const unbilled = { kind: 'unbilledUsage', currencyCode: 'USD', billingPeriod: 'current' };
    const cases: [object, RegExp][] = [
      [{ ...billed, kind: 'usage' }, /^kind: 'usage' is not known; use billedUsage, unbilledUsage, /],
      [{ ...billed, kind: 'constructor' }, /^kind: /],
      [{ ...billed, kind: undefined }, /^kind: is missing/],
      [{ ...billed, invoiceId: undefined }, /^invoiceId: is missing; give the id of an invoice/],
      [{ ...billed, invoiceId: '../../me' }, /^invoiceId: '..\/..\/me' is not known/],
      [
        { ...billed, invoiceId: 'D02005YFHI' },
        /^invoiceId: .*legacy commerce, which has no export; use its line items/,
      ],
      [{ ...billed, invoiceId: 'Recurring-D02005YFHI' }, /^invoiceId: .*legacy commerce/],
      [{ ...billed, invoiceId: 'unbilled' }, /^invoiceId: .*export unbilled usage/],
      [{ ...billed, attributeSet: 'all' }, /^attributeSet: 'all' is not known; use full or basic\.$/],
      [{ ...unbilled, currencyCode: 'dollar' }, /^currencyCode: 'dollar' is not known; give the ISO code/],
      [{ ...unbilled, currencyCode: undefined, invoiceId: 'G1' }, /^currencyCode: is missing/],
      [{ ...unbilled, billingPeriod: '2026-10' }, /^billingPeriod: '2026-10' is not known; use current or last\.$/],
      [{ ...unbilled, billingPeriod: undefined }, /^billingPeriod: is missing; use current or last\.$/],
    ];
    for (const [request, message] of cases) {
      assert.match(messageOf(request), message);
    }
  });
});
