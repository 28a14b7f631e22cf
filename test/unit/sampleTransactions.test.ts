import assert from 'node:assert/strict';
import { firstDay, isoDay, lastDay, monthOf } from '../../src/sample/calendar.ts';
import { type ChargeOwner, chargeSummaries } from '../../src/sample/charges.ts';
import { minorDigits } from '../../src/sample/currencies.ts';
import { decimalText } from '../../src/sample/decimal.ts';
import { Operations } from '../../src/sample/operations.ts';
import { Tenant } from '../../src/sample/tenant.ts';
import { type Transaction, type TransactionOwner, Transactions } from '../../src/sample/transactions.ts';

const NOW = new Date('2026-11-21T00:00:00Z');
const tenant = new Tenant({ seed: 7, customers: 30, usageRows: 20_000, now: NOW });
const transactions = new Transactions(tenant);
const WINDOW = tenant.ledger.window;

const sum = (list: readonly Transaction[]): bigint =>
  list.reduce((total, transaction) => total + transactions.facts(transaction).amount, 0n);

describe('sample tenant: transactions', () => {
  it('add up to each invoice, for usage and for purchases, to the last digit', () => {
    let purchases = 0;
    for (const { profiles } of tenant.accounts) {
      for (const profile of profiles) {
        for (let month = tenant.ledger.openMonth - 1; tenant.ledger.isClosed(month); month--) {
          const monthly = tenant.invoiceOf(profile, month);
          const separate = tenant.purchases.invoiceOf(profile, month);
          assert.ok(monthly && separate);
          assert.equal(sum(transactions.ofInvoice(monthly)), monthly.total);
          assert.equal(sum(transactions.ofInvoice(separate)), separate.total);
          assert.equal(separate.total % 10n ** BigInt(20 - minorDigits(profile.currency)), 0n);
          const billed = transactions.of([{ profile }], { from: firstDay(month), to: lastDay(month) });
          assert.equal(sum(billed), monthly.total + separate.total);
          assert.deepEqual(tenant.purchases.invoiceNamed(separate.name.toLowerCase()), separate);
          purchases += transactions.ofInvoice(separate).length;
        }
      }
    }
    assert.ok(purchases > 100, `${purchases} purchases`);
  });

  it('of a customer are its usage and its purchases, and those of all customers leave what belongs to none', () => {
    for (const account of tenant.accounts) {
      for (const profile of account.profiles) {
        const customers = tenant.directory.customersOf(profile);
        let ofCustomers = 0n;
        for (let i = 0; i < customers.length; i++) {
          const customer = customers.at(i);
          const own = transactions.of([{ profile, customer }], WINDOW);
          const usage = own.filter(({ kind }) => kind === 'usage');
          const id = `/providers/Microsoft.Billing/billingAccounts/${account.name}/customers/${customer.name}`;
          const truth = tenant.truth(id, isoDay(WINDOW.from), isoDay(WINDOW.to));
          assert.equal(decimalText(sum(usage), 20), truth.totals.get(profile.currency) ?? '0');
          ofCustomers += sum(own);
        }
        const rest = transactions.of([{ profile, own: true }], WINDOW);
        assert.ok(rest.every((transaction) => transactions.facts(transaction).customer === undefined));
        assert.equal(sum(transactions.of([{ profile }], WINDOW)), ofCustomers + sum(rest));
      }
    }
  });

  it('cost units times price times rate', () => {
    const owners: TransactionOwner[] = tenant.directory.profiles.map((profile) => ({ profile }));
    for (const transaction of transactions.of(owners, WINDOW)) {
      const { units, price, rate, amount } = transactions.facts(transaction);
      const exact = (units * price * rate) / 10n ** 10n;
      if (transaction.kind !== 'purchase') assert.equal(exact, amount);
      else assert.ok(exact - amount < 10n ** 20n && amount - exact < 10n ** 20n);
    }
  });

  it('have names of their own that stay when the day moves on', () => {
    const owners: TransactionOwner[] = tenant.directory.profiles.map((profile) => ({ profile }));
    const all = transactions.of(owners, WINDOW);
    const names = all.map((transaction) => transactions.name(transaction));
    assert.equal(new Set(names).size, names.length);
    const later = new Tenant({ ...tenant.options, now: new Date('2026-12-24T00:00:00Z') });
    const october = { from: firstDay(tenant.ledger.openMonth - 1), to: lastDay(tenant.ledger.openMonth - 1) };
    const of = (t: Tenant) => {
      const made = new Transactions(t);
      return made.of(owners, october).map((transaction) => [made.name(transaction), made.facts(transaction).amount]);
    };
    assert.deepEqual(of(later), of(tenant));
  });

  it('repeat purchases by their term: yearly ones once a year, monthly ones each month', () => {
    const [customer] = [tenant.directory.customer(0)];
    const bought = tenant.purchases.ofCustomer(customer);
    assert.deepEqual(
      bought.map(({ offer }) => [offer.kind, offer.frequency]),
      [
        ['reservation', 'OneTime'],
        ['marketplace', 'Monthly'],
        ['reservation', 'Monthly'],
      ],
    );
    const months = Array.from({ length: 12 }, (_, back) => tenant.ledger.openMonth - 1 - back);
    const charges = months.flatMap((month) => tenant.purchases.chargesOfCustomer(customer, month));
    for (const purchase of bought) {
      const own = charges.filter((charge) => charge.purchase.name === purchase.name);
      assert.equal(own.length, purchase.offer.frequency === 'Monthly' ? 12 : 1);
      const { from, to } = tenant.purchases.term(purchase);
      assert.ok(from <= WINDOW.to && to > WINDOW.to);
      assert.ok(tenant.purchases.lastCharge(purchase).day <= WINDOW.to);
      assert.deepEqual(tenant.purchases.named(purchase.name.toUpperCase()), purchase);
    }
  });
});

