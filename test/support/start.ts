import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type DesktopEditor, findDesktopEditor } from './editor/desktop.ts';
import { withoutNpmRun, withoutOuterEditor } from './editor/environment.ts';
import { linkExtension } from './editor/extensions.ts';
import { provisionEditor } from './editor/provision.ts';
import { startEditor, windowAddress } from './editor/server.ts';
import { projectFolder } from './project.ts';

/** The extension adds the sample tenant to its tree when its host process has this variable. */
const sampleEnvironment = { AZURE_BILLING_EXPLORER_SAMPLE: '1' };

interface Arguments {
  readonly browser: boolean;
  /** Absolute, or `undefined` for an empty temporary one. */
  readonly folder: string | undefined;
}

function readArguments(args: readonly string[]): Arguments {
  const unknown = args.find((arg) => arg.startsWith('-') && arg !== '--browser');
  const folders = args.filter((arg) => !arg.startsWith('-'));
  if (unknown !== undefined || folders.length > 1) {
    throw new Error(`Usage: npm start [-- [--browser] [folder]]${unknown === undefined ? '' : ` (not ${unknown})`}`);
  }
  const [folder] = folders;
  // npm changes into the project's folder; people name folders from where they stand.
  const resolved = folder === undefined ? undefined : path.resolve(process.env.INIT_CWD ?? process.cwd(), folder);
  if (resolved !== undefined && !statSync(resolved, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`${resolved} is not a folder.`);
  }
  return { browser: args.includes('--browser'), folder: resolved };
}

/** Opens a desktop window with data of its own, so that a fresh process takes over the environment; waits for its end. */
async function startDesktop(desktop: DesktopEditor, folder: string, dataDir: string): Promise<void> {
  console.log('Azure Billing Explorer opens in desktop VS Code. Close the window or press Ctrl+C to end it.');
  const child = spawn(
    desktop.executable,
    [
      '--new-window',
      `--user-data-dir=${path.join(dataDir, 'user')}`,
      `--extensions-dir=${path.join(dataDir, 'extensions')}`,
      `--extensionDevelopmentPath=${projectFolder}`,
      '--disable-workspace-trust',
      '--skip-welcome',
      '--skip-release-notes',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      folder,
    ],
    { env: { ...withoutOuterEditor(withoutNpmRun(process.env)), ...sampleEnvironment }, stdio: 'inherit' },
  );
  // Ctrl+C reaches the editor too; this process stays to remove the data after it.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill());
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => resolve());
  });
}

/** Serves the browser build until this process is told to end. */
async function startBrowserBuild(workspace: string, dataDir: string): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
  const installation = await Promise.race([provisionEditor(console.log), ended]);
  if (installation === undefined) return;
  const extensionsDir = path.join(dataDir, 'extensions');
  await linkExtension(projectFolder, extensionsDir);
  const editor = await startEditor({ installation, workspace, extensionsDir, environment: sampleEnvironment });
  console.log(`Azure Billing Explorer is at ${windowAddress(editor, workspace)}`);
  console.log('Press Ctrl+C to stop it.');
  await ended;
  await editor.stop();
}

async function main(): Promise<void> {
  const { browser, folder } = readArguments(process.argv.slice(2));
  const dataDir = mkdtempSync(path.join(tmpdir(), 'azure-billing-explorer-start-'));
  try {
    const workspace = folder ?? path.join(dataDir, 'workspace');
    mkdirSync(workspace, { recursive: true });
    const desktop = browser ? undefined : findDesktopEditor();
    if (typeof desktop === 'object') await startDesktop(desktop, workspace, dataDir);
    else await startBrowserBuild(workspace, dataDir);
  } finally {
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
// An installation that was interrupted would otherwise keep the process until npm ends.
process.exit();
