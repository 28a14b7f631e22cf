import { runBillingExport } from '../../api/graph/billingExports.ts';
import type { BillingExportRequest } from '../../api/graph/exportRules.ts';
import type { GraphClient } from '../../api/graph/graphClient.ts';
import type { SendOptions } from '../../api/http/client.ts';
import { BillingError } from '../../api/http/errors.ts';
import { type LineItemQuery, lineItemKind } from '../../api/partnerCenter/lineItemRules.ts';
import { UTILIZATION } from '../../records/utilization.ts';
import type { UsageEstimate } from '../estimate.ts';
import { type LineItemsRequest, lineItemsCall, ratedUsageLines } from '../partner/lineItemCall.ts';
import { utilizationPieces, utilizationWalk } from '../partner/utilizationPages.ts';
import { EXPORTS, LINES, lineCurrency, lineFilter, NO_DATA, olderLines } from '../partner/writeLineItems.ts';
import { type UsageRecordsSubject, usageRecordsSource } from '../partner/writeUsageRecords.ts';
import type { ExportClients, ExportSource } from './exportSource.ts';
import { type BegunPiece, openPieces, requirePartnerCenter } from './openPiece.ts';
import type { Plan } from './plan.ts';

/** Lists of Partner Center that are read at the same time; no limit is published. */
const LISTS_AT_ONCE = 4;

/** Files of a billing export that are fetched at the same time. */
const FILES_AT_ONCE = 4;

type Of<Kind extends ExportSource['kind']> = Extract<ExportSource, { kind: Kind }>;

/** Usage records: one list. */
export function planUsageRecords({ kind: _, ...source }: Of<'usageRecords'>, clients: ExportClients): Plan {
  const subject: UsageRecordsSubject = source;
  const { schema, call, walk } = usageRecordsSource(requirePartnerCenter(clients), subject);
  const whose = 'customer' in subject ? [subject.customer, 'subscription' in subject ? subject.subscription : ''] : [];
  const id = ['usage records of', subject.of, ...whose.filter((part) => part !== '')].join(' ');
  return {
    source: `Partner Center v1, ${call}`,
    content: 'pages',
    schema,
    operation: walk.first.operation,
    pieces: openPieces([{ id, label: call, call: { call: 'usageRecords', subject } }], clients),
    estimate: atLeast(1),
    sideBySide: 1,
  };
}

/** Utilization: each window of each subscription is a piece. */
export function planUtilization({ subscriptions, ...window }: Of<'utilization'>, clients: ExportClients): Plan {
  const client = requirePartnerCenter(clients);
  if (subscriptions.length === 0) {
    throw new BillingError('argument', 'subscriptions: there is none.', { advice: 'Give at least one subscription.' });
  }
  const { start, end, granularity, showDetails, size } = window;
  const pieces = subscriptions.flatMap(({ customer, subscription, label }): BegunPiece[] => {
    const whole = { customer, subscription, start, end, granularity, showDetails, ...(size && { size }) };
    const scope = { scope: `/customers/${customer}/subscriptions/${subscription}`, label: label ?? '' };
    // What is wrong with it is said before anything is sent.
    utilizationWalk(client, whole);
    return utilizationPieces(whole).map((piece) => {
      const request = { ...whole, ...piece };
      const days = `${request.start} to ${request.end}`;
      return {
        id: `${scope.scope} ${days}`,
        label: label === undefined ? days : `${label}, ${days}`,
        ...(subscriptions.length > 1 || label !== undefined ? { scope } : {}),
        call: { call: 'utilization', request },
      };
    });
  });
  const windows = pieces.length / subscriptions.length;
  return {
    source: `Partner Center v1, Azure utilization records${windows === 1 ? '' : `, ${windows} windows joined`}`,
    content: 'pages',
    schema: UTILIZATION,
    operation: 'List utilization records',
    pieces: openPieces(pieces, clients),
    estimate: atLeast(pieces.length),
    sideBySide: Math.min(pieces.length, LISTS_AT_ONCE),
  };
}

/** The lines that are rated usage. */
export function planRatedUsage(
  { kind: _, ...source }: Of<'ratedUsage'>,
  clients: ExportClients,
  options: SendOptions,
): Promise<Plan> {
  const words = ratedUsageLines('invoice' in source ? source.invoice : undefined);
  return planLineItems({ kind: 'lineItems', ...source, ...words }, clients, options);
}

/**
 * Line items: the files of an export of Microsoft Graph, or a list of Partner Center where there are no exports. Waits until the export is
 * ready: only then is it known whether there is one.
 */
export async function planLineItems(
  { kind: _, ...request }: Of<'lineItems'>,
  clients: ExportClients,
  options: SendOptions,
): Promise<Plan> {
  const partnerCenter = requirePartnerCenter(clients);
  const both = { partnerCenter, graph: clients.graph };
  const call = lineItemsCall(both, request);
  if ('lines' in call) {
    return planLines(call.lines, call.why, request, clients, options);
  }
  try {
    return await planExportFiles(call.graph, call.exported, request, clients, options);
  } catch (error) {
    const older =
      error instanceof BillingError && error.code === NO_DATA ? await olderLines(both, request, options) : undefined;
    if (older === undefined) {
      throw error;
    }
    const why = 'the invoice is older than the billing exports of Microsoft Graph';
    return planLines(older, why, request, clients, options);
  }
}

async function planExportFiles(
  graph: GraphClient,
  exported: BillingExportRequest,
  request: LineItemsRequest,
  clients: ExportClients,
  options: SendOptions,
): Promise<Plan> {
  const ready = await runBillingExport(graph, exported, options);
  const { blobs } = ready.manifest;
  const { operation } = ready;
  const pieces = blobs.map(
    ({ name }, index): BegunPiece => ({
      id: name,
      label: `part ${index + 1} of ${blobs.length}`,
      call: { call: 'billingExport', operation, file: name },
      ready,
    }),
  );
  const { schema, words } = EXPORTS[exported.kind];
  return {
    source: `Microsoft Graph v1.0, ${words} export`,
    content: 'lines',
    schema,
    only: lineFilter(request, 'CustomerId', 'SubscriptionId'),
    operation: 'Download the billing export',
    pieces: openPieces(pieces, clients),
    estimate: { ...atLeast(blobs.length), known: true },
    sideBySide: Math.min(Math.max(1, pieces.length), FILES_AT_ONCE),
  };
}

async function planLines(
  lines: LineItemQuery,
  why: string,
  request: LineItemsRequest,
  clients: ExportClients,
  options: SendOptions,
): Promise<Plan> {
  const client = requirePartnerCenter(clients);
  const currency = await lineCurrency(client, lines, request, options);
  const query = { ...lines, ...(currency === undefined ? {} : { currency }) };
  const { schema, words } = LINES[lineItemKind(request)];
  const id = `${words} line items ${lines.invoice}${lines.period === undefined ? '' : ` ${lines.period}`}`;
  return {
    source: `Partner Center v1, ${words} line items`,
    why,
    content: 'pages',
    schema,
    only: lineFilter(request, 'customerId', 'subscriptionId'),
    operation: 'List invoice line items',
    pieces: openPieces([{ id, label: `${words} line items`, call: { call: 'lineItems', query } }], clients),
    estimate: atLeast(1),
    sideBySide: 1,
  };
}

/** How much there is, Partner Center does not tell before the last page. */
export function atLeast(calls: number): UsageEstimate {
  return { calls, seconds: calls, known: false, source: 'usageDetails', why: undefined };
}
