import { type DayRange, firstDay, intersect, lastDay, monthOf } from './calendar.ts';
import type { CostScope } from './costScopes.ts';
import type { BillingAccount, BillingProfile, BillingSubscription, Customer } from './directory.ts';
import type { Tenant } from './tenant.ts';
import { isAlive, type UsageLine } from './usageLines.ts';

/**
 * What is known of a usage line, or of a billing profile's rounding row when `line` is absent. Customer and subscription
 * are made when first asked for.
 */
export class CostFacts {
  readonly tenant: Tenant;
  readonly profile: BillingProfile;
  readonly line: UsageLine | undefined;
  #customer: Customer | undefined;
  #subscription: BillingSubscription | undefined;

  constructor(tenant: Tenant, profile: BillingProfile, line?: UsageLine) {
    this.tenant = tenant;
    this.profile = profile;
    this.line = line;
  }

  get account(): BillingAccount | undefined {
    return this.tenant.accounts[this.profile.account];
  }

  get customer(): Customer | undefined {
    if (this.line) this.#customer ??= this.tenant.directory.customer(this.line.customer);
    return this.#customer;
  }

  get subscription(): BillingSubscription | undefined {
    const { line, customer } = this;
    if (line && customer) this.#subscription ??= this.tenant.directory.subscription(customer, line.subscription);
    return this.#subscription;
  }
}

/** Closed months whose rounding row of the profile lies in the days. */
export function roundingMonths({ ledger }: Tenant, profile: BillingProfile, days: DayRange): number[] {
  const range = intersect(days, ledger.window);
  const months: number[] = [];
  if (range.from > range.to) return months;
  for (let month = monthOf(range.from); lastDay(month) <= range.to; month++) {
    if (ledger.isClosed(month) && ledger.profileMonth(profile, month).rows > 0) months.push(month);
  }
  return months;
}

/** Calls `visit` for every line and month, and every rounding row, that has a row in the days. */
export function visitFacts(
  tenant: Tenant,
  scope: CostScope,
  days: DayRange,
  visit: (facts: CostFacts, month: number) => void,
): void {
  const range = intersect(days, tenant.ledger.window);
  if (range.from > range.to) return;
  const [first, last] = [monthOf(range.from), monthOf(range.to)];
  for (const { profile, lines } of scope.parts) {
    for (const line of lines) {
      const facts = new CostFacts(tenant, profile, line);
      for (let month = first; month <= last; month++) {
        const part = intersect(range, { from: firstDay(month), to: lastDay(month) });
        let day = part.from;
        while (day <= part.to && !isAlive(line, day)) day++;
        if (day <= part.to) visit(facts, month);
      }
    }
    if (!scope.withRounding) continue;
    for (const month of roundingMonths(tenant, profile, range)) visit(new CostFacts(tenant, profile), month);
  }
}
