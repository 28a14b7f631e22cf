import * as vscode from 'vscode';
import { valueText } from '../budgeting/budgetChange.ts';
import { writeBudgetText } from '../budgeting/budgetText.ts';
import { type BudgetMerge, chooseSide, type MergedField } from '../budgeting/mergeBudgets.ts';
import type { Conflict } from '../budgeting/saveBudget.ts';
import { plainText } from '../workbench/text.ts';
import { currencyOf } from './budgetDesk.ts';
import { type OpenBudget, replaceText, textOf } from './openBudgets.ts';
import type { Sending } from './sendDocument.ts';

/**
 * Somebody else changed the budget since the document was opened. Shows their budget beside the text, asks which side holds where both changed
 * the same, and puts the merged budget into the text: unsaved, to be looked at, and with Undo back to what was typed.
 *
 * @returns what happened, for the save that ends with it
 */
export async function mergeWithTheirs(
  { sides, budgets, again }: Sending,
  open: OpenBudget,
  document: vscode.TextDocument,
  { theirs, merge }: Conflict,
): Promise<string> {
  const { name } = open.place;
  await sides.compare(document, textOf(theirs), `${name}: saved by somebody else ↔ yours`);
  const currency = currencyOf(open.place, theirs);
  const chosen = await chooseAll(name, merge, currency);
  if (chosen === undefined) {
    const text = `Nothing was saved: somebody else changed budget '${name}' meanwhile. Your text is as you left it; save it again to choose.`;
    vscode.window.setStatusBarMessage(plainText(text), 10_000);
    return text;
  }
  const merged = writeBudgetText(chosen.merged);
  if (merged !== document.getText()) {
    await replaceText(document, merged);
  }
  budgets.rebase(open, theirs);
  const text = `${theirChanges(name, chosen)} Look at the text, then save it.`;
  const save = 'Save';
  // Not awaited: the save that met the conflict is over.
  void vscode.window
    .showInformationMessage(plainText(text), save)
    .then((answer) => (answer === save ? again() : undefined));
  return text;
}

/** One question for each field that both changed. Undefined when a person backs out. */
async function chooseAll(
  name: string,
  merge: BudgetMerge,
  currency: string | undefined,
): Promise<BudgetMerge | undefined> {
  let chosen = merge;
  for (const [index, field] of merge.conflicts.entries()) {
    const side = await chooseOne(name, field, `${index + 1} of ${merge.conflicts.length}`, currency);
    if (side === undefined) {
      return undefined;
    }
    chosen = chooseSide(chosen, field.pointer, side);
  }
  return chosen;
}

async function chooseOne(
  name: string,
  field: MergedField,
  count: string,
  currency: string | undefined,
): Promise<'mine' | 'theirs' | undefined> {
  const unit = field.path[0] === 'amount' ? currency : field.path.at(-1) === 'threshold' ? '%' : undefined;
  const words = (value: unknown) => plainText(valueText(value, unit));
  const items = [
    { label: `Yours: ${words(field.mine)}`, detail: 'What you wrote', side: 'mine' },
    { label: `Theirs: ${words(field.theirs)}`, detail: 'What somebody else saved meanwhile', side: 'theirs' },
  ] as const;
  const picked = await vscode.window.showQuickPick([...items], {
    title: plainText(`Both of you changed ${field.name} of budget '${name}' (${count})`),
    placeHolder: plainText(`It was ${valueText(field.base, unit)} when you opened it. Which one holds?`),
    ignoreFocusOut: true,
  });
  return picked?.side;
}

function theirChanges(name: string, { fields }: BudgetMerge): string {
  const of = (...wanted: readonly MergedField['side'][]) =>
    fields.filter(({ side }) => wanted.includes(side)).map((field) => field.name);
  const parts = [
    ['Theirs', of('theirs')],
    ['yours', of('mine')],
    ['of both', of('both')],
  ] as const;
  const told = parts.filter(([, names]) => names.length > 0).map(([whose, names]) => `${whose}: ${names.join(', ')}`);
  return `Somebody else changed budget '${name}' meanwhile; the text holds both changes now (${told.join('; ')}).`;
}
