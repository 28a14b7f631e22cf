import * as v from 'valibot';
import type { SendOptions } from '../http/client.ts';
import type { PageWalk } from '../http/paging.ts';
import { type ArmClient, armPath, getOne, listOf } from './armClient.ts';
import { accountPath } from './billingAccounts.ts';
import { segment } from './scope.ts';
import { money, optionalText, resource } from './wire.ts';

const billingSubscription = v.looseObject({
  ...resource,
  properties: v.looseObject({
    displayName: optionalText,
    /** The Azure subscription id; for other products the billing subscription has a `resourceUri` instead. */
    subscriptionId: optionalText,
    /** Until 2020-05-01: Active, Inactive, Abandoned, Deleted, Warning. */
    subscriptionBillingStatus: optionalText,
    /** From 2024-04-01 on: Active, Disabled, Deleted, Warned, …, Other. */
    status: optionalText,
    customerId: optionalText,
    customerDisplayName: optionalText,
    billingProfileDisplayName: optionalText,
    skuDescription: optionalText,
    /** Estimates; in 2024-04-01 only when expanded. */
    lastMonthCharges: v.nullish(money),
    monthToDateCharges: v.nullish(money),
  }),
});

/** A subscription as billing sees it (REST reference: Billing Subscriptions). */
export type BillingSubscription = v.InferOutput<typeof billingSubscription>;

/** The state of a billing subscription in the words of its version. */
export function subscriptionStatus(subscription: BillingSubscription): string | undefined {
  return subscription.properties.status ?? subscription.properties.subscriptionBillingStatus ?? undefined;
}

/** The billing subscriptions of an account, or of one of its customers. */
export function listBillingSubscriptions(
  arm: ArmClient,
  account: string,
  customer?: string,
): PageWalk<BillingSubscription[]> {
  const parent =
    customer === undefined ? accountPath(account) : `${accountPath(account)}/customers/${segment(customer)}`;
  const address = armPath(arm, 'billing', `${parent}/billingSubscriptions`);
  return listOf(arm, { operation: 'List billing subscriptions', method: 'GET', address }, billingSubscription);
}

/**
 * One billing subscription: of the account from 2024-04-01 on, of a customer before.
 *
 * @param customer needed by the seed version
 */
export function getBillingSubscription(
  arm: ArmClient,
  account: string,
  name: string,
  customer?: string,
  options?: SendOptions,
): Promise<BillingSubscription> {
  const parent =
    arm.versions === 'newest' || customer === undefined
      ? accountPath(account)
      : `${accountPath(account)}/customers/${segment(customer)}`;
  const address = armPath(arm, 'billing', `${parent}/billingSubscriptions/${segment(name)}`);
  return getOne(
    arm,
    { operation: 'Get the billing subscription', method: 'GET', address },
    billingSubscription,
    options,
  );
}
