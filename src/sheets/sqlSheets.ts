import path from 'node:path';
import * as vscode from 'vscode';
import type { ArmClient } from '../api/arm/armClient.ts';
import { BillingError } from '../api/http/errors.ts';
import { requireArgument } from '../choices/commandInput.ts';
import { fileLabel } from '../choices/fileLabel.ts';
import {
  type CommandId,
  type Commands,
  type OpenTableArgument,
  type RunSqlArgument,
  type SheetStatement,
  SQL_LANGUAGE,
  type SqlResult,
} from '../contributions.ts';
import { EngineError } from '../engine/engineErrors.ts';
import { resultTable } from '../engine/table/resultTable.ts';
import { readUsage } from '../stored/readUsage.ts';
import type { StoredData } from '../stored/storedData.ts';
import { monthsWanted, recentPeriod } from '../stored/usageWanted.ts';
import type { CommandHandlers } from '../workbench/commands.ts';
import { withProgress } from '../workbench/progress.ts';
import { recentFile } from '../workbench/recentFiles.ts';
import { sharedEngine } from '../workbench/sharedEngine.ts';
import { plainText } from '../workbench/text.ts';
import { type Suggestion, suggestionsAt } from './completion.ts';
import { problemPlace } from './problemPlace.ts';
import { type SheetSource, type SourceProblem, sheetSource, sourceLines } from './sheetSource.ts';
import { KNOWN_VIEWS, sheetGround } from './sheetViews.ts';
import { type Statement, statementAt, statementsOf } from './statements.ts';

/** What sheets need of the rest of the extension. */
export interface SheetParts {
  connections: { find(name: unknown): string | undefined; arm(name: string): Promise<ArmClient> };
  stored(): Promise<StoredData>;
  context: vscode.ExtensionContext;
  log: vscode.LogOutputChannel;
}

type Argument<Id extends keyof Commands> = Commands[Id]['argument'];

const KINDS: Readonly<Record<Suggestion['kind'], vscode.CompletionItemKind>> = {
  view: vscode.CompletionItemKind.Struct,
  column: vscode.CompletionItemKind.Field,
  function: vscode.CompletionItemKind.Function,
  keyword: vscode.CompletionItemKind.Keyword,
};

const EXAMPLE = `
-- Ctrl+Enter runs the statement at the cursor. Views: usage, customers, invoices, usage_files.
SELECT ServiceName, BillingCurrency, sum(BilledCost) AS Cost
FROM usage
GROUP BY ALL
ORDER BY Cost DESC;

SELECT date_trunc('month', ChargePeriodStart) AS Month, x_CustomerName, BillingCurrency, sum(BilledCost) AS Cost
FROM usage
GROUP BY ALL
ORDER BY Month, Cost DESC;
`;

/** Documents of SQL over stored usage: what runs them, and what helps to write them. */
export class SqlSheets implements vscode.Disposable {
  readonly #parts: SheetParts;
  readonly #problems = vscode.languages.createDiagnosticCollection('azureBilling.sql');
  readonly #subscriptions: vscode.Disposable[];

