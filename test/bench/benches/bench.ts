import type { Figure } from '../figures.ts';
import type { RunningService } from '../processes.ts';
import type { WorkDone } from '../works/work.ts';

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

/** Why a figure counts for nothing; undefined when all who worked for it have all rows. */
export function missingRows(answers: readonly { done: WorkDone }[], rows: number): string | undefined {
  const other = answers.find(({ done }) => done.rows !== rows);
  return other === undefined ? undefined : `it has ${other.done.rows} rows of ${rows}`;
}
