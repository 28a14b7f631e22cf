import { refused } from '../arm/input.ts';
import { DAY, stamp, type UtilizationWindow } from './utilizationWindow.ts';

/**
 * A window as pieces that are fetched one by one, or side by side, and joined: the end of each is the start of the next, on a
 * midnight in UTC, so that nothing is left out and, ends being open, nothing is doubled. Each piece can be asked for as it is.
 *
 * A record of a day sums what was reported of it within its window: a day that was reported on both sides of a boundary has a record in
 * either piece, which add up to the one that the whole window would have.
 *
 * @param days length of a piece in days; the first is shorter when the window does not begin at midnight
 */
export function splitWindow(
  { start, end, granularity }: UtilizationWindow,
  days = granularity === 'daily' ? 31 : 7,
): UtilizationWindow[] {
  if (!Number.isInteger(days) || days < 1) {
    throw refused('days', `${String(days)} is not a number of days from 1 on.`);
  }
  const last = Date.parse(end);
  const pieces: UtilizationWindow[] = [];
  for (let from = Date.parse(start); from < last; ) {
    const to = Math.min(Math.floor(from / DAY) * DAY + days * DAY, last);
    pieces.push({ start: stamp(from), end: stamp(to), granularity });
    from = to;
  }
  return pieces;
}
