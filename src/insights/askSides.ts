import * as vscode from 'vscode';
import { BillingError } from '../api/http/errors.ts';
import type { CompareCostsArgument, ComparedSideArgument, NodeArgument } from '../contributions.ts';
import { recentMonths } from '../usage/period.ts';
import { plainText } from '../workbench/text.ts';

const TITLE = 'Compare Costs';

/** Months that are offered. */
const MONTHS = 13;

/**
 * What a person wants to compare: two rows in a month, or two months, or what is billed with what is not, of one row. Undefined when they
 * back out.
 *
 * @throws BillingError of kind `argument` when no row has usage, or the rows are of different connections
 */
export async function askSides(
  row: NodeArgument | undefined,
  selection: readonly NodeArgument[],
  now: Date,
): Promise<CompareCostsArgument | undefined> {
  const rows = selection.length > 1 ? selection : row === undefined ? [] : [row];
  const [first, second] = rows;
  if (first?.scope === undefined || rows.length > 2 || rows.some(({ scope }) => scope === undefined)) {
    throw new BillingError('argument', 'before: choose one row with usage, or two to compare with each other.', {
      advice: 'Select them in the tree, or give both sides.',
    });
  }
  const { connection, scope } = first;
  const side = (one: NodeArgument, more: Partial<ComparedSideArgument>): ComparedSideArgument => ({
    scope: one.scope ?? '',
    label: one.title ?? one.label,
    ...more,
  });
  const months = recentMonths(now, MONTHS);
  if (second !== undefined) {
    if (second.connection !== connection || second.scope === scope) {
      throw new BillingError('argument', 'after: choose two different rows of one connection.');
    }
    const period = await pickMonth('Of which month?', months);
    return period === undefined
      ? undefined
      : { connection, before: side(first, { period }), after: side(second, { period }) };
  }
  const [open = '', last = '', earlier = ''] = months;
  const picked = await vscode.window.showQuickPick(
    [
      { label: `${earlier} with ${last}`, description: 'The last two months that are over', sides: [earlier, last] },
      { label: `${last} with ${open}`, description: 'The running month is not over yet', sides: [last, open] },
      { label: 'Two months…', description: '', sides: [] },
      { label: `Billed with unbilled of ${last}`, description: 'What has an invoice already', sides: undefined },
    ],
    { title: TITLE, placeHolder: plainText(first.title ?? first.label) },
  );
  if (picked === undefined) {
    return undefined;
  }
  if (picked.sides === undefined) {
    return {
      connection,
      before: side(first, { period: last, billed: true }),
      after: side(first, { period: last, billed: false }),
    };
  }
  const [from, to] =
    picked.sides.length > 0
      ? picked.sides
      : [await pickMonth('The month before', months), await pickMonth('The month after', months)];
  if (from === undefined || to === undefined) {
    return undefined;
  }
  return { connection, before: side(first, { period: from }), after: side(first, { period: to }) };
}

async function pickMonth(placeHolder: string, months: readonly string[]): Promise<string | undefined> {
  return vscode.window.showQuickPick([...months], { title: TITLE, placeHolder });
}
