import type { ArmClient } from '../api/arm/armClient.ts';
import { type InvoiceDocument, prepareDocument } from '../api/arm/invoiceDocuments.ts';
import { BillingError } from '../api/http/errors.ts';
import { type DownloadOptions, fill, isZip, type SavedFile, watchedBlob } from './downloadInto.ts';
import { PartialFile } from './partialFile.ts';
import { readZip } from './zipFile.ts';

const OPERATION = 'Download the invoice';

/** Names of an invoice. Older versions know it below its billing profile. */
export interface InvoiceName {
  account: string;
  profile?: string | undefined;
  invoice: string;
}

/**
 * Saves a document of an invoice. Older versions may put it into a zip, which is undone unless the file is to be one.
 *
 * @param document left out, the invoice itself
 * @param file absolute path; a file that is there is replaced when the new one is whole, and not touched before
 */
export async function saveInvoice(
  arm: ArmClient,
  { account, profile, invoice }: InvoiceName,
  document: InvoiceDocument | undefined,
  file: string,
  options: DownloadOptions = {},
): Promise<SavedFile> {
  const { url } = await prepareDocument(arm, { account, profile }, invoice, document, options);
  const target = await PartialFile.create(file);
  try {
    await fill(target, watchedBlob(arm.storage, url, OPERATION, options));
    if (!/\.zip$/i.test(file) && (await isZip(target.partial))) {
      return await unpackOnly(target.partial, file);
    }
    await target.publish();
    return { file, bytes: target.bytes };
  } finally {
    await target.discard();
  }
}

function unpackOnly(archive: string, file: string): Promise<SavedFile> {
  return readZip(archive, OPERATION, async ([entry, ...others]) => {
    if (entry === undefined || others.length > 0) {
      throw new BillingError(
        'argument',
        `file: the service sent ${others.length + (entry ? 1 : 0)} files in one zip.`,
        {
          advice: "Use a name that ends in '.zip'.",
        },
      );
    }
    const unpacked = await PartialFile.create(file, '.unpacked.partial');
    try {
      await fill(unpacked, entry.read());
      await unpacked.publish();
      return { file, bytes: unpacked.bytes };
    } finally {
      await unpacked.discard();
    }
  });
}
