import * as vscode from 'vscode';
import { USAGE_TABLE_EDITOR, USAGE_TABLE_PANEL } from '../contributions.ts';
import type { CommandRegistry } from '../workbench/commands.ts';
import { restoreLazily } from '../workbench/lazyPanels.ts';
import type { TableParts, UsageTables } from './usageTables.ts';

/** The editor, panels and commands of usage tables. All of it is loaded when the first is wanted. */
export function registerTables(parts: TableParts, commands: CommandRegistry): vscode.Disposable {
  let loaded: Promise<UsageTables> | undefined;
  const load = () => {
    loaded ??= import('./usageTables.ts').then(({ UsageTables }) => new UsageTables(parts));
    return loaded;
  };
  commands.registerLazily(['azureBilling.openTable', 'azureBilling.exportTable'], async () => (await load()).commands);
  return vscode.Disposable.from(
    vscode.window.registerCustomEditorProvider(USAGE_TABLE_EDITOR, {
      openCustomDocument: (uri) => ({ uri, dispose() {} }),
      resolveCustomEditor: async ({ uri }, panel) => (await load()).edit(uri, panel),
    }),
    restoreLazily(USAGE_TABLE_PANEL, load),
  );
}
