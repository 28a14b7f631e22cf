import * as vscode from 'vscode';
import { SQL_LANGUAGE } from '../contributions.ts';
import type { CommandRegistry } from '../workbench/commands.ts';
import type { SheetParts, SqlSheets } from './sqlSheets.ts';

/** SQL sheets: their commands, buttons over statements, completion and hovers. All of it is loaded with the first sheet. */
export function registerSheets(parts: SheetParts, commands: CommandRegistry): vscode.Disposable {
  let loaded: Promise<SqlSheets> | undefined;
  const load = (): Promise<SqlSheets> =>
    (loaded ??= import('./sqlSheets.ts').then(({ SqlSheets: Sheets }) => new Sheets(parts)));
  commands.registerLazily(['azureBilling.newSqlSheet', 'azureBilling.runSql'], async () => (await load()).commands);
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
    { dispose: () => void loaded?.then((sheets) => sheets.dispose()) },
  );
}
