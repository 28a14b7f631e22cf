import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { lstat, mkdir, readFile, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { editorEnvironment } from './environment.ts';
import type { ProvisionedEditor } from './provision.ts';
import { run } from './run.ts';

/**
 * Installs a packaged extension (`.vsix`) the way its users do.
 * @param extensionsDir created when absent; give the same folder to `startEditor`
 * @throws Error with the editor's own words when it refuses the package
 */
export async function installExtension(
  installation: ProvisionedEditor,
  vsix: string,
  extensionsDir: string,
): Promise<void> {
  await mkdir(extensionsDir, { recursive: true });
  const dataDir = mkdtempSync(path.join(tmpdir(), 'azure-billing-explorer-install-'));
  try {
    const child = spawn(
      installation.node,
      [
        installation.serverMain,
        ...['--install-extension', path.resolve(vsix)],
        ...['--extensions-dir', extensionsDir],
        ...['--server-data-dir', dataDir],
        '--accept-server-license-terms',
      ],
      { env: editorEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const { outcome, tail } = await run(child);
    if (outcome !== 0) {
      throw new Error(`${path.basename(vsix)} could not be installed (${outcome}):\n${tail.join('\n')}`);
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

/**
 * Makes an unpacked extension folder count as installed, by a link, so that a rebuild needs only a reload of the window.
 * @param extensionsDir a folder that no editor has used yet: an editor lists its extensions in a file at its first start
 */
export async function linkExtension(extensionFolder: string, extensionsDir: string): Promise<void> {
  const manifest: unknown = JSON.parse(await readFile(path.join(extensionFolder, 'package.json'), 'utf8'));
  const { name, publisher, version } = manifest as Partial<Record<'name' | 'publisher' | 'version', string>>;
  if (name === undefined || version === undefined) {
    throw new Error(`${extensionFolder} holds no extension: its package.json names no "name" or no "version".`);
  }
  await mkdir(extensionsDir, { recursive: true });
  const link = path.join(extensionsDir, `${publisher ?? 'undefined_publisher'}.${name}-${version}`);
  const exists = await lstat(link).then(
    () => true,
    () => false,
  );
  if (!exists) await symlink(path.resolve(extensionFolder), link, 'junction');
}
