import type { ArmClient } from '../api/arm/armClient.ts';
import { bodyOf } from './budgetBody.ts';
import { type CreateOutcome, createBudget } from './createBudget.ts';
import { type RemoveOutcome, removeBudget } from './removeBudget.ts';
import { type BudgetPlace, type BudgetUndo, type SaveOptions, type SaveOutcome, saveBudget } from './saveBudget.ts';

export type UndoOutcome = SaveOutcome | CreateOutcome | RemoveOutcome | { kind: 'nothing' };

/**
 * Takes a change back: puts the former budget under the new eTag, deletes what was created, creates again what was deleted. Whoever
 * changed it since is not written over: that is a conflict, as in any other save. A budget whose first period is over cannot be created
 * again as it was: then the rule says so.
 */
export function undoChange(
  arm: ArmClient,
  place: BudgetPlace,
  { before, after }: BudgetUndo,
  options: SaveOptions,
): Promise<UndoOutcome> {
  if (before !== undefined && after !== undefined) {
    return saveBudget(arm, place, after, bodyOf(before), options);
  }
  if (after !== undefined) {
    return removeBudget(arm, place, after, options);
  }
  return before === undefined
    ? Promise.resolve({ kind: 'nothing' })
    : createBudget(arm, place, bodyOf(before), options);
}
