import { type CostScope, costScope } from './costScopes.ts';
import type { Currency } from './currencies.ts';
import type { BillingSubscription } from './directory.ts';
import type { Tenant } from './tenant.ts';

/** A scope that can have budgets. */
export interface BudgetScope extends CostScope {
  /** Budgets of a billing account are in USD, others in the billing currency. */
  readonly currency: Currency;
  /** Of a subscription or a resource group. */
  readonly subscription: BillingSubscription | undefined;
  /** A deleted subscription: what it has can be read, nothing can be written. */
  readonly readOnly: boolean;
}

/** Resolves an ARM id as `costScope` does, with its Refusals. */
export function budgetScope(tenant: Tenant, path: string): BudgetScope {
  const scope = costScope(tenant, path);
  const inSubscription = scope.kind === 'subscription' || scope.kind === 'resourceGroup';
  const subscription = inSubscription ? tenant.directory.subscriptionNamed(scope.id.split('/')[2] ?? '') : undefined;
  return {
    ...scope,
    currency: scope.kind === 'billingAccount' ? 'USD' : (scope.parts[0]?.profile.currency ?? 'USD'),
    subscription,
    readOnly: subscription?.status === 'Deleted',
  };
}
