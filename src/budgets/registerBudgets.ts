import * as vscode from 'vscode';
import { BUDGET_SCHEME } from '../contributions.ts';
import type { CommandRegistry } from '../workbench/commands.ts';
import type { BudgetEditing, BudgetParts, FileOperation } from './budgetEditing.ts';

/**
 * Budgets as documents that can be saved, and the commands on one budget. All of it is loaded with the first document or command; a tab
 * that comes back with unsaved text is one.
 */
export function registerBudgets(parts: Omit<BudgetParts, 'changed'>, commands: CommandRegistry): void {
  const changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  let loaded: Promise<BudgetEditing> | undefined;
  const load = (): Promise<BudgetEditing> =>
    (loaded ??= import('./budgetEditing.ts').then(({ budgetEditing }) => budgetEditing({ ...parts, changed })));
  const file = <Name extends FileOperation>(name: Name) =>
    (async (...given: unknown[]) => (await load()).operate(name, given)) as unknown as vscode.FileSystemProvider[Name];
  const seen = ({ uri }: vscode.TextDocument) => uri.scheme === BUDGET_SCHEME && void load();
  vscode.workspace.textDocuments.forEach(seen);
  commands.registerLazily(
    [
      'azureBilling.editBudget',
      'azureBilling.saveBudget',
      'azureBilling.setBudgetAmount',
      'azureBilling.setBudgetAlerts',
      'azureBilling.undoBudgetChange',
      'azureBilling.createBudget',
      'azureBilling.deleteBudget',
    ],
    async () => (await load()).commands,
  );
  parts.context.subscriptions.push(
    vscode.workspace.onDidOpenTextDocument(seen),
    vscode.workspace.registerFileSystemProvider(
      BUDGET_SCHEME,
      {
        onDidChangeFile: changed.event,
        watch: () => ({ dispose() {} }),
        stat: file('stat'),
        readFile: file('readFile'),
        writeFile: file('writeFile'),
        readDirectory: file('readDirectory'),
        createDirectory: file('createDirectory'),
        delete: file('delete'),
        rename: file('rename'),
      },
      { isCaseSensitive: true },
    ),
  );
}
