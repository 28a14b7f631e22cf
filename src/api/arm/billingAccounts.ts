import * as v from 'valibot';
import type { SendOptions } from '../http/client.ts';
import type { PageWalk } from '../http/paging.ts';
import { type ArmClient, armPath, getOne, listOf } from './armClient.ts';
import { parentPath } from './parent.ts';
import { optionalText, resource } from './wire.ts';

const billingAccount = v.looseObject({
  ...resource,
  properties: v.looseObject({
    displayName: optionalText,
    /** MicrosoftPartnerAgreement, MicrosoftCustomerAgreement, EnterpriseAgreement, …; unknown values pass. */
    agreementType: optionalText,
    accountType: optionalText,
    /** From 2020-05-01 on. */
    accountStatus: optionalText,
  }),
});

/** A billing account (REST reference: Billing Accounts). */
export type BillingAccount = v.InferOutput<typeof billingAccount>;

/** The billing accounts that the sign-in can see. */
export function listBillingAccounts(arm: ArmClient): PageWalk<BillingAccount[]> {
  return listOf(
    arm,
    {
      operation: 'List billing accounts',
      method: 'GET',
      address: armPath(arm, 'billing', '/providers/Microsoft.Billing/billingAccounts'),
    },
    billingAccount,
  );
}

/** One billing account by its name (the last part of its id). */
export function getBillingAccount(arm: ArmClient, account: string, options?: SendOptions): Promise<BillingAccount> {
  const address = armPath(arm, 'billing', parentPath({ account }));
  return getOne(arm, { operation: 'Get the billing account', method: 'GET', address }, billingAccount, options);
}
