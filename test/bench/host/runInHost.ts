import { mkdtemp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { runHostTestsInBrowserBuild } from '../../support/editor/hostTests.ts';
import { projectFolder } from '../../support/project.ts';
import { ANSWER, type HostAnswer, type HostTask, TASK } from './hostTask.ts';

/** Beside the built extension, so that it goes away with it. */
const MODULE = path.join(projectFolder, 'dist/bench/exportInHost.js');
/** An export says nothing while it runs. Milliseconds. */
const SILENCE = 600_000;

/** Builds what runs in the extension host; the extension itself has to be built. */
export async function buildHostBench(): Promise<void> {
  await build({
    absWorkingDir: projectFolder,
    entryPoints: [path.join(import.meta.dirname, 'exportInHost.ts')],
    outfile: MODULE,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    packages: 'external',
    external: ['vscode'],
    logLevel: 'warning',
  });
}

/** One export in an extension host that was started for it. @throws Error when it fails */
export async function runInHost(task: HostTask, folder: string): Promise<HostAnswer> {
  const workspace = await mkdtemp(path.join(folder, 'workspace-'));
  const answer = path.join(workspace, 'answer.json');
  const { code } = await runHostTestsInBrowserBuild({
    extensionPath: projectFolder,
    testsModule: MODULE,
    workspace,
    environment: { [TASK]: JSON.stringify(task), [ANSWER]: answer },
    silenceTimeout: SILENCE,
  });
  if (code !== 0) {
    throw new Error(`the export in the extension host ended with code ${code}`);
  }
  const told = JSON.parse(await readFile(answer, 'utf8')) as HostAnswer;
  await rm(workspace, { recursive: true, force: true });
  return told;
}
