import * as vscode from 'vscode';
import { BillingError } from '../api/http/errors.ts';
import { undoChange } from '../budgeting/undoChange.ts';
import type { HeldBudget } from '../contributions.ts';
import { calledByPerson } from '../workbench/commands.ts';
import { plainText } from '../workbench/text.ts';
import { type BudgetDesk, currencyOf } from './budgetDesk.ts';
import { budgetUri, type GivenBudget, placeOf, placeOfUri } from './budgetPlace.ts';
import { closeTab } from './openBudgets.ts';
import { changeLines } from './outcomeTexts.ts';

/**
 * `azureBilling.undoBudgetChange`: puts the former budget back under the eTag that holds now. What somebody else changed since is not written
 * over.
 *
 * @returns the budget as the service holds it; undefined when the change had created it
 */
export async function undoBudgetChange(desk: BudgetDesk, argument: GivenBudget): Promise<HeldBudget | undefined> {
  const person = calledByPerson(argument);
  const inFront = argument === undefined ? vscode.window.activeTextEditor?.document.uri : argument;
  const anywhere = argument === undefined && (inFront === undefined || placeOfUri(inFront as vscode.Uri) === undefined);
  const of = anywhere ? undefined : (await desk.reach(placeOf(argument, desk.find))).place;
  const change = desk.lastChange(of);
  if (change === undefined) {
    throw new BillingError(
      'argument',
      of === undefined
        ? 'No budget was changed in this window, so there is nothing to undo.'
        : `Budget '${of.name}' was not changed in this window, so there is nothing to undo.`,
    );
  }
  const { place, undo } = change;
  const { arm } = await desk.reach(place);
  const title = `Budget ${place.name}`;
  const outcome = await desk.run(title, (options) =>
    undoChange(arm, place, undo, { ...options, currency: currencyOf(place, undo.after ?? undo.before) }),
  );
  switch (outcome.kind) {
    case 'saved': {
      // Undone again, it is redone.
      desk.made(place, outcome.undo, outcome.budget);
      const [first] = changeLines(outcome.change);
      const what = outcome.undo.before === undefined ? 'it is there again' : (first ?? '');
      tell(person, `The last change of budget '${place.name}' is undone: ${what}.`);
      return outcome.budget;
    }
    case 'removed':
      desk.made(place, outcome.undo, undefined);
      await closeTab(budgetUri(place));
      tell(person, `Budget '${place.name}', which was created last, is deleted again.`);
      return undefined;
    case 'unchanged':
      desk.takenBack(place, outcome.budget);
      tell(person, `Budget '${place.name}' is as it was before already.`);
      return outcome.budget;
    case 'gone':
    case 'nothing':
      desk.takenBack(place, undefined);
      tell(person, `Budget '${place.name}' is not there any more, as it was before.`);
      return undefined;
    default:
      if (!person) {
        return desk.refuse(place, outcome);
      }
      void desk.tellNotWritten(place, outcome, {
        ...((outcome.kind === 'conflict' || outcome.kind === 'changed') && {
          'Open Budget': () => vscode.commands.executeCommand('vscode.open', budgetUri(place), { preview: false }),
        }),
      });
      return undefined;
  }
}

function tell(person: boolean, text: string): void {
  if (person) {
    void vscode.window.showInformationMessage(plainText(text));
  }
}
