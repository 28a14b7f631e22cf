import * as vscode from 'vscode';
import { BillingError } from '../api/http/errors.ts';
import type { EditBudgetArgument, HeldBudget, NodeArgument } from '../contributions.ts';
import { type CommandHandlers, calledByPerson } from '../workbench/commands.ts';
import { BudgetCompletion } from './budgetCompletion.ts';
import { type BudgetConnections, BudgetDesk } from './budgetDesk.ts';
import { BudgetDiagnostics } from './budgetDiagnostics.ts';
import { BudgetFiles } from './budgetFiles.ts';
import { placeOf } from './budgetPlace.ts';
import { createBudgetCommand } from './createBudgetCommand.ts';
import { deleteBudgetCommand } from './deleteBudgetCommand.ts';
import { OpenBudgets, textOf } from './openBudgets.ts';
import { givenBody, quickSave, readForEdit } from './quickSave.ts';
import { setBudgetAlerts } from './setAlerts.ts';
import { setBudgetAmount } from './setAmount.ts';
import { TheirSides } from './theirSides.ts';
import { undoBudgetChange } from './undoChangeCommand.ts';

/** What editing budgets is made of. */
export interface BudgetParts {
  connections: BudgetConnections;
  context: vscode.ExtensionContext;
  log: vscode.LogOutputChannel;
  /** Tells the editor that a document's budget is another one. */
  changed: vscode.EventEmitter<vscode.FileChangeEvent[]>;
}

type BudgetCommand =
  | 'editBudget'
  | 'saveBudget'
  | 'setBudgetAmount'
  | 'setBudgetAlerts'
  | 'undoBudgetChange'
  | 'createBudget'
  | 'deleteBudget';

/** What the editor asks of the documents' file system. */
export type FileOperation =
  | 'stat'
  | 'readFile'
  | 'writeFile'
  | 'readDirectory'
  | 'createDirectory'
  | 'delete'
  | 'rename';

/** The documents of budgets and the commands on one budget. */
export interface BudgetEditing {
  operate(name: FileOperation, given: readonly unknown[]): unknown;
  commands: Pick<CommandHandlers, `azureBilling.${BudgetCommand}`>;
}

/** Connects the parts; they end with the extension. */
export function budgetEditing({ connections, context, log, changed }: BudgetParts): BudgetEditing {
  const desk = new BudgetDesk(connections, log);
  const budgets = new OpenBudgets(context.workspaceState);
  const sides = new TheirSides(async (uri) => {
    const { place, arm } = await desk.reach(placeOf(uri, desk.find));
    return textOf(await readForEdit(desk, arm, place));
  });
  const files = new BudgetFiles(desk, budgets, sides, changed, log);
  context.subscriptions.push(
    desk,
    budgets,
    sides,
    files,
    new BudgetDiagnostics(desk, budgets),
    new BudgetCompletion(desk, log).register(),
  );
  return {
    operate: (name, given) => (files[name] as (...given: readonly unknown[]) => unknown).apply(files, [...given]),
    commands: {
      'azureBilling.editBudget': (argument) => editBudget(desk, files, argument),
      'azureBilling.saveBudget': async (argument) => {
        const uri = argument ?? vscode.window.activeTextEditor?.document.uri;
        return uri && (await files.save(uri));
      },
      'azureBilling.setBudgetAmount': (argument) => setBudgetAmount(desk, argument),
      'azureBilling.setBudgetAlerts': (argument) => setBudgetAlerts(desk, argument),
      'azureBilling.undoBudgetChange': (argument) => undoBudgetChange(desk, argument),
      'azureBilling.createBudget': (argument) => createBudgetCommand(desk, files, argument),
      'azureBilling.deleteBudget': (argument) => deleteBudgetCommand(desk, argument),
    },
  };
}

/** With a body it is written at once, else the budget is opened in a tab. @returns the budget as the service holds it */
async function editBudget(
  desk: BudgetDesk,
  files: BudgetFiles,
  argument: EditBudgetArgument | NodeArgument,
): Promise<HeldBudget | undefined> {
  const { arm, place } = await desk.reach(placeOf(argument, desk.find));
  if ('body' in argument && argument.body !== undefined) {
    const body = givenBody(argument.body);
    const base = await readForEdit(desk, arm, place);
    if (argument.eTag !== undefined && argument.eTag !== base.eTag) {
      throw new BillingError('refused', `eTag: budget '${place.name}' has another one by now.`, {
        advice: 'Read it again and make the change anew.',
      });
    }
    return quickSave(desk, arm, place, base, body, calledByPerson(argument));
  }
  const budget = await files.open(place);
  if (budget === undefined) {
    throw new BillingError('refused', `There is no budget '${place.name}' at this scope.`, {
      status: 404,
      advice: 'Refresh the tree to see which budgets there are.',
    });
  }
  return budget;
}
