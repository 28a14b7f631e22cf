import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { type BuildOptions, build } from 'esbuild';
import { walkFile } from '../../support/compileWalk.ts';
import { runHostTestsInBrowserBuild } from '../../support/editor/hostTests.ts';
import { projectFolder } from '../../support/project.ts';
import { runModule } from '../processes.ts';
import type { WorkInput } from '../works/work.ts';
import { ANSWER, type HostAnswer, type HostTask, TASK } from './hostTask.ts';

/** Beside the built extension, so that it goes away with it. */
const FOLDER = path.join(projectFolder, 'dist/bench');
const MODULE = path.join(FOLDER, 'exportInHost.js');
/** An export says nothing while it runs. Milliseconds. */
const SILENCE = 600_000;

const AS_BUILT = {
  absWorkingDir: projectFolder,
  outdir: FOLDER,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  external: ['vscode'],
  logLevel: 'warning',
} as const satisfies BuildOptions;

/** Builds the extension, what runs in the extension host, and the same job for plain Node. */
export async function buildHostBench(): Promise<void> {
  await promisify(execFile)(process.execPath, ['esbuild.mjs'], { cwd: projectFolder });
  await build({ ...AS_BUILT, entryPoints: [path.join(import.meta.dirname, 'exportInHost.ts')], packages: 'external' });
  await build({
    ...AS_BUILT,
    entryPoints: [path.join(import.meta.dirname, 'builtJob.ts')],
    // As esbuild.mjs has it.
    splitting: true,
    minify: true,
    keepNames: true,
    banner: {
      js: "import { createRequire as bundleRequire } from 'node:module'; const require = bundleRequire(import.meta.url);",
    },
  });
  await copyFile(walkFile, path.join(FOLDER, path.basename(walkFile)));
}

/** The same export by the same built code, in plain Node. @throws Error when it fails */
export function runBuiltJob(input: WorkInput): Promise<HostAnswer> {
  return runModule<HostAnswer>(path.join(FOLDER, 'builtJob.js'), input, 'the built job');
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
