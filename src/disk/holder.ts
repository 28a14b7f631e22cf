import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';

const HOLDER = /^(\d+)-(\d*)-([0-9a-f]{8})-[0-9a-f-]+$/;

/** Who holds something, of which nobody on another machine can say whether they live, shows it so often. Milliseconds. */
const SHOWN_EVERY = 24 * 60 * 60_000;

/** Who did not for so long counts as gone. Milliseconds. */
const LEFT_AFTER = 7 * SHOWN_EVERY;

/** When this process started; read once. */
let ownStart: string | undefined;

/** A new name, fit for a file, for something that this process holds as long as it lives. */
export function newHolder(): string {
  ownStart ??= ownStartNow();
  return `${process.pid}-${ownStart}-${HERE}-${randomUUID()}`;
}

function ownStartNow(): string {
  try {
    return startIn(readFileSync(`/proc/${process.pid}/stat`, 'utf8')) ?? '';
  } catch {
    return '';
  }
}

/**
 * Shows by the time of a file or folder of this process that it lives.
 *
 * @returns ends that
 */
export function keepShowing(file: string): () => void {
  const timer = setInterval(() => void touch(file), SHOWN_EVERY).unref();
  return () => clearInterval(timer);
}

/** Makes a file look as if it were just written, or read. That it is gone is no failure. */
export async function touch(file: string): Promise<void> {
  const now = new Date();
  await utimes(file, now, now).catch(() => {});
}

/**
 * Whether the process that made a file or folder, and whose name for it is given, is gone: surely, or as far as a week without a sign tells.
 * What has no such name is somebody else's, and stays.
 */
export async function isLeft(file: string, holder: string): Promise<boolean> {
  const lives = await holderLives(holder);
  if (lives !== 'perhaps') {
    return lives === 'no';
  }
  const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
  return Date.now() - mtimeMs > LEFT_AFTER;
}

/** Whether the process that made a name lives; `perhaps` where that cannot be told from here, undefined for what is no such name. */
export async function holderLives(name: string): Promise<'yes' | 'no' | 'perhaps' | undefined> {
  const [found, pid, start = '', host] = HOLDER.exec(name) ?? [];
  if (found === undefined) {
    return undefined;
  }
  // Numbers of another machine, which shares the disk, mean nothing here.
  return host === HERE ? isAlive(Number(pid), start) : 'perhaps';
}

async function isAlive(pid: number, start: string): Promise<'yes' | 'no' | 'perhaps'> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') {
      return 'no';
    }
  }
  const now = await startOf(pid);
  // Numbers are given again: without the start it may be another process by now.
  return now === undefined || start === '' ? 'perhaps' : now === start ? 'yes' : 'no';
}

/** When a process started, in a measure of the system; tells it from a later one of the same number. Undefined where nobody can tell. */
async function startOf(pid: number): Promise<string | undefined> {
  try {
    return startIn(await readFile(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

function startIn(stat: string): string | undefined {
  // The name of the program, in parentheses, may hold anything.
  return stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .at(19);
}

/** Tells this machine from others that share its disk; a container is one of its own. */
const HERE = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
