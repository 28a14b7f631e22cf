import path from 'node:path';

/** What is wrong with the disk or the path, in a sentence. */
export function writeFailure(error: unknown, file: string): Error {
  const code = codeOf(error);
  const reason = code === undefined ? undefined : REASONS.get(code);
  const text =
    reason?.replace('{folder}', path.dirname(file)) ?? (error instanceof Error ? error.message : String(error));
  return new Error(`file: '${file}' cannot be written: ${text}.`, { cause: error });
}

/** The system's name of a failure, e.g. `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'your share of the disk is used up'],
  ['EFBIG', 'the disk takes no file that large'],
  ['ENOENT', "the folder '{folder}' does not exist"],
  ['ENOTDIR', "'{folder}' is not a folder"],
  ['EISDIR', 'it is a folder'],
  ['EACCES', 'you have no right to'],
  ['EPERM', 'you have no right to, or another program has it open'],
  ['EBUSY', 'another program has it open'],
  ['EROFS', 'the disk is read-only'],
  ['ENAMETOOLONG', 'its name is too long'],
]);
