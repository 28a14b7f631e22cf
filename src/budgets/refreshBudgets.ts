import * as vscode from 'vscode';
import type { CommandId, RefreshBudgetsArgument } from '../contributions.ts';

/**
 * Brings rows of the tree up to date after a write.
 *
 * @param scopes paths of the scopes whose budgets changed
 */
export function refreshBudgets(connection: string, scopes: readonly string[]): void {
  const argument: RefreshBudgetsArgument = { connection, budgetsOf: scopes };
  // A tree that cannot be drawn is no failure of the write.
  void vscode.commands
    .executeCommand('azureBilling.refresh' satisfies CommandId, argument)
    .then(undefined, () => undefined);
}
