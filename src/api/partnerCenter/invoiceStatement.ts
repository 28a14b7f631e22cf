import type { Answer, SendOptions } from '../http/client.ts';
import { BillingError } from '../http/errors.ts';
import { invoicePath } from './invoices.ts';
import { idSegment, type PartnerCenterClient, partnerCall } from './partnerCenterClient.ts';

/** A document of an invoice. */
export interface InvoicePdf {
  bytes: Uint8Array;
  /** A plain file name: letters, digits, `.`, `_` and `-` only. */
  fileName: string;
}

/** The statement of an invoice as a PDF (REST reference: Get an invoice statement). Needs a user. */
export function getInvoiceStatement(
  client: PartnerCenterClient,
  invoice: string,
  options?: SendOptions,
): Promise<InvoicePdf> {
  const path = `${invoicePath(invoice)}/documents/statement`;
  return getPdf(client, path, `Invoice_${invoice}.pdf`, options);
}

/** A tax receipt of an invoice as a PDF (REST reference: Get a tax receipt statement). Needs a user. */
export function getTaxReceipt(
  client: PartnerCenterClient,
  invoice: string,
  receipt: string,
  options?: SendOptions,
): Promise<InvoicePdf> {
  const path = `${invoicePath(invoice)}/receipts/${idSegment('receipt', receipt, 'a tax receipt')}/documents/statement`;
  return getPdf(client, path, `E-Tax-${receipt}.pdf`, options);
}

function getPdf(
  client: PartnerCenterClient,
  path: string,
  fallback: string,
  options: SendOptions | undefined,
): Promise<InvoicePdf> {
  const call = { ...partnerCall(client, 'Download the invoice', path), headers: { accept: 'application/pdf' } };
  return client.http.send(call, (answer) => readPdf(answer, fallback), options);
}

function readPdf(answer: Answer, fallback: string): InvoicePdf {
  const { bytes, status, requestId, correlationId } = answer;
  if (Buffer.from(bytes.subarray(0, 5)).toString('latin1') !== '%PDF-') {
    throw new BillingError('malformed', 'the answer is no PDF document.', {
      status,
      requestId,
      correlationId,
      // An empty body is one that was lost on the way.
      retryable: bytes.length === 0,
      advice: 'Nothing was saved. Try again; report the request id if it stays.',
    });
  }
  return { bytes, fileName: plainName(namedFile(answer) ?? fallback) };
}

/** RFC 6266 "Content-Disposition", the plain parameter; the service sends no other. */
function namedFile({ headers }: Answer): string | undefined {
  const [, quoted, plain] =
    /;\s*filename\s*=\s*(?:"([^"]*)"|([^;\s]+))/i.exec(headers['content-disposition'] ?? '') ?? [];
  return (quoted ?? plain) || undefined;
}

/** A name from the service must not lead out of a folder, nor hide its type. */
function plainName(name: string): string {
  const base = name
    .replace(/\.pdf$/i, '')
    .replace(/[^\w.-]+/g, '_')
    .replace(/^[._]+|[._]+$/g, '')
    .slice(0, 100);
  return `${base || 'Invoice'}.pdf`;
}
