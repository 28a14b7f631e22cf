import { firstDay, intersect, isoDay, lastDay } from '../calendar.ts';
import { COST_SCALE, decimalText, QUANTITY_SCALE, USD_SCALE } from '../decimal.ts';
import { exactDigits, parseExact } from '../exactJson.ts';
import { PartnerCustomers } from '../partnerCenter/customers.ts';
import { DailyRatedRows } from '../partnerCenter/dailyRatedRows.ts';
import { PARTNER_MPN_ID, PartnerSubscriptions } from '../partnerCenter/subscriptions.ts';
import { compile, fill, MARK, type Template } from '../rowTemplate.ts';
import type { Tenant } from '../tenant.ts';
import { isAlive, quantity, type UsageLine } from '../usageLines.ts';
import { type Attribute, type Fragment, inAttributes, usageAttributes } from './attributes.ts';
import type { ExportRows, ExportSource } from './exportRows.ts';

/** What differs from day to day on the rows of one usage line. */
const DAILY = {
  usageDate: `${MARK}date`,
  quantity: `${MARK}#quantity`,
  billingPreTaxTotal: `${MARK}#cost`,
  pricingPreTaxTotal: `${MARK}#usd`,
};

/**
 * Daily rated usage of a billing profile and month: line after line, day after day, and the rounding of an invoice last, so that
 * the sum of BillingPreTaxTotal is the invoice. Rows say what those of Partner Center say. Invoices of purchases have none.
 */
export class UsageExportRows implements ExportRows {
  readonly #tenant: Tenant;
  readonly #source: ExportSource;
  readonly #attributes: readonly Attribute[];

  constructor(tenant: Tenant, source: ExportSource, fragment: Fragment) {
    this.#tenant = tenant;
    this.#source = source;
    this.#attributes = usageAttributes(fragment);
  }

  count(): number {
    let count = this.#hasRounding ? 1 : 0;
    for (const line of this.#lines) count += this.#days(line).length;
    return count;
  }

  *rows(from: number, to: number): Iterable<string> {
    let position = 0;
    // Of this walk alone: it keeps texts, and the rows of a file live as long as the file.
    const texts = new DailyRatedRows(new PartnerSubscriptions(new PartnerCustomers(this.#tenant)), PARTNER_MPN_ID);
    for (const line of this.#lines) {
      if (position >= to) return;
      const days = this.#days(line);
      const own = days.slice(Math.max(0, from - position), Math.max(0, to - position));
      position += days.length;
      const [first] = own;
      if (first === undefined) continue;
      const template = this.#template(texts.row(line, first, this.#source.invoice?.name ?? ''));
      for (const day of own) yield this.#row(template, line, day);
    }
    if (this.#hasRounding && position >= from && position < to) yield this.#rounding();
  }

  get #lines(): readonly UsageLine[] {
    const { invoice, profile } = this.#source;
    if (invoice && !invoice.isMonthly) return [];
    const { from, to } = this.#tenant.ledger.linesOfProfile(profile);
    return this.#tenant.ledger.lines.slice(from, to);
  }

  get #hasRounding(): boolean {
    const { invoice, profile, month } = this.#source;
    return invoice?.isMonthly === true && this.#tenant.ledger.profileMonth(profile, month).rows > 0;
  }

  #days(line: UsageLine): number[] {
    const { month } = this.#source;
    const { from, to } = intersect({ from: firstDay(month), to: lastDay(month) }, this.#tenant.ledger.window);
    const days: number[] = [];
    for (let day = from; day <= to; day++) if (isAlive(line, day)) days.push(day);
    return days;
  }

  #template(lineItem: string): Template {
    const item = parseExact(lineItem) as Readonly<Record<string, unknown>>;
    return compile(inAttributes(this.#attributes, { ...item, ...DAILY }));
  }

  #row(template: Template, line: UsageLine, day: number): string {
    const { profile, month } = this.#source;
    const units = BigInt(quantity(line, day));
    const usd = units * line.price;
    return fill(template, {
      date: `${isoDay(day)}T00:00:00Z`,
      quantity: decimalText(units, QUANTITY_SCALE),
      usd: decimalText(usd, USD_SCALE),
      cost: decimalText(usd * this.#tenant.ledger.rate(profile, month), COST_SCALE),
    });
  }

  /** Without customer and resource; priced in the billing currency itself. */
  #rounding(): string {
    const { profile, month, invoice } = this.#source;
    const { directory, ledger } = this.#tenant;
    const amount = exactDigits(decimalText(ledger.profileMonth(profile, month).rounding, COST_SCALE));
    const empty = Object.fromEntries(this.#attributes.map(({ source }) => [source, '']));
    return JSON.stringify(
      inAttributes(this.#attributes, {
        ...empty,
        partnerId: directory.partnerTenantId,
        partnerName: directory.partnerName,
        invoiceNumber: invoice?.name,
        productName: 'Rounding adjustment',
        skuName: 'Rounding adjustment',
        chargeStartDate: `${isoDay(firstDay(month))}T00:00:00Z`,
        chargeEndDate: `${isoDay(firstDay(month + 1))}T00:00:00Z`,
        usageDate: `${isoDay(lastDay(month))}T00:00:00Z`,
        chargeType: 'roundingAdjustment',
        unitPrice: amount,
        effectiveUnitPrice: amount,
        quantity: 1,
        billingPreTaxTotal: amount,
        billingCurrency: profile.currency,
        pricingPreTaxTotal: amount,
        pricingCurrency: profile.currency,
        pcToBCExchangeRate: 1,
        pcToBCExchangeRateDate: `${isoDay(firstDay(month))}T00:00:00Z`,
        rateOfPartnerEarnedCredit: 0,
        rateOfCredit: 0,
        creditType: 'Credit Not Applied',
      }),
    );
  }
}
