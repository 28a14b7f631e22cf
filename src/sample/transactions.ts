import { type DayRange, firstDay, lastDay, monthOf } from './calendar.ts';
import { COST_SCALE, PRICE_SCALE, QUANTITY_SCALE } from './decimal.ts';
import type { BillingProfile, BillingSubscription, Customer } from './directory.ts';
import { guid, hash } from './hash.ts';
import type { Invoice } from './invoices.ts';
import type { LineRange } from './ledger.ts';
import type { PurchaseCharge } from './purchases.ts';
import type { Tenant } from './tenant.ts';
import type { UsageLine } from './usageLines.ts';

/**
 * A line of an invoice. Usage has one transaction for each usage line (a resource on a meter) and month, and one rounding
 * transaction for each invoice; a purchase has one for each of its charges. So the transactions of an invoice add up to
 * it exactly, and those of a customer to its usage and purchases.
 */
export type Transaction =
  | { readonly kind: 'usage'; readonly line: UsageLine; readonly month: number }
  | { readonly kind: 'rounding'; readonly profile: BillingProfile; readonly month: number }
  | { readonly kind: 'purchase'; readonly charge: PurchaseCharge; readonly month: number };

/** Whose transactions: all of a billing profile, those of a customer, or (`own`) those that belong to no customer. */
export interface TransactionOwner {
  readonly profile: BillingProfile;
  readonly customer?: Customer;
  readonly own?: boolean;
}

/** What a transaction says, before a version gives it a shape. */
export interface TransactionFacts {
  readonly name: string;
  readonly profile: BillingProfile;
  readonly customer: Customer | undefined;
  readonly subscription: BillingSubscription | undefined;
  /** Undefined while it is pending. */
  readonly invoice: Invoice | undefined;
  readonly isReservation: boolean;
  readonly type: string;
  readonly family: string;
  readonly productType: string;
  readonly productTypeId: string;
  readonly description: string;
  readonly day: number;
  readonly service: DayRange;
  /** In the billing currency, 10^-20. Units × effective price × exchange rate, for purchases rounded on the minor unit. */
  readonly amount: bigint;
  readonly quantity: number;
  /** 10^-6. */
  readonly units: bigint;
  readonly unit: string;
  readonly pricingCurrency: string;
  /** In the pricing currency, 10^-20. */
  readonly price: bigint;
  readonly marketPrice: bigint;
  /** 10^-4. */
  readonly rate: bigint;
  readonly discount: number;
}

const PRICE_TO_COST = 10n ** BigInt(COST_SCALE - PRICE_SCALE);
const ONE_UNIT = 10n ** BigInt(QUANTITY_SCALE);

/** Transactions of the tenant, made when asked for. */
export class Transactions {
  readonly #tenant: Tenant;

  constructor(tenant: Tenant) {
    this.#tenant = tenant;
  }

