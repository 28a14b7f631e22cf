/** Places of an axis of time. */
export interface TimeLabels {
  /** As the answer writes them, in the order of time, those between that it has no row for included. */
  keys: string[];
  /** The same for people: `2026-09`, `2026-09-05`, or as they are written. */
  labels: string[];
  /** Whether times without a row may be left out: there are too many of them, or no step tells which they are. */
  holes: boolean;
}

/** More places than this are not filled in. */
const MOST_PLACES = 2_000;

const DAY = /^(\d{4})-(\d\d)-(\d\d)(T00:00:00Z)?$/;
const DAY_LENGTH = 24 * 60 * 60 * 1000;

/**
 * The axis of dates or times of an answer: what has no row is a gap and not left out, where they are days, weeks, months,
 * quarters or years.
 *
 * @param texts `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM:SS…Z`, UTC, in any order
 */
export function timeLabels(texts: Iterable<string>): TimeLabels {
  const own = [...new Set(texts)].sort();
  const days = own.map((text) => DAY.exec(text));
  const ending = days[0]?.[4] ?? '';
  if (own.length === 0 || days.some((day) => day === null || (day[4] ?? '') !== ending)) {
    return { keys: own, labels: own, holes: own.length > 1 && !areEven(own) };
  }
  const inMonths = own.length > 1 && days.every((day) => day?.[3] === '01');
  const numbers = days.map((day) =>
    inMonths
      ? Number(day?.[1]) * 12 + Number(day?.[2]) - 1
      : Math.round(Date.parse(`${day?.[0].slice(0, 10)}T00:00:00Z`) / DAY_LENGTH),
  );
  const [first = 0, last = first] = [numbers[0], numbers.at(-1)];
  const step = stepOf(numbers, inMonths);
  const count = (last - first) / step + 1;
  const labelOf = (key: string) => key.slice(0, inMonths ? 7 : 10);
  if (!(count <= MOST_PLACES)) {
    return { keys: own, labels: own.map(labelOf), holes: true };
  }
  const keys = Array.from({ length: count }, (_, at) => {
    const number = first + at * step;
    const day = inMonths
      ? `${String(Math.floor(number / 12)).padStart(4, '0')}-${String((number % 12) + 1).padStart(2, '0')}-01`
      : new Date(number * DAY_LENGTH).toISOString().slice(0, 10);
    return `${day}${ending}`;
  });
  return { keys, labels: keys.map(labelOf), holes: false };
}

/** Whether times have the same distance, each from the next: of two nobody knows. */
function areEven(times: readonly string[]): boolean {
  const distances = times.slice(1).map((time, at) => Date.parse(time) - Date.parse(times[at] ?? ''));
  return distances.length > 1 && distances.every((distance) => distance === distances[0]);
}

/** Months of a year, months of a quarter, days of a week: each only where all places fit it and more than a chance does. */
function stepOf(numbers: readonly number[], inMonths: boolean): number {
  const [first = 0] = numbers;
  const fits = (step: number, from: number) => numbers.every((each) => (each - from) % step === 0);
  if (inMonths) {
    return fits(12, 0) ? 12 : numbers.length > 2 && fits(3, 0) ? 3 : 1;
  }
  return numbers.length > 2 && fits(7, first) ? 7 : 1;
}
