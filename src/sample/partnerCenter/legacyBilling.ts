import { type DayRange, firstDay, isoDay, lastDay, monthOf } from '../calendar.ts';
import { type Currency, minorDigits } from '../currencies.ts';
import { COST_SCALE, decimalUnits, PRICE_SCALE, RATE_SCALE, roundHalfEven } from '../decimal.ts';
import type { BillingProfile } from '../directory.ts';
import { hash } from '../hash.ts';
import type { Tenant } from '../tenant.ts';
import type { LegacyMeter } from './legacyMeters.ts';
import { HOURS_PER_DAY, hourQuantity, isUsedIn, type MeteredResource } from './meteredResources.ts';
import type { LegacyAzure, Licences, PartnerSubscriptions } from './subscriptions.ts';
import type { Utilization } from './utilization.ts';

/** What a subscription used of one meter in some days. */
export interface MeterUse {
  readonly meter: LegacyMeter;
  /** Millionths of a unit. */
  readonly units: bigint;
  /** In billing currency, 10^-20: units times the rate card's price times the exchange rate of the period. */
  readonly cost: bigint;
}

/** A legacy invoice: one currency and one closed billing period. */
export interface LegacyInvoice {
  /** `D` and nine letters and digits. */
  readonly name: string;
  readonly currency: Currency;
  readonly period: DayRange;
  readonly invoiceDay: number;
  /** 10^-20, on the minor unit: the sum of its line items. */
  readonly total: bigint;
  readonly isPaid: boolean;
}

/** One charge on a legacy invoice. */
export interface LegacyCharge {
  readonly subscription: LegacyAzure | Licences;
  /** Absent for licences. */
  readonly use?: MeterUse;
  /** 10^-20, on the minor unit. */
  readonly amount: bigint;
}

/** The day of the month on which billing periods of legacy subscriptions begin (UTC). */
const BILLING_DAY = 9;
const CLOSED_PERIODS = 12;
/** USD a licence and period, in 1e-10. */
const LICENCE_PRICE = decimalUnits('12.4', PRICE_SCALE);
const LICENCE_TO_COST = 10n ** BigInt(COST_SCALE - PRICE_SCALE - RATE_SCALE);
const CURRENCIES: readonly Currency[] = ['USD', 'EUR', 'JPY'];

/** Periods, costs and invoices of everything that is not billed through the Microsoft Partner Agreement. */
export class LegacyBilling {
  readonly #tenant: Tenant;
  readonly #subscriptions: PartnerSubscriptions;
  readonly #utilization: Utilization;
  readonly #uses = new Map<string, readonly MeterUse[]>();

  constructor(tenant: Tenant, subscriptions: PartnerSubscriptions, utilization: Utilization) {
    this.#tenant = tenant;
    this.#subscriptions = subscriptions;
    this.#utilization = utilization;
  }

  /** The period that runs yesterday, days inclusive; it ends on the day before the next billing day. */
  get openPeriod(): DayRange {
    const { to: yesterday } = this.#tenant.ledger.window;
    const month = monthOf(yesterday);
    return periodFrom(yesterday >= firstDay(month) + BILLING_DAY - 1 ? month : month - 1);
  }

