import path from 'node:path';
import { parseArgs } from 'node:util';
import { createVSIX } from '@vscode/vsce';
import { placedNativeEngine, placeNativeEngine, TARGETS, type Target } from './nativeEngine.ts';
import { projectFolder } from './project.ts';

/** The package that users install, built from `dist` as it is. Page tests install it. */
export const vsixFile = path.join(projectFolder, 'dist', 'azure-billing-explorer.vsix');

/** The package for one platform, or for those that the engine has no native part for (`none`). */
function fileOf(target: Target | 'none'): string {
  return vsixFile.replace(/\.vsix$/, `-${target}.vsix`);
}

/** @param native whose native part it holds */
async function packageFor(native: Target | undefined, file: string, target?: Target): Promise<void> {
  await placeNativeEngine(native);
  await createVSIX({
    cwd: projectFolder,
    packagePath: file,
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
    ...(target !== undefined && { target }),
  });
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
        await packageFor(undefined, fileOf('none'));
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
