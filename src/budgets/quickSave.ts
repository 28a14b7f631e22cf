import * as vscode from 'vscode';
import type { ArmClient } from '../api/arm/armClient.ts';
import type { Budget } from '../api/arm/budgets.ts';
import { BillingError } from '../api/http/errors.ts';
import { type BudgetBody, bodyOf } from '../budgeting/budgetBody.ts';
import { changeOf } from '../budgeting/budgetChange.ts';
import { chooseSide } from '../budgeting/mergeBudgets.ts';
import { type Conflict, readBudget, type SaveOptions, saveBudget } from '../budgeting/saveBudget.ts';
import { plainText } from '../workbench/text.ts';
import { type BudgetDesk, currencyOf } from './budgetDesk.ts';
import type { OpenPlace } from './budgetPlace.ts';
import { changeLines } from './outcomeTexts.ts';

/** A budget as it is read for a quick edit. @throws BillingError, also when there is none of that name */
export async function readForEdit(desk: BudgetDesk, arm: ArmClient, place: OpenPlace): Promise<Budget> {
  const budget = await desk.run(`Budget ${place.name}`, (options) => readBudget(arm, place, options));
  if (budget === undefined) {
    throw new BillingError('refused', `There is no budget '${place.name}' at this scope.`, {
      status: 404,
      advice: 'Refresh the tree to see which budgets there are.',
    });
  }
  return budget;
}

/**
 * Saves a change that was made without a document. A person who meets somebody else's change decides with both before the eyes; a caller
 * without a screen is refused.
 *
 * @returns the budget as the service holds it; undefined when a person left it as it is, or was told why it could not be saved
 * @throws BillingError for callers without a screen
 */
export async function quickSave(
  desk: BudgetDesk,
  arm: ArmClient,
  place: OpenPlace,
  base: Budget,
  edited: BudgetBody,
  person: boolean,
): Promise<Budget | undefined> {
  let [from, body] = [base, edited];
  for (;;) {
    const outcome = await desk.run(`Budget ${place.name}`, (options: SaveOptions) =>
      saveBudget(arm, place, from, body, { ...options, currency: currencyOf(place, from) }),
    );
    switch (outcome.kind) {
      case 'saved':
        if (person) {
          desk.tellSaved(place, outcome);
        } else {
          desk.made(place, outcome.undo, outcome.budget);
        }
        return outcome.budget;
      case 'unchanged':
        if (person) {
          vscode.window.setStatusBarMessage(plainText(`Budget '${place.name}' holds that already.`), 5000);
        }
        return outcome.budget;
      case 'conflict':
        if (person) {
          const merged = await mineOverTheirs(place, from, outcome);
          if (merged === undefined) {
            return undefined;
          }
          [from, body] = [outcome.theirs, merged];
          continue;
        }
        break;
      case 'notApplied':
        if (person) {
          [from, body] = [outcome.budget, body];
        }
        break;
      default:
    }
    if (!person) {
      return desk.refuse(place, outcome);
    }
    const again = () => quickSave(desk, arm, place, from, body, true);
    const actions = outcome.kind === 'notApplied' ? { 'Save Again': again } : {};
    void desk.tellNotWritten(place, outcome, actions);
    return undefined;
  }
}

/** Both changes before the eyes of a person who changed one thing. Undefined: nothing is saved. */
async function mineOverTheirs(
  place: OpenPlace,
  from: Budget,
  { theirs, merge }: Conflict,
): Promise<BudgetBody | undefined> {
  const mine = merge.conflicts.reduce((whole, { pointer }) => chooseSide(whole, pointer, 'mine'), merge);
  const button = 'Save Anyway';
  const currency = currencyOf(place, theirs);
  const between = (before: BudgetBody, after: BudgetBody) => changeLines(changeOf(before, after, currency));
  const own = between(bodyOf(theirs), mine.merged);
  const lines = [
    ...between(bodyOf(from), bodyOf(theirs)).map((line) => `Theirs: ${line}`),
    ...(own.length === 0 ? ['Yours: the same'] : own.map((line) => `Yours: ${line}`)),
  ];
  const answer = await vscode.window.showWarningMessage(
    plainText(`Somebody else changed budget '${place.name}' meanwhile.`),
    { modal: true, detail: lines.map(plainText).join('\n') },
    button,
  );
  return answer === button ? mine.merged : undefined;
}

/** What a plain argument gives as a body. @throws BillingError of kind `argument` */
export function givenBody(body: unknown, field = 'body'): BudgetBody {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new BillingError('argument', `${field}: is not an object.`);
  }
  return body as BudgetBody;
}

/** A body with other members. */
export function withMembers(budget: Budget, members: Partial<BudgetBody>): BudgetBody {
  return { ...bodyOf(budget), ...members };
}
