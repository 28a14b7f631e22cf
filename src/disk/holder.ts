import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';

const HOLDER = /^(\d+)-(\d*)-([0-9a-f]{8})-[0-9a-f-]+$/;

/** A new name, fit for a file, for something that this process holds as long as it lives. */
export async function newHolder(): Promise<string> {
  return `${process.pid}-${(await startOf(process.pid)) ?? ''}-${HERE}-${randomUUID()}`;
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

/** Tells this machine from others that share its disk; a container is one of its own. */
const HERE = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
