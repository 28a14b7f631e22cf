import * as v from 'valibot';
import type { SendOptions } from '../http/client.ts';
import type { PageWalk } from '../http/paging.ts';
import { type ArmClient, armPath, getOne, listOf } from './armClient.ts';
import { parentPath } from './parent.ts';
import { optionalNumber, optionalText, resource } from './wire.ts';

const azurePlan = v.looseObject({ skuId: optionalText, skuDescription: optionalText });

const billingProfile = v.looseObject({
  ...resource,
  properties: v.looseObject({
    displayName: optionalText,
    /** ISO 4217; every invoice of the profile is in it. */
    currency: optionalText,
    /** Active, Disabled, Warned; 2024-04-01 adds Deleted, UnderReview, Other. */
    status: optionalText,
    /** PastDue, SpendingLimitReached, SpendingLimitExpired; 2024-04-01 adds UnusualActivity, Other. */
    statusReasonCode: optionalText,
    /** Direct, IndirectCustomer, IndirectPartner, CSPPartner; 2024-04-01 adds CSPCustomer, Other. */
    billingRelationshipType: optionalText,
    /** Day of the month on which invoices are made. */
    invoiceDay: optionalNumber,
    poNumber: optionalText,
    /** On, Off. */
    spendingLimit: optionalText,
    enabledAzurePlans: v.nullish(v.array(azurePlan)),
    /** 2024-04-01 only. */
    hasReadAccess: v.nullish(v.boolean()),
  }),
});

/** What invoices are made for, in one currency (REST reference: Billing Profiles). */
export type BillingProfile = v.InferOutput<typeof billingProfile>;

/** The billing profiles of a billing account. Their invoice sections have a list of their own in every version. */
export function listBillingProfiles(arm: ArmClient, account: string): PageWalk<BillingProfile[]> {
  const address = armPath(arm, 'billing', `${parentPath({ account })}/billingProfiles`);
  return listOf(arm, { operation: 'List billing profiles', method: 'GET', address }, billingProfile);
}

/** One billing profile by its name, e.g. `2USN-TPCD-BG7-TGB`. */
export function getBillingProfile(
  arm: ArmClient,
  account: string,
  profile: string,
  options?: SendOptions,
): Promise<BillingProfile> {
  const address = armPath(arm, 'billing', parentPath({ account, profile }));
  return getOne(arm, { operation: 'Get the billing profile', method: 'GET', address }, billingProfile, options);
}
