import type { BillingSubscription } from '../directory.ts';
import type { BillingVersion } from '../versions.ts';
import { ADDRESS, AZURE_PLAN, accountId, customerId, profileCustomerId, profileId } from './common.ts';

/** Where a subscription is billed. The billing country is told when asked for. */
export function projectBillingProperty(
  subscription: BillingSubscription,
  version: BillingVersion,
  partnerTenantId: string,
  withCountry: boolean,
): unknown {
  const { customer, status } = subscription;
  const { account, profile } = customer;
  const newest = version === '2024-04-01';
  return {
    id: `/subscriptions/${subscription.name}/providers/Microsoft.Billing/billingProperty/default`,
    name: 'default',
    type: 'Microsoft.Billing/billingProperty',
    properties: {
      billingAccountId: accountId(account),
      billingAccountDisplayName: account.displayName,
      billingProfileId: profileId(account, profile),
      billingProfileDisplayName: profile.displayName,
      billingProfileStatus: 'Active',
      billingProfileSpendingLimit: 'Off',
      customerId: newest ? profileCustomerId(customer) : customerId(customer),
      customerDisplayName: customer.displayName,
      costCenter: '',
      ...AZURE_PLAN,
      ...(newest
        ? {
            billingAccountAgreementType: 'MicrosoftPartnerAgreement',
            billingAccountType: 'Partner',
            ...(withCountry ? { billingAccountSoldToCountry: ADDRESS.country } : {}),
            billingCurrency: profile.currency,
            customerStatus: 'Active',
            subscriptionBillingStatus: status,
            subscriptionBillingStatusDetails: [],
            subscriptionBillingType: 'None',
            subscriptionWorkloadType: 'Production',
          }
        : { billingTenantId: partnerTenantId, productId: AZURE_PLAN.skuId, productName: AZURE_PLAN.skuDescription }),
    },
  };
}
