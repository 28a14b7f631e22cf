import assert from 'node:assert/strict';
import { firstDay, isoDay, lastDay } from '../../src/sample/calendar.ts';
import { minorDigits } from '../../src/sample/currencies.ts';
import { decimalText, decimalUnits, roundHalfEven } from '../../src/sample/decimal.ts';
import { Tenant } from '../../src/sample/tenant.ts';
import { UsagePages } from '../../src/sample/usagePages.ts';
import { parseUsageScope } from '../../src/sample/usageScopes.ts';

const tenant = new Tenant({ seed: 7, customers: 30, usageRows: 20_000, now: new Date('2026-11-21T00:00:00Z') });
const pages = new UsagePages(tenant);
const ACCOUNTS = '/providers/Microsoft.Billing/billingAccounts';

/** Every row text of a scope in a period, through as many pages as it takes. */
function rowsOf(id: string, from: number, to: number): string[] {
  const scope = parseUsageScope(tenant, id);
  assert.ok(!('error' in scope), JSON.stringify(scope));
  const rows: string[] = [];
  let token: string | undefined;
  do {
    const page = pages.page(scope, { from, to }, 1000, 'extended', token);
    assert.ok(page);
    rows.push(...page.rows);
    token = page.next;
  } while (token);
  return rows;
}

/** The digits of a number as they stand in the row's text, in units of 10^-20. */
function amount(row: string, field: string): bigint {
  const digits = new RegExp(`"${field}":(-?[0-9.]+)[,}]`).exec(row)?.[1];
  assert.ok(digits !== undefined, `${field} is not a plain number in ${row}`);
  return decimalUnits(digits, 20);
}

const costs = (rows: readonly string[]): bigint =>
  rows.reduce((sum, row) => sum + amount(row, 'costInBillingCurrency'), 0n);

