import { unavailable } from '../../api/partnerCenter/availability.ts';
import { partnerMoment } from '../../api/partnerCenter/dates.ts';
import type { PartnerInvoice } from '../../api/partnerCenter/invoices.ts';
import { lineItemWords } from '../../api/partnerCenter/lineItemRules.ts';
import { formatMoney } from '../../workbench/money.ts';
import { displayText } from '../../workbench/text.ts';
import type { ChildNode } from '../node.ts';
import type { Reach } from './partnerFolders.ts';
import { facts, lines } from './tooltip.ts';

/** `documentType` of what takes back (part of) another invoice. */
const NOTE = /note|void/i;

/** By the date of the invoice; those without one are last. */
export function newestFirst(one: PartnerInvoice, other: PartnerInvoice): number {
  return (partnerMoment(other.invoiceDate) ?? 0) - (partnerMoment(one.invoiceDate) ?? 0);
}

/** An invoice to the partner. */
export function partnerInvoiceNode(invoice: PartnerInvoice, reach: Reach, locale: string): ChildNode {
  const { id, invoiceDate, totalCharges, paidAmount, currencyCode, documentType, amendsOf } = invoice;
  const moment = partnerMoment(invoiceDate);
  const date = moment === undefined ? undefined : new Date(moment).toISOString().slice(0, 10);
  const total = formatMoney({ value: totalCharges, currency: currencyCode }, locale);
  const paid = formatMoney({ value: paidAmount, currency: currencyCode }, locale);
  // The type is `OneTime` for all of new commerce, usage too, so the id tells more.
  const commerce = /^D/i.test(id) ? 'legacy commerce' : 'new commerce';
  const note = NOTE.test(documentType ?? '') ? (documentType ?? '').replaceAll('_', ' ') : undefined;
  // There is no call for lines of a kind that is not known.
  const known = (invoice.invoiceDetails ?? []).flatMap(
    (detail) => lineItemWords(detail.billingProvider, detail.invoiceLineItemType) ?? [],
  );
  const noStatement = unavailable('invoiceStatement', reach.cloud, reach.signIn);
  return {
    key: id,
    kind: 'partnerInvoice',
    label: displayText(date, id),
    description: facts(total, note, commerce === 'legacy commerce' && 'legacy', date && id),
    tooltip: lines(
      `Invoice ${id}`,
      date && `Date: ${date}`,
      total && `Total: ${total}`,
      paid && `Paid: ${paid} (a payment is negative)`,
      `Of ${commerce}`,
      amendsOf && `Amends: ${amendsOf}`,
      noStatement && `Statement: ${noStatement}`,
    ),
    title: displayText(`Invoice ${[date?.slice(0, 7), id].filter(Boolean).join(' ')}`, ''),
    expandable: known.length > 0,
    lines: known,
    resourceId: id,
    idName: 'invoice id',
    invoice: id,
    invoiceDate: date,
    currency: currencyCode ?? undefined,
    abilities: [
      ...(noStatement === undefined ? ['statementPdf'] : []),
      'ratedUsage',
      // Which lines is asked where the invoice does not tell what it has.
      ...(known.length === 0 ? ['lineItems'] : []),
    ],
    alarm: note === undefined ? undefined : 'muted',
  };
}
