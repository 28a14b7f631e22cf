import { runBillingExport } from '../../api/graph/billingExports.ts';
import { exportLines } from '../../api/graph/exportLines.ts';
import type { BillingExportRequest } from '../../api/graph/exportRules.ts';
import type { GraphClient } from '../../api/graph/graphClient.ts';
import { BillingError } from '../../api/http/errors.ts';
import { unavailable } from '../../api/partnerCenter/availability.ts';
import { partnerMoment } from '../../api/partnerCenter/dates.ts';
import { getPartnerInvoice, type PartnerInvoice } from '../../api/partnerCenter/invoices.ts';
import { type LineItemKind, type LineItemQuery, lineItemKind } from '../../api/partnerCenter/lineItemRules.ts';
import { lineItemSource } from '../../api/partnerCenter/lineItemSource.ts';
import { listLineItems } from '../../api/partnerCenter/lineItems.ts';
import type { PartnerCenterClient } from '../../api/partnerCenter/partnerCenterClient.ts';
import type { Format } from '../../records/formats.ts';
import {
  EXPORTED_RECONCILIATION,
  LEGACY_DAILY_USAGE_LINES,
  LICENCE_LINES,
  ONE_TIME_LINES,
} from '../../records/lineItems.ts';
import type { Sink } from '../../records/output.ts';
import { EXPORTED_USAGE, LEGACY_USAGE_LINES, RATED_USAGE_LINES } from '../../records/ratedUsage.ts';
import type { RecordSchema } from '../../records/schema.ts';
import { RecordsDocument } from '../recordsDocument.ts';
import type { RowFilter } from '../rowFilter.ts';
import type { UsageReport, WriteOptions } from '../writeUsage.ts';
import { type LineItemClients, type LineItemsRequest, lineItemsCall, linesOf, needsCurrency } from './lineItemCall.ts';
import { pagesReport, reportOf } from './pagesReport.ts';
import { tokenPages } from './tokenPages.ts';

/** There is no data for an export, also when its invoice is older than the exports are. */
export const NO_DATA = '5000';

interface Output {
  format: Format;
  sink: Sink;
}

/**
 * Writes line items with exact sums per currency, before tax; of use without prices, per unit. Rated usage leaves out reservations,
 * savings plans and software: it sums to less than the invoice.
 *
 * @throws BillingError when any part fails for good; the sink then holds a part that must not be shown as the whole
 */
export async function writeLineItems(
  clients: LineItemClients,
  request: LineItemsRequest,
  format: Format,
  sink: Sink,
  options: WriteOptions,
): Promise<UsageReport> {
  const call = lineItemsCall(clients, request);
  const output = { format, sink };
  if ('lines' in call) {
    return writeLines(clients.partnerCenter, call.lines, call.why, request, output, options);
  }
  try {
    return await writeExport(call.graph, call.exported, request, output, options);
  } catch (error) {
    const older =
      error instanceof BillingError && error.code === NO_DATA ? await olderLines(clients, request, options) : undefined;
    if (older === undefined) {
      throw error;
    }
    const why = 'the invoice is older than the billing exports of Microsoft Graph';
    return writeLines(clients.partnerCenter, older, why, request, output, options);
  }
}

/** The line items of an invoice from before the exports; undefined for all others, of which there would be none to list. */
export async function olderLines(
  { partnerCenter }: LineItemClients,
  request: LineItemsRequest,
  options: WriteOptions,
): Promise<LineItemQuery | undefined> {
  const { cloud, signIn } = partnerCenter;
  if (!('invoice' in request) || unavailable('invoice', cloud, signIn) !== undefined) {
    return undefined;
  }
  const invoice = await getPartnerInvoice(partnerCenter, request.invoice, options);
  const { provider, type } = request;
  return lineItemSource({ provider, type, cloud, month: monthOf(invoice) }) === 'lineItems'
    ? { ...linesOf(request), currency: request.currency ?? invoice.currencyCode ?? undefined }
    : undefined;
}