describe('sample tenant: charge summaries', () => {
  const owners = (parts: (account: ChargeOwner) => ChargeOwner[]): ChargeOwner[] =>
    tenant.accounts.flatMap((account) =>
      account.profiles.flatMap((profile) => parts({ account, profile, part: 'all' })),
    );

  it('are the same money however they are grouped, and the truth and the invoices', () => {
    const days = { from: firstDay(tenant.ledger.openMonth - 2), to: WINDOW.to };
    const whole = chargeSummaries(
      tenant,
      owners((owner) => [owner]),
      days,
    );
    const byCustomer = chargeSummaries(
      tenant,
      owners((owner) => {
        const customers = tenant.directory.customersOf(owner.profile);
        const each = Array.from({ length: customers.length }, (_, i) => ({ ...owner, part: customers.at(i) }));
        return [...each, { ...owner, part: 'own' }];
      }),
      days,
    );
    const bySection = chargeSummaries(
      tenant,
      owners((owner) => [
        { ...owner, part: 'own' },
        { ...owner, part: 'customers' },
      ]),
      days,
    );
    for (const { profile, month, azure, separately, marketplace, isInvoiced } of whole) {
      for (const grouped of [byCustomer, bySection]) {
        const same = grouped.filter((summary) => summary.profile === profile && summary.month === month);
        const total = (of: 'azure' | 'separately' | 'marketplace') => same.reduce((n, summary) => n + summary[of], 0n);
        assert.deepEqual([total('azure'), total('separately'), total('marketplace')], [azure, separately, marketplace]);
      }
      const invoice = tenant.invoiceOf(profile, month);
      assert.equal(isInvoiced, invoice !== undefined);
      if (!invoice) continue;
      assert.equal(azure, invoice.total);
      assert.equal(separately + marketplace, tenant.purchases.invoiceOf(profile, month)?.total);
    }
    assert.deepEqual([...new Set(whole.map(({ month }) => tenant.ledger.openMonth - month))], [0, 1, 2]);
  });

  it('tell the days that were asked for, and nothing outside of the window', () => {
    const [account] = tenant.accounts;
    const [profile] = account?.profiles ?? [];
    assert.ok(account && profile);
    const month = tenant.ledger.openMonth - 1;
    const days = { from: firstDay(month) + 4, to: firstDay(month) + 9 };
    const [summary, ...rest] = chargeSummaries(tenant, [{ account, profile, part: 'all' }], days);
    assert.ok(summary);
    assert.equal(rest.length, 0);
    const id = `/providers/Microsoft.Billing/billingAccounts/${account.name}/billingProfiles/${profile.name}`;
    const truth = tenant.truth(id, isoDay(days.from), isoDay(days.to));
    assert.equal(decimalText(summary.azure, 20), truth.totals.get(profile.currency));
    assert.equal(monthOf(summary.days.from), month);
    const before = { from: WINDOW.from - 40, to: WINDOW.from - 10 };
    assert.deepEqual(chargeSummaries(tenant, [{ account, profile, part: 'all' }], before), []);
  });
});

describe('sample service: operation settings', () => {
  it('refuses settings that are not possible, by name', () => {
    assert.throws(() => new Operations({ polls: -1 }), /polls/);
    assert.throws(() => new Operations({ retryAfter: 0.5 }), /retryAfter/);
    assert.throws(() => new Operations({ ending: 'Maybe' as 'Never' }), /ending/);
  });
});
