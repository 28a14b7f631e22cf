import { refused } from '../api/arm/input.ts';
import type { DownloadedFile, DownloadPriceSheetArgument, NodeArgument } from '../contributions.ts';
import { byteText } from '../workbench/byteText.ts';
import { askAccount, askConnection, askProfile } from './ask.ts';
import type { ConnectionSource } from './connectionSource.ts';
import { tellSaved, withDownloadProgress } from './downloadJob.ts';
import { safeFileName } from './fileNames.ts';
import { type Given, givenPath, givenText } from './given.ts';
import { savePriceSheet } from './savePriceSheet.ts';
import { askFile } from './targets.ts';

const TITLE = 'Download Price Sheet';

/** Asks for what is missing and saves a price sheet. */
export async function downloadPriceSheet(
  connections: ConnectionSource,
  argument: DownloadPriceSheetArgument | NodeArgument | undefined,
): Promise<DownloadedFile> {
  const given: Given = { ...argument };
  const [givenFile, invoice] = [givenPath(given, 'file'), givenText(given, 'invoice')];
  if (givenFile !== undefined && !/\.(csv|zip)$/i.test(givenFile)) {
    throw refused('file', "has to end in '.csv' or '.zip'.");
  }
  const names = { account: givenText(given, 'account'), profile: givenText(given, 'profile') };
  const arm = await connections.arm(await askConnection(connections, givenText(given, 'connection'), TITLE));
  const account = await askAccount(arm, names.account, TITLE);
  const profile = await askProfile(arm, account, names.profile, TITLE);
  const month = new Date(arm.storage.clock.now()).toISOString().slice(0, 7);
  const name = safeFileName(`Price sheet ${profile} ${invoice ?? month}.csv`, 'prices.csv');
  const file = givenFile ?? (await askFile(TITLE, name, { 'One table': ['csv'], 'As Azure sends it': ['zip'] }));
  const saved = await withDownloadProgress(`Downloading the price sheet of ${invoice ?? profile}`, (options) =>
    savePriceSheet(arm, { account, profile, invoice }, file, options),
  );
  tellSaved(`Saved the price sheet of ${invoice ?? profile} (${byteText(saved.bytes)}).`, saved.file, false);
  return saved;
}
