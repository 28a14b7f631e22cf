import type { ArmClient } from '../api/arm/armClient.ts';
import { type BillingProfile, listBillingProfiles } from '../api/arm/billingProfiles.ts';
import { listBillingSubscriptions } from '../api/arm/billingSubscriptions.ts';
import { type Customer, listCustomers } from '../api/arm/customers.ts';
import { parentPath } from '../api/arm/parent.ts';
import { matchScope, parseCostScope, scopePath } from '../api/arm/scope.ts';
import type { SendOptions } from '../api/http/client.ts';
import { BillingError } from '../api/http/errors.ts';
import type { PageWalk } from '../api/http/paging.ts';
import type { PlanTarget } from '../budgeting/bulkPlan.ts';
import type { BudgetScopes, NodeArgument } from '../contributions.ts';
import { displayText } from '../workbench/text.ts';

/** Where budgets are looked at or written, before the service was asked: scopes, and folders whose customers are meant. */
export interface WantedScopes {
  connection: string;
  scopes: { scope: string; label: string; profile?: string | undefined; customer?: string | undefined }[];
  customersOf: { account: string; profile?: string | undefined }[];
  /** Customers whose Azure subscriptions are meant. */
  subscriptionsOf?: { account: string; customer: string; label: string }[];
}

/** @throws BillingError of kind `argument` that names the field */
export function wantedScopes(given: { [Name in keyof BudgetScopes]?: unknown }, connection: string): WantedScopes {
  const { scopes = [], customersOf } = given;
  if (!Array.isArray(scopes) || scopes.some((scope) => typeof scope !== 'string')) {
    throw new BillingError('argument', 'scopes: has to be a list of scope paths.');
  }
  const wanted: WantedScopes = { connection, scopes: [], customersOf: [] };
  for (const path of scopes as string[]) {
    const scope = parseCostScope(path);
    const customer = scope.kind === 'customer' ? scope.customer : undefined;
    wanted.scopes.push({ scope: scopePath(scope), label: path.split('/').at(-1) ?? path, customer });
  }
  if (customersOf !== undefined) {
    const scope = matchScope(String(customersOf));
    if (scope?.kind !== 'billingAccount' && scope?.kind !== 'billingProfile') {
      throw new BillingError('argument', `customersOf: '${String(customersOf).slice(0, 200)}' has no customers.`, {
        advice:
          "Use the path of a billing account ('/providers/Microsoft.Billing/billingAccounts/…') or a profile of it.",
      });
    }
    const profile = scope.kind === 'billingProfile' ? scope.profile : undefined;
    wanted.customersOf.push({ account: scope.account, profile });
  }
  if (wanted.scopes.length + wanted.customersOf.length === 0) {
    throw new BillingError('argument', 'scopes: is missing.', {
      advice: 'Give scope paths in scopes, or a billing account or profile in customersOf.',
    });
  }
  return wanted;
}

/**
 * What rows of the tree mean: a folder of customers all of them, any other row its own scope.
 *
 * @throws BillingError of kind `argument` for rows of several connections, or without a scope
 */
export function wantedOfRows(rows: readonly NodeArgument[]): WantedScopes {
  const [first] = rows;
  if (first === undefined || rows.some(({ connection }) => connection !== first.connection)) {
    throw new BillingError('argument', 'The rows are of several connections.', {
      advice: 'Select rows of one connection.',
    });
  }
  const wanted: WantedScopes = { connection: first.connection, scopes: [], customersOf: [] };
  for (const { kind, label, title, scope, costScope, account, profile, customer } of rows) {
    const own = scope ?? costScope;
    if (kind === 'customers' && account !== undefined) {
      wanted.customersOf.push({ account, profile });
    } else if (own !== undefined) {
      wanted.scopes.push({ scope: scopePath(parseCostScope(own)), label: title ?? label, profile, customer });
    }
  }
  if (wanted.scopes.length + wanted.customersOf.length === 0) {
    throw new BillingError('argument', 'The row has no budgets.', {
      advice: 'Select customers, subscriptions, resource groups, or the folder of customers.',
    });
  }
  return wanted;
}