  /** Newest month first; inside it by profile: usage in the tenant's order, the rounding, then purchases. */
  of(owners: readonly TransactionOwner[], period: DayRange): Transaction[] {
    const { ledger } = this.#tenant;
    const { window } = ledger;
    const result: Transaction[] = [];
    const newest = monthOf(Math.min(period.to, window.to));
    for (let month = newest; month >= monthOf(window.from) && lastDay(month) >= period.from; month--) {
      for (const owner of owners) {
        const all = [...this.#usage(owner, month), ...this.#purchases(owner, month)];
        for (const transaction of all) {
          const day = this.day(transaction);
          if (day >= period.from && day <= period.to) result.push(transaction);
        }
      }
    }
    return result;
  }

  ofInvoice({ profile, month, isMonthly }: Invoice): Transaction[] {
    return isMonthly ? this.#usage({ profile }, month) : this.#purchases({ profile }, month);
  }

  /** Whether it is in the open month. */
  isPending({ month }: Transaction): boolean {
    return !this.#tenant.ledger.isClosed(month);
  }

  /** Usage is dated on the last day that its month has, a purchase on its day. */
  day(transaction: Transaction): number {
    return transaction.kind === 'purchase' ? transaction.charge.day : this.#days(transaction.month).to;
  }

  name(transaction: Transaction): string {
    const { seed } = this.#tenant.options;
    const { month } = transaction;
    switch (transaction.kind) {
      case 'usage':
        return guid(hash(seed, 0x7a1, month), transaction.line.ordinal);
      case 'rounding':
        return guid(hash(seed, 0x7a2, month), transaction.profile.index);
      case 'purchase':
        return guid(hash(seed, 0x7a3, month, ...Buffer.from(transaction.charge.purchase.name)), 0);
    }
  }

  facts(transaction: Transaction): TransactionFacts {
    switch (transaction.kind) {
      case 'usage':
        return this.#usageFacts(transaction, transaction.line);
      case 'rounding':
        return this.#roundingFacts(transaction, transaction.profile);
      case 'purchase':
        return this.#purchaseFacts(transaction, transaction.charge);
    }
  }

  #days(month: number): DayRange {
    return { from: firstDay(month), to: Math.min(lastDay(month), this.#tenant.ledger.window.to) };
  }

  #usage({ profile, customer, own }: TransactionOwner, month: number): Transaction[] {
    const { ledger } = this.#tenant;
    const result: Transaction[] = [];
    const range = customer ? ledger.linesOfCustomer(customer.index) : ledger.linesOfProfile(profile);
    const lines: LineRange = own ? { from: 0, to: 0 } : range;
    for (let i = lines.from; i < lines.to; i++) {
      const { rows } = ledger.sumOfLines(profile, { from: i, to: i + 1 }, this.#days(month));
      if (rows > 0) result.push({ kind: 'usage', line: ledger.line(i), month });
    }
    if (!customer && ledger.isClosed(month) && ledger.profileMonth(profile, month).rows > 0) {
      result.push({ kind: 'rounding', profile, month });
    }
    return result;
  }

  #purchases({ profile, customer, own }: TransactionOwner, month: number): Transaction[] {
    const { purchases } = this.#tenant;
    const charges = customer ? purchases.chargesOfCustomer(customer, month) : purchases.chargesOf(profile, month);
    return charges
      .filter(({ purchase }) => !own || !purchase.customer)
      .map((charge) => ({ kind: 'purchase', charge, month }));
  }

  #usageFacts(transaction: Transaction, line: UsageLine): TransactionFacts {
    const { directory, ledger } = this.#tenant;
    const { month } = transaction;
    const { meter, region } = line;
    const customer = directory.customer(line.customer);
    const { profile } = customer;
    const days = this.#days(month);
    const { cost } = ledger.sumOfLines(profile, { from: line.ordinal, to: line.ordinal + 1 }, days);
    const rate = ledger.rate(profile, month);
    return {
      name: this.name(transaction),
      profile,
      customer,
      subscription: directory.subscription(customer, line.subscription),
      invoice: this.#tenant.invoiceOf(profile, month),
      isReservation: false,
      type: 'Usage Charge',
      family: meter.serviceFamily,
      productType: meter.category,
      productTypeId: `DZH318Z0${hash(0x3e7e3, ...Buffer.from(meter.category))
        .toString(36)
        .toUpperCase()
        .padStart(8, '0')
        .slice(-4)}`,
      description: `${meter.category} - ${meter.name} - ${region.displayName}`,
      day: days.to,
      service: days,
      amount: cost,
      quantity: 1,
      units: cost / (line.price * rate),
      unit: meter.unit,
      pricingCurrency: 'USD',
      price: line.price * PRICE_TO_COST,
      marketPrice: line.marketPrice * PRICE_TO_COST,
      rate,
      discount: line.earnsCredit ? 0.15 : 0,
    };
  }

  // Priced in the billing currency itself, as the rounding row of usage details is.
  #roundingFacts(transaction: Transaction, profile: BillingProfile): TransactionFacts {
    const { month } = transaction;
    const days = this.#days(month);
    const { rounding } = this.#tenant.ledger.profileMonth(profile, month);
    return {
      name: this.name(transaction),
      profile,
      customer: undefined,
      subscription: undefined,
      invoice: this.#tenant.invoiceOf(profile, month),
      isReservation: false,
      type: 'Rounding Adjustment',
      family: '',
      productType: '',
      productTypeId: '',
      description: 'Rounding adjustment',
      day: days.to,
      service: days,
      amount: rounding,
      quantity: 1,
      units: ONE_UNIT,
      unit: '1',
      pricingCurrency: profile.currency,
      price: rounding,
      marketPrice: rounding,
      rate: 10_000n,
      discount: 0,
    };
  }

  #purchaseFacts(transaction: Transaction, charge: PurchaseCharge): TransactionFacts {
    const { purchases, ledger } = this.#tenant;
    const { purchase, day } = charge;
    const { offer, profile, customer, quantity } = purchase;
    const { month } = transaction;
    const end = offer.frequency === 'Monthly' ? firstDay(month + 1) : firstDay(month + 12 * offer.years);
    return {
      name: this.name(transaction),
      profile,
      customer,
      subscription: undefined,
      invoice: purchases.invoiceOf(profile, month),
      isReservation: offer.kind === 'reservation',
      type: 'Purchase',
      family: offer.family,
      productType: offer.productType,
      productTypeId: offer.productTypeId,
      description: offer.displayName,
      day,
      service: { from: day, to: end + purchase.dayOfMonth - 1 },
      amount: purchases.amount(charge),
      quantity,
      units: BigInt(quantity) * ONE_UNIT,
      unit: offer.unit,
      pricingCurrency: 'USD',
      price: offer.price * PRICE_TO_COST,
      marketPrice: offer.price * PRICE_TO_COST,
      rate: ledger.rate(profile, month),
      discount: 0,
    };
  }
}
