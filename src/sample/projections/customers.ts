import type { Customer } from '../directory.ts';
import type { BillingVersion } from '../versions.ts';
import { AZURE_PLAN, customerId, profileCustomerId, profileId } from './common.ts';

/** A customer. Azure plans and resellers come only when `expand` (lower-case words) asks for them. */
export function projectCustomer(customer: Customer, version: BillingVersion, expand: ReadonlySet<string>): unknown {
  const expanded = {
    ...(expand.has('enabledazureplans') ? { enabledAzurePlans: [AZURE_PLAN] } : {}),
    ...(expand.has('resellers') ? { resellers: [] } : {}),
  };
  const profile = {
    billingProfileId: profileId(customer.account, customer.profile),
    billingProfileDisplayName: customer.profile.displayName,
  };
  if (version === '2024-04-01') {
    return {
      id: profileCustomerId(customer),
      name: customer.name,
      type: 'Microsoft.Billing/billingAccounts/billingProfiles/customers',
      properties: {
        displayName: customer.displayName,
        ...profile,
        status: 'Active',
        systemId: customer.name,
        ...expanded,
      },
    };
  }
  return {
    id: customerId(customer),
    name: customer.name,
    type: 'Microsoft.Billing/billingAccounts/customers',
    properties: {
      displayName: customer.displayName,
      ...(version === '2020-05-01' ? profile : {}),
      ...expanded,
    },
  };
}
