import assert from 'node:assert/strict';
import { invoiceScope } from '../../src/api/arm/invoices.ts';
import { normalizeId, parseCostScope, parseScope, scopePath, segment } from '../../src/api/arm/scope.ts';
import { BillingError } from '../../src/api/http/errors.ts';

const ACCOUNT = '/providers/Microsoft.Billing/billingAccounts/11111111-aaaa:22222222-bbbb_2019-05-31';

describe('scopes', () => {
  for (const path of [
    ACCOUNT,
    `${ACCOUNT}/billingProfiles/2USN-TPCD-BG7-TGB`,
    `${ACCOUNT}/customers/33333333-cccc`,
    `${ACCOUNT}/billingProfiles/2USN-TPCD-BG7-TGB/invoices/G012345678`,
    `${ACCOUNT}/invoices/G012345678`,
    '/subscriptions/44444444-dddd',
  ]) {
    it(`reads and writes ${path.split('/').slice(-2).join('/')}`, () => {
      assert.equal(scopePath(parseScope(path)), path);
      assert.equal(scopePath(parseScope(`${path.slice(1)}/`)), path);
      assert.deepEqual(Object.values(parseScope(path.toUpperCase()))[0], parseScope(path).kind);
    });
  }

  it('shortens the customer id of newer versions to the cost scope', () => {
    assert.equal(scopePath(parseScope(`${ACCOUNT}/billingProfiles/bp/customers/c`)), `${ACCOUNT}/customers/c`);
  });

  for (const path of [
    '',
    '/',
    'customers/1',
    `${ACCOUNT}/customers`,
    `${ACCOUNT}/customers/a/b`,
    '/subscriptions/a/resourceGroups/b',
    'https://evil/subscriptions/x',
    '/subscriptions/a?x=1',
    '/subscriptions/a b',
  ]) {
    it(`refuses '${path.replace(ACCOUNT, '…')}' and shows what is accepted`, () => {
      assert.throws(
        () => parseScope(path),
        (error: unknown) =>
          error instanceof BillingError && /^scope: /.test(error.message) && /subscriptions/.test(error.advice ?? ''),
      );
    });
  }

  it('keeps the colon of account names and encodes what would change the path', () => {
    assert.equal(segment('a:b_2019-05-31'), 'a:b_2019-05-31');
    assert.equal(segment('../x?y#z'), '..%2Fx%3Fy%23z');
    assert.equal(normalizeId('providers/x/'), '/providers/x');
  });
});

describe('invoiceScope', () => {
  const invoice = (id: string, billingProfileId?: string) => ({ id, name: 'G1', properties: { billingProfileId } });

  it('puts the billing profile back into ids of newer versions', () => {
    const expected = `${ACCOUNT}/billingProfiles/bp/invoices/G1`;
    assert.equal(scopePath(invoiceScope(invoice(`${ACCOUNT}/invoices/G1`, `${ACCOUNT}/billingProfiles/bp`))), expected);
    assert.equal(scopePath(invoiceScope(invoice(expected.slice(1)))), expected);
    assert.equal(scopePath(invoiceScope(invoice(`${ACCOUNT}/invoices/G1`))), `${ACCOUNT}/invoices/G1`);
  });
});

describe('scopes of Cost Management', () => {
  it('are resource groups too', () => {
    const path = '/subscriptions/44444444-dddd/resourceGroups/rg.one(two)_3';
    assert.equal(scopePath(parseCostScope(path)), path);
    assert.deepEqual(parseCostScope('subscriptions/s/resourcegroups/g/'), {
      kind: 'resourceGroup',
      subscription: 's',
      resourceGroup: 'g',
    });
  });

  it('are accounts, profiles, customers and subscriptions as everywhere', () => {
    for (const path of [ACCOUNT, `${ACCOUNT}/billingProfiles/bp`, `${ACCOUNT}/customers/c`, '/subscriptions/s']) {
      assert.deepEqual(parseCostScope(path), parseScope(path));
    }
  });

  it('are no invoices, and nothing inside a resource group', () => {
    for (const path of [
      `${ACCOUNT}/invoices/G1`,
      '/subscriptions/s/resourceGroups/g/providers/x',
      '/subscriptions/s/resourceGroups/..',
    ]) {
      assert.throws(
        () => parseCostScope(path),
        (error: unknown) =>
          error instanceof BillingError && /^scope: /.test(error.message) && /resource group/.test(error.advice ?? ''),
      );
    }
  });
});
