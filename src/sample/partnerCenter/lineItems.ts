import { type DayRange, firstDay, lastDay } from '../calendar.ts';
import type { Currency } from '../currencies.ts';
import type { BillingProfile } from '../directory.ts';
import type { Invoice } from '../invoices.ts';
import { type Transaction, Transactions } from '../transactions.ts';
import { isAlive } from '../usageLines.ts';
import { DailyRatedRows } from './dailyRatedRows.ts';
import { type LegacyInvoice, unitsOfDays } from './legacyBilling.ts';
import { LegacyRows } from './legacyRows.ts';
import { oneTimeRow } from './oneTimeRows.ts';
import type { Parts } from './parts.ts';

/** A page of line items: row texts, each one JSON object, and where the next page begins. */
export interface LineItemPage {
  readonly rows: readonly string[];
  readonly next: readonly [number, number] | undefined;
}

/** What of the modern side is asked for: an invoice, or the open month in a currency. */
export interface ModernSource {
  readonly profile: BillingProfile;
  readonly month: number;
  /** Undefined for the open month. */
  readonly invoice: Invoice | undefined;
}

/** Line items of invoices and of the open month. Rows are made when a page is asked for. */
export class LineItems {
  readonly #parts: Parts;
  readonly #transactions: Transactions;
  readonly #daily: DailyRatedRows;
  readonly #legacy: LegacyRows;
  readonly #mpnId: string;
  #last: { readonly key: string; readonly transactions: readonly Transaction[] } | undefined;

  constructor(parts: Parts, mpnId: string) {
    this.#parts = parts;
    this.#mpnId = mpnId;
    this.#transactions = new Transactions(parts.tenant);
    this.#daily = new DailyRatedRows(parts.subscriptions, mpnId);
    this.#legacy = new LegacyRows(parts.tenant.directory, parts.legacy, mpnId);
  }

  /** The open month in a currency. */
  unbilled(currency: Currency): ModernSource {
    const { directory, ledger } = this.#parts.tenant;
    const profile = directory.profiles.find((p) => p.currency === currency);
    if (!profile) throw new RangeError(`no billing profile in ${currency}`);
    return { profile, month: ledger.openMonth, invoice: undefined };
  }

  /** Daily rated usage: days ascending, then usage lines. `credit` asks for rows with or without partner earned credit only. */
  dailyRated(
    source: ModernSource,
    size: number,
    [startDay, startLine]: readonly [number, number],
    credit: boolean | undefined,
  ): LineItemPage {
    const { ledger } = this.#parts.tenant;
    const { profile, month, invoice } = source;
    const rows: string[] = [];
    // Purchases have an invoice of their own, without usage.
    if (invoice && !invoice.isMonthly) return { rows, next: undefined };
    const lines = ledger.linesOfProfile(profile);
    const lastUse = Math.min(lastDay(month), ledger.window.to);
    let ordinal = Math.max(startLine, lines.from);
    for (let day = Math.max(startDay, firstDay(month)); day <= lastUse; day++) {
      for (; ordinal < lines.to; ordinal++) {
        const line = ledger.line(ordinal);
        if (!isAlive(line, day) || (credit !== undefined && line.earnsCredit !== credit)) continue;
        if (rows.length === size) return { rows, next: [day, ordinal] };
        rows.push(this.#daily.row(line, day, invoice?.name ?? ''));
      }
      ordinal = lines.from;
    }
    return { rows, next: undefined };
  }

  /** Reconciliation line items, which add up to the invoice. */
  oneTime(source: ModernSource, size: number, start: number): LineItemPage {
    const all = this.#transactionsOf(source);
    const { settings, subscriptions, wire } = this.#parts;
    const style = { textNumbers: settings.now.textNumbers, emptyDate: wire.emptyDate() };
    const rows = all
      .slice(start, start + size)
      .map((transaction) =>
        JSON.stringify(oneTimeRow(subscriptions, this.#mpnId, this.#transactions.facts(transaction), style)),
      );
    return { rows, next: start + size < all.length ? [start + size, 0] : undefined };
  }

  /** Rated line items of 145P. */
  legacyAzure(invoice: LegacyInvoice, size: number, offset: number): LineItemPage {
    const charges = this.#parts.legacy.azureCharges(invoice.currency, invoice.period);
    const rows = charges.slice(offset, offset + size).flatMap((charge) => {
      const { subscription } = charge;
      const row = subscription.kind === 'legacyAzure' && this.#legacy.usageBased(invoice, subscription, charge);
      return row ? [JSON.stringify(row)] : [];
    });
    return { rows, next: offset + size < charges.length ? [offset + size, 0] : undefined };
  }

  /** Unrated use of 145P by resource and day: subscriptions, then days, then resources. */
  legacyDaily(invoice: LegacyInvoice, size: number, offset: number): LineItemPage {
    const { legacy } = this.#parts;
    const rows: string[] = [];
    let position = 0;
    for (const subscription of legacy.azureSubscriptions(invoice.currency)) {
      for (let day = invoice.period.from; day <= invoice.period.to; day++) {
        for (const resource of legacy.resources(subscription)) {
          const units = unitsOfDays(resource, { from: day, to: day } satisfies DayRange);
          if (units === 0) continue;
          if (position++ < offset) continue;
          if (rows.length === size) return { rows, next: [offset + size, 0] };
          rows.push(JSON.stringify(this.#legacy.dailyUsage(invoice, subscription, resource, day, units)));
        }
      }
    }
    return { rows, next: undefined };
  }

  licences(invoice: LegacyInvoice, size: number, offset: number): LineItemPage {
    const charges = this.#parts.legacy.licenceCharges(invoice.currency, invoice.period);
    const rows = charges
      .slice(offset, offset + size)
      .flatMap(({ subscription, amount }) =>
        subscription.kind === 'licences' ? [JSON.stringify(this.#legacy.licence(invoice, subscription, amount))] : [],
      );
    return { rows, next: offset + size < charges.length ? [offset + size, 0] : undefined };
  }

  // The list that was paged last is kept: making it visits every usage line of a profile.
  #transactionsOf({ profile, month, invoice }: ModernSource): readonly Transaction[] {
    const key = invoice?.name ?? `${profile.name}/${month}`;
    if (this.#last?.key === key) return this.#last.transactions;
    const transactions = invoice
      ? this.#transactions.ofInvoice(invoice)
      : this.#transactions.of([{ profile }], { from: firstDay(month), to: lastDay(month) });
    this.#last = { key, transactions };
    return transactions;
  }
}
