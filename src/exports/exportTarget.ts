import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { refused } from '../api/arm/input.ts';
import { EXPORT_FORMATS, type ExportFormat } from '../contributions.ts';
import { isReservedName } from './fileNames.ts';

/** The format that the ending of a file tells; undefined for an ending that is none of an export. */
export function formatOfFile(file: string): ExportFormat | undefined {
  const ending = path.extname(file).slice(1).toLowerCase();
  return EXPORT_FORMATS.find((format) => format === ending);
}

/**
 * The path of an export with the ending of its format. Nothing is looked up on the disk.
 *
 * @param file absolute
 * @throws BillingError of kind `argument` for a name that no file can have, or one that would lie about the format
 */
export function targetFile(file: string, format: ExportFormat): string {
  const parts = file.split(/[\\/]/);
  if (parts.includes('..') || parts.includes('.')) {
    throw refused('file', `'${shown(file)}' has a part that leads elsewhere; give the path without . and ..`);
  }
  const name = path.basename(file);
  if (/[\\/]$/.test(file) || name === '') {
    throw refused('file', `'${shown(file)}' names a folder; give the path of a file.`);
  }
  // A name is checked for every system: files of exports travel.
  if (/[\p{Cc}\p{Cf}\\/:*?"<>|]/u.test(name) || /[ .]$/.test(name)) {
    throw refused('file', `'${shown(name)}' has a character that a file name cannot have everywhere.`);
  }
  if (isReservedName(name)) {
    throw refused('file', `'${shown(name)}' is a name that Windows keeps for a device; give another.`);
  }
  const told = formatOfFile(file);
  if (told !== undefined && told !== format) {
    throw refused('file', `'${shown(name)}' ends as ${told} and the format is ${format}; make them agree.`);
  }
  return told === undefined ? `${file}.${format}` : file;
}

/**
 * Sees to it that the folder of a file is there, and that the file is none.
 *
 * @param offer asks whether a folder shall be made; left out, a missing one is refused
 * @throws BillingError of kind `argument` that names the field
 */
export async function requireFolder(file: string, offer?: (folder: string) => Promise<boolean>): Promise<void> {
  const folder = path.dirname(file);
  const found = await kindOf(folder);
  if (found === 'file') {
    throw refused('file', `'${shown(folder)}' is not a folder.`);
  }
  if (found === undefined) {
    if (offer === undefined || !(await offer(folder))) {
      throw refused('file', `the folder '${shown(folder)}' does not exist; make it first.`);
    }
    await mkdir(folder, { recursive: true });
  }
  if ((await kindOf(file)) === 'folder') {
    throw refused('file', `'${shown(file)}' is a folder; give the path of a file.`);
  }
}

async function kindOf(place: string): Promise<'file' | 'folder' | undefined> {
  const found = await stat(place).catch(() => undefined);
  return found && (found.isDirectory() ? 'folder' : 'file');
}

function shown(text: string): string {
  return text.slice(0, 200);
}
