import * as v from 'valibot';
import type { SendOptions } from '../http/client.ts';
import type { PageWalk } from '../http/paging.ts';
import { listOf } from './collections.ts';
import { getOne, type PartnerCenterClient, partnerCall } from './partnerCenterClient.ts';
import { attributes, optionalNumber, optionalText, wireNumber } from './wire.ts';

const balance = {
  /** The one member that a summary is nothing without. */
  balanceAmount: wireNumber,
  /** ISO 4217. */
  currencyCode: optionalText,
  currencySymbol: optionalText,
  /** Dates as the service writes them; none is year 1: see `partnerMoment`. */
  accountingDate: optionalText,
  firstInvoiceCreationDate: optionalText,
  lastPaymentDate: optionalText,
  lastPaymentAmount: optionalNumber,
  latestInvoiceDate: optionalText,
};

const invoiceSummary = v.looseObject({
  ...balance,
  details: v.nullish(
    v.array(
      v.looseObject({
        /** Recurring, OneTime. */
        invoiceType: optionalText,
        summary: v.nullish(v.looseObject(balance)),
      }),
    ),
  ),
  attributes,
});

/** What the partner owes in one currency (REST reference: Invoice resources, invoice summary). */
export type InvoiceSummary = v.InferOutput<typeof invoiceSummary>;

/** The account balance, by type of invoice (REST reference: Get the partner's current account balance). */
export function getAccountBalance(client: PartnerCenterClient, options?: SendOptions): Promise<InvoiceSummary> {
  return getOne(client, partnerCall(client, 'Get the account balance', '/invoices/summary'), invoiceSummary, options);
}

/** One summary for each currency (REST reference: Get invoice summaries). Needs a user. */
export function listInvoiceSummaries(client: PartnerCenterClient): PageWalk<InvoiceSummary[]> {
  return listOf(client, partnerCall(client, 'List invoice summaries', '/invoices/summaries'), invoiceSummary);
}
