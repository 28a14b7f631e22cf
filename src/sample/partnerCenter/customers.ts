import type { Currency } from '../currencies.ts';
import type { BillingProfile, Customer } from '../directory.ts';
import { guid, guidIndex, hash } from '../hash.ts';
import type { Tenant } from '../tenant.ts';
import { CURRENCY_LOCALES } from './currencyLocale.ts';
import { refused } from './errors.ts';
import { PARTNER_STORIES } from './stories.ts';

/** A customer as Partner Center knows it. */
export interface PartnerCustomer {
  /** Position in the list. */
  readonly position: number;
  /** The customer's tenant id, the name of the same customer on the ARM side. */
  readonly id: string;
  readonly displayName: string;
  readonly domain: string;
  readonly currency: Currency;
  /** The billing profile whose currency and exchange rates apply. */
  readonly profile: BillingProfile;
  /** The same customer on the ARM side; undefined for one that bought nothing through the Microsoft Partner Agreement. */
  readonly modern: Customer | undefined;
}

/** Customers of the partner: those of both billing accounts, then those that only Partner Center knows. */
export class PartnerCustomers {
  readonly tenant: Tenant;
  readonly #ownFamily: number;
  readonly #foreignFamily: number;
  readonly #byId = new Map<string, number>();

  constructor(tenant: Tenant) {
    this.tenant = tenant;
    const { seed } = tenant.options;
    this.#ownFamily = hash(seed, 0x9c57);
    this.#foreignFamily = hash(seed, 0x0f0e);
    PARTNER_STORIES.own.forEach((_, own) => {
      this.#byId.set(guid(this.#ownFamily, own), tenant.customerCount + own);
    });
  }

  get length(): number {
    return this.tenant.customerCount + PARTNER_STORIES.own.length;
  }

  at(position: number): PartnerCustomer {
    const { directory, customerCount } = this.tenant;
    const own = PARTNER_STORIES.own[position - customerCount];
    const modern = own ? undefined : directory.customer(position);
    const currency = own?.currency ?? modern?.profile.currency;
    const profile = modern?.profile ?? directory.profiles.find((p) => p.currency === currency);
    if (!profile) throw new RangeError(`nothing at position ${position}`);
    return {
      position,
      id: modern?.name ?? guid(this.#ownFamily, position - customerCount),
      displayName: own?.displayName ?? modern?.displayName ?? '',
      domain: this.domain(position),
      currency: profile.currency,
      profile,
      modern,
    };
  }

  displayName(position: number): string {
    const own = PARTNER_STORIES.own[position - this.tenant.customerCount];
    return own?.displayName ?? this.tenant.directory.customerName(position);
  }

  /** Latin letters and digits of the name and the position, because names alone may have none. */
  domain(position: number): string {
    const letters = this.displayName(position)
      .toLowerCase()
      .replace(/[^a-z0-9]/g, '')
      .slice(0, 20);
    return `${letters}${position}.onmicrosoft.com`;
  }

  /** By tenant id, compared without case. Throws the refusals of an id that is none, unknown, or another partner's customer. */
  named(id: string): PartnerCustomer {
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) {
      throw refused(400, 900_118, `The customer id '${id}' is not valid.`, ['customer_id']);
    }
    const position = this.#position(id);
    if (position !== undefined) return this.at(position);
    if (guidIndex(this.#foreignFamily, id) !== undefined) {
      throw refused(403, 20_002, `The partner has no commerce relationship with the customer '${id}'.`);
    }
    throw refused(404, 60_003, `The tenant '${id}' was not found.`);
  }

  /** A customer of another partner. */
  get foreignId(): string {
    return guid(this.#foreignFamily, 0);
  }

  /** The Commerce id of the customer itself. */
  commerceId({ position }: PartnerCustomer): string {
    return guid(hash(this.tenant.options.seed, 0xc0e), position);
  }

  /** A customer that the ARM side does not know, by its place in the stories. */
  own(place: number): PartnerCustomer {
    return this.at(this.tenant.customerCount + place);
  }

  #position(id: string): number | undefined {
    const own = this.#byId.get(id.toLowerCase());
    if (own !== undefined) return own;
    for (const account of this.tenant.accounts) {
      const found = this.tenant.customerNamed(account, id);
      if (found) return found.index;
    }
    return undefined;
  }
}

/** A customer in a list; by id it tells more. */
export function projectCustomer(customer: PartnerCustomer): object {
  const { id, displayName, domain } = customer;
  return {
    id,
    companyProfile: {
      tenantId: id,
      domain,
      companyName: displayName,
      attributes: { objectType: 'CustomerCompanyProfile' },
    },
    relationshipToPartner: 'reseller',
    attributes: { objectType: 'Customer' },
  };
}

/** A customer by id, with its profiles. `link` writes links of paths below the version. */
export function projectWholeCustomer(
  customers: PartnerCustomers,
  customer: PartnerCustomer,
  link: (path: string) => unknown,
): object {
  const { id, displayName, domain, currency, position } = customer;
  const { locale, country } = CURRENCY_LOCALES[currency];
  const address = {
    country,
    city: CITIES[currency],
    addressLine1: `${1 + (hash(0xadd, position) % 180)} Quay Street`,
    postalCode: String(10_000 + (hash(0xadd, position, 1) % 89_999)),
    phoneNumber: '5550100',
  };
  const email = `billing@${domain}`;
  return {
    id,
    commerceId: customers.commerceId(customer),
    companyProfile: {
      tenantId: id,
      domain,
      companyName: displayName,
      address,
      email,
      links: { self: link(`customers/${id}/profiles/company`) },
      attributes: { objectType: 'CustomerCompanyProfile' },
    },
    billingProfile: {
      id: guid(hash(customers.tenant.options.seed, 0xb111), position),
      email,
      culture: locale,
      language: locale.slice(0, 2),
      companyName: displayName,
      defaultAddress: address,
      links: { self: link(`customers/${id}/profiles/billing`) },
      attributes: {
        etag: `-${hash(0xe7a9, position)}${hash(0xe7a9, position, 1)}`,
        objectType: 'CustomerBillingProfile',
      },
    },
    relationshipToPartner: 'reseller',
    allowDelegatedAccess: true,
    customDomains: [domain],
    links: { self: link(`customers/${id}`) },
    attributes: { objectType: 'Customer' },
  };
}

const CITIES: Readonly<Record<Currency, string>> = {
  USD: 'Portland',
  EUR: 'Nantes',
  JPY: 'Kanazawa',
  KWD: 'Kuwait City',
};
