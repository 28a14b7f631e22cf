import type { BillingSubscription, Customer } from '../directory.ts';
import type { ViewCharges } from '../policies.ts';
import type { BillingVersion } from '../versions.ts';
import { customerId, profileCustomerId } from './common.ts';

/** Since 2024-04-01 the id is below the billing profile, whatever the address of the call. */
export function policyId(customer: Customer, version: BillingVersion): string {
  const parent = version === '2024-04-01' ? profileCustomerId(customer) : customerId(customer);
  return `${parent}/policies/default`;
}

export function projectPolicy(
  customer: Customer,
  viewCharges: ViewCharges,
  version: BillingVersion,
  provisioningState: 'Succeeded' | 'Pending',
): unknown {
  const newest = version === '2024-04-01';
  return {
    id: policyId(customer, version),
    name: 'default',
    type: newest
      ? 'Microsoft.Billing/billingAccounts/billingProfiles/customers/policies'
      : 'Microsoft.Billing/billingAccounts/customers/policies',
    properties: { viewCharges, ...(newest ? { provisioningState } : {}) },
  };
}

/** The policy as the users of a subscription see it: they cannot change it. */
export function projectSubscriptionPolicy(subscription: BillingSubscription, viewCharges: ViewCharges): unknown {
  const scope = `/subscriptions/${subscription.name}`;
  return {
    id: `${scope}/providers/Microsoft.Billing/policies/default`,
    name: 'default',
    type: 'Microsoft.Billing/policies',
    properties: { policies: [{ name: 'ViewCharges', value: viewCharges, policyType: 'SystemControlled', scope }] },
  };
}
