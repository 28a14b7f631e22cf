import type { ArmClient } from '../api/arm/armClient.ts';
import { type Budget, deleteBudget } from '../api/arm/budgets.ts';
import type { BillingError } from '../api/http/errors.ts';
import { bodyOf } from './budgetBody.ts';
import { changeOf } from './budgetChange.ts';
import {
  type BudgetPlace,
  type BudgetUndo,
  endedBy,
  readAfterLoss,
  readBudget,
  type SaveOptions,
  unknown,
} from './saveBudget.ts';
import { type Cancelled, isLost, type Refused, refusedBy, type Unknown } from './writeOutcome.ts';

export type RemoveOutcome =
  | { kind: 'removed'; undo: BudgetUndo; answerLost: boolean }
  /** There was none any more; nothing was sent. */
  | { kind: 'gone' }
  /** Somebody changed it since it was shown; nothing was deleted. */
  | { kind: 'changed'; budget: Budget }
  | { kind: 'notRemoved'; budget: Budget; error: unknown }
  | Refused
  | Cancelled
  | Unknown;

/**
 * Deletes a budget, if it still is the one that was shown. The service deletes whatever the eTag: what happens between reading and deleting
 * stays unseen.
 *
 * @param shown what the user saw when the name was typed
 */
export async function removeBudget(
  arm: ArmClient,
  place: BudgetPlace,
  shown: Budget,
  options: Pick<SaveOptions, 'signal' | 'onWait' | 'onStep'>,
): Promise<RemoveOutcome> {
  const { onStep } = options;
  try {
    onStep?.('reading');
    const current = await readBudget(arm, place, options);
    if (current === undefined) {
      return { kind: 'gone' };
    }
    if (current.eTag !== shown.eTag && changeOf(bodyOf(shown), bodyOf(current)).fields.length > 0) {
      return { kind: 'changed', budget: current };
    }
    const undo = { before: current, after: undefined };
    onStep?.('writing');
    try {
      await deleteBudget(arm, place, place.name, options);
      return { kind: 'removed', undo, answerLost: false };
    } catch (error) {
      if (!isLost(error)) {
        return refusedBy(error as BillingError);
      }
      onStep?.('readingBack');
      const held = await readAfterLoss(arm, place, options);
      if ('error' in held) {
        return unknown(held.error);
      }
      return held.budget === undefined
        ? { kind: 'removed', undo, answerLost: true }
        : { kind: 'notRemoved', budget: held.budget, error };
    }
  } catch (error) {
    return endedBy(error, options.signal?.aborted === true);
  }
}
