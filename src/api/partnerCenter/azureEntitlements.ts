import * as v from 'valibot';
import type { PageWalk } from '../http/paging.ts';
import { listOf } from './collections.ts';
import { type PartnerCenterClient, partnerCall, subscriptionPath } from './partnerCenterClient.ts';
import { optionalText } from './wire.ts';

const azureEntitlement = v.looseObject({
  /** Azure subscription id. */
  id: v.string(),
  friendlyName: optionalText,
  /** active, …; unknown words pass. */
  status: optionalText,
  /** Id of the Azure plan that it is in. */
  subscriptionId: optionalText,
});

/** An Azure subscription in an Azure plan (REST reference: Get a list of Azure entitlements for a subscription). */
export type AzureEntitlement = v.InferOutput<typeof azureEntitlement>;

/**
 * The Azure subscriptions of an Azure plan.
 *
 * @param plan id of the plan in Partner Center
 */
export function listAzureEntitlements(
  client: PartnerCenterClient,
  customer: string,
  plan: string,
): PageWalk<AzureEntitlement[]> {
  const address = `${subscriptionPath(customer, plan)}/azureEntitlements`;
  return listOf(client, partnerCall(client, 'List the Azure subscriptions of the plan', address), azureEntitlement);
}
