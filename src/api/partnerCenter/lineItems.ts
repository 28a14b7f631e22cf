import type { PageWalk } from '../http/paging.ts';
import { collectionPages } from './collections.ts';
import { invoicePath } from './invoices.ts';
import { checkLineItems, type LineItemQuery } from './lineItemRules.ts';
import { type PartnerCenterClient, partnerCall, partnerPath } from './partnerCenterClient.ts';

/**
 * Line items of an invoice, or of the open period, as the bytes of each page (REST reference: Get invoice line items; Get invoice
 * billed and unbilled commercial consumption line items; Get invoice unbilled reconciliation line items). Numbers are texts in some
 * rows and numbers in others.
 *
 * Rated usage leaves out reservations, savings plans and software: it sums to less than the invoice.
 *
 * @throws BillingError of kind `argument` when the query breaks a rule of `checkLineItems`
 */
export function listLineItems(client: PartnerCenterClient, query: LineItemQuery): PageWalk<Uint8Array> {
  const { invoice, provider, type, currency, period, size, hasPartnerEarnedCredit } = checkLineItems(query);
  const legacy = provider === 'azure' || provider === 'office';
  const address = partnerPath(`${invoicePath(invoice)}/lineitems`, {
    provider,
    invoicelineitemtype: type,
    currencycode: currency,
    period,
    size: size ?? 2000,
    // Legacy lines are paged by position.
    offset: legacy ? 0 : undefined,
    hasPartnerEarnedCredit,
  });
  const call = partnerCall(client, 'List invoice line items', address);
  return collectionPages(client, call, legacy ? 'index' : 'seek');
}
