import { firstDay, monthOf } from './calendar.ts';
import { minorDigits } from './currencies.ts';
import { COST_SCALE, decimalUnits, PRICE_SCALE, RATE_SCALE, roundHalfEven } from './decimal.ts';
import type { BillingProfile, Customer } from './directory.ts';
import { guid, guidIndex, hash } from './hash.ts';
import { type Invoice, invoiceName, termsOf } from './invoices.ts';
import type { Tenant } from './tenant.ts';

/** What kind of thing was bought; the texts are those of products and transactions. */
export interface Offer {
  readonly kind: 'reservation' | 'marketplace' | 'support';
  readonly displayName: string;
  readonly family: string;
  readonly productType: string;
  readonly productTypeId: string;
  readonly skuId: string;
  readonly skuDescription: string;
  readonly unit: string;
  /** USD a piece and charge, in 1e-10. */
  readonly price: bigint;
  readonly frequency: 'OneTime' | 'Monthly';
  readonly years: 1 | 3;
}

/** Something that a customer, or the partner itself, bought: a reservation, a Marketplace plan or a support plan. */
export interface Purchase {
  readonly offer: Offer;
  /** A GUID; also the name of the product. */
  readonly name: string;
  /** Undefined for what the partner bought for itself. */
  readonly customer: Customer | undefined;
  readonly profile: BillingProfile;
  readonly quantity: number;
  /** Which month of a term's months is its first, and which day of a month has the charge (from 0). */
  readonly phase: number;
  readonly dayOfMonth: number;
}

const offer = (o: Omit<Offer, 'price'> & { price: string }): Offer => ({
  ...o,
  price: decimalUnits(o.price, PRICE_SCALE),
});

/** What customers buy, by slot: the customer has slot n when its position is a multiple of `every`. */
const OFFERS: ReadonlyArray<{ readonly every: number; readonly offer: Offer }> = [
  {
    every: 2,
    offer: offer({
      kind: 'reservation',
      displayName: 'Reserved VM Instance, Standard_D2s_v5, US East, 1 Year',
      family: 'Compute',
      productType: 'Reserved VM Instance',
      productTypeId: 'DZH318Z08NRP',
      skuId: '0037',
      skuDescription: 'Reserved VM Instance, Standard_D2s_v5',
      unit: '1 Year',
      price: '496.14',
      frequency: 'OneTime',
      years: 1,
    }),
  },
  {
    every: 3,
    offer: offer({
      kind: 'marketplace',
      displayName: 'Northlode Log Search - Team plan',
      family: 'SaaS',
      productType: 'SaaS Subscription',
      productTypeId: 'DZH318Z0MKTP',
      skuId: '000M',
      skuDescription: 'Northlode Log Search - Team plan',
      unit: '1/Month',
      price: '129.95',
      frequency: 'Monthly',
      years: 1,
    }),
  },
  {
    every: 5,
    offer: offer({
      kind: 'reservation',
      displayName: 'SQL Database vCore reservation, General Purpose, EU West, 3 Years',
      family: 'Databases',
      productType: 'SQL Database Reserved vCore',
      productTypeId: 'DZH318Z08SQL',
      skuId: '0015',
      skuDescription: 'SQL Database, General Purpose, reserved vCore',
      unit: '1/Month',
      price: '61.0937',
      frequency: 'Monthly',
      years: 3,
    }),
  },
];

/** The reservations among them. */
export const RESERVATION_OFFERS: readonly Offer[] = OFFERS.flatMap(({ offer: bought }) =>
  bought.kind === 'reservation' ? [bought] : [],
);

const SUPPORT = offer({
  kind: 'support',
  displayName: 'Support plan for partners',
  family: 'Support',
  productType: 'Azure Support',
  productTypeId: 'DZH318Z0SUPP',
  skuId: '0001',
  skuDescription: 'Support plan for partners',
  unit: '1/Month',
  price: '1000',
  frequency: 'Monthly',
  years: 1,
});

// Keeps lists of a huge tenant cheap: a month's charges visit every customer who may have bought something.
const MOST_BUYERS = 2_000;

/** The charge of a purchase on a day. */
export interface PurchaseCharge {
  readonly purchase: Purchase;
  readonly day: number;
}

/**
 * Purchases of the tenant. They are not usage: no usage row, truth or monthly invoice knows them. The charges of a
 * billing profile and month have an invoice of their own beside the monthly one (T and nine digits, isMonthlyInvoice
 * false), on which their transactions stand. It is found by its name; lists of invoices show the monthly ones, whose
 * totals are the usage. Charges of the open month are pending like its usage.
 */
export class Purchases {
  readonly #tenant: Tenant;
  readonly #family: number;
  readonly #partnerFamily: number;
  readonly #invoices = new Map<string, { profile: BillingProfile; month: number }>();

  constructor(tenant: Tenant) {
    this.#tenant = tenant;
    this.#family = hash(tenant.options.seed, 0x9c);
    this.#partnerFamily = hash(tenant.options.seed, 0x9d);
    const { ledger, directory } = tenant;
    for (const profile of directory.profiles) {
      for (let month = ledger.openMonth - 1; ledger.isClosed(month); month--) {
        this.#invoices.set(this.#invoiceName(profile, month), { profile, month });
      }
    }
  }

