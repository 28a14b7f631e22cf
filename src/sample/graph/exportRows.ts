import type { BillingProfile } from '../directory.ts';
import type { Invoice } from '../invoices.ts';

/** What is exported: an invoice, or the open month of a billing profile. */
export interface ExportSource {
  readonly profile: BillingProfile;
  readonly month: number;
  /** Undefined for the open month. */
  readonly invoice: Invoice | undefined;
}

/** The rows of an export, each one JSON object as text. Rows are made as they are taken; skipping to `from` makes none. */
export interface ExportRows {
  count(): number;
  /** `to` is exclusive. */
  rows(from: number, to: number): Iterable<string>;
}
