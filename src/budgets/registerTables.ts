import type * as vscode from 'vscode';
import { BUDGET_TABLE_PANEL } from '../contributions.ts';
import type { CommandRegistry } from '../workbench/commands.ts';
import { restoreLazily } from '../workbench/lazyPanels.ts';
import type { BudgetTables, TableParts } from './budgetTables.ts';

/** The commands on many budgets, and what brings their tables back after a reload. All of it is loaded when the first is wanted. */
export function registerBudgetTables(parts: TableParts, commands: CommandRegistry): vscode.Disposable {
  let loaded: Promise<BudgetTables> | undefined;
  const load = () => {
    loaded ??= import('./budgetTables.ts').then(({ BudgetTables }) => new BudgetTables(parts));
    return loaded;
  };
  commands.registerLazily(
    ['azureBilling.applyBudget', 'azureBilling.showBudgetCoverage', 'azureBilling.backTestBudget'],
    async () => (await load()).commands,
  );
  return restoreLazily(BUDGET_TABLE_PANEL, load);
}
