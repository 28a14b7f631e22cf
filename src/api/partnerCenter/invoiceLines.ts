import type { PartnerInvoice } from './invoices.ts';
import { type LineItemQuery, lineItemWords } from './lineItemRules.ts';

/** The line items that an invoice says it has, to be listed each. Kinds that are not known are left out: there is no call for them. */
export function invoiceLines({ id, currencyCode, invoiceDetails }: PartnerInvoice): LineItemQuery[] {
  return (invoiceDetails ?? []).flatMap(({ billingProvider, invoiceLineItemType }) => {
    const words = lineItemWords(billingProvider, invoiceLineItemType);
    return words === undefined ? [] : [{ ...words, invoice: id, currency: currencyCode ?? undefined }];
  });
}
