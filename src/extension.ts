import * as vscode from 'vscode';
import { registerConnectionCommands } from './accounts/commands.ts';
import { Connections } from './accounts/connections.ts';
import { SampleTenant } from './accounts/sampleTenant.ts';
import { registerBudgets } from './budgets/registerBudgets.ts';
import { registerBudgetTables } from './budgets/registerTables.ts';
import { registerCharts } from './charts/charts.ts';
import { registerSpend } from './charts/registerSpend.ts';
import type { ContextKeys } from './contributions.ts';
import { registerExplainAccess } from './doctor/register.ts';
import { registerDocuments } from './documents/documents.ts';
import { registerTexts } from './documents/texts.ts';
import { registerExplorer } from './explorer/explorer.ts';
import { registerExports } from './exports/registerExports.ts';
import { registerInsights } from './insights/registerInsights.ts';
import { registerSheets } from './sheets/registerSheets.ts';
import type { StoredData } from './stored/storedData.ts';
import { registerTables } from './tables/registerTables.ts';
import { CommandRegistry } from './workbench/commands.ts';
import { registerCopyRequest } from './workbench/copyRequest.ts';
import { registerQuota } from './workbench/quota.ts';

let closeExports: (() => Promise<void>) | undefined;

/** Builds the parts and connects them. Nothing is fetched and no SDK is loaded here. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Azure Billing', { log: true });
  const commands = new CommandRegistry(log);
  const tenant = new SampleTenant(async () => (await import('./sample/service.ts')).startSampleService());
  const sampleWanted = process.env.AZURE_BILLING_EXPLORER_SAMPLE === '1';
  const { globalState: state, secrets: secretStorage, extensionPath } = context;
  const stores = { state, secretStorage, extensionPath };
  const connections = new Connections({ ...stores, tenant, sampleWanted, log });

  commands.register('azureBilling.showLog', () => {
    log.show();
    return undefined;
  });
  let storedData: Promise<StoredData> | undefined;
  const stored = (): Promise<StoredData> => {
    storedData ??= import('./stored/storedData.ts').then((made) => {
      const { find, askedAs } = connections;
      const parts = { context, log, find: find.bind(connections), askedAs: askedAs.bind(connections) };
      return new made.StoredData(parts);
    });
    return storedData;
  };
  const storedFor = async (name: string) => (await stored()).storedFor(name);
  const answersOf = async (name: string) => (await stored()).answersOf(name);
  const connectionCommands = registerConnectionCommands(connections, stores, commands);
  const explorer = registerExplorer(connections, answersOf, commands, log);
  const documents = registerDocuments(connections, storedFor, commands, context, log);
  const charts = registerCharts(
    documents.utilizationOf,
    { partnerCenter: (name) => connections.partnerCenter(name), extension: context.extensionUri, log },
    commands,
  );
  const spend = registerSpend({ connections, context, log, answersOf, explorer: explorer.view }, commands);
  closeExports = registerExports(
    {
      connections,
      keptOf: async (name) => (await stored()).keptOf(name),
      argumentOf: documents.exportOf,
      context,
      log,
    },
    commands,
  );
  const texts = registerTexts(connections, explorer.jsonCallOf, commands, log);
  registerBudgets({ connections, context, log }, commands);
  commands.registerLazily(['azureBilling.getCostPolicy', 'azureBilling.setCostPolicy'], async () =>
    (await import('./budgets/costPolicy.ts')).costPolicyCommands(connections),
  );
  commands.registerLazily(['azureBilling.dismissAlert'], async () =>
    (await import('./budgets/alerts.ts')).alertCommands(connections),
  );
  commands.registerLazily(
    [
      'azureBilling.createExport',
      'azureBilling.updateExport',
      'azureBilling.pauseExport',
      'azureBilling.resumeExport',
      'azureBilling.runExport',
      'azureBilling.deleteExport',
    ],
    async () => (await import('./exports/scheduledExports.ts')).scheduledExportCommands(connections),
  );
  commands.registerLazily(
    ['azureBilling.downloadInvoice', 'azureBilling.downloadPriceSheet', 'azureBilling.downloadExportRun'],
    async () => (await import('./exports/downloads.ts')).downloadCommands(connections, context.secrets),
  );
  commands.registerLazily(['azureBilling.openStoredTable'], async () => {
    const { openStoredTable } = await import('./stored/storedTable.ts');
    return {
      'azureBilling.openStoredTable': async (argument) =>
        openStoredTable(await stored(), { connections, context, log }, argument),
    };
  });
  commands.registerLazily(['azureBilling.showStore', 'azureBilling.clearStore', 'azureBilling.moveStore'], async () =>
    (await import('./stored/storeCommands.ts')).storeCommands(await stored()),
  );
  commands.registerLazily(['azureBilling.showNetworkReport'], async () =>
    (await import('./accounts/networkReport.ts')).networkReportCommands(connections),
  );
  commands.registerLazily(['azureBilling.getSpendingBudget', 'azureBilling.setSpendingBudget'], async () =>
    (await import('./budgets/spendingBudget.ts')).spendingBudgetCommands(connections),
  );
  commands.registerLazily(['azureBilling.downloadStatement'], async () =>
    (await import('./exports/statementCommand.ts')).statementCommands(connections),
  );
  registerCopyRequest([explorer.requestOf, documents.requestOf, ...texts.requestsOf], commands);
  const withUsage = { connections, stored, context, log };
  registerInsights(withUsage, commands);
  context.subscriptions.push(
    registerExplainAccess(connections, explorer.questionOf, commands),
    { dispose: () => void storedData?.then((data) => data.dispose()) },
    registerQuota(connections, commands),
    registerBudgetTables({ connections, context, log }, commands),
    registerTables({ context, log }, commands),
    registerSheets(withUsage, commands),
  );
  context.subscriptions.push(
    log,
    commands,
    connections,
    connectionCommands,
    explorer.disposable,
    documents.disposable,
    texts.disposable,
    charts,
    spend,
  );

  const setContext = <Key extends keyof ContextKeys>(key: Key, value: ContextKeys[Key]) =>
    vscode.commands.executeCommand('setContext', key, value);
  const announce = () => void setContext('azureBilling.hasConnections', connections.list().length > 0);
  context.subscriptions.push(connections.onDidChange(announce));
  announce();
}

/** The editor waits for this a few seconds, and disposes of the subscriptions afterwards: the connections that exports read from live on. */
export function deactivate(): Promise<void> | undefined {
  return closeExports?.();
}
