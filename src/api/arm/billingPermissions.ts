import * as v from 'valibot';
import { unexpected } from '../http/body.ts';
import type { Answer, SendOptions } from '../http/client.ts';
import { BillingError } from '../http/errors.ts';
import type { PageWalk } from '../http/paging.ts';
import { type ArmClient, armPath, listOf, readAs } from './armClient.ts';
import { type BillingParent, customerAtAccount, parentPath } from './parent.ts';
import { sinceNewest } from './sinceNewest.ts';
import { optionalText } from './wire.ts';

const actionList = v.nullish(v.array(v.string()));

const billingPermission = v.looseObject({ actions: actionList, notActions: actionList });

/** Actions that the sign-in may do and may not do. They are GUIDs or names such as `Microsoft.Billing/…/read`. */
export type BillingPermission = v.InferOutput<typeof billingPermission>;

/** What the sign-in may do at a billing account, profile, invoice section or customer (REST reference: Billing Permissions). */
export function listBillingPermissions(arm: ArmClient, parent: BillingParent): PageWalk<BillingPermission[]> {
  const anchor = arm.versions === 'newest' ? parent : customerAtAccount(parent);
  const address = armPath(arm, 'billing', `${parentPath(anchor)}/billingPermissions`);
  return listOf(arm, { operation: 'List billing permissions', method: 'GET', address }, billingPermission);
}

const accessDecision = v.looseObject({
  action: optionalText,
  /** Allowed, NotAllowed, Other. */
  accessDecision: optionalText,
});

/** Whether one action is allowed. */
export type AccessDecision = v.InferOutput<typeof accessDecision>;

/**
 * Asks whether the sign-in may do some actions (REST reference: Billing Permissions - Check Access). Exists from 2024-04-01
 * on, and is sent with that version. A customer is asked about below its billing profile.
 *
 * @param actions e.g. `Microsoft.Billing/billingAccounts/read`; at least one
 * @throws BillingError of kind `argument`
 */
export async function checkAccess(
  arm: ArmClient,
  parent: BillingParent,
  actions: readonly string[],
  options?: SendOptions,
): Promise<AccessDecision[]> {
  if (actions.length === 0 || actions.some((action) => typeof action !== 'string' || action.trim() === '')) {
    throw new BillingError('argument', 'actions: there is none, or one is empty.', {
      advice: "Name at least one action, for example 'Microsoft.Billing/billingAccounts/read'.",
    });
  }
  if (parent.profile === undefined && (parent.customer !== undefined || parent.invoiceSection !== undefined)) {
    throw new BillingError('argument', 'profile: the billing profile is missing.', {
      advice: 'Access to a customer or invoice section is checked below its billing profile.',
    });
  }
  const address = armPath(sinceNewest(arm), 'billing', `${parentPath(parent)}/checkAccess`);
  // Repeatable: it only asks.
  const call = { operation: 'Check access', method: 'POST', address, body: { actions }, repeatable: true } as const;
  const read = (answer: Answer) => {
    const decisions = readAs(v.array(accessDecision), answer);
    if (decisions.length === 0) {
      throw unexpected(answer, 'the answer decides about none of the actions.');
    }
    return decisions;
  };
  return arm.http.send(call, read, options);
}
