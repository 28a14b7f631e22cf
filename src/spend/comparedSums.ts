import { type AmountOf, type GroupSum, groupSums } from './groupSums.ts';
import { stepsOf } from './spendPeriod.ts';
import type { SpendRead } from './spendRead.ts';
import { cumulated, sumsByStep, textOrNull } from './stepSums.ts';

/** The two sides of a comparison; undefined where there is none, or not yet all of it. */
export function comparedSums({ now: shown, compared, granularity }: SpendRead, amountOf: AmountOf) {
  if (compared === undefined) {
    return undefined;
  }
  const { now, before } = compared;
  if ([shown, now, before].some(({ missing }) => missing.length > 0)) {
    return undefined;
  }
  const steps = stepsOf(before.period, granularity);
  const sums = groupSums(before, steps, amountOf);
  // Months that are cut at other days stand side by side with nothing.
  const isParallel = granularity === 'daily' || steps.length === stepsOf(now.period, granularity).length;
  return {
    now: groupSums(now, [now.period], amountOf),
    before: sums,
    periods: { now: now.period, before: before.period },
    ...(isParallel && { line: (length: number) => previousOf(sums, steps.length, length) }),
  };
}

/** The earlier period's sum up to each of its steps, as far as `length` steps go. */
function previousOf(before: readonly GroupSum[], steps: number, length: number): (string | null)[] {
  const running = cumulated(sumsByStep(before, steps));
  return Array.from({ length }, (_, at) => textOrNull(running[at]));
}
