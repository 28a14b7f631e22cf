import * as vscode from 'vscode';
import type { Budget } from '../api/arm/budgets.ts';
import type { BudgetBody } from '../budgeting/budgetBody.ts';
import { readBudgetText } from '../budgeting/budgetText.ts';
import { type CreateOutcome, createBudget } from '../budgeting/createBudget.ts';
import { contextOf, readBudget, type SaveOptions, type SaveOutcome, saveBudget } from '../budgeting/saveBudget.ts';
import { refusedByRules } from '../budgeting/writeOutcome.ts';
import { plainText } from '../workbench/text.ts';
import { type BudgetDesk, currencyOf, today } from './budgetDesk.ts';
import { mergeWithTheirs } from './mergeWithTheirs.ts';
import { type OpenBudget, type OpenBudgets, textOf } from './openBudgets.ts';
import { changeLines, createdLines, type NotWritten, notWrittenText } from './outcomeTexts.ts';
import type { TheirSides } from './theirSides.ts';

/** Nothing was written. */
export class SaveRefusal extends Error {}

/** What sending a document needs. */
export interface Sending {
  desk: BudgetDesk;
  budgets: OpenBudgets;
  sides: TheirSides;
  /** Saves the document again. */
  again(): Promise<unknown>;
}

type Outcome = SaveOutcome | CreateOutcome;

/**
 * Sends the text of a document: checks it, lets the exact change be confirmed, writes it and reads it back. What somebody else changed since is
 * merged into the text, which stays unsaved then.
 *
 * @param tell whether a person is told here why nothing was saved; else whoever catches the refusal tells it
 * @throws SaveRefusal when nothing was saved; the text stays as it is
 */
export async function sendDocument(
  sending: Sending,
  open: OpenBudget,
  document: vscode.TextDocument,
  tell: boolean,
): Promise<Budget> {
  const { desk, budgets } = sending;
  const { place } = open;
  const arm = await desk.arm(place.connection);
  const { body, diagnostics } = readBudgetText(
    document.getText(),
    contextOf(arm, place, today(), open.base ?? undefined),
  );
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (body === undefined || errors.length > 0) {
    throw await refused(sending, open, refusedByRules(errors), tell);
  }
  const notes = diagnostics.map(({ message }) => `To check: ${message}`);
  const currency = currencyOf(place, open.base ?? undefined);
  const outcome = await desk.run(`Budget ${place.name}`, (options) =>
    send(sending, open, body, {
      ...options,
      currency,
      confirm: (change) =>
        open.base === null
          ? desk.confirm(place, 'Create', [...createdLines(body, currency), ...notes])
          : desk.confirm(place, 'Save', [...changeLines(change), ...notes]),
    }),
  );
  switch (outcome.kind) {
    case 'saved':
      desk.tellSaved(place, outcome);
      return outcome.budget;
    case 'unchanged':
      vscode.window.setStatusBarMessage(plainText(`Budget '${place.name}' holds that already.`), 5000);
      return outcome.budget;
    case 'conflict': {
      const merged = await mergeWithTheirs(sending, open, document, outcome);
      throw new SaveRefusal(merged);
    }
    case 'notApplied':
      // What was read is what the text is compared with next.
      budgets.rebase(open, outcome.budget);
      throw await refused(sending, open, outcome, tell);
    case 'exists':
      await sending.sides.compare(document, textOf(outcome.budget), `${place.name}: exists already ↔ yours`);
      throw await refused(sending, open, outcome, tell);
    default:
      throw await refused(sending, open, outcome, tell);
  }
}

async function send(
  { desk, budgets }: Sending,
  open: OpenBudget,
  body: BudgetBody,
  options: SaveOptions,
): Promise<Outcome> {
  const { place } = open;
  const arm = await desk.arm(place.connection);
  if (open.base === undefined) {
    // The text outlived what it began as: the whole difference to what holds now is confirmed.
    options.onStep?.('reading');
    budgets.rebase(open, (await readBudget(arm, place, options)) ?? null);
  }
  return open.base ? saveBudget(arm, place, open.base, body, options) : createBudget(arm, place, body, options);
}

async function refused(sending: Sending, open: OpenBudget, outcome: NotWritten, tell: boolean): Promise<SaveRefusal> {
  const { desk, budgets, again } = sending;
  const text = notWrittenText(open.place.name, outcome);
  if (tell) {
    // Not awaited: the save is over, whatever becomes of the notice.
    void desk.tellNotWritten(open.place, outcome, actionsOn(open, outcome, budgets, again));
  }
  return new SaveRefusal(text);
}

function actionsOn(
  open: OpenBudget,
  outcome: NotWritten,
  budgets: OpenBudgets,
  again: () => Promise<unknown>,
): Record<string, () => unknown> {
  switch (outcome.kind) {
    case 'refused':
      return outcome.findings.length > 0
        ? { 'Show Problems': () => vscode.commands.executeCommand('workbench.actions.view.problems') }
        : {};
    case 'deleted':
      return {
        'Create Again': () => {
          budgets.rebase(open, null);
          return again();
        },
        'Close Tab': () => closeWithoutSaving(open.uri),
      };
    case 'exists':
      return {
        'Change That One': () => {
          // Its save shows what differs, and writes under the eTag of that one.
          budgets.rebase(open, outcome.budget);
          return again();
        },
      };
    case 'notApplied':
    case 'notCreated':
      return { 'Save Again': again };
    default:
      return {};
  }
}

/** The text is dropped because a person said so. */
async function closeWithoutSaving(uri: vscode.Uri): Promise<void> {
  await vscode.window.showTextDocument(uri, { preview: false });
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
}