/** `YYYY-MM`; undefined when the invoice does not tell. */
function monthOf({ billingPeriodStartDate, invoiceDate }: PartnerInvoice): string | undefined {
  const moment = partnerMoment(billingPeriodStartDate) ?? partnerMoment(invoiceDate);
  return moment === undefined ? undefined : new Date(moment).toISOString().slice(0, 7);
}

async function writeExport(
  graph: GraphClient,
  exported: BillingExportRequest,
  request: LineItemsRequest,
  { format, sink }: Output,
  options: WriteOptions,
): Promise<UsageReport> {
  const ready = await runBillingExport(graph, exported, options);
  const { schema, words } = EXPORTS[exported.kind];
  const only = lineFilter(request, 'CustomerId', 'SubscriptionId');
  const document = new RecordsDocument({ schema, format, operation: 'Download the billing export', only }, sink);
  for await (const lines of exportLines(graph, ready, options)) {
    await document.lines(lines);
    options.onProgress?.({ rows: document.rows, pages: 0, source: 'graph' });
  }
  await document.end();
  return reportOf(document, {
    pages: ready.manifest.blobs.length,
    requestIds: [ready.operation.split(/[?#]/)[0]?.split('/').at(-1) ?? ''],
    fetchedAt: new Date(graph.http.clock.now()),
    source: `Microsoft Graph v1.0, ${words} export`,
  });
}

export const EXPORTS: Readonly<Record<BillingExportRequest['kind'], { schema: RecordSchema; words: string }>> = {
  billedUsage: { schema: EXPORTED_USAGE, words: 'billed usage' },
  unbilledUsage: { schema: EXPORTED_USAGE, words: 'unbilled usage' },
  billedReconciliation: { schema: EXPORTED_RECONCILIATION, words: 'billed reconciliation' },
  unbilledReconciliation: { schema: EXPORTED_RECONCILIATION, words: 'unbilled reconciliation' },
};

export const LINES: Readonly<Record<LineItemKind, { schema: RecordSchema; words: string }>> = {
  DailyRatedUsageLineItem: { schema: RATED_USAGE_LINES, words: 'daily rated usage' },
  OneTimeInvoiceLineItem: { schema: ONE_TIME_LINES, words: 'one-time' },
  UsageBasedLineItem: { schema: LEGACY_USAGE_LINES, words: 'usage-based' },
  DailyUsageLineItem: { schema: LEGACY_DAILY_USAGE_LINES, words: 'daily usage' },
  LicenseBasedLineItem: { schema: LICENCE_LINES, words: 'licence-based' },
};

async function writeLines(
  client: PartnerCenterClient,
  lines: LineItemQuery,
  why: string,
  request: LineItemsRequest,
  { format, sink }: Output,
  options: WriteOptions,
): Promise<UsageReport> {
  const walk = listLineItems(client, { ...lines, currency: await lineCurrency(client, lines, request, options) });
  const { schema, words } = LINES[lineItemKind(request)];
  const only = lineFilter(request, 'customerId', 'subscriptionId');
  const document = new RecordsDocument({ schema, format, operation: walk.first.operation, only }, sink);
  const source = `Partner Center v1, ${words} line items`;
  const pages = tokenPages(walk, options);
  return { ...(await pagesReport(document, pages, source, client.http.clock.now(), options)), why };
}

/** The invoice knows its currency. */
export async function lineCurrency(
  client: PartnerCenterClient,
  { invoice, currency }: LineItemQuery,
  request: LineItemsRequest,
  options: WriteOptions,
): Promise<string | undefined> {
  return currency !== undefined || !needsCurrency(request)
    ? currency
    : ((await getPartnerInvoice(client, invoice, options)).currencyCode ?? undefined);
}

/** Neither source can be asked for the lines of one customer. */
export function lineFilter(
  { customer, subscription }: LineItemsRequest,
  customerColumn: string,
  subscriptionColumn: string,
): RowFilter {
  return [
    ...(customer === undefined ? [] : [{ column: customerColumn, text: customer }]),
    ...(subscription === undefined ? [] : [{ column: subscriptionColumn, text: subscription }]),
  ];
}
