import path from 'node:path';
import * as vscode from 'vscode';
import { BillingError } from '../api/http/errors.ts';
import { requireArgument } from '../choices/commandInput.ts';
import { fileLabel } from '../choices/fileLabel.ts';
import { pickScope, type ScopeSource } from '../choices/pickScope.ts';
import {
  type ChartSqlArgument,
  type CommandId,
  type Commands,
  type OpenTableArgument,
  type SheetStatement,
  type ShownSqlChart,
  SQL_LANGUAGE,
  type SqlResult,
} from '../contributions.ts';
import { EngineError } from '../engine/engineErrors.ts';
import { resultTable } from '../engine/table/resultTable.ts';
import type { UsageTable } from '../engine/table/usageTable.ts';
import type { StoredUsage } from '../store/readTypes.ts';
import { readUsage } from '../stored/readUsage.ts';
import type { StoredData } from '../stored/storedData.ts';
import { aboutOf, usageFacts } from '../stored/usageFacts.ts';
import { monthsWanted } from '../stored/usageWanted.ts';
import type { CommandHandlers } from '../workbench/commands.ts';
import { describeForLog, explain, isCancellation } from '../workbench/failures.ts';
import { withProgress } from '../workbench/progress.ts';
import { recentFile } from '../workbench/recentFiles.ts';
import { requireEngine } from '../workbench/sharedEngine.ts';
import { plainText } from '../workbench/text.ts';
import { MOST_ROWS } from './chartModel.ts';
import type { ChartData } from './chartPanel.ts';
import type { ChartSubject } from './chartSubject.ts';
import { type SheetView, type Suggestion, suggestionsAt } from './completion.ts';
import { problemPlace } from './problemPlace.ts';
import { type SheetSource, type SourceProblem, sheetSource, sourceLines } from './sheetSource.ts';
import { KNOWN_VIEWS, sheetGround } from './sheetViews.ts';
import { SqlCharts } from './sqlCharts.ts';
import { type Statement, statementAt, statementsOf } from './statements.ts';

/** What sheets need of the rest of the extension. */
export interface SheetParts {
  connections: ScopeSource & { find(name: unknown): string | undefined };
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
-- Ctrl+Enter runs the statement at the cursor, Ctrl+Shift+Enter draws it. Views: usage, customers, invoices, usage_files.
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
  readonly #charts: SqlCharts;
  /** What sheets about the same can name, as it was when one of them was run last. */
  readonly #views = new Map<string, readonly SheetView[]>();

