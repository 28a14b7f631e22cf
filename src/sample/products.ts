import { day, firstDay, lastDay } from './calendar.ts';
import { minorDigits } from './currencies.ts';
import { COST_SCALE, roundHalfEven } from './decimal.ts';
import type { BillingAccount, BillingProfile, Customer } from './directory.ts';
import { guid, guidIndex, hash } from './hash.ts';
import type { Purchase } from './purchases.ts';
import type { Tenant } from './tenant.ts';

/** What a product says, before a version gives it a shape. */
export interface Product {
  readonly name: string;
  readonly profile: BillingProfile;
  /** Undefined for what the partner bought for itself. */
  readonly customer: Customer | undefined;
  readonly displayName: string;
  readonly productType: string;
  readonly productTypeId: string;
  readonly skuId: string;
  readonly skuDescription: string;
  readonly frequency: 'OneTime' | 'Monthly' | 'UsageBased';
  readonly quantity: number;
  readonly purchaseDay: number;
  /** The first day after the term; undefined without a term. */
  readonly endDay: number | undefined;
  readonly lastChargeDay: number;
  /** In the billing currency, 10^-20. */
  readonly lastCharge: bigint;
}

/** A place in the lists of products: an Azure plan (slot -1) or the purchase in a slot; no customer for the partner's own. */
export interface ProductPosition {
  readonly profile: BillingProfile;
  readonly customer: number | undefined;
  readonly slot: number;
}

const FIRST_PLAN_DAY = day('2021-02-03');
const PLAN_SLOT = -1;
const PARTNER_SLOT = -2;

/** Products of the tenant: the Azure plan of every customer with subscriptions, and all purchases. */
export class Products {
  readonly #tenant: Tenant;
  readonly #planFamily: number;

  constructor(tenant: Tenant) {
    this.#tenant = tenant;
    // The same name is the product order of usage details.
    this.#planFamily = hash(tenant.options.seed, 0x0d);
  }

  /** Customers by position, Azure plan first; then what the partner bought through the profiles. */
  ofOwner(owner: BillingAccount | BillingProfile): ProductPosition[] {
    const { directory } = this.#tenant;
    const customers = directory.customerIndices(owner);
    const positions: ProductPosition[] = [];
    for (let i = 0; i < customers.length; i++) positions.push(...this.#ofIndex(customers.at(i)));
    const profiles = 'profiles' in owner ? owner.profiles : [owner];
    return [...positions, ...profiles.map((profile) => this.ofPartner(profile))];
  }

  ofCustomer(customer: Customer): ProductPosition[] {
    return this.#ofIndex(customer.index);
  }

  ofPartner(profile: BillingProfile): ProductPosition {
    return { profile, customer: undefined, slot: PARTNER_SLOT };
  }

  /** By name, compared without case. */
  named(name: string): Product | undefined {
    const { directory, purchases } = this.#tenant;
    const index = guidIndex(this.#planFamily, name);
    if (index !== undefined) {
      const known = index < directory.customerCount && directory.subscriptionCount(index) > 0;
      return known ? this.#plan(directory.customer(index)) : undefined;
    }
    const purchase = purchases.named(name);
    return purchase && this.#purchase(purchase);
  }

  at({ profile, customer: index, slot }: ProductPosition): Product {
    const { directory, purchases } = this.#tenant;
    if (index === undefined) return this.#purchase(purchases.ofPartner(profile));
    const customer = directory.customer(index);
    if (slot === PLAN_SLOT) return this.#plan(customer);
    return this.#purchase(purchases.ofSlot(customer, slot));
  }

  /** The name of a customer's Azure plan. */
  planName(customer: Customer): string {
    return guid(this.#planFamily, customer.index);
  }

  #ofIndex(index: number): ProductPosition[] {
    const { directory, purchases } = this.#tenant;
    if (directory.subscriptionCount(index) === 0) return [];
    const profile = directory.profileOf(index);
    return [PLAN_SLOT, ...purchases.slots(index)].map((slot) => ({ profile, customer: index, slot }));
  }

  #plan(customer: Customer): Product {
    const { ledger } = this.#tenant;
    const { profile } = customer;
    const month = ledger.openMonth - 1;
    const days = { from: firstDay(month), to: lastDay(month) };
    const { cost } = ledger.sumOfLines(profile, ledger.linesOfCustomer(customer.index), days);
    return {
      name: this.planName(customer),
      profile,
      customer,
      displayName: 'Azure plan',
      productType: 'Azure plan',
      productTypeId: 'DZH318Z0BPS6',
      skuId: '0001',
      skuDescription: 'Microsoft Azure Plan',
      frequency: 'UsageBased',
      quantity: 1,
      purchaseDay: FIRST_PLAN_DAY + (hash(this.#planFamily, customer.index) % 600),
      endDay: undefined,
      lastChargeDay: days.to,
      lastCharge: roundHalfEven(cost, COST_SCALE, minorDigits(profile.currency)),
    };
  }

  #purchase(purchase: Purchase): Product {
    const { purchases } = this.#tenant;
    const { offer, name, profile, customer, quantity } = purchase;
    const term = purchases.term(purchase);
    const charge = purchases.lastCharge(purchase);
    return {
      name,
      profile,
      customer,
      displayName: offer.displayName,
      productType: offer.productType,
      productTypeId: offer.productTypeId,
      skuId: offer.skuId,
      skuDescription: offer.skuDescription,
      frequency: offer.frequency,
      quantity,
      purchaseDay: term.from,
      endDay: term.to,
      lastChargeDay: charge.day,
      lastCharge: purchases.amount(charge),
    };
  }
}
