import type { ArmClient } from '../api/arm/armClient.ts';
import {
  type CostPolicy,
  type CustomerNames,
  getCostPolicy,
  setCostPolicy,
  type ViewCharges,
  viewChargesOf,
} from '../api/arm/costPolicy.ts';
import type { SendOptions } from '../api/http/client.ts';
import { endedBy } from './saveBudget.ts';
import { type Cancelled, isLost, type Refused, type Unknown } from './writeOutcome.ts';

export type PolicyOutcome =
  | { kind: 'saved'; policy: CostPolicy; before: string | undefined; answerLost: boolean }
  | { kind: 'unchanged'; policy: CostPolicy }
  | { kind: 'notApplied'; policy: CostPolicy; error: unknown }
  | Refused
  | Cancelled
  | Unknown;

/**
 * Sets the cost policy of a customer, follows the operation where it takes time, and reads back. There is no eTag; who sets it at the same
 * time is seen in what is read back. A cancelled change may go on in the service: then `sent` is true.
 */
export async function changeCostPolicy(
  arm: ArmClient,
  customer: CustomerNames,
  wanted: ViewCharges,
  options: SendOptions = {},
): Promise<PolicyOutcome> {
  const { signal, onWait } = options;
  let before: CostPolicy;
  try {
    before = await getCostPolicy(arm, customer, options);
  } catch (error) {
    return endedBy(error, signal?.aborted === true);
  }
  if (viewChargesOf(before) === wanted) {
    return { kind: 'unchanged', policy: before };
  }
  const was = viewChargesOf(before);
  let failure: unknown;
  try {
    await setCostPolicy(arm, customer, wanted, options);
  } catch (error) {
    if (!isLost(error)) {
      return endedBy(error, false);
    }
    failure = error;
  }
  try {
    const policy = await getCostPolicy(arm, customer, { onWait });
    if (viewChargesOf(policy) === wanted) {
      return { kind: 'saved', policy, before: was, answerLost: failure !== undefined };
    }
    return signal?.aborted ? { kind: 'cancelled', sent: true } : { kind: 'notApplied', policy, error: failure };
  } catch (error) {
    const message =
      'Whether the cost policy was changed is not known: it could not be read again. Look at it before you change it.';
    return { kind: 'unknown', message, error };
  }
}
