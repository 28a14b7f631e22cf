import * as v from 'valibot';
import type { SendOptions } from '../http/client.ts';
import type { PageWalk } from '../http/paging.ts';
import { type ArmClient, armPath, getOne, listOf } from './armClient.ts';
import { parentPath } from './parent.ts';
import { optionalText, resource } from './wire.ts';

const invoiceSection = v.looseObject({
  ...resource,
  properties: v.looseObject({
    displayName: optionalText,
    /** Active, Restricted; 2024-04-01 adds Deleted, Disabled, UnderReview, Warned, Other. */
    state: optionalText,
    /** 2024-04-01 only. */
    reasonCode: optionalText,
    targetCloud: optionalText,
  }),
});

/** A section of the invoices of a billing profile (REST reference: Invoice Sections). Customers of partners have none. */
export type InvoiceSection = v.InferOutput<typeof invoiceSection>;

/** The invoice sections of a billing profile. */
export function listInvoiceSections(arm: ArmClient, account: string, profile: string): PageWalk<InvoiceSection[]> {
  const address = armPath(arm, 'billing', `${parentPath({ account, profile })}/invoiceSections`);
  return listOf(arm, { operation: 'List invoice sections', method: 'GET', address }, invoiceSection);
}

/** One invoice section by its name. */
export function getInvoiceSection(
  arm: ArmClient,
  account: string,
  profile: string,
  name: string,
  options?: SendOptions,
): Promise<InvoiceSection> {
  const address = armPath(arm, 'billing', parentPath({ account, profile, invoiceSection: name }));
  return getOne(arm, { operation: 'Get the invoice section', method: 'GET', address }, invoiceSection, options);
}
