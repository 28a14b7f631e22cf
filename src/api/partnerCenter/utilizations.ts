import { refused } from '../arm/input.ts';
import type { Call } from '../http/client.ts';
import type { PageWalk } from '../http/paging.ts';
import { collectionPages } from './collections.ts';
import { type PartnerCenterClient, partnerCall, partnerPath, subscriptionPath } from './partnerCenterClient.ts';
import { requireSize } from './size.ts';
import type { SubscriptionAddress } from './usageRecords.ts';
import { checkWindow, type WindowInput, type WindowRules } from './utilizationWindow.ts';

export interface UtilizationQuery extends SubscriptionAddress, WindowInput {
  /** One row for each resource (the service's default), or one for each meter. */
  showDetails?: boolean | undefined;
  /** Records a page, 1 to 1000; left out: 1000. */
  size?: number | undefined;
}

/**
 * Utilization of a legacy Azure subscription: raw use without prices, as the bytes of each page. Records are selected by when they were
 * reported and grouped by when the use happened, so rows older than the window are normal (REST reference: Get a customer's
 * utilization records for Azure).
 *
 * The service may answer that the data is not ready (204): the walk then waits as long as it asks, which `onWait` tells and the
 * signal ends.
 *
 * @param rules how the window is checked; see `checkWindow`
 * @throws BillingError of kind `argument` that names the field, before anything is sent
 */
export function listUtilizations(
  client: PartnerCenterClient,
  query: UtilizationQuery,
  rules: Omit<WindowRules, 'now'> = {},
): PageWalk<Uint8Array> {
  const { customer, subscription, showDetails = true, size } = query;
  requireSize(size, 1000);
  if (typeof showDetails !== 'boolean') {
    throw refused('showDetails', 'is neither true nor false.');
  }
  const { window } = checkWindow(query, { ...rules, now: client.http.clock.now() });
  const address = partnerPath(`${subscriptionPath(customer, subscription)}/utilizations/azure`, {
    start_time: window.start,
    end_time: window.end,
    granularity: window.granularity === 'daily' ? 'Daily' : 'Hourly',
    show_details: showDetails ? 'True' : 'False',
    size: size ?? 1000,
  });
  const call: Call = {
    ...partnerCall(client, 'List utilization records', address),
    isPending: ({ status }) => status === 204,
  };
  return collectionPages(client, call, 'seekAlone');
}
