import assert from 'node:assert/strict';
import { monthOf, parseIsoDay } from '../../src/sample/calendar.ts';
import { Tenant, type TenantOptions } from '../../src/sample/tenant.ts';
import { UsagePages } from '../../src/sample/usagePages.ts';
import { parseUsageScope } from '../../src/sample/usageScopes.ts';

const BASE: TenantOptions = { seed: 1, customers: 24, usageRows: 12_000, now: new Date('2026-11-21T08:00:00Z') };

function rowsOf(tenant: Tenant, isoDay: string, account = 0): readonly string[] {
  const scope = parseUsageScope(
    tenant,
    `/providers/Microsoft.Billing/billingAccounts/${tenant.accounts[account]?.name}`,
  );
  assert.ok(!('error' in scope));
  const day = parseIsoDay(isoDay);
  assert.ok(day !== undefined);
  const page = new UsagePages(tenant).page(scope, { from: day, to: day }, 1000, 'extended', undefined);
  assert.ok(page);
  assert.equal(page.next, undefined);
  return page.rows;
}

describe('sample tenant: determinism', () => {
  it('gives the same names, ids and rows for the same options', () => {
    const [one, other] = [new Tenant(BASE), new Tenant(BASE)];
    assert.deepEqual(one.accounts, other.accounts);
    for (let i = 0; i < one.customerCount; i++)
      assert.deepEqual(one.directory.customer(i), other.directory.customer(i));
    assert.deepEqual(rowsOf(one, '2026-10-14'), rowsOf(other, '2026-10-14'));
    assert.ok(rowsOf(one, '2026-10-14').length > 10);
  });

  it('gives another tenant for another seed', () => {
    const [one, other] = [new Tenant(BASE), new Tenant({ ...BASE, seed: 2 })];
    assert.notEqual(one.accounts[0]?.name, other.accounts[0]?.name);
    const names = new Set(Array.from({ length: 24 }, (_, i) => one.directory.customer(i).name));
    for (let i = 0; i < 24; i++) assert.ok(!names.has(other.directory.customer(i).name));
    assert.notDeepEqual(rowsOf(one, '2026-10-14'), rowsOf(other, '2026-10-14'));
  });

  it('keeps a closed day as it is when the present moves on', () => {
    const later = new Tenant({ ...BASE, now: new Date('2027-03-02T23:59:59Z') });
    const one = new Tenant(BASE);
    for (const day of ['2026-03-10', '2026-10-14', '2026-10-31'])
      assert.deepEqual(rowsOf(later, day), rowsOf(one, day));
  });

  it('keeps the values of an open day when its month closes', () => {
    const later = new Tenant({ ...BASE, now: new Date('2026-12-05T00:00:00Z') });
    const strip = (rows: readonly string[]) => rows.map((row) => row.replace(/"invoiceId":"\w*"/, ''));
    assert.deepEqual(strip(rowsOf(later, '2026-11-20')), strip(rowsOf(new Tenant(BASE), '2026-11-20')));
  });

  it('holds 18 closed months with invoices and the open month through yesterday', () => {
    const tenant = new Tenant(BASE);
    const [account] = tenant.accounts;
    assert.ok(account);
    assert.equal(tenant.invoices(account).length, 18 * 3);
    assert.equal(rowsOf(tenant, '2026-11-21').length, 0);
    assert.ok(rowsOf(tenant, '2026-11-20').length > 0);
    assert.ok(rowsOf(tenant, '2025-05-01').length > 0);
    assert.equal(rowsOf(tenant, '2025-04-30').length, 0);
    assert.equal(tenant.ledger.openMonth, monthOf(parseIsoDay('2026-11-01') ?? 0));
  });

  it('has no open day on the first of a month', () => {
    const tenant = new Tenant({ ...BASE, now: new Date('2026-12-01T00:00:00Z') });
    assert.ok(rowsOf(tenant, '2026-11-30').some((row) => row.includes('RoundingAdjustment')));
    assert.equal(rowsOf(tenant, '2026-12-01').length, 0);
  });

  it('has about as many usage rows as asked for', () => {
    for (const usageRows of [50_000, 1_000_000]) {
      const tenant = new Tenant({ ...BASE, customers: 60, usageRows });
      let rows = 0;
      for (const { name } of tenant.accounts) {
        rows += tenant.truth(`/providers/Microsoft.Billing/billingAccounts/${name}`, '2020-01-01', '2030-01-01').rows;
      }
      assert.ok(Math.abs(rows / usageRows - 1) < 0.15, `${rows} for ${usageRows}`);
    }
  });

  it('refuses impossible options by name', () => {
    assert.throws(() => new Tenant({ ...BASE, customers: 9 }), /customers must be a whole number from 10/);
    assert.throws(() => new Tenant({ ...BASE, usageRows: 0.5 }), /usageRows/);
    assert.throws(() => new Tenant({ ...BASE, now: new Date('x') }), /now/);
  });
});
