import type { Period } from '../usage/period.ts';
import type { GroupSum } from './groupSums.ts';
import type { SpendPicture } from './spendShapes.ts';

type StepState = SpendPicture['steps'][number]['state'];

/**
 * What the values of a step mean. Costs of a day to come are nobody's but those of a clock that is behind the service's: these are shown.
 *
 * @param missing months that were not read, `YYYY-MM`
 * @param isReported whether a step that is today or later has any cost
 * @param today UTC
 * @param open the first day whose cost can still grow
 */
export function stateOf(
  step: Period,
  missing: readonly string[],
  isReported: boolean,
  today: string,
  open: string,
): StepState {
  if (step.from > today && !isReported) {
    return 'ahead';
  }
  if (missing.includes(step.from.slice(0, 7))) {
    return 'unread';
  }
  if (step.from === today && step.to === today) {
    return 'today';
  }
  return step.to >= open ? 'open' : 'final';
}

/** Whether anything was reported of a step; credits may make a sum of 0 of it. */
export function hasCost(groups: readonly GroupSum[], at: number): boolean {
  return groups.some(({ values }) => (values[at] ?? 0n) !== 0n);
}
