import assert from 'node:assert/strict';
import { day } from '../../src/sample/calendar.ts';
import { Directory } from '../../src/sample/directory.ts';
import { STORIES } from '../../src/sample/stories.ts';
import { Tenant } from '../../src/sample/tenant.ts';
import { isAlive, quantity } from '../../src/sample/usageLines.ts';

const NOW = new Date('2026-11-21T00:00:00Z');
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('sample tenant: customers', () => {
  it('has unique names and GUIDs at 100,000 customers', () => {
    const directory = new Directory({ seed: 1, customers: 100_000, now: NOW });
    const names = new Set<string>();
    const ids = new Set<string>();
    for (let i = 0; i < directory.customerCount; i++) {
      const customer = directory.customer(i);
      names.add(customer.displayName);
      ids.add(customer.name);
      if (i % 997 === 0) {
        assert.match(customer.name, GUID);
        assert.equal(directory.customerNamed(customer.account, customer.name.toUpperCase())?.index, i);
      }
    }
    assert.equal(names.size, 100_000);
    assert.equal(ids.size, 100_000);
  });

  it('finds no customer under another account, an unknown GUID or a name that is none', () => {
    const directory = new Directory({ seed: 1, customers: 40, now: NOW });
    const [main, second] = directory.accounts;
    assert.ok(main && second);
    const customer = directory.customer(0);
    assert.equal(directory.customerNamed(second, customer.name), undefined);
    assert.equal(directory.customerNamed(main, '00000000-0000-4000-8000-000000000000'), undefined);
    assert.equal(directory.customerNamed(main, 'x'), undefined);
    assert.equal(
      directory.customerNamed(
        main,
        customer.name.replace(/.$/, (c) => (c === '0' ? '1' : '0')),
      ),
      undefined,
    );
  });

  it('divides the customers among accounts and profiles without loss', () => {
    const directory = new Directory({ seed: 1, customers: 61, now: NOW });
    const seen: number[] = [];
    for (const profile of directory.profiles) {
      const customers = directory.customersOf(profile);
      for (let i = 0; i < customers.length; i++) {
        assert.equal(customers.at(i).profile, profile);
        seen.push(customers.at(i).index);
      }
    }
    assert.deepEqual(
      seen.sort((a, b) => a - b),
      Array.from({ length: 61 }, (_, i) => i),
    );
    assert.equal(directory.accounts[1]?.customerCount, 3);
  });

  it('lists the subscriptions of an account in the order of its customers, each findable by its id', () => {
    const directory = new Directory({ seed: 3, customers: 60, now: NOW });
    const ids = new Set<string>();
    for (const account of directory.accounts) {
      const all = directory.subscriptionsOfAll(account);
      const expected: string[] = [];
      for (let i = 0; i < account.customerCount; i++) {
        const own = directory.subscriptionsOf(directory.customersOf(account).at(i));
        for (let k = 0; k < own.length; k++) expected.push(own.at(k).name);
      }
      assert.deepEqual(
        Array.from({ length: all.length }, (_, position) => all.at(position).name),
        expected,
      );
      for (const name of expected) {
        assert.match(name, GUID);
        assert.equal(directory.subscriptionNamed(name)?.name, name);
        ids.add(name);
      }
    }
    assert.ok(ids.size >= 2 * 59);
  });
});

describe('sample tenant: stories', () => {
  const tenant = new Tenant({ seed: 1, customers: 60, usageRows: 50_000, now: NOW });
  const scopeOf = (customer: number) =>
    `/providers/Microsoft.Billing/billingAccounts/${tenant.accounts[0]?.name}/customers/${tenant.directory.customer(customer).name}`;
  const total = (customer: number, from: string, to: string) =>
    Number([...tenant.truth(scopeOf(customer), from, to).totals.values()][0] ?? 0);
  const lineOf = (customer: number) => {
    const line = tenant.ledger.lines.find((l) => l.customer === customer && l.story !== undefined);
    assert.ok(line);
    return line;
  };

  it('has a cost spike that stands out in its customer', () => {
    const { customer, factor } = STORIES.spike;
    assert.ok(total(customer, '2026-03-09', '2026-03-12') > 2 * total(customer, '2026-03-02', '2026-03-05'));
    const line = lineOf(customer);
    assert.equal(quantity(line, day('2026-03-09')), factor * quantity(line, day('2026-03-08')));
  });

  it('has a service that begins within the months shown', () => {
    const line = lineOf(STORIES.newService.customer);
    assert.equal(line.meter.category, STORIES.newService.service);
    assert.ok(!isAlive(line, day('2026-05-31')) && isAlive(line, day('2026-06-01')));
  });

  it('has a resource that is deleted', () => {
    const line = lineOf(STORIES.deletedResource.customer);
    assert.equal(line.resourceName, STORIES.deletedResource.resource);
    assert.ok(isAlive(line, day('2026-08-14')) && !isAlive(line, day('2026-08-15')));
  });

  it('has a deleted subscription whose usage ended', () => {
    const customer = tenant.directory.customer(STORIES.deletedSubscription.customer);
    const subscriptions = tenant.subscriptions(customer);
    const last = subscriptions.at(subscriptions.length - 1);
    assert.equal(last.status, 'Deleted');
    assert.equal(subscriptions.at(0).status, 'Active');
    assert.ok(tenant.truth(`/subscriptions/${last.name}`, '2025-05-01', '2026-03-31').rows > 0);
    assert.equal(tenant.truth(`/subscriptions/${last.name}`, '2026-04-01', '2026-11-20').rows, 0);
  });

  it('has a customer without usage and one without subscriptions', () => {
    assert.equal(tenant.truth(scopeOf(STORIES.noUsage.customer), '2020-01-01', '2030-01-01').rows, 0);
    assert.ok(tenant.subscriptions(tenant.directory.customer(STORIES.noUsage.customer)).length > 0);
    assert.equal(tenant.subscriptions(tenant.directory.customer(STORIES.noSubscriptions.customer)).length, 0);
  });

  it('has the awkward names', () => {
    for (const [index, name] of STORIES.names) assert.equal(tenant.directory.customer(index).displayName, name);
    assert.ok([...STORIES.names.values()].some((name) => name.length > 90));
  });
});
