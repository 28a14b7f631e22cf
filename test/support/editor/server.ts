import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { atEndOfProcess, killGroup } from './childGroups.ts';
import { editorEnvironment } from './environment.ts';
import type { ProvisionedEditor } from './provision.ts';

/** Values by setting id, as in a `settings.json`. */
export type Settings = Readonly<Record<string, unknown>>;

/** What one run of the editor is given. */
export interface EditorOptions {
  readonly installation: ProvisionedEditor;
  /** Folder that the addresses open when they name none; absolute. */
  readonly workspace: string;
  /** Folder of installed extensions; without it an empty one inside the data folder. */
  readonly extensionsDir?: string;
  /** User settings, on top of quiet defaults. */
  readonly settings?: Settings;
  /** Settings of scope `machine`: in the browser build these count only when they are in the remote machine's own file. */
  readonly machineSettings?: Settings;
  /** Lets a page start extension-host tests through its address. */
  readonly smokeTestDriver?: boolean;
  /** Folders are opened in restricted mode until a person trusts them; left out, all are trusted. */
  readonly workspaceTrust?: boolean;
  /** How much the editor and its extensions write to their logs; left out, what they do by themselves. */
  readonly logLevel?: 'trace';
  /** Variables for the server and, through it, for every extension host. */
  readonly environment?: Readonly<Record<string, string>>;
  /** How long the server may take to print its address, in milliseconds. */
  readonly startTimeout?: number;
}

/** A running browser build of VS Code. */
export interface Editor {
  /** `http://localhost:<port>`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Number of the server's process; extension hosts descend from it. */
  readonly pid: number;
  /** Server data of this run only; removed by `stop`. User settings are in `data/User/settings.json` below it. */
  readonly dataDir: string;
  readonly extensionsDir: string;
  readonly workspace: string;
  /** What the server printed so far. */
  log(): string;
  /** Ends the server with its extension hosts and removes its data. Calling it again does nothing. */
  stop(): Promise<void>;
}

/** Nothing on screen or on the network that a test or a first look did not ask for. */
const quietSettings: Settings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'window.restoreWindows': 'none',
  'window.newWindowDimensions': 'default',
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'telemetry.feedback.enabled': false,
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
};

/** code-server's variable for the marketplace; without an address in it the editor asks none. */
const noGallery = '{}';

const addressLine = /Web UI available at http:\/\/localhost:(\d+)/;
async function writeSettings(dataDir: string, options: EditorOptions): Promise<void> {
  const files = [
    [
      'User',
      {
        ...quietSettings,
        'security.workspace.trust.enabled': options.workspaceTrust === true,
        ...options.settings,
      },
    ],
    ['Machine', options.machineSettings ?? {}],
  ] as const;
  for (const [folder, settings] of files) {
    await mkdir(path.join(dataDir, 'data', folder), { recursive: true });
    await writeFile(path.join(dataDir, 'data', folder, 'settings.json'), `${JSON.stringify(settings, undefined, 2)}\n`);
  }
}

/** The address of a window of a running editor that shows one folder (absolute path on this machine). */
export function windowAddress(editor: Pick<Editor, 'url'>, folder: string): string {
  return `${editor.url}/?folder=${encodeURIComponent(folder).replaceAll('%2F', '/')}`;
}

/**
 * Starts the browser build of VS Code on a free port of the loopback interface, with fresh data.
 * @throws Error with the end of the server's output when no address appears in time or the server ends first
 */
export async function startEditor(options: EditorOptions): Promise<Editor> {
  const { installation, startTimeout = 60_000 } = options;
  const dataDir = mkdtempSync(path.join(tmpdir(), 'azure-billing-explorer-editor-'));
  const extensionsDir = options.extensionsDir ?? path.join(dataDir, 'extensions');
  await mkdir(extensionsDir, { recursive: true });
  await writeSettings(dataDir, options);
  const child = spawn(
    installation.node,
    [
      installation.serverMain,
      ...['--host', '127.0.0.1', '--port', '0'],
      '--without-connection-token',
      '--accept-server-license-terms',
      ...['--server-data-dir', dataDir],
      ...['--extensions-dir', extensionsDir],
      ...['--telemetry-level', 'off'],
      ...(options.workspaceTrust === true ? [] : ['--disable-workspace-trust']),
      ...(options.logLevel === undefined ? [] : ['--log', options.logLevel]),
      ...(options.smokeTestDriver === true ? ['--enable-smoke-test-driver'] : []),
    ],
    // A process group of its own, so that extension hosts and watchers end with the server.
    {
      env: editorEnvironment({ EXTENSIONS_GALLERY: noGallery, ...options.environment }),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    },
  );
  let output = '';
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`${error.message}.`));
    child.once('exit', (code, signal) => resolve(`It ended with ${code ?? signal}.`));
  });
  let alive = true;
  const kill = (): void => {
    // Once it has ended, another process may have its number.
    if (alive) killGroup(child);
    alive = false;
  };
  // Killed processes may still be closing their last files when the first attempt comes.
  const removeData = (): void => rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  const callOff = atEndOfProcess(() => {
    kill();
    removeData();
  });
  let stopping: Promise<void> | undefined;
  const stopOnce = async (): Promise<void> => {
    kill();
    await ended;
    callOff();
    removeData();
  };
  const stop = (): Promise<void> => {
    stopping ??= stopOnce();
    return stopping;
  };

  const started = new Promise<number>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (chunk: string) => {
        output = (output + chunk).slice(-1_000_000);
        const port = addressLine.exec(output)?.[1];
        if (port !== undefined) resolve(Number(port));
      });
    }
  });
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`It printed no address within ${startTimeout / 1000} s.`), startTimeout);
  });
  const result = await Promise.race([started, ended, tooLate]);
  clearTimeout(timer);
  if (typeof result === 'string') {
    await stop();
    const tail = output
      .split('\n')
      .filter((line) => line.trim() !== '')
      .slice(-20);
    throw new Error([`The editor's server did not start. ${result}`, ...tail.map((line) => `    ${line}`)].join('\n'));
  }
  return {
    url: `http://localhost:${result}`,
    port: result,
    pid: child.pid ?? 0,
    dataDir,
    extensionsDir,
    workspace: options.workspace,
    log: () => output,
    stop,
  };
}
