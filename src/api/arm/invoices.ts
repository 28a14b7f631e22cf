import * as v from 'valibot';
import type { SendOptions } from '../http/client.ts';
import type { PageWalk } from '../http/paging.ts';
import { type ArmClient, armPath, getOne, listOf } from './armClient.ts';
import { type BillingParent, parentPath } from './parent.ts';
import { matchScope, parseScope, type Scope, segment } from './scope.ts';
import { money, optionalText, resource } from './wire.ts';

const invoice = v.looseObject({
  ...resource,
  properties: v.looseObject({
    /** Due, OverDue, Paid, Void, Locked, Other; `PastDue` was seen too. */
    status: optionalText,
    /** ISO date-times, UTC. The period's end is inclusive. */
    invoiceDate: optionalText,
    dueDate: optionalText,
    invoicePeriodStartDate: optionalText,
    invoicePeriodEndDate: optionalText,
    /** Invoice, CreditNote, …; absent in the seed version. */
    documentType: optionalText,
    amountDue: v.nullish(money),
    billedAmount: v.nullish(money),
    totalAmount: v.nullish(money),
    billingProfileId: optionalText,
    billingProfileDisplayName: optionalText,
  }),
});

/** An invoice (REST reference: Invoices). Its id has a billing profile segment in the seed version only. */
export type Invoice = v.InferOutput<typeof invoice>;

/** Both days inclusive, `YYYY-MM-DD`, UTC; selects invoices by their billing period. */
export interface InvoicePeriod {
  from: string;
  to: string;
}

/** The invoices of a billing account, billing profile or billing subscription. */
export function listInvoices(arm: ArmClient, parent: BillingParent, period: InvoicePeriod): PageWalk<Invoice[]> {
  // From 2024-04-01 on the account of a subscription's invoices is the word "default".
  const anchor =
    parent.subscription !== undefined && arm.versions === 'newest' ? { ...parent, account: 'default' } : parent;
  // The parameter's description says MM-DD-YYYY; its type and every example are ISO dates, which all versions take.
  const query = { periodStartDate: period.from, periodEndDate: period.to };
  const address = armPath(arm, 'billing', `${parentPath(anchor)}/invoices`, query);
  return listOf(arm, { operation: 'List invoices', method: 'GET', address }, invoice);
}

/** One invoice by its name, e.g. `G012345678`. The account may be the word `default`. */
export function getInvoice(
  arm: ArmClient,
  parent: BillingParent,
  name: string,
  options?: SendOptions,
): Promise<Invoice> {
  const address = armPath(arm, 'billing', `${parentPath(parent)}/invoices/${segment(name)}`);
  return getOne(arm, { operation: 'Get the invoice', method: 'GET', address }, invoice, options);
}

/**
 * The cost scope of an invoice. Usage details know invoices by the id of the seed version, below their billing profile;
 * newer answers, and lists of a subscription in any version, leave that segment out of the id and name the profile beside it.
 */
export function invoiceScope(invoice: Invoice): Scope {
  const profile = matchScope(invoice.properties.billingProfileId ?? '');
  return profile?.kind === 'billingProfile'
    ? { kind: 'invoice', account: profile.account, profile: profile.profile, invoice: invoice.name }
    : parseScope(invoice.id);
}
