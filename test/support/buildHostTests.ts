import { globSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { hostRunnerModule, projectFolder } from './project.ts';

/**
 * Builds `test/host/*.test.ts` and the module that runs them to `dist/test`, because the extension host of an editor loads
 * JavaScript only. Packages stay imports: they are found in the checkout's `node_modules`.
 * @returns how many suites there are
 */
export async function buildHostTests(): Promise<number> {
  const outdir = path.dirname(hostRunnerModule);
  const suites = globSync('test/host/*.test.ts', { cwd: projectFolder });
  // A suite that was deleted or renamed would run on from the last build.
  await rm(outdir, { recursive: true, force: true });
  await build({
    absWorkingDir: projectFolder,
    entryPoints: [
      { in: 'test/support/hostRunner/index.ts', out: 'hostRunner' },
      ...suites.map((suite) => ({ in: suite, out: path.join('host', path.basename(suite, '.ts')) })),
    ],
    outdir,
    bundle: true,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node22',
    packages: 'external',
    external: ['vscode'],
    sourcemap: 'linked',
    logLevel: 'warning',
  });
  return suites.length;
}
