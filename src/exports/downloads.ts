import type * as vscode from 'vscode';
import type { CommandHandlers } from '../workbench/commands.ts';
import type { ConnectionSource } from './connectionSource.ts';
import { downloadExportRun } from './exportRunCommand.ts';
import { downloadInvoice } from './invoiceCommand.ts';
import { downloadPriceSheet } from './priceSheetCommand.ts';

type DownloadCommand = 'downloadInvoice' | 'downloadPriceSheet' | 'downloadExportRun';

/** The commands that save invoices, price sheets and the files of exports. */
export function downloadCommands(
  connections: ConnectionSource,
  secrets: vscode.SecretStorage,
): Pick<CommandHandlers, `azureBilling.${DownloadCommand}`> {
  return {
    'azureBilling.downloadInvoice': (argument) => downloadInvoice(connections, argument),
    'azureBilling.downloadPriceSheet': (argument) => downloadPriceSheet(connections, argument),
    'azureBilling.downloadExportRun': (argument) => downloadExportRun(connections, secrets, argument),
  };
}
