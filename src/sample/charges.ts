import { type DayRange, firstDay, intersect, lastDay, monthOf } from './calendar.ts';
import type { BillingAccount, BillingProfile, Customer } from './directory.ts';
import type { Tenant } from './tenant.ts';

/** Whose charges one summary tells: all of a profile, a customer's, or what in the profile belongs to no customer. */
export interface ChargeOwner {
  readonly account: BillingAccount;
  readonly profile: BillingProfile;
  readonly part: 'all' | 'customers' | 'own' | Customer;
}

/** The charges of an owner in one month. Amounts are in the profile's currency, 10^-20, and overlap in nothing. */
export interface ChargeSummary extends ChargeOwner {
  readonly month: number;
  /** The days that were asked for, inside the month and the tenant's window. */
  readonly days: DayRange;
  readonly isInvoiced: boolean;
  /** Usage and roundings: what the monthly invoice has, and usage details. */
  readonly azure: bigint;
  /** Purchases that are not from the Marketplace. */
  readonly separately: bigint;
  readonly marketplace: bigint;
}

/** Summaries of the days, newest month first; months without charges are left out. */
export function chargeSummaries(tenant: Tenant, owners: readonly ChargeOwner[], days: DayRange): ChargeSummary[] {
  const range = intersect(days, tenant.ledger.window);
  const result: ChargeSummary[] = [];
  for (let month = monthOf(range.to); range.from <= range.to && lastDay(month) >= range.from; month--) {
    for (const owner of owners) {
      const summary = summaryOf(tenant, owner, month, range);
      if (summary) result.push(summary);
    }
  }
  return result;
}

function summaryOf(tenant: Tenant, owner: ChargeOwner, month: number, range: DayRange): ChargeSummary | undefined {
  const { ledger, purchases } = tenant;
  const { profile, part } = owner;
  const days = intersect(range, { from: firstDay(month), to: lastDay(month) });
  const customer = typeof part === 'object' ? part : undefined;
  let azure = 0n;
  let rows = 0;
  if (part !== 'own') {
    const lines = customer ? ledger.linesOfCustomer(customer.index) : ledger.linesOfProfile(profile);
    const sum = ledger.sumOfLines(profile, lines, days);
    azure += sum.cost;
    rows += sum.rows;
  }
  const withRounding = part === 'all' || part === 'own';
  if (withRounding && ledger.isClosed(month) && days.to === lastDay(month)) {
    const invoiced = ledger.profileMonth(profile, month);
    azure += invoiced.rounding;
    rows += invoiced.rows === 0 ? 0 : 1;
  }
  let separately = 0n;
  let marketplace = 0n;
  const charges = customer ? purchases.chargesOfCustomer(customer, month) : purchases.chargesOf(profile, month);
  for (const charge of charges) {
    if (charge.day < days.from || charge.day > days.to) continue;
    if ((part === 'own' && charge.purchase.customer) || (part === 'customers' && !charge.purchase.customer)) continue;
    rows++;
    if (charge.purchase.offer.kind === 'marketplace') marketplace += purchases.amount(charge);
    else separately += purchases.amount(charge);
  }
  if (rows === 0) return undefined;
  return { ...owner, month, days, isInvoiced: ledger.isClosed(month), azure, separately, marketplace };
}
