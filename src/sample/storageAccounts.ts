import type { BillingSubscription } from './directory.ts';
import { guid, hash } from './hash.ts';
import type { Tenant } from './tenant.ts';

/** A storage account that exports write to. */
export interface StorageAccount {
  readonly name: string;
  /** With a leading slash. */
  readonly id: string;
  readonly location: string;
  /** Whether the caller may have signatures made (`Microsoft.Storage/storageAccounts/listServiceSas/action`). */
  readonly canSign: boolean;
  /** The customer's subscription that it is in; undefined for those in the partner's own. */
  readonly subscription: BillingSubscription | undefined;
}

/** The storage accounts of the tenant, and a place where one was. */
export interface StoragePlaces {
  /** The partner's, for everyday exports. */
  readonly costs: StorageAccount;
  /** The partner's too; the caller may see it, and has no right to read what is in it. */
  readonly vault: StorageAccount;
  /** In the first subscription of the first customer, for exports of that subscription. */
  readonly customer: StorageAccount;
  /** The id of an account that was deleted. */
  readonly deletedId: string;
}

/** The tenant's storage accounts. Names and ids follow from the seed. */
export function storagePlaces(tenant: Tenant): StoragePlaces {
  const { directory, options } = tenant;
  const own = guid(hash(options.seed, 0x5704), 0);
  const customers = directory.subscription(directory.customer(0), 0);
  const account = (name: string, more: Partial<StorageAccount> = {}): StorageAccount => ({
    name,
    id: idOf(more.subscription?.name ?? own, more.subscription ? 'rg-cost-exports' : 'rg-billing', name),
    location: 'westeurope',
    canSign: true,
    subscription: undefined,
    ...more,
  });
  return {
    costs: account('harbourlightcosts'),
    vault: account('harbourlightvault', { canSign: false }),
    customer: account('customercostexports', { subscription: customers }),
    deletedId: idOf(own, 'rg-billing', 'harbourlightold'),
  };
}

/** The account of a resource id, compared without case and with or without a leading slash. */
export function storageAccountOf(tenant: Tenant, id: string): StorageAccount | undefined {
  const asked = `/${id.replace(/^\/+|\/+$/g, '')}`.toLowerCase();
  return accountsOf(tenant).find((account) => account.id.toLowerCase() === asked);
}

/** The account of a name, compared without case; names are unique over all of Azure. */
export function storageAccountNamed(tenant: Tenant, name: string): StorageAccount | undefined {
  return accountsOf(tenant).find((account) => account.name === name.toLowerCase());
}

function accountsOf(tenant: Tenant): StorageAccount[] {
  const { costs, vault, customer } = storagePlaces(tenant);
  return [costs, vault, customer];
}

function idOf(subscription: string, group: string, name: string): string {
  return `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Storage/storageAccounts/${name}`;
}
