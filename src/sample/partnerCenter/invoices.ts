import { type DayRange, firstDay, isoDay, lastDay } from '../calendar.ts';
import type { Currency } from '../currencies.ts';
import { COST_SCALE, decimalText, exactNumber } from '../decimal.ts';
import { hash } from '../hash.ts';
import { type Invoice, isOwed } from '../invoices.ts';
import { pdfOf } from '../pdf.ts';
import type { Tenant } from '../tenant.ts';
import type { Wire } from './collections.ts';
import { CURRENCY_LOCALES } from './currencyLocale.ts';
import { refused } from './errors.ts';
import type { LegacyBilling, LegacyInvoice } from './legacyBilling.ts';

/** An invoice of either kind. Amounts are in its currency, 10^-20. */
export interface PartnerInvoice {
  readonly id: string;
  readonly currency: Currency;
  readonly period: DayRange;
  readonly invoiceDay: number;
  readonly total: bigint;
  /** What was paid, 0 or the total. */
  readonly paid: bigint;
  readonly isVoid: boolean;
  /** Whether it is one of the Microsoft Partner Agreement (`G…`, `T…`) or a legacy one (`D…`). */
  readonly modern: Invoice | undefined;
  readonly legacy: LegacyInvoice | undefined;
}

/** Invoices of the partner: those of the ARM side, those of its purchases, and legacy ones. */
export class PartnerInvoices {
  readonly #tenant: Tenant;
  readonly #legacy: LegacyBilling;

  constructor(tenant: Tenant, legacy: LegacyBilling) {
    this.#tenant = tenant;
    this.#legacy = legacy;
  }

  /** Newest first. */
  legacy(): PartnerInvoice[] {
    return this.#legacy.invoices().map(ofLegacy);
  }

