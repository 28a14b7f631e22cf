import type { Currency } from './currencies.ts';
import { guid, guidIndex, hash } from './hash.ts';
import { billingAccountName, billingProfileName, customerName, subscriptionName } from './names.ts';
import { isSubscriptionDeleted, STORIES } from './stories.ts';

/** A billing account of the Microsoft Partner Agreement. */
export interface BillingAccount {
  readonly index: number;
  /** `GUID:GUID_2019-05-31` */
  readonly name: string;
  readonly displayName: string;
  readonly organizationId: string;
  /** Customers of the account are this run of the tenant's customers. */
  readonly firstCustomer: number;
  readonly customerCount: number;
  readonly profiles: readonly BillingProfile[];
}

export interface BillingProfile {
  /** Position among all profiles of the tenant. */
  readonly index: number;
  readonly account: number;
  readonly name: string;
  readonly displayName: string;
  readonly currency: Currency;
  readonly systemId: string;
}

export interface Customer {
  /** Position among all customers of the tenant. */
  readonly index: number;
  readonly account: BillingAccount;
  readonly profile: BillingProfile;
  /** The customer's tenant id, a GUID. */
  readonly name: string;
  readonly displayName: string;
}

export interface BillingSubscription {
  /** Position among the customer's subscriptions. */
  readonly index: number;
  readonly customer: Customer;
  /** The subscription GUID; also the name of the billing subscription. */
  readonly name: string;
  readonly displayName: string;
  readonly status: 'Active' | 'Deleted';
}

interface DirectoryOptions {
  readonly seed: number;
  readonly customers: number;
  readonly now: Date;
}

/** A random-access list whose items are made when asked for. */
export interface LazyList<T> {
  readonly length: number;
  at(position: number): T;
}

/** The second account takes these many of the customers. */
const SECOND_ACCOUNT_CUSTOMERS = 3;
/** The smallest tenant in which both accounts and every currency of the main one have a customer. */
export const FEWEST_CUSTOMERS = 10;
const SUBSCRIPTION_SLOTS = 8;

// Out of twelve customers of the main account nine are billed in USD, two in EUR and one in JPY.
const PROFILE_PATTERN = [0, 0, 0, 1, 0, 0, 2, 0, 1, 0, 0, 0] as const;

/** Accounts, profiles, customers and subscriptions. Nothing per customer is kept: names and ids are functions of the index. */
export class Directory {
  readonly accounts: readonly BillingAccount[];
  readonly profiles: readonly BillingProfile[];
  readonly customerCount: number;
  readonly partnerTenantId: string;
  readonly partnerName = 'Harbourlight Cloud Partners';
  readonly #seed: number;
  readonly #customerFamily: number;
  readonly #subscriptionFamily: number;
  readonly #deletedNow: boolean;
  readonly #offsets = new Map<string, Uint32Array>();

  constructor({ seed, customers, now }: DirectoryOptions) {
    this.#seed = seed;
    this.customerCount = customers;
    this.#customerFamily = hash(seed, 0xc057);
    this.#subscriptionFamily = hash(seed, 0x5b5c);
    this.#deletedNow = isSubscriptionDeleted(now);
    this.partnerTenantId = guid(hash(seed, 0x9a27), 0);
    const profile = (index: number, account: number, displayName: string, currency: Currency): BillingProfile => ({
      index,
      account,
      name: billingProfileName(seed, index),
      displayName,
      currency,
      systemId: billingProfileName(seed, index + 100),
    });
    this.profiles = [
      profile(0, 0, 'Harbourlight US dollar', 'USD'),
      profile(1, 0, 'Harbourlight euro', 'EUR'),
      profile(2, 0, 'Harbourlight yen', 'JPY'),
      profile(3, 1, 'Harbourlight Gulf dinar', 'KWD'),
    ];
    const main = customers - SECOND_ACCOUNT_CUSTOMERS;
    const account = (index: number, displayName: string, firstCustomer: number, count: number): BillingAccount => ({
      index,
      name: billingAccountName(seed, index),
      displayName,
      organizationId: guid(hash(seed, 0x026a), index),
      firstCustomer,
      customerCount: count,
      profiles: this.profiles.filter((p) => p.account === index),
    });
    this.accounts = [
      account(0, 'Harbourlight Cloud Partners', 0, main),
      account(1, 'Harbourlight Gulf', main, SECOND_ACCOUNT_CUSTOMERS),
    ];
  }

  /** By name, compared without case. */
  accountNamed(name: string): BillingAccount | undefined {
    return this.accounts.find((a) => a.name === name.toLowerCase());
  }

  profileNamed(account: BillingAccount, name: string): BillingProfile | undefined {
    return account.profiles.find((p) => p.name === name.toUpperCase());
  }

