import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { isObject } from '../api/arm/problems.ts';
import { BillingError } from '../api/http/errors.ts';
import {
  type CommandId,
  type Commands,
  type ExportedTable,
  type ShownTable,
  type StoredTableArgument,
  type TableReport,
  USAGE_TABLE_EDITOR,
  USAGE_TABLE_PANEL,
} from '../contributions.ts';
import { openUsageTable } from '../engine/table/openTable.ts';
import { type CommandHandlers, setting } from '../workbench/commands.ts';
import { describeForLog } from '../workbench/failures.ts';
import { withProgress } from '../workbench/progress.ts';
import { sharedEngine } from '../workbench/sharedEngine.ts';
import { plainText } from '../workbench/text.ts';
import { keptReport, tableExport, tableFiles } from './tableArguments.ts';
import { isTableFile } from './tableFiles.ts';
import { TableSession } from './tableSession.ts';
import { wholeText } from './tableTexts.ts';
import { type PanelSurroundings, type PanelTable, UsageTablePanel } from './usageTablePanel.ts';

/** What usage tables need of the rest of the extension. */
export interface TableParts {
  context: vscode.ExtensionContext;
  log: vscode.LogOutputChannel;
}

type Argument<Id extends keyof Commands> = Commands[Id]['argument'];

/** The open usage tables. */
export class UsageTables {
  readonly #open = new Set<UsageTablePanel>();
  readonly #around: PanelSurroundings;
  /** The one that was in front last: the palette means it. */
  #front: UsageTablePanel | undefined;

  constructor({ context, log }: TableParts) {
    this.#around = {
      extension: context.extensionUri,
      copies: path.join(context.globalStorageUri.fsPath, 'tables'),
      services: {
        copy: async (text) => vscode.env.clipboard.writeText(text),
        confirm: async (question, yes) =>
          (await vscode.window.showWarningMessage(question, { modal: true }, yes)) === yes,
        guardFormulas: () => setting('azureBilling.export.formulaGuard'),
        exported: (file, words) => void tellExported(file, words),
        note: (error) => log.error(`Usage table: ${describeForLog(error)}`),
      },
      askFile,
      open: (files, signal) => openUsageTable(sharedEngine(context, log), files, { signal }),
      engine: () => sharedEngine(context, log).state.state,
      storedFiles,
      fetchReport,
      showLog: () => log.show(),
    };
  }

  get commands(): Pick<CommandHandlers, 'azureBilling.openTable' | 'azureBilling.exportTable'> {
    return {
      'azureBilling.openTable': (argument) => this.#show(argument),
      'azureBilling.exportTable': (argument) => this.#export(argument),
    };
  }

  /** Fills an editor of one file. The page shows how far opening is. */
  edit(file: vscode.Uri, panel: vscode.WebviewPanel): void {
    // The page says why it cannot be opened.
    this.#keep(panel, { files: [file] })
      .open()
      .catch(() => {});
  }

  /** Fills a panel that the editor brought back after a reload. Its state comes from the disk and may be anything. */
  restore(panel: vscode.WebviewPanel, state: unknown): void {
    const kept = keptTable(state);
    if (kept.files.length === 0) {
      panel.dispose();
      return;
    }
    void this.#restore(panel, kept);
  }

  /** Files of stored usage may have gone since: whoever wants them holds them. */
  async #restore(panel: vscode.WebviewPanel, kept: PanelTable): Promise<void> {
    const { stored } = kept;
    const again =
      stored && (await storedFiles(stored, false).catch((error: unknown) => this.#around.services.note(error)));
    await this.#keep(panel, { ...kept, ...again })
      .open()
      .catch(() => {});
  }

  async #show(argument: Argument<'azureBilling.openTable'>): Promise<ShownTable | undefined> {
    const files =
      argument instanceof vscode.Uri
        ? [argument]
        : argument === undefined
          ? await pickFiles()
          : tableFiles(argument).map((file) => vscode.Uri.file(file));
    const [first] = files;
    if (first === undefined) {
      return undefined;
    }
    const known = this.#of(files);
    if (known !== undefined) {
      known.reveal();
      return known.open();
    }
    const { title, about, stored, report } = argument === undefined || argument instanceof vscode.Uri ? {} : argument;
    const table: PanelTable = { files, title, about, stored, report };
    const before = report && this.#reporting(report);
    if (before !== undefined) {
      before.reveal();
      return before.replace(table);
    }
    if (files.length > 1 || title !== undefined) {
      const panel = vscode.window.createWebviewPanel(USAGE_TABLE_PANEL, 'Usage table', vscode.ViewColumn.Active);
      return this.#keep(panel, table).open();
    }
    await vscode.commands.executeCommand('vscode.openWith', first, USAGE_TABLE_EDITOR);
    return this.#of(files)?.open();
  }

  async #export(argument: Argument<'azureBilling.exportTable'>): Promise<ExportedTable | undefined> {
    if (argument === undefined || argument instanceof vscode.Uri) {
      return this.#exportFront();
    }
    const { files, to, format, columns, view } = tableExport(argument);
    if (files === undefined) {
      const { shown, session } = this.#inFront();
      const chosen = { view: view ?? shown.view, columns: columns ?? shown.columns };
      return { file: to, ...(await session.export({ file: to, format }, chosen)) };
    }
    return withProgress(`Exporting to ${path.basename(to)}`, async (_report, signal) => {
      const table = await this.#around.open(files, signal);
      const session = new TableSession(table, () => {}, { ...this.#around.services, fileFor: async () => undefined });
      try {
        const all = session.shown;
        const chosen = { view: view ?? all.view, columns: columns ?? all.columns };
        return { file: to, ...(await session.export({ file: to, format }, chosen, signal)) };
      } finally {
        await session.close();
      }
    });
  }

  /** What is shown, to where the person says. */
  async #exportFront(): Promise<ExportedTable | undefined> {
    const { session, name } = this.#inFront();
    const file = await askFile(name, 'csv');
    if (file === undefined) {
      return undefined;
    }
    const format = file.toLowerCase().endsWith('.parquet') ? 'parquet' : 'csv';
    const written = await withProgress(`Exporting to ${path.basename(file)}`, (_report, signal) =>
      session.export({ file, format }, session.shown, signal),
    );
    void tellExported(file, `${wholeText(written.rows)} rows`);
    return { file, ...written };
  }

  #inFront(): { session: TableSession; shown: TableSession['shown']; name: string } {
    const session = this.#front?.session;
    if (this.#front === undefined || session === undefined) {
      throw new BillingError('argument', 'file: is missing, and there is no usage table in front.', {
        advice: 'Give the absolute path of a file, or open one with "Open as Usage Table".',
      });
    }
    return { session, shown: session.shown, name: this.#front.name };
  }

  #of(files: readonly vscode.Uri[]): UsageTablePanel | undefined {
    const wanted = files.map(String).join('\n');
    return [...this.#open].find((panel) => panel.files.map(String).join('\n') === wanted);
  }

  #reporting(report: TableReport): UsageTablePanel | undefined {
    const wanted = JSON.stringify(report);
    return [...this.#open].find((panel) => JSON.stringify(panel.report) === wanted);
  }

  #keep(webviewPanel: vscode.WebviewPanel, table: PanelTable): UsageTablePanel {
    const panel: UsageTablePanel = new UsageTablePanel(webviewPanel, table, this.#around, {
      activated: (active) => {
        if (active) {
          this.#front = panel;
        }
      },
      closed: () => {
        this.#open.delete(panel);
        if (this.#front === panel) {
          this.#front = [...this.#open].at(-1);
        }
      },
    });
    this.#open.add(panel);
    if (webviewPanel.active || this.#front === undefined) {
      this.#front = panel;
    }
    return panel;
  }
}

