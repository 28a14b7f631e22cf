import { dayOf, day as dayOfText, isoDay } from '../calendar.ts';
import type { Customer } from '../directory.ts';
import { guid, hash } from '../hash.ts';
import { Products } from '../products.ts';
import type { Tenant } from '../tenant.ts';
import type { PartnerCustomer, PartnerCustomers } from './customers.ts';
import { subscriptionNotFound } from './errors.ts';
import { PARTNER_STORIES } from './stories.ts';

interface Common {
  readonly customer: PartnerCustomer;
  /** For 145P the Commerce id, for Azure plans the plan's. */
  readonly id: string;
  readonly offerId: string;
  readonly offerName: string;
  readonly status: 'active' | 'suspended' | 'deleted';
  readonly quantity: number;
  readonly createdDay: number;
}

/** A container of Azure subscriptions; its id is the product of the ARM side. */
export interface AzurePlan extends Common {
  readonly kind: 'azurePlan';
}

/** A legacy Azure subscription, MS-AZR-0145P. */
export interface LegacyAzure extends Common {
  readonly kind: 'legacyAzure';
  /** Position among all 145P subscriptions. */
  readonly slot: number;
  /** The Azure subscription id, never the Commerce id. */
  readonly entitlementId: string;
  /** Whether it came from another partner, so that its Azure subscription id is unknown to this one. */
  readonly transferred: boolean;
  /** Days of use, inclusive. */
  readonly firstUse: number;
  readonly lastUse: number;
}

/** Everything else: licences and Marketplace plans. */
export interface Licences extends Common {
  readonly kind: 'licences';
  readonly isMicrosoftProduct: boolean;
}

type PartnerSubscription = AzurePlan | LegacyAzure | Licences;

/** The location id of the sample's partner in the partner programme. */
export const PARTNER_MPN_ID = '4390934';

const LEGACY_OFFER = 'MS-AZR-0145P';
const PLAN_OFFER = 'DZH318Z0BPS6:0001:DZH318Z0BML6';
const LICENCE_OFFERS = [
  { id: '0F0C7A21-6D5B-4C7B-9E46-31B7E2C4A915', name: 'Office productivity (plan 2)', seats: 40 },
  { id: 'B7C1E53A-2F64-4B1D-8E0C-5A9D3F7164E2', name: 'Mailbox archive add-on', seats: 15 },
] as const;
const NEVER = dayOfText('9999-12-10');

/** Subscriptions of all customers, made when asked for. */
export class PartnerSubscriptions {
  readonly customers: PartnerCustomers;
  readonly #products: Products;
  readonly #commerceFamily: number;
  readonly #entitlementFamily: number;
  readonly #licenceFamily: number;

  constructor(customers: PartnerCustomers) {
    this.customers = customers;
    const { seed } = customers.tenant.options;
    this.#products = new Products(customers.tenant);
    this.#commerceFamily = hash(seed, 0x145c);
    this.#entitlementFamily = hash(seed, 0x145e);
    this.#licenceFamily = hash(seed, 0x11ce);
  }

  /** The id of a customer's Azure plan, which is its product on the ARM side. */
  planId(customer: Customer): string {
    return this.#products.planName(customer);
  }

