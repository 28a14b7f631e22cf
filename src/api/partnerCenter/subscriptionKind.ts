import { sameId } from './sameId.ts';

/**
 * What kind of Azure a subscription of Partner Center is:
 *
 * - `legacyAzure`: one Azure subscription of the offer MS-AZR-0145P (or a relative of it in another cloud); has utilization
 * - `azurePlan`: the container of new commerce with any number of Azure subscriptions in it; has rated usage only
 * - `other`: licences, software, reservations, marketplace
 */
export type SubscriptionKind = 'legacyAzure' | 'azurePlan' | 'other';

/** What tells the kinds apart, of a subscription or of a usage record of one. */
export interface KindMarks {
  offerId?: string | null | undefined;
  offerName?: string | null | undefined;
  /** The name in usage records. */
  resourceName?: string | null | undefined;
  billingType?: string | null | undefined;
}

/** Product and SKU of the Azure plan; the third part, the availability, differs by market. */
const AZURE_PLAN = /^DZH318Z0BPS6:0001(:|$)/i;

const LEGACY_AZURE = /^MS-AZR-/i;

/** The kind by the offer; where a row has none, by the name that the service gives it. */
export function subscriptionKind({ offerId, offerName, resourceName, billingType }: KindMarks): SubscriptionKind {
  const offer = offerId?.trim() ?? '';
  if (offer !== '') {
    return LEGACY_AZURE.test(offer) ? 'legacyAzure' : AZURE_PLAN.test(offer) ? 'azurePlan' : 'other';
  }
  const name = (offerName ?? resourceName)?.trim().toLowerCase();
  if (name === 'azure plan') {
    return 'azurePlan';
  }
  return name === 'microsoft azure' && billingType?.toLowerCase() === 'usage' ? 'legacyAzure' : 'other';
}

/** The ids of an Azure subscription or plan, each of which belongs into other calls. */
export interface AzureIds {
  /** Of the Azure plan: rated usage, azureEntitlements. */
  planId?: string;
  /** Of a legacy subscription in Partner Center: utilization, usage records. The only one that works after a transfer. */
  commerceId?: string;
  /** Of the Azure subscription itself: the portal and Azure Resource Manager. A plan has as many as it likes. */
  entitlementId?: string;
}

/** Which id of a subscription is which; none for what is not Azure. */
export function azureIds(
  subscription: KindMarks & { id: string; entitlementId?: string | null | undefined },
): AzureIds {
  const { id, entitlementId } = subscription;
  switch (subscriptionKind(subscription)) {
    case 'azurePlan':
      return { planId: id };
    case 'legacyAzure':
      return { commerceId: id, ...(entitlementId ? { entitlementId } : {}) };
    case 'other':
      return {};
  }
}

/** Whether an id is one of those of a subscription, in whatever case it is written. */
export function isIdOf(id: string, { planId, commerceId, entitlementId }: AzureIds): boolean {
  return [planId, commerceId, entitlementId].some((own) => sameId(own, id));
}
