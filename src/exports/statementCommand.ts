import { refused } from '../api/arm/input.ts';
import { getInvoiceStatement } from '../api/partnerCenter/invoiceStatement.ts';
import type { PartnerCenterClient } from '../api/partnerCenter/partnerCenterClient.ts';
import type { DownloadedFile, DownloadStatementArgument, NodeArgument } from '../contributions.ts';
import { byteText } from '../workbench/byteText.ts';
import type { CommandHandlers } from '../workbench/commands.ts';
import { tellSaved, withDownloadProgress } from './downloadJob.ts';
import { safeFileName } from './fileNames.ts';
import { givenPath, givenText } from './given.ts';
import { writeWhole } from './partialFile.ts';
import { askFile } from './targets.ts';

interface ConnectionSource {
  partnerCenter(name: string): Promise<PartnerCenterClient>;
}

/** The command that saves the statement of an invoice of Partner Center as a PDF. */
export function statementCommands(
  connections: ConnectionSource,
): Pick<CommandHandlers, 'azureBilling.downloadStatement'> {
  return { 'azureBilling.downloadStatement': (argument) => downloadStatement(connections, argument) };
}

async function downloadStatement(
  connections: ConnectionSource,
  argument: DownloadStatementArgument | NodeArgument,
): Promise<DownloadedFile> {
  const given = { ...argument };
  const [connection, invoice] = (['connection', 'invoice'] as const).map((field) => {
    const value = givenText(given, field);
    if (value === undefined) {
      throw refused(field, 'is missing.');
    }
    return value;
  }) as [string, string];
  const givenFile = givenPath(given, 'file');
  const client = await connections.partnerCenter(connection);
  const file =
    givenFile ??
    (await askFile('Download Invoice Statement', safeFileName(`${invoice}.pdf`, 'invoice.pdf'), { PDF: ['pdf'] }));
  const { bytes } = await withDownloadProgress(`Downloading the statement of ${invoice}`, async (options) => {
    // Checked to be a PDF before a file is begun.
    const statement = await getInvoiceStatement(client, invoice, options);
    return writeWhole(file, (target) => target.write(statement.bytes));
  });
  tellSaved(`Saved the statement of ${invoice} (${byteText(bytes)}).`, file, false);
  return { file, bytes };
}
