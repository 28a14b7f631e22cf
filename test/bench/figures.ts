/** One line of the table: some work of ours against its peer or floor, measured in turns. */
export interface Figure {
  /** What ours does. */
  work: string;
  /** The peer or floor. */
  against: string;
  /** What is compared: `CPU s`, `wall s`, `MB above idle`. */
  unit: string;
  /** Largest ratio that is good enough; undefined: told for comparison alone. */
  goal?: number;
  /** One of each per round. */
  ours: readonly number[];
  theirs: readonly number[];
  /** Anything else that had to hold; why the figure counts for nothing otherwise. */
  broken?: string | undefined;
}

/** Ours by theirs, round by round: what slows the machine down for a while slows both. */
export function ratios({ ours, theirs }: Figure): number[] {
  return ours.map((value, round) => value / (theirs[round] ?? Number.NaN));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  return (lower + upper) / 2;
}

/** Whether the median reaches the goal; undefined where there is none. */
export function isMet(figure: Figure): boolean | undefined {
  if (figure.broken !== undefined) {
    return false;
  }
  return figure.goal === undefined ? undefined : median(ratios(figure)) <= figure.goal;
}
