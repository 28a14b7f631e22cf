import { defineFlatSchema, type RecordSchema } from './schema.ts';

/**
 * Usage records of Partner Center: rated estimates of the open billing period (REST reference: Azure utilization and usage
 * resources). Legacy Azure tells its currency by a culture, Azure plans by its code. What and how much come first.
 */
const MONEY = ['totalCost', 'currencyCode', 'currencyLocale', 'usdTotalCost'];

/** What every record has; `id` and `name` repeat `resourceId` and `resourceName`, and either pair may be missing. */
const ENVELOPE = ['lastModifiedDate', 'resourceId', 'id', 'links', 'attributes'];

const COST = { amount: 'totalCost', currency: 'currencyCode', culture: 'currencyLocale' };

function usageSchema(kind: string, columns: readonly string[]): RecordSchema {
  return defineFlatSchema(kind, columns, COST, { list: 'items' });
}

/** A row for each customer (`CustomerMonthlyUsageRecord`). Budgets are objects and stay one cell. */
export const CUSTOMER_USAGE = usageSchema('usage of customers', [
  ...['resourceName', 'name', ...MONEY],
  ...['budget', 'percentUsed', 'customerSpendingBudget', 'isUpgraded', ...ENVELOPE],
]);

/** A row for each legacy Azure subscription and each Azure plan (`SubscriptionMonthlyUsageRecord`). */
export const SUBSCRIPTION_USAGE = usageSchema('usage of subscriptions', [
  ...['resourceName', 'name', 'status', ...MONEY],
  ...['offerId', 'partnerOnRecord', ...ENVELOPE],
]);

/** A row for each meter (`MeterUsageRecord`, and `AzureResourceMonthlyUsageRecord` of legacy Azure). */
export const METER_USAGE = usageSchema('usage of meters', [
  ...['category', 'subcategory', 'meterName', 'resourceName', 'name', 'quantityUsed', 'unit', ...MONEY],
  ...['meterId', 'subscriptionId', ...ENVELOPE],
]);

/** A row for each Azure resource of an Azure plan (`ResourceUsageRecord`). */
export const RESOURCE_USAGE = usageSchema('usage of resources', [
  ...['entitlementName', 'resourceGroupName', 'resourceName', 'name', 'resourceType', ...MONEY],
  ...['resourceUri', 'entitlementId', 'subscriptionId', ...ENVELOPE],
]);