  customer(index: number): Customer {
    const account = this.#accountOf(index);
    return {
      index,
      account,
      profile: this.profileOf(index),
      name: guid(this.#customerFamily, index),
      displayName: this.customerName(index),
    };
  }

  customerName(index: number): string {
    return customerName(this.#seed, index, this.#accountOf(index).index === 0);
  }

  customerNamed(account: BillingAccount, name: string): Customer | undefined {
    const index = guidIndex(this.#customerFamily, name);
    if (index === undefined || index < account.firstCustomer) return undefined;
    return index < account.firstCustomer + account.customerCount ? this.customer(index) : undefined;
  }

  customersOf(owner: BillingAccount | BillingProfile): LazyList<Customer> {
    const indices = this.customerIndices(owner);
    return { length: indices.length, at: (position) => this.customer(indices.at(position)) };
  }

  /** The customers of an account or a profile as positions among all customers: cheap enough to visit every one. */
  customerIndices(owner: BillingAccount | BillingProfile): LazyList<number> {
    const account = 'profiles' in owner ? owner : (this.accounts[owner.account] ?? outOfRange(owner.account));
    if (account === owner || account.profiles.length === 1) {
      return { length: account.customerCount, at: (position) => account.firstCustomer + position };
    }
    const residues = PROFILE_PATTERN.flatMap((p, residue) => (p === owner.index ? [residue] : []));
    const round = PROFILE_PATTERN.length;
    const rest = account.customerCount % round;
    return {
      length: Math.floor(account.customerCount / round) * residues.length + residues.filter((r) => r < rest).length,
      at: (position) =>
        Math.floor(position / residues.length) * round + (residues[position % residues.length] ?? outOfRange(position)),
    };
  }

  profileOf(customerIndex: number): BillingProfile {
    const account = this.#accountOf(customerIndex);
    const position = account.index === 0 ? (PROFILE_PATTERN[customerIndex % PROFILE_PATTERN.length] ?? 0) : 0;
    return account.profiles[position] ?? outOfRange(position);
  }

  /** Two to five, and none for the customer without subscriptions. */
  subscriptionCount(customerIndex: number): number {
    if (this.isStory(customerIndex, STORIES.noSubscriptions.customer)) return 0;
    return 2 + (hash(this.#seed, 0x5c, customerIndex) % 4);
  }

  subscription(customer: Customer, index: number): BillingSubscription {
    const deleted =
      this.#deletedNow &&
      this.isStory(customer.index, STORIES.deletedSubscription.customer) &&
      index === this.subscriptionCount(customer.index) - 1;
    return {
      index,
      customer,
      name: guid(this.#subscriptionFamily, customer.index * SUBSCRIPTION_SLOTS + index),
      displayName: subscriptionName(index),
      status: deleted ? 'Deleted' : 'Active',
    };
  }

  subscriptionNamed(name: string): BillingSubscription | undefined {
    const slot = guidIndex(this.#subscriptionFamily, name);
    if (slot === undefined) return undefined;
    const customerIndex = Math.floor(slot / SUBSCRIPTION_SLOTS);
    const index = slot % SUBSCRIPTION_SLOTS;
    if (customerIndex >= this.customerCount || index >= this.subscriptionCount(customerIndex)) return undefined;
    return this.subscription(this.customer(customerIndex), index);
  }

  subscriptionsOf(customer: Customer): LazyList<BillingSubscription> {
    return {
      length: this.subscriptionCount(customer.index),
      at: (position) => this.subscription(customer, position),
    };
  }

  /** All subscriptions of an account or a profile, in the order of its customers. */
  subscriptionsOfAll(owner: BillingAccount | BillingProfile): LazyList<BillingSubscription> {
    const customers = this.customerIndices(owner);
    const offsets = this.#offsetsOf(owner.name, customers);
    return {
      length: offsets[customers.length] ?? 0,
      at: (position) => {
        let low = 0;
        let high = customers.length - 1;
        while (low < high) {
          const middle = (low + high + 1) >> 1;
          if ((offsets[middle] ?? 0) <= position) low = middle;
          else high = middle - 1;
        }
        return this.subscription(this.customer(customers.at(low)), position - (offsets[low] ?? 0));
      },
    };
  }

  /** Stories are told by customers of the main account only. */
  isStory(customerIndex: number, storyCustomer: number): boolean {
    return customerIndex === storyCustomer && this.#accountOf(customerIndex).index === 0;
  }

  // Four bytes a customer, made when a list over all subscriptions is first asked for: it makes any page a direct hit.
  #offsetsOf(key: string, customers: LazyList<number>): Uint32Array {
    let offsets = this.#offsets.get(key);
    if (!offsets) {
      offsets = new Uint32Array(customers.length + 1);
      for (let i = 0; i < customers.length; i++) {
        offsets[i + 1] = (offsets[i] ?? 0) + this.subscriptionCount(customers.at(i));
      }
      this.#offsets.set(key, offsets);
    }
    return offsets;
  }

  #accountOf(customerIndex: number): BillingAccount {
    const account = this.accounts.find(
      (a) => customerIndex >= a.firstCustomer && customerIndex < a.firstCustomer + a.customerCount,
    );
    return account ?? outOfRange(customerIndex);
  }
}

function outOfRange(position: number): never {
  throw new RangeError(`nothing at position ${position}`);
}
