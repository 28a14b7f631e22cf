import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { holderLives, newHolder, touch } from './holder.ts';
import { OWN_FILE } from './ownership.ts';

const LOCK = 'lock-';

/** A folder of a job is this process's until it is released, or the process is gone. */
export interface FolderLock {
  release(): Promise<void>;
}

/** How a holder shows that it lives, where the system cannot tell. Milliseconds. */
export interface LockPace {
  /** A holder touches its lock so often. */
  beat: number;
  /** A lock that was not touched for so long may be left from a process that is gone. */
  stale: number;
}

const USUAL_PACE: LockPace = { beat: 10_000, stale: 60_000 };

/** Two that come at the same moment refuse each other: each tries once more after a while of its own. */
const ATTEMPTS = 3;
const LONGEST_PAUSE = 150;

/**
 * Takes a folder for this process. Each process puts a file of its own there and looks for others afterwards: of two that come at the
 * same moment both may be refused, but never both admitted.
 *
 * @returns undefined when another living process has it, or another part of this one
 * @throws Error of the system when the folder cannot be written; `ENOENT` when it is gone
 */
export async function lockFolder(folder: string, pace: LockPace = USUAL_PACE): Promise<FolderLock | undefined> {
  await clearLeft(folder, pace);
  for (let attempt = 1; ; attempt++) {
    const lock = await tryLock(folder, pace);
    if (lock !== undefined || attempt === ATTEMPTS) {
      return lock;
    }
    await delay(Math.random() * LONGEST_PAUSE);
    if (await isLocked(folder, pace)) {
      return undefined;
    }
  }
}

async function tryLock(folder: string, pace: LockPace): Promise<FolderLock | undefined> {
  const own = path.join(folder, `${LOCK}${newHolder()}`);
  await writeFile(own, '', { mode: OWN_FILE });
  const beat = setInterval(() => void touch(own), pace.beat).unref();
  const release = async () => {
    clearInterval(beat);
    await rm(own, { force: true }).catch(() => {});
  };
  const others = (await locksIn(folder)).filter(({ file }) => file !== own);
  if (others.length > 0) {
    await release();
    return undefined;
  }
  return { release };
}

/** Whether a living process has the folder. */
export async function isLocked(folder: string, { stale }: LockPace = USUAL_PACE): Promise<boolean> {
  for (const { file, surely } of await locksIn(folder)) {
    if (surely || Date.now() - ((await touchedAt(file)) ?? 0) < stale) {
      return true;
    }
  }
  return false;
}

/**
 * Removes locks of which nobody can say whose they are, and that nobody touches any more. They are watched for a while: a machine that
 * slept has touched none, though their holders live.
 */
async function clearLeft(folder: string, pace: LockPace): Promise<void> {
  const watched: { file: string; at: number }[] = [];
  for (const { file, surely } of await locksIn(folder)) {
    const at = surely ? undefined : await touchedAt(file);
    if (at !== undefined && Date.now() - at >= pace.stale) {
      watched.push({ file, at });
    }
  }
  if (watched.length === 0) {
    return;
  }
  await delay(1.5 * pace.beat);
  for (const { file, at } of watched) {
    if ((await touchedAt(file)) === at) {
      await rm(file, { force: true }).catch(() => {});
    }
  }
}

interface Lock {
  file: string;
  /** Its process lives; else that cannot be told from here. */
  surely: boolean;
}

/** Files of processes that are surely gone are removed. */
async function locksIn(folder: string): Promise<Lock[]> {
  const locks: Lock[] = [];
  for (const name of await readdir(folder)) {
    const lives = name.startsWith(LOCK) ? await holderLives(name.slice(LOCK.length)) : undefined;
    if (lives === undefined) {
      continue;
    }
    const file = path.join(folder, name);
    if (lives === 'no') {
      await rm(file, { force: true }).catch(() => {});
    } else {
      locks.push({ file, surely: lives === 'yes' });
    }
  }
  return locks;
}

/** Milliseconds since 1970; undefined when the file is gone. */
async function touchedAt(file: string): Promise<number | undefined> {
  return (await stat(file).catch(() => undefined))?.mtimeMs;
}
