import * as v from 'valibot';
import type { SendOptions } from '../http/client.ts';
import { BillingError } from '../http/errors.ts';
import { readOperation } from '../http/longRunning.ts';
import { type ArmClient, armPath, getOne, readAs } from './armClient.ts';
import { customerAtAccount, parentPath } from './parent.ts';
import { nameSegment } from './scope.ts';
import { sinceNewest } from './sinceNewest.ts';
import { optionalText, resource } from './wire.ts';

const setting = v.looseObject({
  name: optionalText,
  value: optionalText,
  /** UserControlled, SystemControlled, Other. */
  policyType: optionalText,
  scope: optionalText,
});

const costPolicy = v.looseObject({
  ...resource,
  properties: v.looseObject({
    /** Allowed, NotAllowed; 2024-04-01 adds Other. A subscription's policy has it among its `policies`. */
    viewCharges: optionalText,
    /** 2024-04-01 only. */
    provisioningState: optionalText,
    policies: v.nullish(v.array(setting)),
  }),
});

/**
 * Whether people in the customer's tenant may see charges, at retail rates (REST reference: Policies). It is off until the
 * partner turns it on, and does not touch what the partner's own roles see.
 */
export type CostPolicy = v.InferOutput<typeof costPolicy>;

const VIEW_CHARGES = ['Allowed', 'NotAllowed'] as const;

/** What a partner can set. */
export type ViewCharges = (typeof VIEW_CHARGES)[number];

/** A customer of a partner, by names. Versions before 2024-04-01 know it below its account only, and ignore the profile. */
export interface CustomerNames {
  account: string;
  profile?: string | undefined;
  customer: string;
}

/** Allowed, NotAllowed or a word of the service; undefined when the policy does not tell. */
export function viewChargesOf({ properties }: CostPolicy): string | undefined {
  const named = properties.policies?.find(({ name }) => name?.toLowerCase() === 'viewcharges');
  return properties.viewCharges ?? named?.value ?? undefined;
}

/** The cost policy of a customer. Its id is below the billing profile in 2024-04-01, whichever way it was asked for. */
export function getCostPolicy(arm: ArmClient, customer: CustomerNames, options?: SendOptions): Promise<CostPolicy> {
  const address = policyAddress(arm, customer);
  return getOne(arm, { operation: 'Get the cost policy', method: 'GET', address }, costPolicy, options);
}

/**
 * Sets the cost policy of a customer and waits until the service is done with it. There is no eTag: the last writer wins.
 * Setting it twice is the same as once, so it is sent again after a failure.
 *
 * @returns the policy as the service holds it then
 * @throws BillingError of kind `argument` for anything but Allowed and NotAllowed; nothing is sent then
 */
export async function setCostPolicy(
  arm: ArmClient,
  customer: CustomerNames,
  viewCharges: ViewCharges,
  options?: SendOptions,
): Promise<CostPolicy> {
  if (!VIEW_CHARGES.includes(viewCharges)) {
    throw new BillingError('argument', `viewCharges: '${String(viewCharges).slice(0, 60)}' cannot be set.`, {
      advice: `Use ${VIEW_CHARGES.join(' or ')}.`,
    });
  }
  const address = policyAddress(arm, customer);
  const body = { properties: { viewCharges } };
  const call = { operation: 'Change the cost policy', method: 'PUT', address, body } as const;
  // An operation may end without telling its result.
  const told = await readOperation(
    arm.http,
    call,
    (answer) => (answer.bytes.length === 0 ? undefined : readAs(costPolicy, answer)),
    options,
  );
  return told ?? getCostPolicy(arm, customer, options);
}

/** The policies that hold for an Azure subscription. Exists from 2024-04-01 on, and is sent with that version. */
export function getSubscriptionPolicy(
  arm: ArmClient,
  subscription: string,
  options?: SendOptions,
): Promise<CostPolicy> {
  const path = `/subscriptions/${nameSegment('subscription', subscription)}/providers/Microsoft.Billing/policies/default`;
  const address = armPath(sinceNewest(arm), 'billing', path);
  return getOne(arm, { operation: 'Get the cost policy', method: 'GET', address }, costPolicy, options);
}

function policyAddress(arm: ArmClient, { account, profile, customer }: CustomerNames): string {
  // Left out, it would be the policy of the whole account.
  nameSegment('customer', customer);
  const parent = { account, profile, customer };
  return armPath(
    arm,
    'billing',
    `${parentPath(arm.versions === 'newest' ? parent : customerAtAccount(parent))}/policies/default`,
  );
}