  /** Newest month first, then by billing profile: usage, then purchases. */
  modern(): PartnerInvoice[] {
    const { directory, ledger, purchases } = this.#tenant;
    const result: PartnerInvoice[] = [];
    for (let month = ledger.openMonth - 1; ledger.isClosed(month); month--) {
      for (const profile of directory.profiles) {
        const both = [this.#tenant.invoiceOf(profile, month), purchases.invoiceOf(profile, month)];
        for (const invoice of both) if (invoice) result.push(ofModern(invoice));
      }
    }
    return result;
  }

  /** By id, compared without case, with or without the prefix that links give it. Throws a refusal for an unknown one. */
  named(id: string): PartnerInvoice {
    const name = id.replace(/^(Recurring|OneTime)-/i, '');
    const modern = this.#tenant.invoiceNamed(name) ?? this.#tenant.purchases.invoiceNamed(name);
    if (modern) return ofModern(modern);
    const legacy = this.#legacy.invoiceNamed(name);
    if (legacy) return ofLegacy(legacy);
    throw refused(404, 1000, `The invoice '${id}' was not found.`, ['invoice_id']);
  }
}

function ofModern(invoice: Invoice): PartnerInvoice {
  const { name, profile, month, invoiceDay, total, status } = invoice;
  return {
    id: name,
    currency: profile.currency,
    period: { from: firstDay(month), to: lastDay(month) },
    invoiceDay,
    total,
    paid: isOwed(status) || status === 'Void' ? 0n : total,
    isVoid: status === 'Void',
    modern: invoice,
    legacy: undefined,
  };
}

function ofLegacy(invoice: LegacyInvoice): PartnerInvoice {
  const { name, currency, period, invoiceDay, total, isPaid } = invoice;
  return {
    id: name,
    currency,
    period,
    invoiceDay,
    total,
    paid: isPaid ? total : 0n,
    isVoid: false,
    modern: undefined,
    legacy: invoice,
  };
}

/** What is owed of it. */
function balanceOf({ total, paid, isVoid }: PartnerInvoice): bigint {
  return isVoid ? 0n : total - paid;
}

/** `Recurring` for legacy invoices, `OneTime` for modern ones. */
function invoiceTypeOf({ legacy }: PartnerInvoice): 'Recurring' | 'OneTime' {
  return legacy ? 'Recurring' : 'OneTime';
}

/** The kinds of line items that an invoice has, as details and links name them. */
function detailsOf({
  modern,
  legacy,
}: PartnerInvoice): ReadonlyArray<readonly [provider: string, link: string, type: string]> {
  if (legacy)
    return [
      ['azure', 'Azure', 'Billing'],
      ['azure', 'Azure', 'Usage'],
      ['office', 'Office', 'Billing'],
    ];
  const billing = ['one_time', 'OneTime', 'Billing'] as const;
  return modern?.isMonthly ? [billing, ['marketplace', 'Marketplace', 'Usage']] : [billing];
}

/** An invoice (Partner Center REST reference: invoice resources); by id it tells its billing period, too. */
export function projectInvoice(invoice: PartnerInvoice, wire: Wire, whole: boolean): object {
  const { id, currency, period, invoiceDay, total, paid, isVoid } = invoice;
  const type = invoiceTypeOf(invoice);
  const path = `invoices/${type}-${id}`;
  return {
    id,
    invoiceDate: `${isoDay(invoiceDay)}T00:00:00Z`,
    ...(whole
      ? {
          billingPeriodStartDate: `${isoDay(period.from)}T00:00:00Z`,
          billingPeriodEndDate: `${isoDay(period.to)}T00:00:00Z`,
        }
      : {}),
    totalCharges: exactNumber(total, COST_SCALE),
    // A payment received is told as a negative amount.
    paidAmount: exactNumber(-paid, COST_SCALE),
    currencyCode: currency,
    currencySymbol: CURRENCY_LOCALES[currency].symbol,
    pdfDownloadLink: wire.uri(`invoices/${id}/documents/statement`),
    invoiceDetails: detailsOf(invoice).map(([provider, link, kind]) => ({
      invoiceLineItemType: `${kind.toLowerCase()}_line_items`,
      billingProvider: provider,
      links: { self: wire.link({ path: `${path}/lineitems/${link}/${kind}LineItems` }) },
      attributes: { objectType: 'InvoiceDetail' },
    })),
    documentType: isVoid ? 'void_note' : 'invoice',
    invoiceType: type,
    ...(isVoid ? { amendments: [adjustmentOf(invoice)] } : {}),
    links: { self: wire.link({ path }) },
    attributes: { objectType: 'Invoice' },
  };
}

/** What takes a void invoice back: told inside the invoice only, without links of its own. */
function adjustmentOf(invoice: PartnerInvoice): object {
  const { id, currency, period, total } = invoice;
  return {
    id: `G${String(hash(0xad1, ...Buffer.from(id)) % 1_000_000_000).padStart(9, '0')}`,
    invoiceDate: `${isoDay(period.to + 12)}T00:00:00Z`,
    totalCharges: exactNumber(-total, COST_SCALE),
    paidAmount: 0,
    currencyCode: currency,
    currencySymbol: CURRENCY_LOCALES[currency].symbol,
    invoiceDetails: detailsOf(invoice).map(([provider, , kind]) => ({
      invoiceLineItemType: `${kind.toLowerCase()}_line_items`,
      billingProvider: provider,
      attributes: { objectType: 'InvoiceDetail' },
    })),
    documentType: 'adjustment_note',
    amendsOf: id,
    invoiceType: invoiceTypeOf(invoice),
    attributes: { objectType: 'Invoice' },
  };
}

/** What is owed in one currency, split by the type of invoice; types without invoices are left out. */
export function projectSummary(
  currency: Currency,
  invoices: readonly PartnerInvoice[],
  now: Date,
  wire: Wire,
  self: string,
): object {
  const types = ['Recurring', 'OneTime'] as const;
  const details = types.flatMap((invoiceType) => {
    const ofType = invoices.filter((invoice) => invoiceTypeOf(invoice) === invoiceType);
    if (ofType.length === 0) return [];
    const summary = { ...summaryOf(currency, ofType, now, wire), attributes: { objectType: 'InvoiceSummary' } };
    return [{ invoiceType, summary }];
  });
  return {
    ...summaryOf(currency, invoices, now, wire),
    details,
    links: { self: wire.link({ path: self }) },
    attributes: { objectType: 'InvoiceSummary' },
  };
}

function summaryOf(currency: Currency, invoices: readonly PartnerInvoice[], now: Date, wire: Wire): object {
  const balance = invoices.reduce((sum, invoice) => sum + balanceOf(invoice), 0n);
  const days = invoices.map(({ invoiceDay }) => invoiceDay);
  const [latestPaid] = invoices.filter(({ paid }) => paid > 0n).sort((a, b) => b.invoiceDay - a.invoiceDay);
  const day = (number: number | undefined): string | undefined =>
    number === undefined ? wire.emptyDate() : `${isoDay(number)}T00:00:00Z`;
  return {
    balanceAmount: exactNumber(balance, COST_SCALE),
    currencyCode: currency,
    currencySymbol: CURRENCY_LOCALES[currency].symbol,
    accountingDate: `${now.toISOString().slice(0, 10)}T00:00:00`,
    firstInvoiceCreationDate: day(days.length === 0 ? undefined : Math.min(...days)),
    lastPaymentDate: day(latestPaid && latestPaid.invoiceDay + 20),
    lastPaymentAmount: exactNumber(latestPaid?.paid ?? 0n, COST_SCALE),
    latestInvoiceDate: day(days.length === 0 ? undefined : Math.max(...days)),
  };
}

/** The statement of an invoice as PDF text, one byte a character. */
export function statementOf(
  { id, currency, period, invoiceDay, total, paid }: PartnerInvoice,
  partner: string,
): string {
  const amount = (units: bigint): string => `${decimalText(units, COST_SCALE)} ${currency}`;
  return pdfOf([
    `Invoice ${id}`,
    partner,
    `Billing period: ${isoDay(period.from)} to ${isoDay(period.to)}`,
    `Invoice date: ${isoDay(invoiceDay)}`,
    `Total charges: ${amount(total)}`,
    `Paid: ${amount(paid)}`,
    'Sample data: nobody owes this.',
  ]);
}
