import { matchScope, normalizeId } from '../api/arm/scope.ts';
import { BillingError } from '../api/http/errors.ts';

/** What a list without rows would have listed. */
export type Listed = 'billing accounts' | 'customers' | 'subscriptions' | 'invoices' | 'usage' | 'other';

/** What is to be explained: a failure, or a list without rows. */
export interface AccessSubject {
  /** ARM path of what was asked about; absent for the list of billing accounts. */
  scope?: string | undefined;
  /** The failure; absent when the answer was empty. */
  error?: unknown;
  /** What the empty answer lists. */
  listed?: Listed | undefined;
}

/** Where the subject is, as far as causes differ by it. Names are as written. */
export type Place =
  | { kind: 'tenant' }
  | { kind: 'billing'; account: string; profile?: string; customer?: string }
  | { kind: 'subscription'; subscription: string; resourceGroup?: string }
  | { kind: 'managementGroup' }
  | { kind: 'elsewhere' };

const RESOURCE_GROUP = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)/i;
const SUBSCRIPTION = /^\/subscriptions\/([^/]+)/i;
const ACCOUNT = /^\/providers\/Microsoft\.Billing\/billingAccounts\/([^/]+)/i;

/** Reads the place of a scope or of any resource below one. */
export function placeOf(path: string | undefined): Place {
  if (path === undefined) {
    return { kind: 'tenant' };
  }
  const id = normalizeId(path);
  const [, subscriptionOfGroup, resourceGroup] = RESOURCE_GROUP.exec(id) ?? [];
  if (subscriptionOfGroup !== undefined && resourceGroup !== undefined) {
    return { kind: 'subscription', subscription: subscriptionOfGroup, resourceGroup };
  }
  const subscription = SUBSCRIPTION.exec(id)?.[1];
  if (subscription !== undefined) {
    return { kind: 'subscription', subscription };
  }
  if (/^\/providers\/Microsoft\.Management\/managementGroups\//i.test(id)) {
    return { kind: 'managementGroup' };
  }
  const account = ACCOUNT.exec(id)?.[1];
  if (account === undefined) {
    return { kind: 'elsewhere' };
  }
  const scope = matchScope(id);
  const profile = /\/billingProfiles\/([^/]+)/i.exec(id)?.[1];
  const customer = scope?.kind === 'customer' ? scope.customer : /\/customers\/([^/]+)/i.exec(id)?.[1];
  return {
    kind: 'billing',
    account,
    ...(profile === undefined ? {} : { profile }),
    ...(customer === undefined ? {} : { customer }),
  };
}

/** The scope of a refused call, from its address: what stands before the provider's operation. */
export function scopeOfCall(error: unknown): string | undefined {
  const url = error instanceof BillingError ? error.call?.url : undefined;
  if (url === undefined || !URL.canParse(url)) {
    return undefined;
  }
  const path = new URL(url).pathname;
  const scope = /^(\/.+?)\/providers\/Microsoft\.(?:Consumption|CostManagement|Billing)\//i.exec(path)?.[1];
  if (scope !== undefined) {
    return scope;
  }
  return /^(.*\/billingAccounts\/[^/]+(?:\/(?:billingProfiles|customers)\/[^/]+)*)/i.exec(path)?.[1];
}