  get #tenant(): Tenant {
    return this.customers.tenant;
  }

  /** The customer's Azure plan if it has one, then 145P subscriptions, then everything else. */
  of(customer: PartnerCustomer): PartnerSubscription[] {
    const plan = this.plan(customer);
    return [
      ...(plan ? [plan] : []),
      ...this.legacyOf(customer),
      ...this.licencesOf(customer),
      ...this.#marketplace(customer),
    ];
  }

  /** By id, compared without case; throws a refusal for one that is not the customer's. */
  named(customer: PartnerCustomer, id: string): PartnerSubscription {
    const found = this.of(customer).find((subscription) => subscription.id.toLowerCase() === id.toLowerCase());
    if (!found) throw subscriptionNotFound(id);
    return found;
  }

  /** Whether the customer has an Azure plan: what `plan` answers, without making it. */
  hasPlan({ modern }: PartnerCustomer): boolean {
    return modern !== undefined && this.#tenant.directory.subscriptionCount(modern.index) > 0;
  }

  plan(customer: PartnerCustomer): AzurePlan | undefined {
    const { modern } = customer;
    if (!modern || !this.hasPlan(customer)) return undefined;
    const id = this.#products.planName(modern);
    const bought = this.#products.named(id)?.purchaseDay ?? 0;
    return {
      kind: 'azurePlan',
      customer,
      id,
      offerId: PLAN_OFFER,
      offerName: 'Azure plan',
      status: 'active',
      quantity: 1,
      createdDay: bought,
    };
  }

  /** A 145P subscription by its Commerce id, or by its Azure subscription id unless it was transferred. */
  legacyNamed(customer: PartnerCustomer, id: string): LegacyAzure | undefined {
    const wanted = id.toLowerCase();
    return this.legacyOf(customer).find(
      (s) => s.id.toLowerCase() === wanted || (!s.transferred && s.entitlementId.toLowerCase() === wanted),
    );
  }

  legacyOf(customer: PartnerCustomer): LegacyAzure[] {
    const { legacy, mixed, transferred, yen, firstUse } = PARTNER_STORIES;
    const { directory } = this.#tenant;
    const { modern, position } = customer;
    const from = dayOfText(firstUse);
    if (modern && directory.isStory(modern.index, legacy.customer)) {
      return [this.#legacy(customer, 0, { firstUse: from, lastUse: NEVER })];
    }
    if (modern && directory.isStory(modern.index, mixed.customer)) {
      const lastUse = (this.plan(customer)?.createdDay ?? from) - 1;
      const entitlementId = directory.subscription(modern, 0).name;
      return [this.#legacy(customer, 1, { firstUse: from, lastUse, entitlementId, ended: 'deleted' })];
    }
    const own = position - this.#tenant.customerCount;
    if (own === transferred.own) {
      return [
        this.#legacy(customer, 2, { firstUse: dayOfText(transferred.firstUse), lastUse: NEVER, transferred: true }),
      ];
    }
    if (own !== yen.own) return [];
    const lastUse = dayOfText(yen.suspendedLastUse);
    return [
      this.#legacy(customer, 3, { firstUse: from, lastUse: NEVER }),
      this.#legacy(customer, 4, { firstUse: from, lastUse, ended: 'suspended' }),
    ];
  }

  /** Every 145P subscription of the partner, by customer. */
  allLegacy(): LegacyAzure[] {
    return this.#storyCustomers().flatMap((customer) => this.legacyOf(customer));
  }

  /** Every licence subscription of the partner that Microsoft invoices. */
  allLicences(): Licences[] {
    return this.#storyCustomers().flatMap((customer) => this.licencesOf(customer));
  }

  licencesOf(customer: PartnerCustomer): Licences[] {
    const { licencesOnly, mixed } = PARTNER_STORIES;
    const { modern, position } = customer;
    const isMixed = modern !== undefined && this.#tenant.directory.isStory(modern.index, mixed.customer);
    const only = position - this.#tenant.customerCount === licencesOnly.own;
    if (!isMixed && !only) return [];
    return LICENCE_OFFERS.slice(0, only ? 2 : 1).map(
      ({ id, name, seats }, n): Licences => ({
        kind: 'licences',
        customer,
        id: guid(this.#licenceFamily, (only ? 8 : 0) + n),
        offerId: id,
        offerName: name,
        status: 'active',
        quantity: seats,
        createdDay: dayOfText('2023-04-03') + n,
        isMicrosoftProduct: true,
      }),
    );
  }

  #marketplace(customer: PartnerCustomer): Licences[] {
    const { purchases } = this.#tenant;
    if (!customer.modern) return [];
    return purchases
      .ofCustomer(customer.modern)
      .filter(({ offer }) => offer.kind === 'marketplace')
      .map((purchase) => ({
        kind: 'licences',
        customer,
        id: purchase.name,
        offerId: `${purchase.offer.productTypeId}:${purchase.offer.skuId}:DZH318Z0MKTA`,
        offerName: purchase.offer.displayName,
        status: 'active',
        quantity: purchase.quantity,
        createdDay: purchases.term(purchase).from,
        isMicrosoftProduct: false,
      }));
  }

  #legacy(
    customer: PartnerCustomer,
    slot: number,
    facts: {
      firstUse: number;
      lastUse: number;
      entitlementId?: string;
      transferred?: boolean;
      ended?: 'deleted' | 'suspended';
    },
  ): LegacyAzure {
    const { firstUse, lastUse, transferred = false } = facts;
    const today = dayOf(this.#tenant.options.now);
    return {
      kind: 'legacyAzure',
      customer,
      slot,
      // Published 145P ids are in capital letters; ids of utilization links are not.
      id: guid(this.#commerceFamily, slot).toUpperCase(),
      entitlementId: facts.entitlementId ?? guid(this.#entitlementFamily, slot).toUpperCase(),
      offerId: LEGACY_OFFER,
      offerName: 'Microsoft Azure',
      status: facts.ended && today > lastUse ? facts.ended : 'active',
      quantity: 1,
      createdDay: firstUse,
      transferred,
      firstUse,
      lastUse,
    };
  }

  /** Customers who may have 145P or licences; a small tenant lacks some. */
  #storyCustomers(): PartnerCustomer[] {
    const { legacy, mixed, own } = PARTNER_STORIES;
    const { directory, customerCount } = this.#tenant;
    const modern = [legacy.customer, mixed.customer].filter((c) => c < customerCount && directory.isStory(c, c));
    return [...modern.map((index) => this.customers.at(index)), ...own.map((_, place) => this.customers.own(place))];
  }
}

/** A subscription; `link` writes links of paths below the version. */
export function projectSubscription(subscription: PartnerSubscription, link: (path: string) => unknown): object {
  const { customer, id, offerId, offerName, status, quantity, createdDay, kind } = subscription;
  const start = `${isoDay(createdDay)}T00:00:00Z`;
  const legacy = kind === 'legacyAzure';
  const version = status === 'active' ? 1 : 2;
  return {
    id,
    offerId,
    ...(legacy ? { entitlementId: subscription.entitlementId } : {}),
    offerName,
    friendlyName: offerName,
    ...(kind === 'licences' && !subscription.isMicrosoftProduct
      ? { productType: { id: 'SaaS', displayName: 'SaaS' }, publisherName: 'Northlode' }
      : {}),
    ...(kind === 'azurePlan' ? { productType: { id: 'Azure', displayName: 'Azure' } } : {}),
    quantity,
    unitType: kind === 'licences' ? 'Licenses' : 'Usage-based',
    hasPurchasableAddons: false,
    creationDate: `${start.slice(0, 11)}07:30:05.427Z`,
    effectiveStartDate: start,
    commitmentEndDate: kind === 'licences' ? `${isoDay(createdDay + 365)}T00:00:00Z` : '9999-12-10T00:00:00Z',
    status,
    ...(status === 'suspended' ? { suspensionReasons: ['UserInitiated'] } : {}),
    autoRenewEnabled: kind === 'licences',
    isTrial: false,
    isMicrosoftProduct: kind !== 'licences' || subscription.isMicrosoftProduct,
    billingType: kind === 'licences' ? 'license' : 'usage',
    billingCycle: 'monthly',
    ...(kind === 'licences' ? { termDuration: 'P1Y' } : {}),
    ...(kind === 'licences' ? { partnerId: PARTNER_MPN_ID } : {}),
    contractType: 'subscription',
    links: {
      offer: link(`offers/${offerId}?country=US`),
      self: link(`customers/${customer.id}/subscriptions/${id}`),
    },
    orderId: orderOf(subscription),
    attributes: {
      etag: Buffer.from(JSON.stringify({ id: id.toLowerCase(), version })).toString('base64'),
      objectType: 'Subscription',
    },
  };
}

/** The order that a subscription came with. */
export function orderOf({ id }: PartnerSubscription): string {
  return guid(hash(0x0d3, ...Buffer.from(id)), 0);
}
