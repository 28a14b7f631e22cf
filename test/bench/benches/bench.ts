import type { Figure } from '../figures.ts';
import type { RunningService } from '../processes.ts';

export interface BenchOptions {
  service: RunningService;
  rounds: number;
  /** The long form. */
  full: boolean;
  /** A folder for files, removed afterwards. */
  folder: string;
}

export type Bench = (options: BenchOptions) => Promise<Figure[]>;

/** `203,340`. */
export function count(rows: number): string {
  return rows.toLocaleString('en');
}
