import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

const LOCK = /^lock-(\d+)-(\d*)-[0-9a-f-]+$/;

/** A folder of a job is this process's until it is released, or the process is gone. */
export interface JobLock {
  release(): Promise<void>;
}

/**
 * Takes a folder for this process. Each process puts a file of its own there and looks for others afterwards: of two that come at the
 * same moment both may be refused, but never both admitted.
 *
 * @returns undefined when another living process has it, or another part of this one
 */
export async function lockFolder(folder: string): Promise<JobLock | undefined> {
  const own = `lock-${process.pid}-${(await startOf(process.pid)) ?? ''}-${randomUUID()}`;
  const release = () => rm(path.join(folder, own), { force: true }).catch(() => {});
  await writeFile(path.join(folder, own), '');
  if ((await livingLocks(folder)).some((name) => name !== own)) {
    await release();
    return undefined;
  }
  return { release };
}

/** Whether a living process has the folder. */
export async function isLocked(folder: string): Promise<boolean> {
  return (await livingLocks(folder)).length > 0;
}

/** Files of processes that are gone are removed. */
async function livingLocks(folder: string): Promise<string[]> {
  const living: string[] = [];
  for (const name of await readdir(folder)) {
    const [found, pid, start] = LOCK.exec(name) ?? [];
    if (found === undefined) {
      continue;
    }
    if (await lives(Number(pid), start ?? '')) {
      living.push(name);
    } else {
      await rm(path.join(folder, name), { force: true }).catch(() => {});
    }
  }
  return living;
}

async function lives(pid: number, start: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const now = await startOf(pid);
  return now === undefined || start === '' || now === start;
}

/** When a process started, in a measure of the system; tells it from a later one of the same number. Undefined where nobody can tell. */
async function startOf(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in parentheses, may hold anything.
    return stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .at(19);
  } catch {
    return undefined;
  }
}
