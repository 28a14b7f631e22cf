import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createVSIX } from '@vscode/vsce';
import { placedNativeEngine, placeNativeEngine, TARGETS, type Target } from './nativeEngine.ts';
import { projectFolder } from './project.ts';

/** The package that users install, built from `dist` as it is. Page tests install it. */
export const vsixFile = path.join(projectFolder, 'dist', 'azure-billing-explorer.vsix');

const OPTIONS = {
  cwd: projectFolder,
  dependencies: false,
  allowMissingRepository: true,
  rewriteRelativeLinks: false,
} as const;

/** What lets the native part into a package. */
const NATIVE_RULE = '!dist/engine/node_modules/**';

/** The package for one platform, or for those that the engine has no native part for (`none`). */
function fileOf(target: Target | 'none'): string {
  return vsixFile.replace(/\.vsix$/, `-${target}.vsix`);
}

/** @param native whose native part it holds */
async function packageFor(native: Target | undefined, file: string, target?: Target): Promise<void> {
  await placeNativeEngine(native);
  await createVSIX({ ...OPTIONS, packagePath: file, ...(target !== undefined && { target }) });
}

/** The package for platforms that the engine has no native part for, whatever part lies in `dist`, which stays as it is. */
export async function packageWithoutEngine(file: string): Promise<void> {
  const rules = await readFile(path.join(projectFolder, '.vscodeignore'), 'utf8');
  const others = rules.split('\n').filter((rule) => rule !== NATIVE_RULE);
  if (others.join('\n') === rules) {
    throw new Error(
      `.vscodeignore has no line '${NATIVE_RULE}' any more: say here what holds the engine's native part.`,
    );
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'azure-billing-package-'));
  try {
    const ignoreFile = path.join(folder, 'ignore');
    await writeFile(ignoreFile, others.join('\n'));
    await createVSIX({ ...OPTIONS, packagePath: file, ignoreFile });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Without a target: this machine's. `all`: one package per platform, and one for the others; `dist` is as before afterwards. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { target: { type: 'string' } } });
  const known = (name: string): name is Target => TARGETS.some((target) => target === name);
  const here = `${process.platform}-${process.arch}`;
  if (values.target === undefined) {
    await packageFor(known(here) ? here : undefined, vsixFile);
    return;
  }
  const names = values.target === 'all' ? [...TARGETS, 'none'] : [values.target];
  const before = await placedNativeEngine();
  try {
    for (const name of names) {
      if (name === 'none') {
        await packageWithoutEngine(fileOf('none'));
      } else if (known(name)) {
        await packageFor(name, fileOf(name), name);
      } else {
        throw new Error(`There is no engine for ${name}; the targets are ${TARGETS.join(', ')}, all and none.`);
      }
    }
  } finally {
    await placeNativeEngine(before);
  }
}

if (import.meta.main) {
  await main();
}
