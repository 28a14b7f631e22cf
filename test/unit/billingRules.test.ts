import assert from 'node:assert/strict';
import { viewChargesOf } from '../../src/api/arm/costPolicy.ts';
import { requirePeriod } from '../../src/api/arm/dayPeriod.ts';
import { customerAtAccount, parentPath } from '../../src/api/arm/parent.ts';
import { nameSegment } from '../../src/api/arm/scope.ts';
import { isUnbilled } from '../../src/api/arm/transactions.ts';

describe('viewChargesOf', () => {
  const policy = (properties: Parameters<typeof viewChargesOf>[0]['properties']) => ({
    id: '/p',
    name: 'default',
    properties,
  });

  it("reads a customer's policy and a subscription's", () => {
    assert.equal(viewChargesOf(policy({ viewCharges: 'NotAllowed' })), 'NotAllowed');
    assert.equal(
      viewChargesOf(
        policy({
          policies: [
            { name: 'x', value: 'y' },
            { name: 'viewcharges', value: 'Allowed' },
          ],
        }),
      ),
      'Allowed',
    );
  });

  it('keeps words it does not know, and does not guess', () => {
    assert.equal(viewChargesOf(policy({ viewCharges: 'Other' })), 'Other');
    assert.equal(viewChargesOf(policy({ viewCharges: null, policies: null })), undefined);
    assert.equal(viewChargesOf(policy({ policies: [{ name: null, value: 'Allowed' }] })), undefined);
    assert.equal(viewChargesOf(policy({})), undefined);
  });
});

describe('isUnbilled', () => {
  for (const [invoice, expected] of [
    ['G000000001', false],
    ['pending', true],
    [' Pending', true],
    ['', true],
    [null, true],
    [undefined, true],
  ] as const) {
    it(`${expected ? 'waits for' : 'has'} an invoice: ${JSON.stringify(invoice)}`, () => {
      assert.equal(isUnbilled({ id: '/t', name: 't', properties: { invoice } }), expected);
    });
  }
});

describe('billing parents', () => {
  it('know a customer below its account where its profile does not count', () => {
    assert.deepEqual(customerAtAccount({ account: 'a', profile: 'p' }), { account: 'a', profile: 'p' });
    const path = parentPath(customerAtAccount({ account: 'a:b', profile: 'p', customer: 'c' }));
    assert.equal(path, '/providers/Microsoft.Billing/billingAccounts/a:b/customers/c');
  });

  for (const name of ['', ' ', '.', '..']) {
    it(`refuse '${name}' as a name, which would lead elsewhere`, () => {
      assert.throws(() => parentPath({ account: 'a', customer: name }), /^BillingError: customer: /);
      assert.throws(() => nameSegment('invoice', name), /^BillingError: invoice: /);
    });
  }
});

describe('requirePeriod', () => {
  it('takes one day, and a leap day', () => {
    requirePeriod({ from: '2028-02-29', to: '2028-02-29' });
  });

  for (const day of ['2026-02-29', '2026-2-1', '02-01-2026', '', '2026-10-01T00:00:00Z', '2026-10-01 ']) {
    it(`refuses '${day}' as a day`, () => {
      assert.throws(() => requirePeriod({ from: day, to: '2099-01-01' }), /^BillingError: period\.from: /);
    });
  }
});
