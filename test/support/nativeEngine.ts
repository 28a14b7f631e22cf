import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectFolder } from './project.ts';

const run = promisify(execFile);

/** Platforms that the editor names and the engine has a native part for. */
export const TARGETS = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64', 'win32-arm64'] as const;
export type Target = (typeof TARGETS)[number];

/** Beside the module that loads it: packages leave out the project's own node_modules. */
const home = path.join(projectFolder, 'dist', 'engine', 'node_modules');

/** Whose native part lies where the packaged engine finds it; undefined when none does. */
export async function placedNativeEngine(): Promise<Target | undefined> {
  const names = await readdir(path.join(home, '@duckdb')).catch((): string[] => []);
  return TARGETS.find((target) => names.includes(`node-bindings-${target}`));
}

/** Puts the native part of one platform, or of none, where the packaged engine finds it. @throws Error when it is not what the lock names */
export async function placeNativeEngine(target: Target | undefined): Promise<void> {
  await rm(home, { recursive: true, force: true });
  if (target === undefined) {
    return;
  }
  const name = `@duckdb/node-bindings-${target}`;
  const installed = path.join(projectFolder, 'node_modules', name);
  const goal = path.join(home, name);
  await mkdir(path.dirname(goal), { recursive: true });
  if (existsSync(installed)) {
    await cp(installed, goal, { recursive: true });
    return;
  }
  const { version, integrity } = await locked(`node_modules/${name}`);
  const folder = await mkdtemp(path.join(tmpdir(), 'azure-billing-native-'));
  try {
    const { stdout } = await run('npm', ['pack', `${name}@${version}`, '--json', '--pack-destination', folder], {
      cwd: folder,
    });
    const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
    const tarball = await readFile(path.join(folder, filename));
    if (`sha512-${createHash('sha512').update(tarball).digest('base64')}` !== integrity) {
      throw new Error(`${name} ${version} is not what package-lock.json names.`);
    }
    await run('tar', ['-xzf', filename], { cwd: folder });
    await cp(path.join(folder, 'package'), goal, { recursive: true });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function locked(entry: string): Promise<{ version: string; integrity: string }> {
  const lock: unknown = JSON.parse(await readFile(path.join(projectFolder, 'package-lock.json'), 'utf8'));
  const { packages } = lock as { packages: Record<string, { version: string; integrity: string }> };
  const found = packages[entry];
  if (found === undefined) {
    throw new Error(`package-lock.json does not name ${entry}.`);
  }
  return found;
}
