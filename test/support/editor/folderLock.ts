import { mkdir, open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** What a lock file says about its owner. */
export interface LockOwner {
  readonly pid: number;
  readonly host: string;
  /** Distinguishes two locks of one process. */
  readonly token: string;
}

/** A lock that this process holds. */
export interface HeldLock {
  release(): Promise<void>;
}

/** Timing of a lock, in milliseconds. */
export interface LockTiming {
  readonly poll: number;
  readonly heartbeat: number;
  /** A lock whose file was not touched for this long has no living owner, wherever that owner ran. */
  readonly abandonedAfter: number;
}

const usualTiming: LockTiming = { poll: 500, heartbeat: 10_000, abandonedAfter: 120_000 };

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

function parseOwner(text: string): LockOwner | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    const { pid, host, token } = value as Partial<Record<keyof LockOwner, unknown>>;
    return typeof pid === 'number' && typeof host === 'string' && typeof token === 'string'
      ? { pid, host, token }
      : undefined;
  } catch {
    return undefined;
  }
}

/** True while a process with this id exists, whoever owns it. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/**
 * True when nobody can be working under this lock any more.
 * @param age milliseconds since the file was last touched
 * @param owner `undefined` when the file is empty or damaged; it then counts by age alone, because a new owner writes its
 * name a moment after it creates the file
 */
export function isStale(
  owner: LockOwner | undefined,
  age: number,
  abandonedAfter: number = usualTiming.abandonedAfter,
): boolean {
  if (age > abandonedAfter) return true;
  return owner !== undefined && owner.host === hostname() && !isAlive(owner.pid);
}

async function create(file: string, token: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    const owner: LockOwner = { pid: process.pid, host: hostname(), token };
    await handle.writeFile(JSON.stringify(owner));
    await handle.close();
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function readOwner(file: string): Promise<{ owner: LockOwner | undefined; age: number } | undefined> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(file, 'utf8'), stat(file)]);
    return { owner: parseOwner(text), age: Date.now() - mtimeMs };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Discarding takes a moment; one who died in it would keep a stale lock there for good. Milliseconds. */
const discardLimit = 10_000;

/**
 * Removes a lock that was found stale, unless a faster waiter has done so and holds its own by now. One at a time: between
 * looking and removing nobody else may remove, or the lock of a new owner would go.
 */
async function discard(file: string, stale: LockOwner | undefined, token: string): Promise<void> {
  const turn = `${file}.discard`;
  if (!(await create(turn, token))) {
    const found = await readOwner(turn);
    if (found !== undefined && isStale(found.owner, found.age, discardLimit)) await rm(turn, { force: true });
    return;
  }
  try {
    const found = await readOwner(file);
    if (found !== undefined && found.owner?.token === stale?.token) await rm(file, { force: true });
  } finally {
    await rm(turn, { force: true });
  }
}

/**
 * Waits until this process alone may work on what the file stands for. A lock left by a process that died is taken over.
 * @param onWait called once, when somebody else holds the lock, with their process id when it is known
 */
export async function acquireLock(
  file: string,
  onWait: (pid: number | undefined) => void = () => {},
  timing: LockTiming = usualTiming,
): Promise<HeldLock> {
  await mkdir(path.dirname(file), { recursive: true });
  const token = crypto.randomUUID();
  let waiting = false;
  while (!(await create(file, token))) {
    const found = await readOwner(file);
    if (found === undefined) continue;
    if (isStale(found.owner, found.age, timing.abandonedAfter)) {
      await discard(file, found.owner, token);
      continue;
    }
    if (!waiting) onWait(found.owner?.pid);
    waiting = true;
    await delay(timing.poll);
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => {
      // The file is gone: whoever removed it took the lock for abandoned, and there is nothing left to keep alive.
    });
  }, timing.heartbeat);
  heartbeat.unref();
  return {
    async release() {
      clearInterval(heartbeat);
      const found = await readOwner(file);
      if (found?.owner?.token === token) await rm(file, { force: true });
    },
  };
}
