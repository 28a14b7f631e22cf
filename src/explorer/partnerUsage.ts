import type { Money } from '../api/arm/wire.ts';
import type { SendOptions } from '../api/http/client.ts';
import { unavailable } from '../api/partnerCenter/availability.ts';
import type { PartnerCenterClient } from '../api/partnerCenter/partnerCenterClient.ts';
import { usageCurrency } from '../api/partnerCenter/usageCurrency.ts';
import { listUsageOfCustomers, listUsageOfSubscriptions, readUsageRecords } from '../api/partnerCenter/usageRecords.ts';

/**
 * The estimates of the open period for all customers, or for all subscriptions and Azure plans of one, by their id in lower case.
 * Empty where the cloud or the sign-in has none.
 *
 * @param customer tenant id
 */
export async function usageOfPartner(
  client: PartnerCenterClient,
  customer: string | undefined,
  options: SendOptions,
): Promise<Map<string, Money[]>> {
  const call = customer === undefined ? 'usageOfCustomers' : 'usageOfSubscriptions';
  const costs = new Map<string, Money[]>();
  if (unavailable(call, client.cloud, client.signIn) !== undefined) {
    return costs;
  }
  const walk = customer === undefined ? listUsageOfCustomers(client) : listUsageOfSubscriptions(client, customer);
  for await (const { value } of walk.rest(options)) {
    for (const { id, resourceId, totalCost, ...record } of readUsageRecords(value)) {
      const key = (id ?? resourceId)?.toLowerCase();
      if (key !== undefined && totalCost !== undefined && totalCost !== null) {
        costs.set(key, [...(costs.get(key) ?? []), { value: totalCost, currency: usageCurrency(record) }]);
      }
    }
  }
  return costs;
}
