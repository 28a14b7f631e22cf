import type { BillingExportRequest } from '../../api/graph/exportRules.ts';
import type { GraphClient } from '../../api/graph/graphClient.ts';
import type { LineItemProvider, LineItemQuery, LineItemType } from '../../api/partnerCenter/lineItemRules.ts';
import { lineItemSource } from '../../api/partnerCenter/lineItemSource.ts';
import type { PartnerCenterClient } from '../../api/partnerCenter/partnerCenterClient.ts';

/** The lines of an invoice, or of what has none yet in one currency. */
export type LineItemsPeriod =
  | { invoice: string; currency?: string | undefined }
  | { period: 'current' | 'last'; currency: string };

/** Which lines there are to ask for; see `LineItemQuery`. */
export interface LineItemWords {
  provider: LineItemProvider;
  type: LineItemType;
}

export type LineItemsRequest = LineItemsPeriod &
  LineItemWords & {
    /** Lines of one customer (tenant id), and one subscription or plan of it (id in Partner Center); left out: all. */
    customer?: string | undefined;
    subscription?: string | undefined;
    /** Which attributes exported lines have; left out: full. */
    fragment?: 'full' | 'basic' | undefined;
  };

export interface LineItemClients {
  partnerCenter: PartnerCenterClient;
  /** Undefined: the connection has no Microsoft Graph. */
  graph: GraphClient | undefined;
}

/** The call that brings lines first, or alone; with `why` when it is not the usual one. */
type LineItemsCall = { graph: GraphClient; exported: BillingExportRequest } | { lines: LineItemQuery; why: string };

const LEGACY_INVOICE = /^(Recurring-)?D\d/i;

/** Whether an id is that of an invoice of legacy commerce (`D…`). */
export function isLegacyInvoice(invoice: string): boolean {
  return LEGACY_INVOICE.test(invoice);
}

/** The lines that are rated usage: daily in new commerce, by meter in legacy commerce. */
export function ratedUsageLines(invoice: string | undefined): LineItemWords {
  return invoice !== undefined && isLegacyInvoice(invoice)
    ? { provider: 'azure', type: 'billinglineitems' }
    : { provider: 'onetime', type: 'usagelineitems' };
}

/** Whether a provider is one of legacy commerce. */
function isLegacyProvider(provider: LineItemProvider): boolean {
  return provider === 'azure' || provider === 'office';
}

/** Whether line items of Partner Center are asked for in a currency, be it that of their invoice. */
export function needsCurrency({ provider, type }: LineItemWords): boolean {
  return !isLegacyProvider(provider) && type === 'usagelineitems';
}

/**
 * Where lines are to be had: the exports of Microsoft Graph, which replace the line items of Partner Center; these where a cloud or a
 * connection has no exports, and for legacy commerce.
 */
export function lineItemsCall(
  { partnerCenter: { cloud }, graph }: LineItemClients,
  request: LineItemsRequest,
): LineItemsCall {
  const { provider, type } = request;
  if (isLegacyProvider(provider)) {
    return { lines: linesOf(request), why: 'legacy commerce has no billing exports' };
  }
  if (lineItemSource({ provider, type, cloud }) === 'lineItems') {
    return { lines: linesOf(request), why: 'this cloud has no billing exports' };
  }
  return graph === undefined
    ? { lines: linesOf(request), why: 'the connection has no Microsoft Graph, whose billing exports come first' }
    : { graph, exported: exportOf(request) };
}

/** The same lines as line items of Partner Center. */
export function linesOf(request: LineItemsRequest): LineItemQuery {
  const { provider, type, currency } = request;
  return 'invoice' in request
    ? { invoice: request.invoice, provider, type, currency }
    : { invoice: 'unbilled', provider, type, currency, period: request.period };
}

function exportOf(request: LineItemsRequest): BillingExportRequest {
  const usage = request.type === 'usagelineitems';
  const attributes = request.fragment === undefined ? {} : { attributeSet: request.fragment };
  return 'invoice' in request
    ? { kind: usage ? 'billedUsage' : 'billedReconciliation', invoiceId: request.invoice, ...attributes }
    : {
        kind: usage ? 'unbilledUsage' : 'unbilledReconciliation',
        currencyCode: request.currency,
        billingPeriod: request.period,
        ...attributes,
      };
}