/** The scopes with what they are called and billed in, each once, in the order given. */
export async function budgetTargets(arm: ArmClient, wanted: WantedScopes, options: SendOptions): Promise<PlanTarget[]> {
  const accounts = new Map<string, AccountNames>();
  const namesOf = (account: string): AccountNames => {
    const known = accounts.get(account.toLowerCase()) ?? new AccountNames(arm, account, options);
    accounts.set(account.toLowerCase(), known);
    return known;
  };
  const targets = new Map<string, PlanTarget>();
  const add = (target: PlanTarget): void => {
    const key = target.scope.toLowerCase();
    targets.set(key, targets.get(key) ?? target);
  };
  for (const { scope: path, label, profile, customer } of wanted.scopes) {
    const scope = parseCostScope(path);
    if (!('account' in scope)) {
      add({ scope: path, label, currency: undefined });
    } else if (scope.kind === 'billingAccount') {
      // Budgets of an account are in US dollars, whatever it is billed in.
      add({ scope: path, label, currency: 'USD' });
    } else {
      const names = namesOf(scope.account);
      const known = scope.kind === 'billingProfile' ? scope.profile : profile;
      const found = known === undefined && customer !== undefined ? await names.find(customer) : undefined;
      const plain = label === customer && found !== undefined;
      const currency = found === undefined ? await names.currencyOf(known) : (await names.target(found)).currency;
      add({ scope: path, label: plain ? nameOf(found) : label, currency });
    }
  }
  for (const { account, profile } of wanted.customersOf) {
    const names = namesOf(account);
    const listed = profile === undefined ? names.customers() : names.customersOf(profile);
    // Accounts of other agreements have no customers: they are looked at by themselves.
    for (const customer of await listed.catch((error: unknown) =>
      targets.size > 0 ? noneRefused(error) : fail(error),
    )) {
      add(await names.target(customer));
    }
  }
  for (const { account, customer, label } of wanted.subscriptionsOf ?? []) {
    const names = namesOf(account);
    const found = await names.find(customer);
    const currency = found && (await names.target(found)).currency;
    const listed = await all(listBillingSubscriptions(arm, { account, customer }), options);
    for (const { properties } of listed) {
      // Licences are billing subscriptions too, but have no budgets.
      if (properties.subscriptionId) {
        const name = displayText(properties.displayName, properties.subscriptionId);
        add({ scope: `/subscriptions/${properties.subscriptionId}`, label: `${label} ${name}`, currency });
      }
    }
  }
  // Currencies that could not be read are left out, but not those that nobody waited for.
  options.signal?.throwIfAborted();
  return [...targets.values()];
}

/** What customers of an account are called and billed in. Each list is read once; currencies may stay unknown. */
class AccountNames {
  readonly #arm: ArmClient;
  readonly #account: string;
  readonly #options: SendOptions;
  #profiles: Promise<BillingProfile[]> | undefined;
  #members: Promise<Map<string, string>> | undefined;
  #customers: Promise<Customer[]> | undefined;

  constructor(arm: ArmClient, account: string, options: SendOptions) {
    this.#arm = arm;
    this.#account = account;
    this.#options = options;
  }

  customers(): Promise<Customer[]> {
    this.#customers ??= all(listCustomers(this.#arm, { account: this.#account }), this.#options);
    return this.#customers;
  }

  customersOf(profile: string): Promise<Customer[]> {
    return all(listCustomers(this.#arm, { account: this.#account, profile }), this.#options);
  }

  async find(customer: string): Promise<Customer | undefined> {
    // A role at a customer alone may not list them.
    const customers = await this.customers().catch(() => []);
    return customers.find(({ name }) => name.toLowerCase() === customer.toLowerCase());
  }

  async target(customer: Customer): Promise<PlanTarget> {
    const { billingProfileId, billingProfileDisplayName } = customer.properties;
    const scope = matchScope(billingProfileId ?? '');
    const told = scope?.kind === 'billingProfile' ? scope.profile : (billingProfileDisplayName ?? undefined);
    const profile = told ?? (await this.#profilesOfCustomers()).get(customer.name.toLowerCase());
    const path = parentPath({ account: this.#account, customer: customer.name });
    return { scope: path, label: nameOf(customer), currency: await this.currencyOf(profile) };
  }

  /** The seed version tells the profile of a customer only by the list that it is in. */
  #profilesOfCustomers(): Promise<Map<string, string>> {
    this.#members ??= (async () => {
      const members = new Map<string, string>();
      for (const { name } of await this.#profileList()) {
        for (const customer of await this.customersOf(name)) {
          members.set(customer.name.toLowerCase(), name);
        }
      }
      return members;
    })().catch(() => new Map());
    return this.#members;
  }

  #profileList(): Promise<BillingProfile[]> {
    this.#profiles ??= all(listBillingProfiles(this.#arm, this.#account), this.#options);
    return this.#profiles;
  }

  /** @param profile its name, or what it is called */
  async currencyOf(profile: string | undefined): Promise<string | undefined> {
    const wanted = profile?.toLowerCase();
    const profiles = wanted === undefined ? [] : await this.#profileList().catch(() => []);
    const found = profiles.find(({ name, properties }) =>
      [name, properties.displayName].some((text) => text?.toLowerCase() === wanted),
    );
    return found?.properties.currency ?? undefined;
  }
}

/** No customers, where the service knows no such list. @throws any other failure: a missing role hides customers that are there */
function noneRefused(error: unknown): Customer[] {
  return error instanceof BillingError && error.kind === 'refused' && error.status !== 403 ? [] : fail(error);
}

function fail(error: unknown): never {
  throw error;
}

function nameOf({ name, properties }: Customer): string {
  return displayText(properties.displayName, name);
}

async function all<T>(walk: PageWalk<T[]>, options: SendOptions): Promise<T[]> {
  const items: T[] = [];
  for await (const page of walk.rest(options)) {
    items.push(...page.value);
  }
  return items;
}
