import { type Invoice, invoiceScope } from '../api/arm/invoices.ts';
import { scopePath } from '../api/arm/scope.ts';
import type { Money } from '../api/arm/wire.ts';
import { BillingError } from '../api/http/errors.ts';
import { partnerMoment } from '../api/partnerCenter/dates.ts';
import type { PartnerInvoice } from '../api/partnerCenter/invoices.ts';
import { type LineItemProvider, lineItemWords } from '../api/partnerCenter/lineItemRules.ts';
import type { ComparedSideArgument } from '../contributions.ts';

/** An invoice as one of those that can be compared. */
export interface ListedInvoice {
  number: string;
  /** Its own day, `YYYY-MM-DD`, UTC; an empty text for none. */
  date: string;
  total: Money;
  /** What kind of document it is, or how far it is paid; empty where that says nothing. */
  state: string;
  /** It is a note that takes back an invoice, or was itself taken back: nothing is compared with it unasked. */
  takesBack: boolean;
  /** The same for invoices that follow each other month by month: of one billing profile, or of one currency and kind. */
  series: string;
  side: ComparedSideArgument;
  /** Of Partner Center: whose lines its charges are, where the invoice tells. */
  providers?: readonly LineItemProvider[];
}

/** For people: its number and its day. */
export function invoiceLabel(number: string, date: string | undefined): string {
  return ['Invoice', number, date].filter(Boolean).join(' ');
}

/** An invoice of Azure Resource Manager; undefined for one whose id names no scope with usage. */
export function listedInvoice(invoice: Invoice): ListedInvoice | undefined {
  const { name, properties } = invoice;
  const scope = scopeOf(invoice);
  if (scope === undefined) {
    return undefined;
  }
  const date = (properties.invoiceDate ?? properties.invoicePeriodEndDate ?? '').slice(0, 10);
  const { status = '', documentType } = properties;
  const kind = documentKind(documentType);
  return {
    number: name,
    date,
    total: properties.totalAmount ?? properties.billedAmount ?? {},
    state: kind || (status ?? ''),
    takesBack: isNote(documentType) || /^void$/i.test(status ?? ''),
    series: scope.split('/').slice(0, -1).join('/').toLowerCase(),
    side: { scope, label: invoiceLabel(name, date) },
  };
}

function scopeOf(invoice: Invoice): string | undefined {
  try {
    return scopePath(invoiceScope(invoice));
  } catch (error) {
    if (error instanceof BillingError) {
      return undefined;
    }
    throw error;
  }
}

/** An invoice of Partner Center. */
export function listedPartnerInvoice(invoice: PartnerInvoice): ListedInvoice {
  const { id, invoiceDate, totalCharges, currencyCode, documentType, invoiceDetails } = invoice;
  const moment = partnerMoment(invoiceDate);
  const date = moment === undefined ? '' : new Date(moment).toISOString().slice(0, 10);
  const kinds = (invoiceDetails ?? []).flatMap(
    ({ billingProvider, invoiceLineItemType }) => lineItemWords(billingProvider, invoiceLineItemType) ?? [],
  );
  return {
    number: id,
    date,
    total: { value: totalCharges, currency: currencyCode },
    state: documentKind(documentType),
    takesBack: isNote(documentType),
    series: [
      currencyCode ?? '',
      ...[...new Set(kinds.map(({ provider, type }) => `${provider} ${type}`))].sort(),
    ].join(),
    side: { partnerInvoice: id, label: invoiceLabel(id, date) },
    providers: [...new Set(kinds.flatMap(({ provider, type }) => (type === 'billinglineitems' ? [provider] : [])))],
  };
}

/** In words, of `CreditNote` or `credit_note`; empty for an invoice, or where nothing is told. */
function documentKind(documentType: string | null | undefined): string {
  const words = (documentType ?? '')
    .replaceAll('_', ' ')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();
  return words === 'invoice' ? '' : words;
}

/** CreditNote and VoidNote of Azure Resource Manager, void_note and adjustment_note of Partner Center. */
function isNote(documentType: string | null | undefined): boolean {
  return /note/i.test(documentType ?? '');
}

/** By day, then by number, so that the order is always the same. */
export function newestFirst(one: ListedInvoice, other: ListedInvoice): number {
  return other.date.localeCompare(one.date) || one.number.localeCompare(other.number);
}

/** The newest of the same series that is older; notes that take an invoice back, and void invoices, are none. */
export function invoiceBefore(
  invoices: readonly ListedInvoice[],
  { series, date }: Pick<ListedInvoice, 'series' | 'date'>,
): ListedInvoice | undefined {
  return invoices
    .filter((each) => each.series === series && each.date !== '' && each.date < date && !each.takesBack)
    .sort(newestFirst)
    .at(0);
}

/** Which of two comes first, by the last day of each; what has none stays where it is. */
export function olderFirst<T extends { until: string }>(one: T, other: T): [T, T] {
  return one.until !== '' && other.until !== '' && other.until < one.until ? [other, one] : [one, other];
}