  /** The open period so far: through yesterday. */
  get openDays(): DayRange {
    return { from: this.openPeriod.from, to: this.#tenant.ledger.window.to };
  }

  /** Newest first. */
  get closedPeriods(): readonly DayRange[] {
    const open = monthOf(this.openPeriod.from);
    return Array.from({ length: CLOSED_PERIODS }, (_, n) => periodFrom(open - 1 - n));
  }

  /** By the time of use, meter by meter in the order of the resources; meters without use are left out. */
  uses(subscription: LegacyAzure, days: DayRange): readonly MeterUse[] {
    const resources = this.#utilization.resources(subscription);
    const key = `${subscription.slot}/${resources.length}/${days.from}/${days.to}`;
    let uses = this.#uses.get(key);
    if (!uses) {
      uses = usesOf(resources, days, this.#exchange(subscription.customer.profile, days));
      this.#uses.set(key, uses);
    }
    return uses;
  }

  /** In the customer's currency, 10^-20. */
  cost(subscription: LegacyAzure, days: DayRange): bigint {
    return this.uses(subscription, days).reduce((sum, { cost }) => sum + cost, 0n);
  }

  #exchange(profile: BillingProfile, days: DayRange): bigint {
    return this.#tenant.ledger.rate(profile, monthOf(days.from));
  }

  /** What one licence costs in a period, in the customer's currency, 10^-20, on the minor unit. */
  licencePrice({ customer }: Licences, days: DayRange): bigint {
    const exact = LICENCE_PRICE * this.#exchange(customer.profile, days) * LICENCE_TO_COST;
    return roundHalfEven(exact, COST_SCALE, minorDigits(customer.currency));
  }

  /** The exchange rate of a period, 1e-4 of the customer's currency for one USD. */
  exchangeOf(subscription: LegacyAzure, days: DayRange): bigint {
    return this.#exchange(subscription.customer.profile, days);
  }

  /** Newest period first, then by currency; periods without charges have none. */
  invoices(): LegacyInvoice[] {
    return this.closedPeriods.flatMap((period, back) =>
      CURRENCIES.flatMap((currency) => {
        const charges = this.charges(currency, period);
        if (charges.length === 0) return [];
        const total = charges.reduce((sum, { amount }) => sum + amount, 0n);
        return [
          { name: this.#name(currency, period), currency, period, invoiceDay: period.to + 1, total, isPaid: back > 0 },
        ];
      }),
    );
  }

  /** Compared without case. */
  invoiceNamed(name: string): LegacyInvoice | undefined {
    return this.invoices().find((invoice) => invoice.name === name.toUpperCase());
  }

  /** The charges of an invoice: 145P by subscription and meter, then licences. */
  charges(currency: Currency, period: DayRange): LegacyCharge[] {
    return [...this.azureCharges(currency, period), ...this.licenceCharges(currency, period)];
  }

  azureCharges(currency: Currency, period: DayRange): LegacyCharge[] {
    return this.azureSubscriptions(currency).flatMap((subscription) =>
      this.uses(subscription, period).map((use) => ({
        subscription,
        use,
        amount: roundHalfEven(use.cost, COST_SCALE, minorDigits(currency)),
      })),
    );
  }

  licenceCharges(currency: Currency, period: DayRange): LegacyCharge[] {
    return this.#subscriptions
      .allLicences()
      .filter(({ customer }) => customer.currency === currency)
      .map((subscription) => ({
        subscription,
        amount: this.licencePrice(subscription, period) * BigInt(subscription.quantity),
      }));
  }

  azureSubscriptions(currency: Currency): LegacyAzure[] {
    return this.#subscriptions.allLegacy().filter(({ customer }) => customer.currency === currency);
  }

  resources(subscription: LegacyAzure): readonly MeteredResource[] {
    return this.#utilization.resources(subscription);
  }

  #name(currency: Currency, period: DayRange): string {
    const digits = hash(this.#tenant.options.seed, 0xd0, period.from, CURRENCIES.indexOf(currency));
    const place = (monthOf(period.from) * CURRENCIES.length + CURRENCIES.indexOf(currency)).toString(36).toUpperCase();
    return `D0${digits.toString(36).toUpperCase().padStart(7, '0').slice(-4)}${place.padStart(4, '0').slice(-4)}`;
  }
}

function periodFrom(month: number): DayRange {
  return { from: firstDay(month) + BILLING_DAY - 1, to: lastDay(month) + BILLING_DAY - 1 };
}

function usesOf(resources: readonly MeteredResource[], days: DayRange, exchange: bigint): MeterUse[] {
  const units = new Map<LegacyMeter, bigint>();
  for (const resource of resources) {
    const used = unitsOfDays(resource, days);
    if (used > 0) units.set(resource.meter, (units.get(resource.meter) ?? 0n) + BigInt(used));
  }
  return [...units].map(([meter, sum]) => ({ meter, units: sum, cost: sum * meter.price * exchange }));
}

/** Millionths of a unit over whole days, by time of use. */
export function unitsOfDays(resource: MeteredResource, days: DayRange): number {
  let units = 0;
  for (let hour = days.from * HOURS_PER_DAY; hour < (days.to + 1) * HOURS_PER_DAY; hour++) {
    if (isUsedIn(resource, hour)) units += hourQuantity(resource, hour);
  }
  return units;
}

/**
 * A boundary of a legacy billing period as spending records write it: Pacific time without its summer, which is how periods are
 * named; the days behind it are UTC.
 */
export function pacificMidnight(day: number): string {
  return `${isoDay(day)}T00:00:00-07:00`;
}
