import { dayOf, firstDay, intersect, lastDay, monthOf, parseIsoDay } from './calendar.ts';
import { COST_SCALE, decimalText } from './decimal.ts';
import {
  type BillingAccount,
  type BillingProfile,
  type BillingSubscription,
  type Customer,
  Directory,
  FEWEST_CUSTOMERS,
  type LazyList,
} from './directory.ts';
import { type Invoice, Invoices } from './invoices.ts';
import { Ledger } from './ledger.ts';
import { Purchases } from './purchases.ts';
import { parseUsageScope, type UsageScope } from './usageScopes.ts';

export interface TenantOptions {
  /** Any integer. */
  readonly seed: number;
  /** At least 10. */
  readonly customers: number;
  /** About how many usage rows there are over all days of the tenant. */
  readonly usageRows: number;
  /** The present moment. The tenant ends with yesterday (UTC) and holds 18 closed months before the open one. */
  readonly now: Date;
}

/** What rows of a scope and period add up to. */
export interface Truth {
  readonly rows: number;
  /** Billing currency → exact decimal text of the sum of costInBillingCurrency. Currencies without rows are absent. */
  readonly totals: ReadonlyMap<string, string>;
}

const CLOSED_MONTHS = 18;

/**
 * The ground truth behind the service: a partner's billing, computed from the seed. The same seed, customers and usage
 * rows give the same names, ids and values for the same calendar day; `now` only moves the window of days.
 */
export class Tenant {
  readonly options: TenantOptions;
  readonly directory: Directory;
  readonly ledger: Ledger;
  readonly purchases: Purchases;
  readonly #invoices: Invoices;

  /** Throws a RangeError naming the option when one is not possible. */
  constructor(options: TenantOptions) {
    wholeNumber('seed', options.seed, Number.MIN_SAFE_INTEGER);
    wholeNumber('customers', options.customers, FEWEST_CUSTOMERS, 100_000_000);
    wholeNumber('usageRows', options.usageRows, 0, 1_000_000_000);
    if (Number.isNaN(options.now.getTime())) throw new RangeError('now must be a date');
    this.options = options;
    this.directory = new Directory(options);
    const { seed, usageRows } = options;
    this.ledger = new Ledger(this.directory, {
      seed,
      usageRows,
      closedMonths: CLOSED_MONTHS,
      today: dayOf(options.now),
    });
    this.#invoices = new Invoices(this.directory, this.ledger, seed);
    this.purchases = new Purchases(this);
  }

  get accounts(): readonly BillingAccount[] {
    return this.directory.accounts;
  }

  /** All customers of the tenant, over all accounts. */
  get customerCount(): number {
    return this.directory.customerCount;
  }

  profiles(account: BillingAccount): readonly BillingProfile[] {
    return account.profiles;
  }

  customers(account: BillingAccount): LazyList<Customer> {
    return this.directory.customersOf(account);
  }

  customerNamed(account: BillingAccount, name: string): Customer | undefined {
    return this.directory.customerNamed(account, name);
  }

  subscriptions(customer: Customer): LazyList<BillingSubscription> {
    return this.directory.subscriptionsOf(customer);
  }

  /** Invoices whose month touches the period (days inclusive; the whole window when absent), newest month first. */
  invoices(owner: BillingAccount | BillingProfile, period: { from?: number; to?: number } = {}): readonly Invoice[] {
    return this.#invoices.of(owner, period);
  }

  /** A monthly invoice; those of purchases are `purchases.invoiceNamed`. */
  invoiceNamed(name: string): Invoice | undefined {
    return this.#invoices.named(name);
  }

  invoiceOf(profile: BillingProfile, month: number): Invoice | undefined {
    return this.#invoices.ofMonth(profile, month);
  }

  /**
   * Rows and exact totals of a usage details scope (an ARM id) between two days, both inclusive (YYYY-MM-DD), clipped to
   * the tenant's window. Throws a RangeError for an unknown scope or a wrong date.
   */
  truth(scope: string, from: string, to: string): Truth {
    const parsed = parseUsageScope(this, scope);
    if ('error' in parsed) throw new RangeError(parsed.message);
    return this.truthOf(parsed, isoDayNamed('from', from), isoDayNamed('to', to));
  }

  truthOf(scope: UsageScope, from: number, to: number): Truth {
    const days = intersect(intersect({ from, to }, scope.days ?? this.ledger.window), this.ledger.window);
    const costs = new Map<string, bigint>();
    let rows = 0;
    for (const part of scope.parts) {
      const sum = this.ledger.sumOfLines(part.profile, part.lines, days);
      rows += sum.rows;
      let { cost } = sum;
      let rounded = 0;
      if (scope.withRounding) {
        for (let month = monthOf(days.from); lastDay(month) <= days.to; month++) {
          if (!this.ledger.isClosed(month) || lastDay(month) < days.from || firstDay(month) > days.to) continue;
          const invoiced = this.ledger.profileMonth(part.profile, month);
          if (invoiced.rows === 0) continue;
          cost += invoiced.rounding;
          rounded++;
        }
      }
      rows += rounded;
      if (sum.rows + rounded === 0) continue;
      costs.set(part.profile.currency, (costs.get(part.profile.currency) ?? 0n) + cost);
    }
    return { rows, totals: new Map([...costs].map(([currency, cost]) => [currency, decimalText(cost, COST_SCALE)])) };
  }
}

function isoDayNamed(field: string, text: string): number {
  const parsed = parseIsoDay(text);
  if (parsed === undefined) throw new RangeError(`${field} must be a date such as 2026-10-31, not ${text}`);
  return parsed;
}

function wholeNumber(name: string, value: number, least: number, most = Number.MAX_SAFE_INTEGER): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new RangeError(`${name} must be a whole number from ${least} to ${most}`);
}
