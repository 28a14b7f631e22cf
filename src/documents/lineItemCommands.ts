import type * as vscode from 'vscode';
import type { PartnerCenterClient } from '../api/partnerCenter/partnerCenterClient.ts';
import {
  type ConnectionNames,
  type Given,
  givenLabel,
  partnerConnection,
  requireArgument,
} from '../choices/commandInput.ts';
import { lineItemsSpec } from '../choices/lineItemArguments.ts';
import { requireCurrency } from '../choices/partnerArguments.ts';
import type { NodeArgument, OpenLineItemsArgument } from '../contributions.ts';
import { type CommandHandlers, isTreeRow, setting } from '../workbench/commands.ts';
import { openPartnerDocument } from './openPartnerDocument.ts';
import type { UsageDocuments } from './usageDocuments.ts';

interface ConnectionSource extends ConnectionNames {
  partnerCenter(name: string): Promise<PartnerCenterClient>;
}

/** The command that opens line items of invoices, and of what has none yet. */
export function lineItemCommands(
  documents: UsageDocuments,
  connections: ConnectionSource,
): Pick<CommandHandlers, 'azureBilling.openLineItems'> {
  const open = (given: Given<OpenLineItemsArgument>): Promise<vscode.Uri> => {
    const connection = partnerConnection(connections, given.connection);
    const spec = requireCurrency(lineItemsSpec(given, connection, setting('azureBilling.documents.format')));
    return openPartnerDocument(documents, spec, givenLabel(given.label));
  };

  /** Asks a person which lines of a row are meant, where it does not tell. */
  const openOf = async (row: NodeArgument): Promise<vscode.Uri | undefined> => {
    const { invoice, lineProvider: provider, lineType: type, currency } = row;
    if (invoice !== undefined && provider !== undefined && type !== undefined) {
      return open({ connection: row.connection, invoice, provider, type, currency });
    }
    const connection = partnerConnection(connections, row.connection);
    const { pickInvoiceLines, pickUnbilledLines } = await import('../choices/pickLineItems.ts');
    const picked =
      invoice === undefined
        ? await pickUnbilledLines()
        : await pickInvoiceLines(await connections.partnerCenter(connection), invoice);
    return picked && open({ connection, ...picked });
  };

  return {
    'azureBilling.openLineItems': (argument) =>
      isTreeRow(argument) ? openOf(argument) : open(requireArgument(argument)),
  };
}
