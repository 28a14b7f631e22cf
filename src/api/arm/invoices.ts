import * as v from 'valibot';
import type { SendOptions } from '../http/client.ts';
import type { PageWalk } from '../http/paging.ts';
import { type ArmClient, armPath, getOne, listOf } from './armClient.ts';
import { accountPath } from './billingAccounts.ts';
import { normalizeId, parseScope, type Scope, segment } from './scope.ts';
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

/** The invoices of a billing account, of one of its billing profiles, or of a subscription. */
export function listInvoices(
  arm: ArmClient,
  of: { account: string; profile?: string } | { account: string; subscription: string },
  period: InvoicePeriod,
): PageWalk<Invoice[]> {
  // The parameter's description says MM-DD-YYYY; its type and every example are ISO dates, which all versions take.
  const query = { periodStartDate: period.from, periodEndDate: period.to };
  const address = armPath(arm, 'billing', `${invoiceParent(arm, of)}/invoices`, query);
  return listOf(arm, { operation: 'List invoices', method: 'GET', address }, invoice);
}

function invoiceParent(
  arm: ArmClient,
  of: { account: string; profile?: string } | { account: string; subscription: string },
): string {
  if ('subscription' in of) {
    // From 2024-04-01 on the account of a subscription's invoices is the word "default".
    const account = arm.versions === 'newest' ? 'default' : of.account;
    return `${accountPath(account)}/billingSubscriptions/${segment(of.subscription)}`;
  }
  return of.profile === undefined
    ? accountPath(of.account)
    : `${accountPath(of.account)}/billingProfiles/${segment(of.profile)}`;
}

/** One invoice by its name, e.g. `G012345678`. */
export function getInvoice(arm: ArmClient, account: string, name: string, options?: SendOptions): Promise<Invoice> {
  const address = armPath(arm, 'billing', `${accountPath(account)}/invoices/${segment(name)}`);
  return getOne(arm, { operation: 'Get the invoice', method: 'GET', address }, invoice, options);
}

/**
 * The cost scope of an invoice. Usage details know invoices by the id of the seed version, below their billing profile;
 * newer answers leave that segment out of the id and name the profile beside it.
 */
export function invoiceScope(invoice: Invoice): Scope {
  const scope = parseScope(invoice.id);
  const profileId = invoice.properties.billingProfileId;
  if (scope.kind !== 'invoice' || scope.profile !== undefined || profileId === undefined || profileId === null) {
    return scope;
  }
  const profile = parseScope(normalizeId(profileId));
  return profile.kind === 'billingProfile' ? { ...scope, profile: profile.profile } : scope;
}
