import type { AzureEntitlement } from '../../api/partnerCenter/azureEntitlements.ts';
import { partnerMoment } from '../../api/partnerCenter/dates.ts';
import { azureIds, subscriptionKind } from '../../api/partnerCenter/subscriptionKind.ts';
import type { PartnerSubscription } from '../../api/partnerCenter/subscriptions.ts';
import { digitsOf } from '../../json/exact.ts';
import { displayText } from '../../workbench/text.ts';
import type { ChildNode, ExplorerNode } from '../node.ts';
import { facts, lines } from './tooltip.ts';

/** What a subscription can be opened as. The service has utilization for legacy ones only; a plan has rated usage in its place. */
const ABILITIES = {
  legacyAzure: ['usageRecords', 'utilization'],
  azurePlan: ['usageRecords', 'ratedUsage'],
} as const;

const RANK: Partial<Record<ChildNode['kind'], number>> = { partnerAzurePlan: 0, partnerLegacyAzure: 1 };

/** Azure first: people come for it, and licences may be many. */
export function byKind(one: ChildNode, other: ChildNode): number {
  return (RANK[one.kind] ?? 2) - (RANK[other.kind] ?? 2);
}

/**
 * A subscription as Partner Center lists it, told apart by what it is.
 *
 * @param customer the row that it was listed below
 * @param served words of what this connection can open
 */
export function partnerSubscriptionNode(
  subscription: PartnerSubscription,
  customer: ExplorerNode,
  served: (abilities: readonly string[]) => readonly string[],
): ChildNode {
  const { id, offerName, offerId, friendlyName, quantity, unitType } = subscription;
  const kind = subscriptionKind(subscription);
  const { entitlementId } = azureIds(subscription);
  const label = displayText(friendlyName || offerName, id);
  const status = displayText(subscription.status, 'status not told');
  const active = status === 'active';
  const about = [
    offerName && offerName !== label && `Offer: ${offerName}`,
    offerId && `Offer id: ${offerId}`,
    `Status: ${status}`,
    day(subscription.effectiveStartDate) && `Since: ${day(subscription.effectiveStartDate)}`,
    subscription.orderId && `Order: ${subscription.orderId}`,
    migratedFrom(subscription) && `Continues the subscription ${migratedFrom(subscription)}`,
  ] as const;
  const row = {
    key: id,
    label,
    title: [customer.title ?? customer.label, label].join(' '),
    resourceId: id,
    customer: customer.customer,
    alarm: active ? undefined : ('muted' as const),
  };
  switch (kind) {
    case 'legacyAzure': {
      // The name of the offer is the same for all of them, and does not tell it from a plan.
      const named = label !== displayText(offerName, id);
      return {
        ...row,
        kind: 'partnerLegacyAzure',
        label: named ? label : 'Azure (145P)',
        description: facts(named && '145P', !active && status),
        tooltip: lines(
          label,
          'Legacy Azure subscription (MS-AZR-0145P)',
          `Commerce subscription id: ${id}`,
          `Azure subscription id: ${entitlementId ?? 'not told'}`,
          'Utilization takes the Commerce id; after a transfer from another partner it takes no other.',
          ...about,
        ),
        expandable: entitlementId !== undefined,
        idName: 'Commerce subscription id',
        entitlement: entitlementId,
        subscription: id,
        subscriptionKind: kind,
        abilities: served(ABILITIES[kind]),
      };
    }
    case 'azurePlan':
      return {
        ...row,
        kind: 'partnerAzurePlan',
        description: facts(label.toLowerCase() !== 'azure plan' && 'Azure plan', !active && status),
        tooltip: lines(label, `Azure plan id: ${id}`, 'Its Azure subscriptions are below it.', ...about),
        expandable: true,
        idName: 'Azure plan id',
        subscription: id,
        subscriptionKind: kind,
        abilities: served(ABILITIES[kind]),
      };
    case 'other': {
      const count = quantity === undefined || quantity === null ? undefined : digitsOf(quantity);
      return {
        ...row,
        kind: 'partnerLicence',
        description: facts(count && `${count} × ${(unitType ?? 'units').toLowerCase()}`, !active && status),
        tooltip: lines(label, `Subscription id: ${id}`, 'No Azure: it has no usage.', ...about),
        expandable: false,
        idName: 'subscription id',
        subscription: id,
        alarm: 'muted',
      };
    }
  }
}

/** The Azure subscription behind a legacy one, which has an id of its own. */
export function azureSubscriptionOf({ entitlement = '', title, customer }: ExplorerNode): ChildNode {
  return {
    key: entitlement,
    kind: 'partnerAzureSubscription',
    label: 'Azure subscription',
    description: displayText(entitlement, ''),
    tooltip: lines(
      `Azure subscription id: ${entitlement}`,
      'The portal and Azure Resource Manager know it by this id; Partner Center by the Commerce id above.',
    ),
    title,
    expandable: false,
    resourceId: entitlement,
    idName: 'Azure subscription id',
    customer,
  };
}

/** An Azure subscription in an Azure plan. */
export function azureEntitlementNode({ id, friendlyName, status }: AzureEntitlement, plan: ExplorerNode): ChildNode {
  const label = displayText(friendlyName, id);
  const state = displayText(status, 'status not told');
  return {
    key: id,
    kind: 'partnerAzureSubscription',
    label,
    description: state === 'active' ? undefined : state,
    tooltip: lines(
      label,
      `Azure subscription id (entitlement): ${id}`,
      plan.subscription && `In the Azure plan: ${plan.subscription}`,
      `Status: ${state}`,
    ),
    title: [plan.title, label].filter(Boolean).join(' '),
    expandable: false,
    resourceId: id,
    idName: 'Azure subscription id',
    customer: plan.customer,
    alarm: state === 'active' ? undefined : 'muted',
  };
}

/** Newer answers name the subscription that an upgrade replaced. */
function migratedFrom(subscription: PartnerSubscription): string | undefined {
  const { migratedFromSubscriptionId: id } = subscription;
  return typeof id === 'string' && id !== '' ? id : undefined;
}

function day(date: string | null | undefined): string | undefined {
  const moment = partnerMoment(date);
  return moment === undefined ? undefined : new Date(moment).toISOString().slice(0, 10);
}
