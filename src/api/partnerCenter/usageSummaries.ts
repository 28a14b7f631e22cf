import * as v from 'valibot';
import type { SendOptions } from '../http/client.ts';
import {
  customerPath,
  getOne,
  type PartnerCenterClient,
  partnerCall,
  subscriptionPath,
} from './partnerCenterClient.ts';
import type { SubscriptionAddress } from './usageRecords.ts';
import { attributes, optionalNumber, optionalText, wireNumber } from './wire.ts';

const usageSummary = v.looseObject({
  id: optionalText,
  resourceId: optionalText,
  name: optionalText,
  resourceName: optionalText,
  /** Of a customer: no `amount` means no budget. */
  budget: v.nullish(v.looseObject({ amount: optionalNumber })),
  /** Of the partner. */
  customersOverBudget: optionalNumber,
  customersTrendingOver: optionalNumber,
  customersWithUsageBasedSubscription: optionalNumber,
  /** First day and the day behind the last one, with an offset. */
  billingStartDate: optionalText,
  billingEndDate: optionalText,
  /** The one member that a summary is nothing without. */
  totalCost: wireNumber,
  /** A culture such as `fr-FR`, of legacy Azure: see `usageCurrency`. */
  currencyLocale: optionalText,
  /** ISO 4217, of Azure plans. */
  currencyCode: optionalText,
  usdTotalCost: optionalNumber,
  lastModifiedDate: optionalText,
  attributes,
});

/** The estimate of an open billing period in one sum (REST reference: usage summary resources). */
export type UsageSummary = v.InferOutput<typeof usageSummary>;

/**
 * The sum of a customer. Needs a user.
 *
 * @throws BillingError with code `3000` when the customer has no Azure
 */
export function getUsageSummaryOfCustomer(
  client: PartnerCenterClient,
  customer: string,
  options?: SendOptions,
): Promise<UsageSummary> {
  return summary(client, `${customerPath(customer)}/usagesummary`, options);
}

/** The sum of a legacy Azure subscription or of an Azure plan. Needs a user. */
export function getUsageSummaryOfSubscription(
  client: PartnerCenterClient,
  { customer, subscription }: SubscriptionAddress,
  options?: SendOptions,
): Promise<UsageSummary> {
  return summary(client, `${subscriptionPath(customer, subscription)}/usagesummary`, options);
}

/** The sum of all legacy Azure of the partner; Azure plans are not in it, and the service plans to remove the call. Needs a user. */
export function getUsageSummaryOfPartner(client: PartnerCenterClient, options?: SendOptions): Promise<UsageSummary> {
  return summary(client, '/usagesummary', options);
}

function summary(client: PartnerCenterClient, path: string, options: SendOptions | undefined): Promise<UsageSummary> {
  return getOne(client, partnerCall(client, 'Get the usage summary', path), usageSummary, options);
}
