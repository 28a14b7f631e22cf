import type { Answer, SampleRequest } from './answers.ts';
import { firstDay, isoDay, lastDay } from './calendar.ts';
import { COST_SCALE, decimalText } from './decimal.ts';
import { hash } from './hash.ts';
import type { Invoice } from './invoices.ts';
import { pdfOf } from './pdf.ts';
import type { Tenant } from './tenant.ts';
import { zipOf } from './zip.ts';

/** Where prepared documents are fetched: the stand-in for a storage account, outside of Azure's own addresses. */
export const DOCUMENTS_PATH = '/_sample/documents/';

const VALID_MS = 60 * 60 * 1000;

interface PreparedDocument {
  /** Absolute, signed, valid without a token and not with one. */
  readonly url: string;
  /** ISO date-time, UTC. */
  readonly expiryTime: string;
}

/** The name of an invoice's document since 2024-04-01. */
export function documentName(invoice: Invoice): string {
  return `D${invoice.name.slice(1)}`;
}

/** The token in the document addresses of older versions. */
export function downloadToken(invoice: Invoice): string {
  return `DRS_${hash(0xd0c, ...Buffer.from(invoice.name))
    .toString(16)
    .padStart(8, '0')}`;
}

/** One invoice as PDF, or a list of them as a zip of PDFs; valid for an hour of the real clock. */
export function prepareDocument(origin: string, invoices: Invoice | readonly Invoice[]): PreparedDocument {
  const file = Array.isArray(invoices)
    ? `${invoices.map(({ name }) => name).join('-')}.zip`
    : `${(invoices as Invoice).name}.pdf`;
  const expiryTime = `${new Date(Date.now() + VALID_MS).toISOString().slice(0, 19)}Z`;
  const query = new URLSearchParams({ sp: 'r', se: expiryTime, sig: signature(file, expiryTime) });
  return { url: `${origin}${DOCUMENTS_PATH}${file}?${query}`, expiryTime };
}

/**
 * Answers a request below `DOCUMENTS_PATH` as Azure Storage does a shared access signature: 403 for a wrong or expired
 * one, 400 when a bearer token comes along.
 */
export function preparedDocument(tenant: Tenant, request: SampleRequest, hasToken: boolean): Answer {
  if (hasToken) {
    return storageError(
      400,
      'InvalidAuthenticationInfo',
      'The address is signed: send no Authorization header with it.',
    );
  }
  if (request.method !== 'GET') return storageError(405, 'UnsupportedHttpVerb', 'Documents are only read.');
  const file = request.path.slice(DOCUMENTS_PATH.length);
  const expiry = request.parameters.get('se') ?? '';
  if (request.parameters.get('sig') !== signature(file, expiry) || !(Date.parse(expiry) > Date.now())) {
    return storageError(403, 'AuthenticationFailed', 'The signature of the address is not valid, or no longer.');
  }
  const [names = '', kind] = file.split('.');
  const invoices = names
    .split('-')
    .map((name) => tenant.invoiceNamed(name) ?? tenant.purchases.invoiceNamed(name))
    .filter((invoice) => invoice !== undefined);
  const [first] = invoices;
  if (kind === 'pdf' && first) {
    return { status: 200, headers: { 'content-type': 'application/pdf' }, body: pdfOfInvoice(tenant, first) };
  }
  const files = invoices.map((invoice) => ({
    name: `${invoice.name}.pdf`,
    content: Buffer.from(pdfOfInvoice(tenant, invoice)),
  }));
  return { status: 200, headers: { 'content-type': 'application/zip' }, body: undefined, bytes: zipOf(files) };
}

function pdfOfInvoice(tenant: Tenant, invoice: Invoice): string {
  const { profile, month, status, total, amountDue } = invoice;
  const amount = (units: bigint): string => `${decimalText(units, COST_SCALE)} ${profile.currency}`;
  return pdfOf([
    `Invoice ${invoice.name}`,
    tenant.accounts[profile.account]?.displayName ?? '',
    `Billing profile: ${profile.displayName} (${profile.name})`,
    `Billing period: ${isoDay(firstDay(month))} to ${isoDay(lastDay(month))}`,
    invoice.isMonthly ? 'Azure usage' : 'Purchases billed separately',
    `Invoice date: ${isoDay(invoice.invoiceDay)}`,
    `Due date: ${isoDay(invoice.dueDay)}`,
    `Status: ${status}`,
    `Total: ${amount(total)}`,
    `Amount due: ${amount(amountDue)}`,
    'Sample data: nobody owes this.',
  ]);
}

function signature(file: string, expiry: string): string {
  const word = (n: number): string => hash(0x516, n, ...Buffer.from(`${file} ${expiry}`)).toString(36);
  return `${word(1)}${word(2)}`;
}

function storageError(status: number, code: string, message: string): Answer {
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, headers: { 'content-type': 'application/xml', 'x-ms-error-code': code }, body };
}
