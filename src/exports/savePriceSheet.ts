import type { ArmClient } from '../api/arm/armClient.ts';
import { refused } from '../api/arm/input.ts';
import { type PriceSheetOwner, preparePriceSheet, priceSheetAddress } from '../api/arm/priceSheet.ts';
import { BillingError } from '../api/http/errors.ts';
import { DifferentColumns, joinCsv } from './csvParts.ts';
import { type DownloadOptions, fill, isZip, type SavedFile, watchedBlob } from './downloadInto.ts';
import { PartialFile } from './partialFile.ts';
import { readZip } from './zipFile.ts';

const OPERATION = 'Download the price sheet';

/**
 * Saves a price sheet. What the service sends is a CSV in the seed version and a zip of CSV files later; the ending of the file
 * says what is wanted. `.csv` gives one table, of several files under one header; `.zip` gives the archive as it came.
 *
 * @param file absolute path; a file that is there is replaced when the new one is whole, and not touched before
 * @throws BillingError of kind `argument` for another ending, or for `.zip` where a CSV came
 */
export async function savePriceSheet(
  arm: ArmClient,
  owner: PriceSheetOwner,
  file: string,
  options: DownloadOptions = {},
): Promise<SavedFile> {
  const zipWanted = /\.zip$/i.test(file);
  if (!zipWanted && !/\.csv$/i.test(file)) {
    throw refused('file', "has to end in '.csv' or '.zip'.");
  }
  const address = priceSheetAddress(await preparePriceSheet(arm, owner, options));
  const target = await PartialFile.create(file);
  try {
    await fill(target, watchedBlob(arm.storage, address, OPERATION, options));
    const zipCame = await isZip(target.partial);
    if (zipCame && !zipWanted) {
      return await unpackTable(target.partial, file);
    }
    if (zipWanted && !zipCame) {
      throw new BillingError('argument', 'file: the service sent a CSV file, not a zip.', {
        advice: "Use a name that ends in '.csv'.",
      });
    }
    await target.publish();
    return { file, bytes: target.bytes };
  } finally {
    await target.discard();
  }
}

function unpackTable(archive: string, file: string): Promise<SavedFile> {
  return readZip(archive, OPERATION, async (entries) => {
    const tables = entries.filter(({ name }) => /\.csv$/i.test(name));
    if (tables.length === 0) {
      throw new BillingError('malformed', `${OPERATION} failed: the zip file that came has no CSV file in it.`, {
        advice: "Use a name that ends in '.zip' to look at it.",
      });
    }
    const unpacked = await PartialFile.create(file, '.unpacked.partial');
    try {
      await fill(unpacked, joinCsv(tables.map((table) => table.read())));
      await unpacked.publish();
      return { file, bytes: unpacked.bytes };
    } catch (error) {
      throw error instanceof DifferentColumns ? differentColumns(error) : error;
    } finally {
      await unpacked.discard();
    }
  });
}

function differentColumns(cause: DifferentColumns): BillingError {
  return new BillingError('malformed', `${OPERATION} failed: its parts are no one table. ${cause.message}`, {
    advice: "Use a name that ends in '.zip' to keep them apart.",
    cause,
  });
}
