import * as vscode from 'vscode';
import type { ArmClient } from '../api/arm/armClient.ts';
import { type ExportRun, exportRunState, listExports } from '../api/arm/exports.ts';
import { parentPath } from '../api/arm/parent.ts';
import { type CostScope, parseCostScope } from '../api/arm/scope.ts';
import type { DownloadExportRunArgument, DownloadedRun, NodeArgument } from '../contributions.ts';
import { byteText } from '../workbench/byteText.ts';
import { isTreeRow } from '../workbench/commands.ts';
import { everything, withProgress } from '../workbench/progress.ts';
import { plainText, waitText } from '../workbench/text.ts';
import { askAccount, askConnection, BackedOut, choose, named } from './ask.ts';
import type { ConnectionSource } from './connectionSource.ts';
import { readSas, type SasSource } from './containerAccess.ts';
import { tellSaved, withDownloadProgress } from './downloadJob.ts';
import { chooseRun, newestRuns, runName } from './exportRuns.ts';
import { type Given, givenFlag, givenPath, givenText } from './given.ts';
import { saveExportRun } from './saveExportRun.ts';
import { askFolder } from './targets.ts';

const TITLE = 'Download Files of Export';

/** Asks for what is missing and saves the files of a run of an export. */
export async function downloadExportRun(
  connections: ConnectionSource,
  secrets: vscode.SecretStorage,
  argument: DownloadExportRunArgument | NodeArgument | undefined,
): Promise<DownloadedRun> {
  const given: Given = { ...argument };
  const byPerson = argument === undefined || isTreeRow(argument);
  const [givenFolder, givenRun, sas] = [givenPath(given, 'folder'), givenText(given, 'run'), givenText(given, 'sas')];
  const decompress = givenFlag(given, 'decompress') ?? true;
  const givenScope = givenText(given, isTreeRow(argument) ? 'costScope' : 'scope');
  const scopeOrNone = givenScope === undefined ? undefined : parseCostScope(givenScope);
  const givenName = givenText(given, isTreeRow(argument) ? 'exportName' : 'export');
  const arm = await connections.arm(await askConnection(connections, givenText(given, 'connection'), TITLE));
  const scope = scopeOrNone ?? (await askScope(arm));
  const exportName = givenName ?? (await askExport(arm, scope));
  // Without a question to ask, the runs are read once: when the download begins.
  const run =
    givenRun === undefined && (byPerson || givenFolder === undefined)
      ? await askRun(arm, scope, exportName, byPerson)
      : undefined;
  const folder = givenFolder ?? (await askFolder(TITLE, `${exportName} ${run === undefined ? givenRun : timeOf(run)}`));
  const saved = await withDownloadProgress(`Downloading files of ${exportName}`, (options) =>
    saveExportRun(arm, { scope, exportName, run: run === undefined ? givenRun : runName(run) }, folder, {
      ...options,
      decompress,
      sas: sasSource(secrets, sas, byPerson),
    }),
  );
  if (saved === undefined) {
    throw new BackedOut();
  }
  tellSaved(`Saved ${saved.files.length} files of ${exportName} (${byteText(saved.bytes)}).`, saved.folder, true);
  return saved;
}

/** A billing account or one of its profiles; exports of other scopes are reached in the tree. */
async function askScope(arm: ArmClient): Promise<CostScope> {
  const account = await askAccount(arm, undefined, TITLE);
  const { listBillingProfiles } = await import('../api/arm/billingProfiles.ts');
  const profiles = await everything('Fetching billing profiles', listBillingProfiles(arm, account));
  const path = await choose(TITLE, 'Exports of', [
    { label: 'Billing account', description: account, value: parentPath({ account }) },
    ...profiles.map((profile) => ({ ...named(profile), value: parentPath({ account, profile: profile.name }) })),
  ]);
  return parseCostScope(path);
}

async function askExport(arm: ArmClient, scope: CostScope): Promise<string> {
  const exports = await everything('Fetching exports', listExports(arm, scope));
  const choices = exports.map(({ name, properties }) => ({
    label: name,
    description: [properties.definition?.type, properties.format].filter(Boolean).join(' · '),
    value: name,
  }));
  return choose(TITLE, 'Export', choices);
}

/** The newest run with files, or the one that a person picks of several. */
async function askRun(arm: ArmClient, scope: CostScope, exportName: string, byPerson: boolean): Promise<ExportRun> {
  const runs = await withProgress(`Runs of ${exportName}`, (report, signal) =>
    newestRuns(arm, scope, exportName, { signal, onWait: (wait) => report(waitText(wait)) }),
  );
  const newest = chooseRun(runs, undefined);
  const done = runs.filter((run) => exportRunState(run) === 'completed');
  if (!byPerson) {
    return newest;
  }
  const choices = done.map((run) => ({ label: timeOf(run), description: daysOf(run), value: run }));
  return choose(TITLE, 'Run', choices);
}

/** `2026-11-21 06.12` (UTC): part of a folder's name too, so without a colon. */
function timeOf(run: ExportRun): string {
  return run.properties.submittedTime?.slice(0, 16).replace('T', ' ').replace(':', '.') ?? runName(run);
}

function daysOf({ properties: { startDate, endDate } }: ExportRun): string {
  return startDate && endDate ? `${startDate.slice(0, 10)} to ${endDate.slice(0, 10)}` : '';
}

function sasSource(secrets: vscode.SecretStorage, given: string | undefined, byPerson: boolean): SasSource {
  const secretKey = (key: string) => `azureBilling.containerSas:${key}`;
  return {
    given,
    kept: async (key) => secrets.get(secretKey(key)),
    forget: async (key) => secrets.delete(secretKey(key)),
    ask: byPerson
      ? async (key) => {
          const sas = await askSas(key);
          if (sas !== undefined) {
            await secrets.store(secretKey(key), sas);
          }
          return sas;
        }
      : undefined,
  };
}

/** A signature is typed like a password, and kept in the system's own store of secrets. */
async function askSas(key: string): Promise<string | undefined> {
  const container = key.split('/').slice(1).join('/');
  return vscode.window.showInputBox({
    title: TITLE,
    prompt: plainText(
      `The sign-in has no right to read ${key}. Paste a shared access signature with Read and List for the container.`,
    ),
    placeHolder: 'sv=…&sr=c&sp=rl&sig=…',
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) => {
      try {
        readSas(text, container);
        return undefined;
      } catch (error) {
        return error instanceof Error ? plainText(error.message) : String(error);
      }
    },
  });
}
