import { spawn } from 'node:child_process';
import path from 'node:path';

/** What another process is to read. */
export interface UtilizationToRead {
  base: string;
  customer: string;
  subscription: string;
  start: string;
  end: string;
  /** More rows do not come: room for what tells them apart is taken beforehand. */
  mostRows: number;
  /** The request with which the token runs out; left out: it does not. */
  tokenEndsAt?: number | undefined;
}

/** What it found, and how much memory that took. */
export interface UtilizationReading {
  /** As the report says. */
  rows: number;
  pages: number;
  /** As they were sent, those among them that were refused or brought nothing yet. */
  requests: number;
  totals: Record<string, string>;
  /** Rows in the file, and those of them that came before. */
  found: number;
  doubled: number;
  /** Meter id → exact sum of the rows in the file. */
  quantities: Record<string, string>;
  /** Most memory of the process at any time, and what a collection every hundred pages left at most; bytes. */
  peakMemory: number;
  keptMemory: number;
}

/** Writes the utilization of a window as CSV in a process of its own. */
export async function readUtilization(what: UtilizationToRead): Promise<UtilizationReading> {
  const script = path.join(import.meta.dirname, 'utilizationReader.ts');
  const child = spawn(process.execPath, ['--expose-gc', script, JSON.stringify(what)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) {
    throw new Error(`the reader ended with ${code}`);
  }
  return JSON.parse(Buffer.concat(chunks).toString()) as UtilizationReading;
}
