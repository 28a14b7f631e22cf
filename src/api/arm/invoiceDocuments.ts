import * as v from 'valibot';
import type { Answer, SendOptions } from '../http/client.ts';
import { readOperation } from '../http/longRunning.ts';
import { type ArmClient, armPath, readAs } from './armClient.ts';
import { refused } from './input.ts';
import type { Invoice } from './invoices.ts';
import { type BillingParent, parentPath } from './parent.ts';
import { segment } from './scope.ts';
import { optionalText } from './wire.ts';

const download = v.looseObject({
  /** A storage address with a signature in it: fetched without a token, shown to nobody. */
  url: v.string(),
  expiryTime: optionalText,
});

/** Where a prepared document can be fetched, and until when (UTC). */
export type PreparedDownload = v.InferOutput<typeof download>;

const documents = v.array(
  v.looseObject({
    name: optionalText,
    kind: optionalText,
    url: optionalText,
    documentNumbers: v.nullish(v.array(v.string())),
  }),
);

/** A document of an invoice, as its `documents` list it. */
export interface InvoiceDocument {
  /** From 2024-04-01 on. */
  name: string | undefined;
  /** Invoice, CreditNote, VoidNote, TaxReceipt, …; unknown words pass. */
  kind: string;
  /** Before 2024-04-01: an address of the service with a download token in it. */
  url: string | undefined;
  /** Numbers that credit notes and tax receipts carry. */
  numbers: readonly string[];
}

/** The documents of an invoice; none where it lists none. */
export function invoiceDocuments({ properties }: Invoice): InvoiceDocument[] {
  const listed = v.safeParse(documents, properties.documents ?? []);
  return (listed.success ? listed.output : []).map(({ name, kind, url, documentNumbers }) => ({
    name: name || undefined,
    kind: kind || 'Invoice',
    url: url || undefined,
    numbers: documentNumbers ?? [],
  }));
}

/**
 * Has the service prepare one document in the way of its version, and waits for it.
 *
 * @param document one of {@link invoiceDocuments}; left out, the invoice itself, which older versions cannot name
 * @throws BillingError of kind `argument` when the version needs an address that the document does not have
 */
export function prepareDocument(
  arm: ArmClient,
  parent: BillingParent,
  invoice: string,
  document: InvoiceDocument | undefined,
  options?: SendOptions,
): Promise<PreparedDownload> {
  if (arm.versions === 'newest') {
    return prepareInvoiceDocument(arm, parent.account, invoice, document?.name, options);
  }
  if (document?.url === undefined) {
    throw refused('document', `the invoice '${invoice}' has no document that can be downloaded.`);
  }
  return prepareDocumentUrls(arm, parent, [document.url], options);
}

/**
 * Has the service prepare a document of one invoice (REST reference: Invoices - Download, 2024-04-01) and waits for it.
 *
 * @param documentName the `name` of one of the invoice's `documents`; left out, the invoice itself
 */
export function prepareInvoiceDocument(
  arm: ArmClient,
  account: string,
  invoice: string,
  documentName?: string,
  options?: SendOptions,
): Promise<PreparedDownload> {
  const path = `${parentPath({ account })}/invoices/${segment(invoice)}/download`;
  return prepare(arm, armPath(arm, 'billing', path, { documentName }), undefined, options);
}

/** The same for the summary of an invoice; enrolments only. */
export function prepareInvoiceSummary(
  arm: ArmClient,
  account: string,
  invoice: string,
  options?: SendOptions,
): Promise<PreparedDownload> {
  const path = `${parentPath({ account })}/invoices/${segment(invoice)}/downloadSummary`;
  return prepare(arm, armPath(arm, 'billing', path), undefined, options);
}

/**
 * Older versions give every document an address with a download token in it. It is posted to as it is (2020-05-01), or several
 * of them go to the billing profile in one list and come back as one zip (2019-10-01-preview).
 *
 * @param urls the `url` members of the invoices' `documents`
 */
export function prepareDocumentUrls(
  arm: ArmClient,
  parent: BillingParent,
  urls: readonly string[],
  options?: SendOptions,
): Promise<PreparedDownload> {
  const [only] = urls;
  return urls.length === 1 && only !== undefined
    ? prepare(arm, only, undefined, options)
    : prepare(arm, armPath(arm, 'billing', `${parentPath(parent)}/downloadDocuments`), urls, options);
}

function prepare(
  arm: ArmClient,
  address: string,
  body: readonly string[] | undefined,
  options: SendOptions | undefined,
): Promise<PreparedDownload> {
  // Repeatable: it prepares a download and changes nothing.
  const call = { operation: 'Download the invoice', method: 'POST', address, repeatable: true } as const;
  const read = (answer: Answer) => readAs(download, answer);
  return readOperation(arm.http, body === undefined ? call : { ...call, body }, read, options);
}
