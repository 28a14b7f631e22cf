import * as vscode from 'vscode';
import type { Budget } from '../api/arm/budgets.ts';
import { valueText } from '../budgeting/budgetChange.ts';
import { removeBudget } from '../budgeting/removeBudget.ts';
import type { HeldBudget } from '../contributions.ts';
import { calledByPerson } from '../workbench/commands.ts';
import { plainText } from '../workbench/text.ts';
import { type BudgetDesk, currencyOf } from './budgetDesk.ts';
import { budgetUri, type GivenBudget, type OpenPlace, placeOf } from './budgetPlace.ts';
import { closeTab } from './openBudgets.ts';
import { readForEdit } from './quickSave.ts';

/**
 * `azureBilling.deleteBudget`: a person types its name.
 *
 * @returns the budget as it was; undefined when nothing was deleted
 */
export async function deleteBudgetCommand(desk: BudgetDesk, argument: GivenBudget): Promise<HeldBudget | undefined> {
  const person = calledByPerson(argument);
  const { arm, place } = await desk.reach(placeOf(argument, desk.find));
  const shown = await readForEdit(desk, arm, place);
  if (person && !(await nameTyped(place, shown))) {
    return undefined;
  }
  const outcome = await desk.run(`Deleting budget ${place.name}`, (options) =>
    removeBudget(arm, place, shown, options),
  );
  switch (outcome.kind) {
    case 'removed': {
      desk.made(place, outcome.undo, undefined);
      await closeTab(budgetUri(place));
      if (person) {
        tellRemoved(place, outcome.answerLost);
      }
      return outcome.undo.before;
    }
    case 'gone':
      desk.news(place, undefined);
      await closeTab(budgetUri(place));
      if (person) {
        void vscode.window.showInformationMessage(
          plainText(`Budget '${place.name}' was deleted by somebody else already.`),
        );
      }
      return undefined;
    default:
      if (!person) {
        return desk.refuse(place, outcome);
      }
      void desk.tellNotWritten(place, outcome);
      return undefined;
  }
}

async function nameTyped(place: OpenPlace, shown: Budget): Promise<boolean> {
  const { name } = place;
  const { amount, timeGrain } = shown.properties;
  const what = [valueText(amount ?? undefined, currencyOf(place, shown)), timeGrain?.toLowerCase()].filter(Boolean);
  const typed = await vscode.window.showInputBox({
    title: plainText(`Delete budget '${name}' (${what.join(', ')})?`),
    prompt: plainText(`Type its name, ${name}, to delete it. Nobody is alerted by it then.`),
    ignoreFocusOut: true,
    validateInput: (text) =>
      text === name || text === ''
        ? undefined
        : { message: plainText(`That is not ${name}.`), severity: vscode.InputBoxValidationSeverity.Warning },
  });
  return typed === name;
}

function tellRemoved(place: OpenPlace, answerLost: boolean): void {
  const undo = 'Undo';
  const lost = answerLost ? ' The answer got lost on the way; reading again shows that it is gone.' : '';
  void vscode.window
    .showInformationMessage(plainText(`Budget '${place.name}' is deleted.${lost}`), undo)
    .then((answer) =>
      answer === undo ? vscode.commands.executeCommand('azureBilling.undoBudgetChange', budgetUri(place)) : undefined,
    );
}
