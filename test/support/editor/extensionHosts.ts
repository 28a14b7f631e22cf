import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Editor } from './server.ts';

/** Whether this system tells which processes descend from which, in a way that is understood here. */
export const tellsProcesses = process.platform === 'linux';

/** Numbers of the extension hosts of a running editor: one a window. */
export function extensionHosts({ pid }: Pick<Editor, 'pid'>): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const parent = parentOf(name);
    if (parent !== undefined) {
      parents.set(Number(name), parent);
    }
  }
  const descends = (child: number): boolean => {
    const parent = parents.get(child);
    return parent !== undefined && (parent === pid || descends(parent));
  };
  return [...parents.keys()].filter((child) => descends(child) && isExtensionHost(child));
}

/** Numbers of the engines of an extension host: one, or none when none was wanted. */
export function engineProcesses(host: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === host)
    .map(Number)
    .filter((pid) => read(`/proc/${pid}/cmdline`).includes(`${path.join('dist', 'engine', 'child.js')}\0`));
}

function parentOf(pid: string): number | undefined {
  const stat = read(`/proc/${pid}/stat`);
  // Behind the name of the program, which may hold anything: its state, its parent.
  const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === undefined || state === 'Z' || parent === undefined ? undefined : Number(parent);
}

function isExtensionHost(pid: number): boolean {
  return read(`/proc/${pid}/cmdline`).split('\0').includes('--type=extensionHost');
}

/** Processes end while one looks. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
