import { monthsLater } from './days.ts';

const LEAST_DAYS = 27;
const MOST_DAYS = 35;
const ALIKE = 0.2;
/** A charge that is so late does not come any more. */
const LATE = 5;

/**
 * Monthly charges to come: each that was there a month before it too comes again on its day of the month, with its last amount. What came once
 * is not expected again.
 *
 * @param charges by day from the day number `first` on, all known
 * @returns by day from the first that is not known
 */
export function recurringCharges(charges: Float64Array, first: number, steps: number): Float64Array {
  const known = charges.length;
  const days = new Float64Array(steps);
  for (let day = Math.max(0, known - MOST_DAYS - LATE); day < known; day++) {
    const amount = charges[day] as number;
    const isAlike = (other: number) => Math.abs(other - amount) <= ALIKE * Math.abs(amount);
    if (
      amount === 0 ||
      !charges.subarray(Math.max(0, day - MOST_DAYS), Math.max(0, day - LEAST_DAYS + 1)).some(isAlike)
    ) {
      continue;
    }
    // Has it come again already?
    if (charges.subarray(day + LEAST_DAYS, day + MOST_DAYS + 1).some(isAlike)) {
      continue;
    }
    for (let months = 1; ; months++) {
      const at = monthsLater(first + day, months) - first - known;
      if (at >= steps) {
        break;
      }
      if (at < -LATE) {
        break;
      }
      // What is a little late comes on the next day.
      const place = Math.max(0, at);
      days[place] = (days[place] as number) + amount;
    }
  }
  return days;
}
