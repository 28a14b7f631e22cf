import * as v from 'valibot';
import type { SendOptions } from '../http/client.ts';
import type { PageWalk } from '../http/paging.ts';
import { listOf } from './collections.ts';
import {
  customerPath,
  getOne,
  type PartnerCenterClient,
  partnerCall,
  partnerPath,
  subscriptionPath,
} from './partnerCenterClient.ts';
import { attributes, optionalFlag, optionalNumber, optionalText } from './wire.ts';

const subscription = v.looseObject({
  /** Commerce subscription id of a legacy subscription, id of an Azure plan; see `azureIds`. */
  id: v.string(),
  /** `MS-AZR-0145P`, or `product:sku:availability` in new commerce. */
  offerId: optionalText,
  offerName: optionalText,
  /** Azure subscription id of a legacy Azure subscription. */
  entitlementId: optionalText,
  friendlyName: optionalText,
  quantity: optionalNumber,
  /** Usage-based, Licenses, none, …. */
  unitType: optionalText,
  parentSubscriptionId: optionalText,
  /** Dates as the service writes them, with blanks in some of them: see `partnerMoment`. */
  creationDate: optionalText,
  effectiveStartDate: optionalText,
  commitmentEndDate: optionalText,
  /** none, active, pending, suspended, deleted, expired, disabled; other words pass. */
  status: optionalText,
  autoRenewEnabled: optionalFlag,
  /** none, usage, license. */
  billingType: optionalText,
  billingCycle: optionalText,
  isTrial: optionalFlag,
  /** MPN id of the reseller. */
  partnerId: optionalText,
  contractType: optionalText,
  orderId: optionalText,
  attributes,
});

/** A subscription or Azure plan of a customer (REST reference: Subscription resources). */
export type PartnerSubscription = v.InferOutput<typeof subscription>;

/** At most one of them: the service knows no combination. */
export type SubscriptionFilter = { order: string; partner?: never } | { partner: string; order?: never };

/**
 * The subscriptions of a customer; the service sends them in one page (REST reference: Get all of a customer's subscriptions).
 *
 * @param filter those of one order, or of one reseller by its MPN id
 */
export function listPartnerSubscriptions(
  client: PartnerCenterClient,
  customer: string,
  filter?: SubscriptionFilter,
): PageWalk<PartnerSubscription[]> {
  const query = { order_id: filter?.order, mpn_id: filter?.partner };
  const address = partnerPath(`${customerPath(customer)}/subscriptions`, query);
  return listOf(client, partnerCall(client, 'List subscriptions', address), subscription);
}

/** One subscription by its id in Partner Center. */
export function getPartnerSubscription(
  client: PartnerCenterClient,
  customer: string,
  id: string,
  options?: SendOptions,
): Promise<PartnerSubscription> {
  return getOne(
    client,
    partnerCall(client, 'Get the subscription', subscriptionPath(customer, id)),
    subscription,
    options,
  );
}
