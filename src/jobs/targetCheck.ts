import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import { codeOf, writeFailure } from '../disk/writeFailure.ts';

/**
 * Whether a file can be written, as far as that can be told before it is: hours of fetching should not end in a folder that is gone.
 *
 * @throws Error with a sentence for the user that names the field
 */
export async function checkTarget(file: string): Promise<void> {
  if (!path.isAbsolute(file)) {
    throw new Error(`file: '${file}' is no absolute path.`);
  }
  const folder = path.dirname(file);
  try {
    if (!(await stat(folder)).isDirectory()) {
      throw Object.assign(new Error(), { code: 'ENOTDIR' });
    }
    await access(folder, constants.W_OK);
    await checkPresent(file);
  } catch (error) {
    throw writeFailure(error, file);
  }
}

async function checkPresent(file: string): Promise<void> {
  try {
    if ((await stat(file)).isDirectory()) {
      throw Object.assign(new Error(), { code: 'EISDIR' });
    }
    // Some systems would replace a file that is write-protected, others would not.
    await access(file, constants.W_OK);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') {
      throw error;
    }
  }
}
