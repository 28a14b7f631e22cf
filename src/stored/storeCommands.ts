import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { BillingError } from '../api/http/errors.ts';
import type { ClearStoreArgument, StoredDataReport, StoredUsage } from '../contributions.ts';
import { freshnessOf } from '../store/freshness.ts';
import type { Store } from '../store/store.ts';
import { byteText } from '../workbench/byteText.ts';
import type { CommandHandlers } from '../workbench/commands.ts';
import { withProgress } from '../workbench/progress.ts';
import { showReport } from '../workbench/reportDocuments.ts';
import { plainText } from '../workbench/text.ts';
import type { StoredData } from './storedData.ts';
import { storeText } from './storeText.ts';

/** What a person can do with the store. */
export function storeCommands(
  stored: StoredData,
): Pick<CommandHandlers, 'azureBilling.showStore' | 'azureBilling.clearStore' | 'azureBilling.moveStore'> {
  return {
    'azureBilling.showStore': async () => {
      const report = await withProgress('Reading what is stored', () => storeReport(stored));
      await showReport('Stored data', storeText(report, vscode.env.language));
      return report;
    },
    'azureBilling.clearStore': async (argument) => {
      const store = await stored.anyStore();
      const { connection, month } = checkedFilter(argument);
      if (argument === undefined && !(await confirmed(store))) {
        return undefined;
      }
      const outcome = await store.clear({ ...(connection && { connection }), ...(month && { month }) });
      if (argument === undefined) {
        const rest = outcome.kept > 0 ? ` ${byteText(outcome.kept)} stay because they are being read.` : '';
        void vscode.window.showInformationMessage(`${byteText(outcome.removed)} of stored data are removed.${rest}`);
      }
      return outcome;
    },
    'azureBilling.moveStore': async (argument) => {
      const store = await stored.anyStore();
      const folder = argument === undefined ? await askFolder() : argument.folder;
      if (folder === undefined) {
        return undefined;
      }
      if (typeof folder !== 'string' || !path.isAbsolute(folder)) {
        throw new BillingError('argument', 'folder: is no absolute path.', { advice: 'Give the path of a folder.' });
      }
      await mkdir(folder, { recursive: true });
      await withProgress('Moving what is stored', () => store.move(folder));
      await stored.movedTo(folder);
      if (argument === undefined) {
        void vscode.window.showInformationMessage(plainText(`Stored data are in ${folder} from now on.`));
      }
      return { folder };
    },
  };
}

async function storeReport(stored: StoredData): Promise<StoredDataReport> {
  const store = await stored.anyStore();
  const entries = await store.list();
  const usage: StoredUsage[] = [];
  for (const entry of entries.filter(({ kind }) => kind === 'table')) {
    const facts = await store.inspect(entry);
    if (facts !== undefined) {
      const { connection, scope, month, dataset, rows, totals } = facts;
      usage.push({
        ...{ connection, scope, month, dataset, rows, totals },
        fetchedAt: facts.fetchedAt.toISOString(),
        state: freshnessOf(month, facts.fetchedAt, facts.closed, new Date()).state,
        bytes: entry.bytes,
        file: store.path(entry),
      });
    }
  }
  usage.sort((a, b) => b.month.localeCompare(a.month, 'en') || a.scope.localeCompare(b.scope, 'en'));
  return {
    folder: stored.folder,
    bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0),
    limit: store.limit,
    usage,
    answers: entries.filter(({ kind }) => kind === 'answer').length,
  };
}

/** @throws BillingError of kind `argument` that names the field */
function checkedFilter(argument: ClearStoreArgument | undefined): ClearStoreArgument {
  const { connection, month, ...others } = argument ?? {};
  const unknown = Object.keys(others)[0];
  if (unknown !== undefined) {
    throw new BillingError('argument', `${unknown}: is no field of this command.`);
  }
  if (argument !== undefined && connection === undefined && month === undefined) {
    throw new BillingError('argument', 'connection: is missing, and so is month.', {
      advice: 'Name what is removed; the command in the palette removes everything.',
    });
  }
  if (connection !== undefined && (typeof connection !== 'string' || connection === '')) {
    throw new BillingError('argument', 'connection: is no name.');
  }
  if (month !== undefined && !/^\d{4}-\d{2}$/.test(String(month))) {
    throw new BillingError('argument', `month: '${String(month).slice(0, 60)}' is no month.`, {
      advice: 'Use YYYY-MM, for example 2026-10.',
    });
  }
  return { ...(connection && { connection }), ...(month && { month }) };
}

async function confirmed(store: Store): Promise<boolean> {
  const bytes = (await store.list()).reduce((sum, entry) => sum + entry.bytes, 0);
  const clear = 'Clear';
  const answer = await vscode.window.showWarningMessage(
    `Remove ${byteText(bytes)} of stored data?`,
    { modal: true, detail: 'Closed months are fetched again when they are wanted again. Exported files stay.' },
    clear,
  );
  return answer === clear;
}

async function askFolder(): Promise<string | undefined> {
  const [picked] =
    (await vscode.window.showOpenDialog({
      title: 'Move Stored Data',
      openLabel: 'Move Here',
      canSelectFiles: false,
      canSelectFolders: true,
      canSelectMany: false,
    })) ?? [];
  return picked?.fsPath;
}
