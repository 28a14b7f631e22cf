import type { BillingSubscription } from '../directory.ts';
import type { BillingVersion } from '../versions.ts';
import { AZURE_PLAN, accountId, customerId, money, profileCustomerId, profileId } from './common.ts';

/** What a subscription was charged, in the currency of its billing profile, in units of 10^-20. */
export interface Charges {
  readonly lastMonth: bigint;
  readonly monthToDate: bigint;
}

/**
 * A billing subscription. The first two versions always tell its charges; 2024-04-01 only when `expand` (lower-case
 * words) has `lastmonthcharges` or `monthtodatecharges`.
 */
export function projectBillingSubscription(
  subscription: BillingSubscription,
  version: BillingVersion,
  expand: ReadonlySet<string>,
  charges: () => Charges,
): unknown {
  const { customer, name } = subscription;
  const { account, profile } = customer;
  const id = `${accountId(account)}/billingSubscriptions/${name}`;
  const common = {
    displayName: subscription.displayName,
    subscriptionId: name,
    billingProfileId: profileId(account, profile),
    billingProfileDisplayName: profile.displayName,
    customerDisplayName: customer.displayName,
    ...AZURE_PLAN,
  };
  if (version === '2024-04-01') {
    return {
      id,
      name,
      type: 'Microsoft.Billing/billingAccounts/billingSubscriptions',
      properties: {
        ...common,
        billingProfileName: profile.name,
        customerId: profileCustomerId(customer),
        customerName: customer.name,
        autoRenew: 'Off',
        beneficiaryTenantId: customer.name,
        operationStatus: 'None',
        productCategory: 'UsageBased',
        productType: 'Azure plan',
        provisioningState: 'Succeeded',
        resourceUri: id,
        status: subscription.status,
        ...(expand.has('lastmonthcharges') ? { lastMonthCharges: money(profile.currency, charges().lastMonth) } : {}),
        ...(expand.has('monthtodatecharges')
          ? { monthToDateCharges: money(profile.currency, charges().monthToDate) }
          : {}),
      },
    };
  }
  const { lastMonth, monthToDate } = charges();
  const properties = {
    ...common,
    customerId: customerId(customer),
    subscriptionBillingStatus: subscription.status,
    lastMonthCharges: money(profile.currency, lastMonth),
    monthToDateCharges: money(profile.currency, monthToDate),
  };
  return version === '2020-05-01'
    ? {
        id,
        name,
        type: 'Microsoft.Billing/billingAccounts/billingSubscriptions',
        properties: { ...properties, costCenter: '', suspensionReasons: [] },
      }
    : {
        // The first version writes the account segment with a capital letter and nests below the customer.
        id: `${customerId(customer).replace('/billingAccounts/', '/BillingAccounts/')}/billingSubscriptions/${name}`,
        name,
        type: 'Microsoft.Billing/billingSubscriptions',
        properties,
      };
}
