import type { SendOptions } from '../../api/http/client.ts';
import type { PartnerCenterClient } from '../../api/partnerCenter/partnerCenterClient.ts';
import { sameId } from '../../api/partnerCenter/sameId.ts';
import { subscriptionKind } from '../../api/partnerCenter/subscriptionKind.ts';
import { usageCurrency } from '../../api/partnerCenter/usageCurrency.ts';
import { listUsageOfSubscriptions, readUsageRecords } from '../../api/partnerCenter/usageRecords.ts';

/**
 * The currency that a customer's Azure plans are billed in (ISO 4217), as their usage records tell it; undefined when they do not, or
 * tell several. Needs a user.
 *
 * @param plan left out: all of its plans
 */
export async function customerCurrency(
  client: PartnerCenterClient,
  customer: string,
  plan: string | undefined,
  options: SendOptions,
): Promise<string | undefined> {
  const found = new Set<string | undefined>();
  for await (const { value } of listUsageOfSubscriptions(client, customer).rest(options)) {
    for (const record of readUsageRecords(value)) {
      const wanted = plan === undefined || sameId(record.id ?? record.resourceId ?? '', plan);
      if (wanted && subscriptionKind(record) === 'azurePlan') {
        found.add(usageCurrency(record));
      }
    }
  }
  const [only] = found;
  return found.size === 1 && /^[A-Z]{3}$/.test(only ?? '') ? only : undefined;
}
