import path from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { projectFolder } from './project.ts';

/** The package that users install, built from `dist` as it is. Page tests install it. */
export const vsixFile = path.join(projectFolder, 'dist', 'azure-billing-explorer.vsix');

if (import.meta.main) {
  await createVSIX({
    cwd: projectFolder,
    packagePath: vsixFile,
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
}