  constructor(parts: SheetParts) {
    this.#parts = parts;
    const { context, log } = parts;
    const note = (error: unknown) => {
      if (!isCancellation(error)) {
        log.error(`Chart of SQL: ${describeForLog(error)}`);
      }
    };
    this.#charts = new SqlCharts({
      extension: context.extensionUri,
      read: (subject, signal) => this.#chartData(subject, signal),
      failed: (error) => {
        note(error);
        void vscode.window.showErrorMessage(plainText(explain(error)));
      },
      note,
      showLog: () => log.show(),
    });
    this.#subscriptions = [
      // Problems are those of what was run: text that changed has none until it runs again.
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#problems.delete(document.uri)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#problems.delete(uri)),
    ];
  }

  get commands(): Pick<CommandHandlers, 'azureBilling.newSqlSheet' | 'azureBilling.runSql' | 'azureBilling.chartSql'> {
    return {
      'azureBilling.newSqlSheet': (argument) => this.#open(argument),
      'azureBilling.runSql': (argument) => this.#run(argument),
      'azureBilling.chartSql': (argument) => this.#chart(argument),
    };
  }

  /** Fills the panel of a chart that the editor brought back after a reload. */
  restore(panel: vscode.WebviewPanel, state: unknown): void {
    this.#charts.restore(panel, state);
  }

  lenses(document: vscode.TextDocument): vscode.CodeLens[] {
    return statementsOf(document.getText()).flatMap(({ start, end }) => {
      const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
      const statement: SheetStatement = { sheet: document.uri, offset: start };
      const lens = (title: string, command: CommandId) =>
        new vscode.CodeLens(range, { title, command, arguments: [statement] });
      return [lens('$(play) Run', 'azureBilling.runSql'), lens('$(graph) Chart', 'azureBilling.chartSql')];
    });
  }

  complete(document: vscode.TextDocument, position: vscode.Position): vscode.CompletionItem[] {
    const text = document.getText();
    return suggestionsAt(text, document.offsetAt(position), statementsOf(text), this.#viewsOf(text)).map(
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
    for (const { name, meaning, columns } of this.#viewsOf(document.getText())) {
      const column = columns.find((one) => one.name.toLowerCase() === word);
      const text = name === word ? meaning : column && `${column.meaning} (${column.type})`;
      if (text !== undefined) {
        return new vscode.Hover(text, range);
      }
    }
    return undefined;
  }

  #viewsOf(text: string): readonly SheetView[] {
    const source = sheetSource(text, new Date());
    return ('length' in source ? undefined : this.#views.get(viewsKey(source))) ?? KNOWN_VIEWS;
  }

  async #open(argument: Argument<'azureBilling.newSqlSheet'>): Promise<vscode.Uri | undefined> {
    const now = new Date();
    const { connections } = this.#parts;
    const given = argument ?? (await pickScope(connections, 'New SQL Sheet'));
    if (given === undefined) {
      return undefined;
    }
    const { connection, scopes, period, metric } = monthsWanted(given, connections, now);
    const top = sourceLines({
      ...{ connection, scopes },
      period: `${period.from} to ${period.to}`,
      metric: metric ?? 'ActualCost',
    });
    const document = await vscode.workspace.openTextDocument({ language: SQL_LANGUAGE, content: `${top}${EXAMPLE}` });
    await vscode.window.showTextDocument(document, { preview: false });
    return document.uri;
  }

  async #run(argument: Argument<'azureBilling.runSql'>): Promise<SqlResult | undefined> {
    const show = argument === undefined || !('show' in argument) || argument.show !== false;
    return this.#asked(argument, ({ source, sql }) => this.#answer(source, sql, show));
  }

  async #chart(argument: Argument<'azureBilling.chartSql'>): Promise<ShownSqlChart | undefined> {
    return this.#asked(argument, (subject) => this.#charts.show(subject));
  }

  /** Finds out what an argument is about. What the engine says of a statement of a sheet is shown there too. */
  async #asked<Result>(
    argument: ChartSqlArgument | SheetStatement | undefined,
    run: (subject: ChartSubject) => Promise<Result>,
  ): Promise<Result> {
    if (argument !== undefined) {
      requireArgument(argument);
    }
    if (argument !== undefined && 'sql' in argument) {
      return run(this.#given(argument));
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
    const statements = statementsOf(text);
    const statement = statementAt(statements, offset);
    if (statement === undefined) {
      throw new BillingError('argument', 'The sheet has no statement.', { advice: 'Write one, such as FROM usage.' });
    }
    this.#problems.delete(document.uri);
    try {
      const { sql } = statement;
      // Sheets without a file of their own are called alike: those about something else are others.
      const key = [String(document.uri), statements.indexOf(statement), connection, source.scopes];
      return await run({ key: JSON.stringify(key), sql, source: subjectSource({ ...source, connection }) });
    } catch (error) {
      if (error instanceof EngineError && error.kind !== 'closed') {
        this.#tell(document, [atStatement(document, statement, error)]);
      }
      throw error;
    }
  }

  #given(argument: ChartSqlArgument): ChartSubject {
    const { sql } = argument;
    if (typeof sql !== 'string' || sql.trim() === '') {
      throw new BillingError('argument', 'sql: is missing.', { advice: 'Give one statement, such as FROM usage.' });
    }
    const { connection, scopes, period, metric } = monthsWanted(argument, this.#parts.connections, new Date());
    const source = subjectSource({ connection, scopes, period, metric: metric ?? 'ActualCost' });
    return { key: JSON.stringify([sql, source]), sql, source };
  }

  async #answer(source: SheetSource, sql: string, show: boolean): Promise<SqlResult> {
    const { context } = this.#parts;
    const { result, usage } = await this.#withAnswer(source, sql, async (table, signal) => {
      const columns = table.columns.map(({ name }) => name);
      const label = fileLabel(sql.replaceAll(/\s+/g, ' ').trim(), 40);
      const folder = path.join(context.globalStorageUri.fsPath, 'sql');
      const file = await recentFile(folder, label, 'parquet', new Date());
      const { rows } = await table.export({ sort: [], filters: [] }, columns, { file, format: 'parquet' }, signal);
      return { columns, rows, file };
    });
    const about = aboutOf(usageFacts(source, usage.freshness, vscode.env.language));
    if (show) {
      const title = sql.replaceAll(/\s+/g, ' ').trim().slice(0, 60);
      const argument: OpenTableArgument = { file: result.file, title, ...about };
      await vscode.commands.executeCommand('azureBilling.openTable' satisfies CommandId, argument);
    }
    return { ...result, ...about };
  }

  /** All rows of an answer that a chart can be made of, or a few and their number. */
  async #chartData({ source, sql }: ChartSubject, signal?: AbortSignal): Promise<ChartData> {
    const { result, usage } = await this.#withAnswer(
      source,
      sql,
      async (table, either) => {
        const names = table.columns.map(({ name }) => name);
        const all = { sort: [], filters: [] };
        const rows = await table.rows(all, 0, MOST_ROWS + 1, names, either);
        const total = rows.length > MOST_ROWS ? await table.count(all, either) : rows.length;
        return { columns: table.columns, rows, total };
      },
      signal,
    );
    const { tables, freshness } = usage;
    const currencies = new Set(tables.flatMap(({ totals }) => Object.keys(totals)));
    const { about, age } = usageFacts(source, freshness, vscode.env.language);
    return {
      answer: result,
      currencies: [...currencies],
      facts: [about, ...(age === undefined ? [] : [age])],
    };
  }

  /** Works a statement out over the usage that it is about, with progress that can be cancelled. */
  async #withAnswer<Result>(
    source: SheetSource,
    sql: string,
    work: (table: UsageTable, signal: AbortSignal) => Promise<Result>,
    outer?: AbortSignal,
  ): Promise<{ result: Result; usage: StoredUsage }> {
    const { connections, stored } = this.#parts;
    const engine = await requireEngine(this.#parts);
    const arm = await connections.arm(source.connection);
    const usage = await readUsage(await stored(), arm, source, { signal: outer });
    try {
      const result = await withProgress('Running SQL', async (_report, own) => {
        const signal = outer === undefined ? own : AbortSignal.any([own, outer]);
        const { ground, views } = await sheetGround(engine, usage.tables, source, signal);
        this.#views.set(viewsKey(source), views);
        const table = await resultTable(engine, { ground }, { sql }, { signal });
        try {
          return await work(table, signal);
        } finally {
          await table.close();
        }
      });
      return { result, usage };
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

/** Columns are those of the scopes, whatever the months. */
function viewsKey({ connection, scopes }: SheetSource): string {
  return JSON.stringify([connection.toLowerCase(), scopes]);
}

/** What a chart keeps of a source. */
function subjectSource({ connection, scopes, period, metric }: SheetSource): ChartSubject['source'] {
  return { connection, scopes: [...scopes], period: { from: period.from, to: period.to }, metric };
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
