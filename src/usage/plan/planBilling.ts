import { queryCostPages } from '../../api/arm/costQuery.ts';
import type { BillingParent } from '../../api/arm/parent.ts';
import { parentPath } from '../../api/arm/parent.ts';
import { parseCostScope, scopePath } from '../../api/arm/scope.ts';
import { transactionPages } from '../../api/arm/transactions.ts';
import { apiVersion } from '../../api/arm/versions.ts';
import type { SendOptions } from '../../api/http/client.ts';
import { querySchema } from '../../records/queryRows.ts';
import { TRANSACTIONS } from '../../records/transactions.ts';
import { periodLabel } from '../period.ts';
import type { RowFilter } from '../rowFilter.ts';
import { monthsNewestFirst } from './dayRanges.ts';
import type { ExportClients, ExportSource, TransactionsSource } from './exportSource.ts';
import { type BegunPiece, openPieces } from './openPiece.ts';
import type { Plan } from './plan.ts';
import { atLeast } from './planPartner.ts';

/** Lists that are read at the same time; no limit but that of all reads is published. */
const LISTS_AT_ONCE = 4;

/** Transactions: a list of each month, newest first, or the one of an invoice. */
export function planTransactions(source: TransactionsSource, clients: ExportClients): Plan {
  const { arm } = clients;
  const pieces = 'invoice' in source ? [invoicePiece(source.parent, source.invoice)] : monthPieces(source, clients);
  const type = 'invoice' in source ? undefined : source.type;
  return {
    source: `Transactions ${apiVersion('billing', arm.versions)}`,
    content: 'pages',
    schema: TRANSACTIONS,
    // Versions before 2024-04-01 list all types in one.
    ...(arm.versions === 'newest' || type === undefined ? {} : { only: pendingFilter(type === 'Unbilled') }),
    operation: 'List transactions',
    pieces: openPieces(pieces, clients),
    estimate: atLeast(pieces.length),
    sideBySide: Math.min(pieces.length, LISTS_AT_ONCE),
  };
}

function invoicePiece(parent: BillingParent, invoice: string): BegunPiece {
  return {
    id: `${parentPath(parent)} transactions ${invoice}`,
    label: invoice,
    call: { call: 'invoiceTransactions', parent, invoice },
  };
}

function monthPieces(
  { parent, period, type }: Exclude<TransactionsSource, { invoice: string }>,
  { arm }: ExportClients,
): BegunPiece[] {
  // What is wrong with it is said before anything is sent.
  transactionPages(arm, parent, { period, type });
  return monthsNewestFirst(period).map((month) => ({
    id: `${parentPath(parent)} transactions ${month.from} to ${month.to}`,
    label: periodLabel(month),
    call: { call: 'transactions', parent, period: month, ...(type === undefined ? {} : { type }) },
  }));
}

/** See `isUnbilled`: what has no invoice yet is pending, or tells none. */
function pendingFilter(unbilled: boolean): RowFilter {
  return [{ column: 'invoice', text: ['', 'pending'], ...(unbilled ? {} : { not: true }) }];
}

/** The rows of a cost query: one list. Its first page is fetched at once, because it tells the columns. */
export async function planQuery(
  { scope: path, query, top }: Extract<ExportSource, { kind: 'query' }>,
  clients: ExportClients,
  options: SendOptions,
): Promise<Plan> {
  const { arm } = clients;
  const scope = parseCostScope(path);
  const walk = queryCostPages(arm, scope, query, { top });
  const first = await walk.nextPage(options);
  const piece: BegunPiece = {
    id: `${scopePath(scope)} query`,
    label: 'cost query',
    call: { call: 'query', scope: scopePath(scope), query, ...(top === undefined ? {} : { top }) },
    ...(first === undefined ? {} : { begun: { walk, first } }),
  };
  return {
    source: `Cost Query ${apiVersion('costQuery', arm.versions)}`,
    content: 'lines',
    schema: querySchema(first?.value ?? new Uint8Array()),
    operation: 'Query costs',
    pieces: openPieces([piece], clients),
    estimate: { ...atLeast(walk.more ? 2 : 1), known: !walk.more },
    sideBySide: 1,
  };
}