/** The file of the tab in front where a table can be opened over it, else those that the person chooses. */
async function pickFiles(): Promise<vscode.Uri[]> {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vscode.TabInputText && isTableFile(input.uri.path)) {
    return [input.uri];
  }
  const picked = await vscode.window.showOpenDialog({
    title: 'Open as Usage Table',
    openLabel: 'Open',
    canSelectMany: true,
    filters: { 'Tables (CSV, Parquet)': ['csv', 'gz', 'parquet'] },
  });
  return picked ?? [];
}

async function askFile(name: string, format: 'csv' | 'parquet'): Promise<string | undefined> {
  const [first] = vscode.workspace.workspaceFolders ?? [];
  const folder = first?.uri.scheme === 'file' ? first.uri.fsPath : os.homedir();
  const labels = { csv: 'CSV', parquet: 'Parquet' };
  const other = format === 'csv' ? 'parquet' : 'csv';
  const picked = await vscode.window.showSaveDialog({
    title: 'Export what is shown',
    saveLabel: 'Export',
    defaultUri: vscode.Uri.file(path.join(folder, `${name.replaceAll(/[\\/:*?"<>|]+/g, ' ').trim()} table.${format}`)),
    filters: { [labels[format]]: [format], [labels[other]]: [other] },
  });
  if (picked !== undefined && picked.scheme !== 'file') {
    throw new Error('Choose a place on this machine: exports are written to its disk.');
  }
  return picked?.fsPath;
}

async function tellExported(file: string, words: string): Promise<void> {
  const open = 'Open';
  const reveal = 'Reveal';
  const answer = await vscode.window.showInformationMessage(
    plainText(`Exported ${path.basename(file)}: ${words}.`),
    open,
    reveal,
  );
  const uri = vscode.Uri.file(file);
  if (answer === open) {
    await vscode.commands.executeCommand('vscode.openWith', uri, USAGE_TABLE_EDITOR);
  } else if (answer === reveal) {
    await vscode.commands.executeCommand('revealFileInOS', uri);
  }
}

/** Files of stored usage. What is missing of it is fetched. */
async function storedFiles(
  stored: StoredTableArgument,
  anew: boolean,
): Promise<Required<Pick<PanelTable, 'files'>> & Pick<PanelTable, 'about'>> {
  const argument: StoredTableArgument = { ...stored, anew, show: false };
  const found = await vscode.commands.executeCommand<ShownTable>(
    'azureBilling.openStoredTable' satisfies CommandId,
    argument,
  );
  return { files: found.files.map((file) => vscode.Uri.file(file)), about: found.about };
}

/** Has a report made again. Its command shows it in the tab that asks, which has the same report. */
async function fetchReport({ command, argument }: TableReport): Promise<void> {
  await vscode.commands.executeCommand(command, { ...argument, anew: true });
}

/** What the page kept of a table; no files when it is nothing of that shape. Whoever reads stored usage checks what is asked for. */
function keptTable(state: unknown): PanelTable {
  const keep = isObject(state) && isObject(state.keep) ? state.keep : {};
  const { files, title, about, stored, report } = keep;
  return {
    files: Array.isArray(files)
      ? files.flatMap((file) => (typeof file === 'string' ? [vscode.Uri.parse(file)] : []))
      : [],
    title: typeof title === 'string' ? title : undefined,
    about: typeof about === 'string' ? about : undefined,
    stored: isObject(stored) ? (stored as unknown as StoredTableArgument) : undefined,
    report: keptReport(report),
  };
}