  constructor(parts: SheetParts) {
    this.#parts = parts;
    this.#subscriptions = [
      // Problems are those of what was run: text that changed has none until it runs again.
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#problems.delete(document.uri)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#problems.delete(uri)),
    ];
  }

  get commands(): Pick<CommandHandlers, 'azureBilling.newSqlSheet' | 'azureBilling.runSql'> {
    return {
      'azureBilling.newSqlSheet': (argument) => this.#open(argument),
      'azureBilling.runSql': (argument) => this.#run(argument),
    };
  }

  lenses(document: vscode.TextDocument): vscode.CodeLens[] {
    return statementsOf(document.getText()).map(({ start, end }) => {
      const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
      const statement: SheetStatement = { sheet: document.uri, offset: start };
      const command = 'azureBilling.runSql' satisfies CommandId;
      return new vscode.CodeLens(range, { title: '$(play) Run', command, arguments: [statement] });
    });
  }

  complete(document: vscode.TextDocument, position: vscode.Position): vscode.CompletionItem[] {
    const text = document.getText();
    return suggestionsAt(text, document.offsetAt(position), statementsOf(text), KNOWN_VIEWS).map(
      ({ kind, text: insert, detail, meaning }, at) => {
        const item = new vscode.CompletionItem({ label: insert, description: detail }, KINDS[kind]);
        item.documentation = meaning;
        item.sortText = String(at).padStart(4, '0');
        return item;
      },
    );
  }

  hover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const range = document.getWordRangeAtPosition(position);
    const word = range && document.getText(range).toLowerCase();
    for (const { name, meaning, columns } of KNOWN_VIEWS) {
      const column = columns.find((one) => one.name.toLowerCase() === word);
      const text = name === word ? meaning : column && `${column.meaning} (${column.type})`;
      if (text !== undefined) {
        return new vscode.Hover(text, range);
      }
    }
    return undefined;
  }

  async #open(argument: Argument<'azureBilling.newSqlSheet'>): Promise<vscode.Uri | undefined> {
    const now = new Date();
    const wanted = argument && monthsWanted(argument, this.#parts.connections, now);
    const days = wanted?.period ?? recentPeriod(now);
    const top = sourceLines({
      connection: wanted?.connection ?? '',
      scopes: wanted?.scopes ?? [''],
      period: `${days.from} to ${days.to}`,
      metric: wanted?.metric ?? 'ActualCost',
    });
    const document = await vscode.workspace.openTextDocument({ language: SQL_LANGUAGE, content: `${top}${EXAMPLE}` });
    await vscode.window.showTextDocument(document, { preview: false });
    return document.uri;
  }

  async #run(argument: Argument<'azureBilling.runSql'>): Promise<SqlResult | undefined> {
    if (argument !== undefined) {
      requireArgument(argument);
    }
    if (argument !== undefined && 'sql' in argument) {
      return this.#runGiven(argument);
    }
    const document = await sheetOf(argument);
    const text = document.getText();
    const source = sheetSource(text, new Date());
    if ('length' in source) {
      this.#tell(
        document,
        source.map((problem) => atLine(document, problem)),
      );
      throw new BillingError('argument', source[0]?.message ?? '');
    }
    const connection = this.#parts.connections.find(source.connection);
    if (connection === undefined) {
      const line = text.split('\n').findIndex((each) => /^--\s*connection/i.test(each));
      const message = `connection: there is no connection '${source.connection.slice(0, 60)}'.`;
      this.#tell(document, [atLine(document, { line, message })]);
      throw new BillingError('argument', message, { advice: 'Use the name of one in the tree.' });
    }
    const offset = argument?.offset ?? cursorIn(document) ?? 0;
    const statement = statementAt(statementsOf(text), offset);
    if (statement === undefined) {
      throw new BillingError('argument', 'The sheet has no statement.', { advice: 'Write one, such as FROM usage.' });
    }
    this.#problems.delete(document.uri);
    try {
      return await this.#answer({ ...source, connection }, statement.sql, true);
    } catch (error) {
      if (error instanceof EngineError && error.kind !== 'closed') {
        this.#tell(document, [atStatement(document, statement, error)]);
      }
      throw error;
    }
  }

  async #runGiven(argument: RunSqlArgument): Promise<SqlResult | undefined> {
    const { sql, show } = argument;
    if (typeof sql !== 'string' || sql.trim() === '') {
      throw new BillingError('argument', 'sql: is missing.', { advice: 'Give one statement, such as FROM usage.' });
    }
    const { connection, scopes, period, metric } = monthsWanted(argument, this.#parts.connections, new Date());
    return this.#answer({ connection, scopes, period, metric: metric ?? 'ActualCost' }, sql, show !== false);
  }

  async #answer(source: SheetSource, sql: string, show: boolean): Promise<SqlResult> {
    const { connections, stored, context, log } = this.#parts;
    const engine = sharedEngine(context, log);
    const usage = await readUsage(await stored(), await connections.arm(source.connection), source);
    try {
      const result = await withProgress('Running SQL', async (_report, signal) => {
        const { ground } = await sheetGround(engine, usage.tables, source, signal);
        const table = await resultTable(engine, { ground }, { sql }, { signal });
        try {
          const columns = table.columns.map(({ name }) => name);
          const label = fileLabel(sql.replaceAll(/\s+/g, ' ').trim(), 40);
          const folder = path.join(context.globalStorageUri.fsPath, 'sql');
          const file = await recentFile(folder, label, 'parquet', new Date());
          const { rows } = await table.export({ sort: [], filters: [] }, columns, { file, format: 'parquet' }, signal);
          return { columns, rows, file };
        } finally {
          await table.close();
        }
      });
      if (show) {
        const argument: OpenTableArgument = {
          file: result.file,
          title: sql.replaceAll(/\s+/g, ' ').trim().slice(0, 60),
        };
        await vscode.commands.executeCommand('azureBilling.openTable' satisfies CommandId, argument);
      }
      return result;
    } finally {
      await usage.release();
    }
  }

  #tell(document: vscode.TextDocument, problems: vscode.Diagnostic[]): void {
    this.#problems.set(document.uri, problems);
  }

  dispose(): void {
    vscode.Disposable.from(this.#problems, ...this.#subscriptions).dispose();
  }
}

async function sheetOf(argument: SheetStatement | undefined): Promise<vscode.TextDocument> {
  const uri = argument?.sheet;
  if (argument !== undefined && !(uri instanceof vscode.Uri)) {
    throw new BillingError('argument', 'sheet: is no address of a document.', {
      advice: 'Give sql, connection and scope, or the Uri of a sheet.',
    });
  }
  if (uri !== undefined) {
    return vscode.workspace.openTextDocument(uri);
  }
  const document = vscode.window.activeTextEditor?.document;
  if (document?.languageId !== SQL_LANGUAGE) {
    throw new BillingError('argument', 'sheet: is missing, and there is no SQL sheet in front.', {
      advice: 'Open one with "New SQL Sheet", or give sql, connection and scope.',
    });
  }
  return document;
}

function cursorIn(document: vscode.TextDocument): number | undefined {
  const editor = vscode.window.activeTextEditor;
  return editor?.document === document ? document.offsetAt(editor.selection.active) : undefined;
}

function atLine(document: vscode.TextDocument, { line, message }: SourceProblem): vscode.Diagnostic {
  const at = Math.min(Math.max(line, 0), document.lineCount - 1);
  return diagnostic(document.lineAt(at).range, message);
}

function atStatement(
  document: vscode.TextDocument,
  { sql, start }: Statement,
  { message }: EngineError,
): vscode.Diagnostic {
  const { from, to } = problemPlace(sql, message);
  return diagnostic(new vscode.Range(document.positionAt(start + from), document.positionAt(start + to)), message);
}

function diagnostic(range: vscode.Range, message: string): vscode.Diagnostic {
  const made = new vscode.Diagnostic(range, plainText(message), vscode.DiagnosticSeverity.Error);
  made.source = 'Azure Billing';
  return made;
}
