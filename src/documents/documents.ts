import * as vscode from 'vscode';
import type { ScopeSource } from '../choices/pickScope.ts';
import type { ChosenUtilization, Commands, ExportUsageArgument } from '../contributions.ts';
import type { CommandRegistry } from '../workbench/commands.ts';
import type { RequestSource } from '../workbench/copyRequest.ts';
import { CompletenessNote } from './completeness.ts';
import type { ClientSource, StoredFor } from './documentBuild.ts';
import { registerFileSystem } from './fileSystem.ts';
import { UsageDocuments } from './usageDocuments.ts';

interface ConnectionSource extends ScopeSource, ClientSource {
  find(name: unknown): string | undefined;
  /** Nothing is loaded or sent. */
  hasPartnerCenter(name: string): boolean;
  /** Names of the connections whose service is another one now. */
  onDidChange: vscode.Event<readonly string[]>;
}

/** The file system of usage documents, the note on them, and the commands that open them. */
export function registerDocuments(
  connections: ConnectionSource,
  storedFor: StoredFor,
  commands: CommandRegistry,
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
): {
  disposable: vscode.Disposable;
  requestOf: RequestSource;
  /** The window of utilization that an argument means; asks where it has to. Undefined when the user backs out. */
  utilizationOf(argument: Commands['azureBilling.showUtilization']['argument']): Promise<ChosenUtilization | undefined>;
  /** What a document holds, for its export; undefined for what is none of ours. */
  exportOf(document: vscode.Uri): Promise<ExportUsageArgument | undefined>;
} {
  const documents = new UsageDocuments(
    connections,
    storedFor,
    vscode.Uri.joinPath(context.globalStorageUri, 'large-documents'),
  );
  const note = new CompletenessNote(documents);

  commands.registerLazily(
    [
      'azureBilling.openUsage',
      'azureBilling.openUsageCsv',
      'azureBilling.openUsageJson',
      'azureBilling.openUsageNdjson',
    ],
    async () => (await import('./usageCommands.ts')).usageCommands(documents, connections),
  );
  commands.register('azureBilling.showCompleteness', async () => {
    await note.show();
    return undefined;
  });

  commands.registerLazily(
    ['azureBilling.openUsageRecords', 'azureBilling.openUtilization', 'azureBilling.openRatedUsage'],
    async () => (await import('./partnerCommands.ts')).partnerCommands(documents, connections),
  );

  commands.registerLazily(['azureBilling.openLineItems'], async () =>
    (await import('./lineItemCommands.ts')).lineItemCommands(documents, connections),
  );

  const disposable = vscode.Disposable.from(
    note,
    documents,
    registerFileSystem(documents, log),
    connections.onDidChange((names) => documents.connectionsChanged(names)),
    vscode.window.tabGroups.onDidChangeTabs(({ closed }) => documents.tabsClosed(closed)),
  );
  return {
    disposable,
    requestOf: async (argument) => (await import('./documentRequest.ts')).requestOf(argument, connections),
    exportOf: async (document) => (await import('./exportArgument.ts')).exportArgument(document, documents),
    utilizationOf: async (argument) =>
      (await import('./chosenUtilization.ts')).chosenUtilization(argument, documents, connections),
  };
}
