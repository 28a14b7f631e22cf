import { refused } from '../arm/input.ts';
import { sameId } from './sameId.ts';
import { azureIds, isIdOf, type KindMarks, subscriptionKind } from './subscriptionKind.ts';

/** What of a subscription tells whether it has utilization, and under which id. */
export type UtilizationSubject = KindMarks & { id: string; entitlementId?: string | null | undefined };

/**
 * The id of a subscription to ask for utilization with: the Commerce id, which works for a subscription that came from another
 * partner too, where the id of the Azure subscription does not.
 *
 * @throws BillingError of kind `argument` that tells what to open instead, for what has no utilization
 */
export function utilizationId(subscription: UtilizationSubject): string {
  const { commerceId } = azureIds(subscription);
  if (commerceId !== undefined) {
    return commerceId;
  }
  throw refused(
    'subscription',
    subscriptionKind(subscription) === 'azurePlan'
      ? 'an Azure plan has no utilization records; open its rated usage instead, billed by invoice or unbilled.'
      : 'only Azure subscriptions of the offer MS-AZR-0145P have utilization records.',
  );
}

/**
 * The same for an id that somebody typed or copied, whichever of its ids it is.
 *
 * @param subscriptions all of the customer
 * @throws BillingError of kind `argument`, also when the customer has no such subscription
 */
export function findUtilizationId(id: string, subscriptions: readonly UtilizationSubject[]): string {
  const named = subscriptions.find((each) => sameId(each.id, id) || isIdOf(id, azureIds(each)));
  if (named === undefined) {
    throw refused(
      'subscription',
      `'${id.slice(0, 60)}' is not among the subscriptions of this customer; an Azure subscription in an Azure plan has rated usage only, so open that of the plan.`,
    );
  }
  return utilizationId(named);
}
