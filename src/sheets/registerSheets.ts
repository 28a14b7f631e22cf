import * as vscode from 'vscode';
import { SQL_CHART_PANEL, SQL_LANGUAGE } from '../contributions.ts';
import type { CommandRegistry } from '../workbench/commands.ts';
import { restoreLazily } from '../workbench/lazyPanels.ts';
import type { SheetParts, SqlSheets } from './sqlSheets.ts';

/** SQL sheets: their commands, buttons over statements, completion, hovers and charts. All of it is loaded with the first sheet. */
export function registerSheets(parts: SheetParts, commands: CommandRegistry): vscode.Disposable {
  let loaded: Promise<SqlSheets> | undefined;
  const load = (): Promise<SqlSheets> =>
    (loaded ??= import('./sqlSheets.ts').then(({ SqlSheets: Sheets }) => new Sheets(parts)));
  commands.registerLazily(
    ['azureBilling.newSqlSheet', 'azureBilling.runSql', 'azureBilling.chartSql'],
    async () => (await load()).commands,
  );
  return vscode.Disposable.from(
    vscode.languages.registerCodeLensProvider(SQL_LANGUAGE, {
      provideCodeLenses: async (document) => (await load()).lenses(document),
    }),
    vscode.languages.registerCompletionItemProvider(
      SQL_LANGUAGE,
      { provideCompletionItems: async (document, position) => (await load()).complete(document, position) },
      '.',
    ),
    vscode.languages.registerHoverProvider(SQL_LANGUAGE, {
      provideHover: async (document, position) => (await load()).hover(document, position),
    }),
    restoreLazily(SQL_CHART_PANEL, load),
    { dispose: () => void loaded?.then((sheets) => sheets.dispose()) },
  );
}
