import { getInvoice } from '../api/arm/invoices.ts';
import { parseScope } from '../api/arm/scope.ts';
import { describeForLog } from '../workbench/failures.ts';
import { withProgress } from '../workbench/progress.ts';
import type { ComparedSide } from './comparedSides.ts';
import type { InsightParts } from './insightParts.ts';
import { invoiceLabel, listedInvoice } from './listedInvoices.ts';
import type { PartnerInvoices } from './partnerInvoices.ts';

/** What a side is called. The day of an invoice that the caller only named is asked for; its number does where nobody tells. */
export async function sideLabel(
  { connections, log }: Pick<InsightParts, 'connections' | 'log'>,
  invoices: PartnerInvoices,
  { rows, side, unnamedInvoice: number }: ComparedSide,
): Promise<string> {
  if (number === undefined) {
    return side.label;
  }
  try {
    return invoiceLabel(number, await invoiceDay(connections, invoices, rows, number));
  } catch (error) {
    log.warn(`Compare Costs, the day of invoice ${number}: ${describeForLog(error)}`);
    return side.label;
  }
}

async function invoiceDay(
  connections: InsightParts['connections'],
  invoices: PartnerInvoices,
  rows: ComparedSide['rows'],
  number: string,
): Promise<string | undefined> {
  if (!('usage' in rows)) {
    return (await invoices.find(rows.connection, number))?.date;
  }
  const [path = ''] = rows.usage.scopes;
  const scope = parseScope(path);
  if (scope.kind !== 'invoice') {
    return undefined;
  }
  const arm = await connections.arm(rows.usage.connection);
  const { account } = scope;
  // Since 2024-04-01 an invoice is below its account alone.
  const profile = arm.versions === 'newest' ? undefined : scope.profile;
  const invoice = await withProgress('Fetching the invoice', (_report, signal) =>
    getInvoice(arm, { account, profile }, number, { signal }),
  );
  return listedInvoice(invoice)?.date;
}