describe('sample tenant: exact money', () => {
  it('sums the rows of every profile and closed month to the invoice, on the minor unit', () => {
    const seen = new Set<string>();
    for (const account of tenant.accounts) {
      for (const invoice of tenant.invoices(account)) {
        const { profile, month } = invoice;
        const id = `${ACCOUNTS}/${account.name}/billingProfiles/${profile.name}`;
        const rows = rowsOf(id, firstDay(month), lastDay(month));
        assert.equal(costs(rows), invoice.total, `${profile.currency} ${isoDay(firstDay(month))}`);
        assert.equal(invoice.total % 10n ** BigInt(20 - minorDigits(profile.currency)), 0n);
        assert.ok(invoice.total > 0n);
        const truth = tenant.truth(id, isoDay(firstDay(month)), isoDay(lastDay(month)));
        assert.equal(truth.rows, rows.length);
        assert.deepEqual([...truth.totals], [[profile.currency, decimalText(invoice.total, 20)]]);
        assert.deepEqual(
          rowsOf(`${id}/invoices/${invoice.name}`, firstDay(month), lastDay(month)).map((row) =>
            row.slice(row.indexOf('"name"')),
          ),
          rows.map((row) => row.slice(row.indexOf('"name"'))),
        );
        assert.equal(rows.filter((row) => row.includes('"chargeType":"RoundingAdjustment"')).length, 1);
        assert.ok(rows.every((row) => row.includes(`"invoiceId":"${invoice.name}"`)));
        seen.add(profile.currency);
      }
    }
    assert.deepEqual([...seen].sort(), ['EUR', 'JPY', 'KWD', 'USD']);
  });

  it('sums customers and subscriptions, without rounding rows, to their truth and their profile', () => {
    const { openMonth } = tenant.ledger;
    for (const account of tenant.accounts) {
      for (const profile of account.profiles) {
        let sum = 0n;
        const customers = tenant.directory.customersOf(profile);
        for (let i = 0; i < customers.length; i++) {
          const customer = customers.at(i);
          const id = `${ACCOUNTS}/${account.name}/customers/${customer.name}`;
          const rows = rowsOf(id, firstDay(openMonth - 3), lastDay(openMonth - 2));
          const truth = tenant.truth(id, isoDay(firstDay(openMonth - 3)), isoDay(lastDay(openMonth - 2)));
          assert.equal(truth.rows, rows.length);
          assert.equal(truth.totals.get(profile.currency) ?? '0', decimalText(costs(rows), 20));
          let ofSubscriptions = 0n;
          const subscriptions = tenant.subscriptions(customer);
          for (let k = 0; k < subscriptions.length; k++) {
            const own = rowsOf(
              `/subscriptions/${subscriptions.at(k).name}`,
              firstDay(openMonth - 3),
              lastDay(openMonth - 2),
            );
            assert.ok(own.every((row) => row.includes(`"subscriptionGuid":"${subscriptions.at(k).name}"`)));
            ofSubscriptions += costs(own);
          }
          assert.equal(ofSubscriptions, costs(rows));
          sum += costs(rows);
        }
        const profileRows = rowsOf(
          `${ACCOUNTS}/${account.name}/billingProfiles/${profile.name}`,
          firstDay(openMonth - 3),
          lastDay(openMonth - 2),
        );
        const rounding = profileRows.filter((row) => row.includes('RoundingAdjustment'));
        assert.equal(rounding.length, 2);
        assert.equal(costs(profileRows), sum + costs(rounding));
      }
    }
  });

  it('tells the truth of days in the middle of a month and across the open month', () => {
    for (const { name } of tenant.accounts) {
      const rows = rowsOf(`${ACCOUNTS}/${name}`, firstDay(24_320) + 9, firstDay(24_323));
      const truth = tenant.truth(`${ACCOUNTS}/${name}`, isoDay(firstDay(24_320) + 9), isoDay(firstDay(24_323)));
      assert.equal(truth.rows, rows.length);
      for (const [currency, total] of truth.totals) {
        const own = rows.filter((row) => row.includes(`"billingCurrencyCode":"${currency}"`));
        assert.equal(total, decimalText(costs(own), 20));
      }
    }
  });

  it('prices each row as quantity times effective price times rate, with all digits', () => {
    let mostDecimals = 0;
    for (const { name } of tenant.accounts) {
      for (const row of rowsOf(`${ACCOUNTS}/${name}`, firstDay(24_321), lastDay(24_321))) {
        if (row.includes('RoundingAdjustment')) continue;
        const usd = (amount(row, 'quantity') * amount(row, 'effectivePrice')) / 10n ** 20n;
        assert.equal(amount(row, 'costInUSD'), usd);
        assert.equal(amount(row, 'costInPricingCurrency'), usd);
        assert.equal(
          amount(row, 'costInBillingCurrency'),
          (usd * amount(row, 'exchangeRatePricingToBilling')) / 10n ** 20n,
        );
        mostDecimals = Math.max(mostDecimals, /"costInBillingCurrency":\d+\.(\d+)/.exec(row)?.[1]?.length ?? 0);
        assert.doesNotMatch(row, /"costIn\w+":[-0-9.]*[eE]/);
      }
    }
    assert.ok(mostDecimals > 16, `the most decimals are ${mostDecimals}`);
  });

  it('has no rounding row and no invoice in the open month', () => {
    const id = `${ACCOUNTS}/${tenant.accounts[0]?.name}`;
    const rows = rowsOf(id, firstDay(tenant.ledger.openMonth), lastDay(tenant.ledger.openMonth));
    assert.ok(rows.length > 0);
    assert.ok(rows.every((row) => row.includes('"invoiceId":""') && !row.includes('RoundingAdjustment')));
  });

  it('tells invoices by status: due, overdue, paid and void', () => {
    const invoices = tenant.accounts.flatMap((account) => tenant.invoices(account));
    const by = (status: string) => invoices.filter((invoice) => invoice.status === status);
    assert.equal(by('Due').length, 4);
    assert.deepEqual(
      by('OverDue').map((invoice) => invoice.profile.currency),
      ['EUR'],
    );
    assert.deepEqual(
      by('Void').map((invoice) => invoice.profile.currency),
      ['JPY'],
    );
    for (const invoice of invoices) {
      assert.equal(invoice.amountDue, ['Due', 'OverDue'].includes(invoice.status) ? invoice.total : 0n);
    }
    assert.equal(new Set(invoices.map((invoice) => invoice.name)).size, invoices.length);
    assert.ok(invoices.every((invoice) => /^G\d{9}$/.test(invoice.name)));
  });
});

describe('sample tenant: decimals', () => {
  it('writes integers of small units without exponent, trailing zeros or minus zero', () => {
    assert.equal(decimalText(0n, 20), '0');
    assert.equal(decimalText(1n, 20), '0.00000000000000000001');
    assert.equal(decimalText(-1_500n, 3), '-1.5');
    assert.equal(decimalText(12_000n, 3), '12');
    assert.equal(decimalUnits('-1.5', 3), -1_500n);
    assert.throws(() => decimalUnits('1e3', 3), RangeError);
    assert.throws(() => decimalUnits('0.0001', 3), RangeError);
  });

  it('rounds halves to the even neighbour, below zero too', () => {
    assert.equal(roundHalfEven(125n, 2, 1), 120n);
    assert.equal(roundHalfEven(135n, 2, 1), 140n);
    assert.equal(roundHalfEven(-125n, 2, 1), -120n);
    assert.equal(roundHalfEven(-126n, 2, 1), -130n);
    assert.equal(roundHalfEven(126n, 2, 0), 100n);
  });
});
