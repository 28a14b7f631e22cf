import * as v from 'valibot';
import type { SendOptions } from '../http/client.ts';
import type { PageWalk } from '../http/paging.ts';
import { type ArmClient, armPath, getOne, listOf } from './armClient.ts';
import { type BillingParent, parentPath } from './parent.ts';
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

/** The billing subscriptions of an account, billing profile or customer. */
export function listBillingSubscriptions(arm: ArmClient, parent: BillingParent): PageWalk<BillingSubscription[]> {
  const address = armPath(arm, 'billing', `${parentPath(parent)}/billingSubscriptions`);
  return listOf(arm, { operation: 'List billing subscriptions', method: 'GET', address }, billingSubscription);
}

/**
 * One billing subscription. The seed version finds it below a customer or an invoice section only, the newest below the
 * account or a billing profile.
 */
export function getBillingSubscription(
  arm: ArmClient,
  parent: BillingParent,
  name: string,
  options?: SendOptions,
): Promise<BillingSubscription> {
  const address = armPath(arm, 'billing', parentPath({ ...parent, subscription: name }));
  return getOne(
    arm,
    { operation: 'Get the billing subscription', method: 'GET', address },
    billingSubscription,
    options,
  );
}

const billingProperty = v.looseObject({
  ...resource,
  properties: v.looseObject({
    billingAccountId: optionalText,
    billingAccountAgreementType: optionalText,
    billingProfileId: optionalText,
    customerId: optionalText,
    customerDisplayName: optionalText,
    billingCurrency: optionalText,
  }),
});

/** Where a subscription is billed (REST reference: Billing Property - Get; newest version only). */
export type BillingProperty = v.InferOutput<typeof billingProperty>;

/** The billing account, profile and customer behind an Azure subscription id. */
export function getBillingProperty(
  arm: ArmClient,
  subscription: string,
  options?: SendOptions,
): Promise<BillingProperty> {
  const path = `/subscriptions/${segment(subscription)}/providers/Microsoft.Billing/billingProperty/default`;
  const address = armPath(arm, 'billing', path);
  return getOne(arm, { operation: 'Get the billing property', method: 'GET', address }, billingProperty, options);
}
