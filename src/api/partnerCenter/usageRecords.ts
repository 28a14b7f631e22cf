import * as v from 'valibot';
import type { PageWalk } from '../http/paging.ts';
import { collectionPages, parseItems } from './collections.ts';
import { customerPath, type PartnerCenterClient, partnerCall, subscriptionPath } from './partnerCenterClient.ts';
import { attributes, optionalFlag, optionalNumber, optionalText } from './wire.ts';

/**
 * Rated estimates of the open billing period, renewed about daily, as the bytes of each page `{"items":[…]}`. They are not invoices.
 * Periods of legacy Azure begin with the partner's billing day; those of Azure plans are calendar months in UTC.
 */
export type UsageRecordPages = PageWalk<Uint8Array>;

/** One row for each customer, with its budget (REST reference: Get usage records for all customers). Needs a user. */
export function listUsageOfCustomers(client: PartnerCenterClient): UsageRecordPages {
  return pages(client, 'List usage records of customers', '/customers/usagerecords');
}

/**
 * One row for each legacy Azure subscription and each Azure plan of a customer, but none for the Azure subscriptions in a plan (REST
 * reference: Get subscription usage records of a customer). Needs a user.
 */
export function listUsageOfSubscriptions(client: PartnerCenterClient, customer: string): UsageRecordPages {
  return pages(client, 'List usage records', `${customerPath(customer)}/subscriptions/usagerecords`);
}

/** A subscription or plan of a customer, by their ids in Partner Center. */
export interface SubscriptionAddress {
  /** Tenant id of the customer. */
  customer: string;
  /** Commerce subscription id of a legacy subscription, or id of an Azure plan. */
  subscription: string;
}

/** One row for each meter of a legacy Azure subscription; not for Azure plans (REST reference: Get usage data for a subscription). */
export function listUsageByMeterOfLegacyAzure(
  client: PartnerCenterClient,
  { customer, subscription }: SubscriptionAddress,
): UsageRecordPages {
  return pages(client, 'List usage by meter', `${subscriptionPath(customer, subscription)}/usagerecords/resources`);
}

/** One row for each meter of a subscription or of a whole Azure plan (REST reference: Get usage data by meter). Needs a user. */
export function listUsageByMeter(
  client: PartnerCenterClient,
  { customer, subscription }: SubscriptionAddress,
): UsageRecordPages {
  return pages(client, 'List usage by meter', `${subscriptionPath(customer, subscription)}/meterusagerecords`);
}

/**
 * One row for each Azure resource that an Azure plan had use of. Their sum need not be that of the plan: both are renewed at other
 * times (REST reference: Get usage data by resource). Needs a user.
 */
export function listUsageByResource(
  client: PartnerCenterClient,
  { customer, subscription }: SubscriptionAddress,
): UsageRecordPages {
  return pages(client, 'List usage by resource', `${subscriptionPath(customer, subscription)}/resourceusagerecords`);
}

function pages(client: PartnerCenterClient, operation: string, path: string): UsageRecordPages {
  return collectionPages(client, partnerCall(client, operation, path), 'link');
}

const usageRecord = v.looseObject({
  /** The same as `resourceId`; either may be missing. */
  id: optionalText,
  resourceId: optionalText,
  /** The same as `resourceName`; either may be missing. */
  name: optionalText,
  resourceName: optionalText,
  offerId: optionalText,
  status: optionalText,
  totalCost: optionalNumber,
  /** A culture such as `fr-FR`, of legacy Azure: see `usageCurrency`. */
  currencyLocale: optionalText,
  /** ISO 4217, of Azure plans. */
  currencyCode: optionalText,
  /** Of Azure plans; legacy rows have 0 or nothing. */
  usdTotalCost: optionalNumber,
  lastModifiedDate: optionalText,
  /** Rows of customers: no `amount` means no budget. */
  budget: v.nullish(v.looseObject({ amount: optionalNumber })),
  /** Rows of customers: of the budget, may exceed 100. */
  percentUsed: optionalNumber,
  /** Rows of customers: whether there is an Azure plan. */
  isUpgraded: optionalFlag,
  attributes,
});

/** A usage record of any kind (REST reference: usage resources). */
export type UsageRecord = v.InferOutput<typeof usageRecord>;

/** The rows of a page as values, to label what is on screen. */
export function readUsageRecords(page: Uint8Array): UsageRecord[] {
  return parseItems(page, usageRecord);
}
