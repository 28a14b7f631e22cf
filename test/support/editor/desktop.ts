import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { readCounts } from '../hostRunner/counts.ts';
import { withoutNpmRun, withoutOuterEditor } from './environment.ts';
import type { HostTestOptions, HostTestResult } from './hostTests.ts';

/** An installed desktop VS Code. */
export interface DesktopEditor {
  /** The application itself, not the command-line script. */
  readonly executable: string;
  /** The command-line script `code`, when it was found on `PATH`. */
  readonly command: string | undefined;
}

function findOnPath(name: string, environment: NodeJS.ProcessEnv): string | undefined {
  return (environment.PATH ?? '')
    .split(path.delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => path.join(folder, name))
    .find((file) => existsSync(file));
}

/** Candidates for the application that a resolved `code` script belongs to, per platform. */
export function executablesBeside(script: string, platform: NodeJS.Platform): string[] {
  // …/bin/code on Linux and Windows, ….app/Contents/Resources/app/bin/code on macOS.
  const above = path.dirname(path.dirname(script));
  if (platform === 'win32') return [path.join(above, 'Code.exe')];
  if (platform === 'darwin') {
    const contents = path.resolve(above, '../..');
    return ['Code', 'Electron'].map((name) => path.join(contents, 'MacOS', name));
  }
  return [path.join(above, 'code')];
}

/**
 * The desktop VS Code of this machine, or the sentence that says why there is none: the variable `VSCODE_EXECUTABLE`, else
 * the application behind `code` on `PATH`. In the terminal of a remote window `code` is a messenger to another machine and
 * leads to no application.
 */
export function findDesktopEditor(environment: NodeJS.ProcessEnv = process.env): DesktopEditor | string {
  const command = findOnPath(process.platform === 'win32' ? 'code.cmd' : 'code', environment);
  const configured = environment.VSCODE_EXECUTABLE;
  if (configured !== undefined && configured !== '') {
    return existsSync(configured)
      ? { executable: configured, command }
      : `VSCODE_EXECUTABLE names ${configured}, which does not exist`;
  }
  if (command === undefined) return 'no desktop VS Code: there is no "code" on PATH and VSCODE_EXECUTABLE is not set';
  const executable = executablesBeside(realpathSync(command), process.platform).find((file) => existsSync(file));
  return executable === undefined ? `no desktop VS Code: ${command} does not belong to one` : { executable, command };
}

/** The launcher merges these over its own environment, so what must not be inherited is named and left undefined. */
function extensionTestsEnvironment(additions: Readonly<Record<string, string>>): Record<string, string | undefined> {
  const kept = withoutOuterEditor(withoutNpmRun(process.env));
  const dropped = Object.keys(process.env).filter((name) => !(name in kept));
  return { ...Object.fromEntries(dropped.map((name) => [name, undefined])), ...additions };
}

/**
 * Runs the same suites in an installed desktop VS Code, with fresh data.
 * @returns the totals, or the reason why the run was skipped
 * @throws Error when the editor ended without telling totals
 */
export async function runHostTestsInDesktop(options: HostTestOptions): Promise<HostTestResult | { skipped: string }> {
  const desktop = findDesktopEditor();
  if (typeof desktop === 'string') return { skipped: desktop };
  const dataDir = mkdtempSync(path.join(tmpdir(), 'azure-billing-explorer-desktop-'));
  const resultFile = path.join(dataDir, 'totals');
  try {
    const code = await runTests({
      vscodeExecutablePath: desktop.executable,
      extensionDevelopmentPath: options.extensionPath,
      extensionTestsPath: options.testsModule,
      launchArgs: [
        options.workspace,
        `--user-data-dir=${path.join(dataDir, 'user')}`,
        `--extensions-dir=${path.join(dataDir, 'extensions')}`,
        '--disable-telemetry',
      ],
      extensionTestsEnv: extensionTestsEnvironment({ HOST_TESTS_RESULT: resultFile, ...options.environment }),
    }).catch((error: unknown) => {
      // Failing tests end the editor with 1, which is a result like any other as long as there are totals.
      if (existsSync(resultFile)) return 1;
      throw error;
    });
    const counts = existsSync(resultFile) ? readCounts(await readFile(resultFile, 'utf8')) : undefined;
    if (counts === undefined) throw new Error('The desktop VS Code ended without totals of the tests.');
    return { code, ...counts };
  } finally {
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}
