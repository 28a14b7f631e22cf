import * as vscode from 'vscode';
import { listInvoices } from '../api/arm/invoices.ts';
import { matchScope, scopePath } from '../api/arm/scope.ts';
import { BillingError } from '../api/http/errors.ts';
import type { CompareCostsArgument, ComparedSideArgument, NodeArgument } from '../contributions.ts';
import { resolvePeriod } from '../usage/period.ts';
import { isTreeRow } from '../workbench/commands.ts';
import { formatMoney } from '../workbench/money.ts';
import { everything } from '../workbench/progress.ts';
import { plainText } from '../workbench/text.ts';
import type { InsightParts } from './insightParts.ts';
import {
  invoiceBefore,
  invoiceLabel,
  type ListedInvoice,
  listedInvoice,
  newestFirst,
  olderFirst,
} from './listedInvoices.ts';
import type { PartnerInvoices } from './partnerInvoices.ts';

/** Invoices are offered from so many years before the running one on. */
const YEARS = 3;

interface SideItem extends vscode.QuickPickItem {
  side?: ComparedSideArgument;
  /** Last day of what it stands for; empty for none. */
  until?: string;
}

/** The side that the row of an invoice stands for. */
export function invoiceSide({ kind, scope, invoice = '', invoiceDate, title }: NodeArgument): ComparedSideArgument {
  const label = invoice === '' ? (title ?? '') : invoiceLabel(invoice, invoiceDate);
  return kind === 'partnerInvoice' ? { partnerInvoice: invoice, label } : { scope: scope ?? '', label };
}

/**
 * What an invoice is compared with: the one before it, another, or a month of what it is of. Undefined when the person backs out.
 *
 * @param months newest first, `YYYY-MM`
 * @throws BillingError when invoices cannot be listed, or there is nothing to compare with
 */
export async function askOtherInvoice(
  connections: InsightParts['connections'],
  invoices: PartnerInvoices,
  row: NodeArgument,
  months: readonly string[],
): Promise<CompareCostsArgument | undefined> {
  const number = (row.invoice ?? '').toLowerCase();
  const all = await invoicesBeside(connections, invoices, row, new Date(`${months[0]}-01T00:00:00Z`));
  const own = all.find((each) => each.number.toLowerCase() === number);
  const others = all.filter((each) => each !== own).sort(newestFirst);
  const before = own && invoiceBefore(others, own);
  const items: SideItem[] = [
    ...section('The invoice before it', before === undefined ? [] : [invoiceItem(before)]),
    ...section('Other invoices', others.filter((each) => each !== before).map(invoiceItem)),
    ...monthItems(row, months),
  ];
  if (items.length === 0) {
    throw new BillingError('argument', 'after: there is no other invoice to compare with yet.', {
      advice: 'Compare months of its customers instead.',
    });
  }
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Compare Costs',
    placeHolder: plainText(`${row.title ?? row.label} with…`),
    matchOnDescription: true,
  });
  if (picked?.side === undefined) {
    return undefined;
  }
  const [older, newer] = olderFirst(
    { side: invoiceSide(row), until: row.invoiceDate ?? own?.date ?? '' },
    { side: picked.side, until: picked.until ?? '' },
  );
  return { connection: row.connection, before: older.side, after: newer.side };
}

/** The invoices of the list that the row is in. */
async function invoicesBeside(
  connections: InsightParts['connections'],
  invoices: PartnerInvoices,
  row: NodeArgument,
  now: Date,
): Promise<readonly ListedInvoice[]> {
  if (row.kind === 'partnerInvoice') {
    return invoices.list(row.connection);
  }
  // A list of a subscription's invoices may be all that a person may see.
  const { account = '', profile, subscription } = (isTreeRow(row) ? row.parent : undefined) ?? row;
  const parent = { account, ...(subscription === undefined ? { profile } : { subscription }) };
  const period = { from: `${now.getUTCFullYear() - YEARS}-01-01`, to: `${now.getUTCFullYear()}-12-31` };
  const arm = await connections.arm(row.connection);
  return (await everything('Fetching invoices', listInvoices(arm, parent, period))).flatMap(
    (each) => listedInvoice(each) ?? [],
  );
}

function invoiceItem({ number, date, total, state, side }: ListedInvoice): SideItem {
  const words = [date && number, formatMoney(total, vscode.env.language), state];
  return {
    label: plainText(date || number),
    description: plainText(words.filter(Boolean).join(' · ')),
    side,
    until: date,
  };
}

/** Months of the billing profile or account that an invoice is of: what came late, or is yet to be billed, shows there. */
function monthItems({ scope }: NodeArgument, months: readonly string[]): SideItem[] {
  const invoice = scope === undefined ? undefined : matchScope(scope);
  if (invoice?.kind !== 'invoice') {
    return [];
  }
  const { account, profile } = invoice;
  const owner = scopePath(
    profile === undefined ? { kind: 'billingAccount', account } : { kind: 'billingProfile', account, profile },
  );
  const label = profile === undefined ? 'Billing account' : 'Billing profile';
  return section(
    `Months of the ${label.toLowerCase()}`,
    months.map((month) => ({
      label: month,
      description: 'all usage, billed or not',
      side: { scope: owner, period: month, label },
      until: resolvePeriod(month, new Date()).to,
    })),
  );
}

function section(label: string, items: SideItem[]): SideItem[] {
  return items.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...items];
}
