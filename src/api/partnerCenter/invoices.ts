import * as v from 'valibot';
import { refused } from '../arm/input.ts';
import type { SendOptions } from '../http/client.ts';
import type { PageWalk } from '../http/paging.ts';
import { listOf } from './collections.ts';
import { getOne, idSegment, type PartnerCenterClient, partnerCall, partnerPath } from './partnerCenterClient.ts';
import { requireSize } from './size.ts';
import { attributes, optionalNumber, optionalText } from './wire.ts';

const invoice = v.looseObject({
  /** `G…` in new commerce, `D…` in legacy commerce. */
  id: v.string(),
  /** Dates as the service writes them; none is year 1: see `partnerMoment`. */
  invoiceDate: optionalText,
  /** By id only. */
  billingPeriodStartDate: optionalText,
  billingPeriodEndDate: optionalText,
  totalCharges: optionalNumber,
  /** Negative: a payment was received. */
  paidAmount: optionalNumber,
  /** ISO 4217. */
  currencyCode: optionalText,
  currencySymbol: optionalText,
  pdfDownloadLink: optionalText,
  taxReceipts: v.nullish(v.array(v.looseObject({ id: optionalText, taxReceiptPdfDownloadLink: optionalText }))),
  invoiceDetails: v.nullish(
    v.array(v.looseObject({ invoiceLineItemType: optionalText, billingProvider: optionalText })),
  ),
  /** Invoices themselves. */
  amendments: v.nullish(v.array(v.looseObject({ id: optionalText, amendsOf: optionalText }))),
  /** invoice, void_note, adjustment_note; "Credit Note" was seen too. */
  documentType: optionalText,
  amendsOf: optionalText,
  /** Recurring (legacy), OneTime (new commerce); unknown words pass. */
  invoiceType: optionalText,
  attributes,
});

/** An invoice of Microsoft to the partner (REST reference: Invoice resources). */
export type PartnerInvoice = v.InferOutput<typeof invoice>;

/**
 * The invoices of the partner (REST reference: Get a collection of invoices).
 *
 * @param page size and offset from 0; the service heeds them for legacy invoices only
 */
export function listPartnerInvoices(
  client: PartnerCenterClient,
  { size, offset }: { size?: number | undefined; offset?: number | undefined } = {},
): PageWalk<PartnerInvoice[]> {
  requireSize(size, 2000);
  if (offset !== undefined && (!Number.isInteger(offset) || offset < 0)) {
    throw refused('offset', `${String(offset)} is not a number from 0 on.`);
  }
  const call = partnerCall(client, 'List invoices', partnerPath('/invoices', { size, offset }));
  return listOf(client, call, invoice, 'index');
}

/** One invoice, with what the list leaves out. Needs a user. */
export function getPartnerInvoice(
  client: PartnerCenterClient,
  id: string,
  options?: SendOptions,
): Promise<PartnerInvoice> {
  return getOne(client, partnerCall(client, 'Get the invoice', invoicePath(id)), invoice, options);
}

/** `/invoices/{id}`; the id `unbilled` is the open period. */
export function invoicePath(id: string): string {
  return `/invoices/${idSegment('invoice', id, 'an invoice')}`;
}
