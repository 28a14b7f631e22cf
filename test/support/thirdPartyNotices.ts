import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Metafile } from 'esbuild';

/** Packages that come without a licence file; their manifests name licence and author. Looked at one by one. */
const WITHOUT_FILE = new Set(['proxy-agent-negotiate']);

/**
 * Names, versions and licence texts of the packages whose code is in the bundle: their licences ask that the texts travel along.
 *
 * @throws Error when a bundled package has no licence file and nobody looked at it
 */
export async function thirdPartyNotices(metafiles: readonly Metafile[]): Promise<string> {
  const folders = new Set(
    metafiles
      .flatMap(({ inputs }) => Object.keys(inputs))
      .flatMap((input) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []),
  );
  const notices = await Promise.all([...folders].sort().map(notice));
  return `Azure Billing Explorer contains code of these packages.\n\n${notices.join('\n')}`;
}

async function notice(folder: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  const { name, version, license, author } = manifest as Record<'name' | 'version' | 'license' | 'author', string>;
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined && !WITHOUT_FILE.has(name)) {
    throw new Error(`${name} is bundled but has no licence file.`);
  }
  const text =
    file === undefined ? `Licence ${license}. Author: ${author}` : await readFile(path.join(folder, file), 'utf8');
  return `${'='.repeat(80)}\n${name} ${version} (${license})\n${'='.repeat(80)}\n\n${text.trim()}\n`;
}
