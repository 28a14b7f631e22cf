import * as vscode from 'vscode';
import { BillingError } from '../api/http/errors.ts';
import type { CompareCostsArgument, ComparedSideArgument, NodeArgument } from '../contributions.ts';
import { recentMonths, resolvePeriod } from '../usage/period.ts';
import { plainText } from '../workbench/text.ts';
import { askOtherInvoice, invoiceSide } from './askOtherInvoice.ts';
import type { InsightParts } from './insightParts.ts';
import { olderFirst } from './listedInvoices.ts';
import type { PartnerInvoices } from './partnerInvoices.ts';

const TITLE = 'Compare Costs';

/** Months that are offered. */
const MONTHS = 13;

/**
 * What a person wants to compare: two rows, of which those that have months in one month; or of one row two months, or what is billed
 * with what is not; or an invoice with another. What is older comes first where an invoice takes part. Undefined when they back out.
 *
 * @throws BillingError of kind `argument` when no row has usage, or the rows are of different connections
 */
export async function askSides(
  connections: InsightParts['connections'],
  invoices: PartnerInvoices,
  row: NodeArgument | undefined,
  selection: readonly NodeArgument[],
  now: Date,
): Promise<CompareCostsArgument | undefined> {
  const rows = selection.length > 1 ? selection : row === undefined ? [] : [row];
  const [first, second] = rows;
  if (first === undefined || rows.length > 2 || rows.some((one) => subjectOf(one) === undefined)) {
    throw new BillingError('argument', 'before: choose one row with usage, or two to compare with each other.', {
      advice: 'Select them in the tree, or give both sides.',
    });
  }
  if (second !== undefined) {
    return askMonthOf(first, second, now);
  }
  return isInvoice(first)
    ? askOtherInvoice(connections, invoices, first, recentMonths(now, MONTHS))
    : askMonths(first, now);
}

async function askMonthOf(
  first: NodeArgument,
  second: NodeArgument,
  now: Date,
): Promise<CompareCostsArgument | undefined> {
  const { connection } = first;
  if (second.connection !== connection || subjectOf(second) === subjectOf(first)) {
    throw new BillingError('argument', 'after: choose two different rows of one connection.');
  }
  const both = [first, second];
  const period = both.every(isInvoice) ? undefined : await pickMonth('Of which month?', recentMonths(now, MONTHS));
  if (period === undefined && !both.every(isInvoice)) {
    return undefined;
  }
  const [one, other] = both.map((each) => ({
    side: isInvoice(each) ? invoiceSide(each) : usageSide(each, { ...(period && { period }) }),
    until: isInvoice(each) ? (each.invoiceDate ?? '') : period === undefined ? '' : resolvePeriod(period, now).to,
  }));
  if (one === undefined || other === undefined) {
    return undefined;
  }
  const [before, after] = both.some(isInvoice) ? olderFirst(one, other) : [one, other];
  return { connection, before: before.side, after: after.side };
}

async function askMonths(row: NodeArgument, now: Date): Promise<CompareCostsArgument | undefined> {
  const { connection } = row;
  const months = recentMonths(now, MONTHS);
  const [open = '', last = '', earlier = ''] = months;
  const picked = await vscode.window.showQuickPick(
    [
      { label: `${earlier} with ${last}`, description: 'The last two months that are over', sides: [earlier, last] },
      { label: `${last} with ${open}`, description: 'The running month is not over yet', sides: [last, open] },
      { label: 'Two months…', description: '', sides: [] },
      { label: `Billed with unbilled of ${last}`, description: 'What has an invoice already', sides: undefined },
    ],
    { title: TITLE, placeHolder: plainText(row.title ?? row.label) },
  );
  if (picked === undefined) {
    return undefined;
  }
  if (picked.sides === undefined) {
    return {
      connection,
      before: usageSide(row, { period: last, billed: true }),
      after: usageSide(row, { period: last, billed: false }),
    };
  }
  const [from, to] =
    picked.sides.length > 0
      ? picked.sides
      : [await pickMonth('The month before', months), await pickMonth('The month after', months)];
  if (from === undefined || to === undefined) {
    return undefined;
  }
  return { connection, before: usageSide(row, { period: from }), after: usageSide(row, { period: to }) };
}

function isInvoice({ kind }: NodeArgument): boolean {
  return kind === 'invoice' || kind === 'partnerInvoice';
}

/** What tells rows apart; undefined for those without usage. */
function subjectOf({ kind, scope, invoice }: NodeArgument): string | undefined {
  return kind === 'partnerInvoice' ? invoice : scope;
}

function usageSide(row: NodeArgument, more: Partial<ComparedSideArgument>): ComparedSideArgument {
  return { scope: row.scope ?? '', label: row.title ?? row.label, ...more };
}

async function pickMonth(placeHolder: string, months: readonly string[]): Promise<string | undefined> {
  return vscode.window.showQuickPick([...months], { title: TITLE, placeHolder });
}
