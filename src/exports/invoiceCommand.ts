import type { ArmClient } from '../api/arm/armClient.ts';
import { refused } from '../api/arm/input.ts';
import { type InvoiceDocument, invoiceDocuments } from '../api/arm/invoiceDocuments.ts';
import { getInvoice, listInvoices } from '../api/arm/invoices.ts';
import type { DownloadedFile, DownloadInvoiceArgument, NodeArgument } from '../contributions.ts';
import { byteText } from '../workbench/byteText.ts';
import { isTreeRow } from '../workbench/commands.ts';
import { everything, withProgress } from '../workbench/progress.ts';
import { waitText } from '../workbench/text.ts';
import { askAccount, askConnection, choose } from './ask.ts';
import type { ConnectionSource } from './connectionSource.ts';
import { tellSaved, withDownloadProgress } from './downloadJob.ts';
import { safeFileName } from './fileNames.ts';
import { type Given, givenPath, givenText } from './given.ts';
import { type InvoiceName, saveInvoice } from './saveInvoice.ts';
import { askFile } from './targets.ts';

const TITLE = 'Download Invoice';

/** Asks for what is missing and saves a document of an invoice. */
export async function downloadInvoice(
  connections: ConnectionSource,
  argument: DownloadInvoiceArgument | NodeArgument | undefined,
): Promise<DownloadedFile> {
  const given: Given = { ...argument };
  const [wanted, givenFile] = [givenText(given, 'document'), givenPath(given, 'file')];
  const profile = givenText(given, 'profile');
  const names = { account: givenText(given, 'account'), invoice: givenText(given, 'invoice') };
  const arm = await connections.arm(await askConnection(connections, givenText(given, 'connection'), TITLE));
  const account = await askAccount(arm, names.account, TITLE);
  const invoice = names.invoice ?? (await askInvoice(arm, account, profile));
  const name = { account, profile, invoice };
  const byPerson = argument === undefined || isTreeRow(argument);
  const document = await findDocument(arm, name, wanted, byPerson);
  const kind = document === undefined || isInvoice(document) ? '' : ` ${document.kind}`;
  const file =
    givenFile ?? (await askFile(TITLE, safeFileName(`${invoice}${kind}.pdf`, 'invoice.pdf'), { PDF: ['pdf'] }));
  const saved = await withDownloadProgress(`Downloading invoice ${invoice}`, (options) =>
    saveInvoice(arm, name, document, file, options),
  );
  tellSaved(`Saved the invoice ${invoice} (${byteText(saved.bytes)}).`, saved.file, false);
  return saved;
}

/** Of the last twelve months: older invoices are in the tree. */
async function askInvoice(arm: ArmClient, account: string, profile: string | undefined): Promise<string> {
  const today = new Date(arm.storage.clock.now());
  const to = today.toISOString().slice(0, 10);
  const from = `${today.getUTCFullYear() - 1}${to.slice(4, 8)}01`;
  const invoices = await everything('Fetching invoices', listInvoices(arm, { account, profile }, { from, to }));
  const choices = invoices.map(({ name, properties }) => ({
    label: `${properties.invoicePeriodStartDate?.slice(0, 7) ?? ''} ${name}`.trim(),
    description: [properties.billingProfileDisplayName, properties.status].filter(Boolean).join(' · '),
    value: name,
  }));
  return choose(TITLE, 'Invoice', choices);
}

/** The document that is wanted; undefined for the invoice itself, where its version can be asked without naming it. */
async function findDocument(
  arm: ArmClient,
  { account, profile, invoice }: InvoiceName,
  wanted: string | undefined,
  byPerson: boolean,
): Promise<InvoiceDocument | undefined> {
  if (wanted === undefined && !byPerson && arm.versions === 'newest') {
    return undefined;
  }
  const documents = invoiceDocuments(
    await withProgress(`Documents of ${invoice}`, (report, signal) =>
      getInvoice(arm, { account, profile }, invoice, { signal, onWait: (wait) => report(waitText(wait)) }),
    ),
  );
  if (wanted !== undefined) {
    const found = documents.find((document) => answersTo(document, wanted.toLowerCase()));
    if (found === undefined) {
      const known = documents.map(({ name, kind }) => name ?? kind).join(', ');
      throw refused('document', `the invoice has no document '${wanted.slice(0, 60)}'; it has ${known || 'none'}.`);
    }
    return found;
  }
  if (documents.length > 1 && byPerson) {
    const choices = documents.map((document) => ({
      label: document.kind,
      description: document.numbers.join(', ') || document.name,
      value: document,
    }));
    return choose(TITLE, 'Document', choices);
  }
  return documents.find(isInvoice) ?? documents[0];
}

function isInvoice({ kind }: InvoiceDocument): boolean {
  return kind.toLowerCase() === 'invoice';
}

function answersTo({ name, kind, numbers }: InvoiceDocument, wanted: string): boolean {
  return [name, kind, ...numbers].some((word) => word?.toLowerCase() === wanted);
}
