import path from 'node:path';

/** What is wrong with the disk or the path, and what to do, in a sentence. */
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
  ['ENOSPC', 'the disk is full; make room, then try again'],
  ['EDQUOT', 'your share of the disk is used up; make room, then try again'],
  ['EFBIG', 'the disk takes no file that large; choose another disk'],
  ['ENOENT', "the folder '{folder}' does not exist; make it, then try again"],
  ['ENOTDIR', "'{folder}' is not a folder; choose another one"],
  ['EISDIR', 'it is a folder; choose another name'],
  ['EACCES', 'you have no right to; choose another folder'],
  ['EPERM', 'you have no right to, or another program has it open; close it there, or choose another folder'],
  ['EBUSY', 'another program has it open; close it there, then try again'],
  ['EROFS', 'the disk is read-only; choose another folder'],
  ['ENAMETOOLONG', 'its name is too long; choose a shorter one'],
]);
