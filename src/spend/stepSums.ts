import { amountText } from './amounts.ts';
import type { GroupSum } from './groupSums.ts';

/** All groups together, step by step. */
export function sumsByStep(groups: readonly GroupSum[], steps: number): bigint[] {
  const sums: bigint[] = Array.from({ length: steps }, () => 0n);
  for (const { values } of groups) {
    for (const [at, value] of values.entries()) {
      sums[at] = (sums[at] ?? 0n) + value;
    }
  }
  return sums;
}

/** The sum up to each step; none behind a step that is not known, because it would be too small. */
export function cumulated(totals: readonly (bigint | undefined)[]): (bigint | undefined)[] {
  let running: bigint | undefined = 0n;
  return totals.map((value) => {
    running = running === undefined || value === undefined ? undefined : running + value;
    return running;
  });
}

/** All of them. */
export function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}

/** As pictures have amounts: digits, or null where there is none. */
export function textOrNull(units: bigint | undefined): string | null {
  return units === undefined ? null : amountText(units);
}