  /** The slots that a customer (a position among all) has bought, ascending. Who has no subscriptions buys nothing. */
  slots(customer: number): number[] {
    if (customer >= MOST_BUYERS || this.#tenant.directory.subscriptionCount(customer) === 0) return [];
    return OFFERS.flatMap(({ every }, slot) => (customer % every === 0 ? [slot] : []));
  }

  ofCustomer(customer: Customer): Purchase[] {
    return this.slots(customer.index).map((slot) => this.ofSlot(customer, slot));
  }

  /** One of the customer's slots. */
  ofSlot(customer: Customer, slot: number): Purchase {
    const bought = OFFERS[slot]?.offer;
    if (!bought) throw new RangeError(`no offer ${slot}`);
    const chance = hash(this.#family, customer.index, slot);
    return {
      offer: bought,
      name: guid(this.#family, customer.index * OFFERS.length + slot),
      customer,
      profile: customer.profile,
      quantity: 1 + (chance % 4),
      phase: (chance >>> 4) % (12 * bought.years),
      dayOfMonth: (chance >>> 12) % 28,
    };
  }

  /** What the partner bought for itself, through a billing profile. */
  ofPartner(profile: BillingProfile): Purchase {
    return {
      offer: SUPPORT,
      name: guid(this.#partnerFamily, profile.index),
      customer: undefined,
      profile,
      quantity: 1,
      phase: profile.index,
      dayOfMonth: 2,
    };
  }

  /** By the product's name, compared without case. */
  named(name: string): Purchase | undefined {
    const own = guidIndex(this.#partnerFamily, name);
    const profile = own === undefined ? undefined : this.#tenant.directory.profiles[own];
    if (profile) return this.ofPartner(profile);
    const position = guidIndex(this.#family, name);
    if (position === undefined) return undefined;
    const index = Math.floor(position / OFFERS.length);
    const slot = position % OFFERS.length;
    if (index >= this.#tenant.customerCount || !this.slots(index).includes(slot)) return undefined;
    return this.ofSlot(this.#tenant.directory.customer(index), slot);
  }

  /** Charges of one month within the tenant's window: of customers by position, then the partner's own. */
  chargesOf(profile: BillingProfile, month: number): PurchaseCharge[] {
    const { directory } = this.#tenant;
    const charges: PurchaseCharge[] = [];
    const customers = directory.customerIndices(profile);
    for (let position = 0; position < customers.length && customers.at(position) < MOST_BUYERS; position++) {
      const index = customers.at(position);
      if (this.slots(index).length === 0) continue;
      for (const purchase of this.ofCustomer(directory.customer(index))) charges.push(...this.#charge(purchase, month));
    }
    return [...charges, ...this.#charge(this.ofPartner(profile), month)];
  }

  chargesOfCustomer(customer: Customer, month: number): PurchaseCharge[] {
    return this.ofCustomer(customer).flatMap((purchase) => this.#charge(purchase, month));
  }

  /** In the billing currency, in units of 10^-20, rounded half to even on the minor unit. */
  amount({ purchase, day }: PurchaseCharge): bigint {
    const rate = this.#tenant.ledger.rate(purchase.profile, monthOf(day));
    const scale = 10n ** BigInt(COST_SCALE - PRICE_SCALE - RATE_SCALE);
    const exact = BigInt(purchase.quantity) * purchase.offer.price * rate * scale;
    return roundHalfEven(exact, COST_SCALE, minorDigits(purchase.profile.currency));
  }

  /** First day of the term that is running, and the first day after it. */
  term({ offer: { years }, phase, dayOfMonth }: Purchase): { from: number; to: number } {
    const months = 12 * years;
    const { to: yesterday } = this.#tenant.ledger.window;
    let month = monthOf(yesterday);
    month -= (((month - phase) % months) + months) % months;
    if (firstDay(month) + dayOfMonth > yesterday) month -= months;
    return { from: firstDay(month) + dayOfMonth, to: firstDay(month + months) + dayOfMonth };
  }

  /** The newest charge. */
  lastCharge(purchase: Purchase): PurchaseCharge {
    const { from } = this.term(purchase);
    if (purchase.offer.frequency === 'OneTime') return { purchase, day: from };
    const { to: yesterday } = this.#tenant.ledger.window;
    const day = firstDay(monthOf(yesterday)) + purchase.dayOfMonth;
    return { purchase, day: day > yesterday ? firstDay(monthOf(yesterday) - 1) + purchase.dayOfMonth : day };
  }

  /** The invoice of a profile's purchases in a closed month; undefined in a month without. */
  invoiceOf(profile: BillingProfile, month: number): Invoice | undefined {
    const { ledger } = this.#tenant;
    const charges = ledger.isClosed(month) ? this.chargesOf(profile, month) : [];
    if (charges.length === 0) return undefined;
    const total = charges.reduce((sum, charge) => sum + this.amount(charge), 0n);
    const status = month === ledger.openMonth - 1 ? 'Due' : 'Paid';
    return {
      name: this.#invoiceName(profile, month),
      isMonthly: false,
      profile,
      ...termsOf(month, total, status),
    };
  }

  /** Compared without case. */
  invoiceNamed(name: string): Invoice | undefined {
    const found = this.#invoices.get(name.toUpperCase());
    return found && this.invoiceOf(found.profile, found.month);
  }

  #invoiceName(profile: BillingProfile, month: number): string {
    return invoiceName('T', hash(this.#tenant.options.seed, 0x15), profile, month);
  }

  #charge(purchase: Purchase, month: number): PurchaseCharge[] {
    const { window } = this.#tenant.ledger;
    const day = firstDay(month) + purchase.dayOfMonth;
    const due = purchase.offer.frequency === 'Monthly' || (month - purchase.phase) % (12 * purchase.offer.years) === 0;
    return due && day >= window.from && day <= window.to ? [{ purchase, day }] : [];
  }
}
