/**
 * Calendar arithmetic in whole UTC days and months. A day is the number of days since 1970-01-01; a month is
 * `year * 12 + (0 to 11)`.
 */

const MS_PER_DAY = 86_400_000;

export interface DayRange {
  /** First day, inclusive. */
  readonly from: number;
  /** Last day, inclusive. Smaller than `from` when the range is empty. */
  readonly to: number;
}

export function dayOf(date: Date): number {
  return Math.floor(date.getTime() / MS_PER_DAY);
}

/** The day of an ISO date known to be right, such as a constant of the source. */
export function day(iso: string): number {
  const parsed = parseIsoDay(iso);
  if (parsed === undefined) throw new RangeError(`${iso} is not a date`);
  return parsed;
}

/** Reads YYYY-MM-DD strictly: 2026-02-30 is refused. */
export function parseIsoDay(text: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return undefined;
  const time = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]));
  const result = time / MS_PER_DAY;
  return isoDay(result) === text ? result : undefined;
}

/** Reads MM-DD-YYYY, the other form in which the invoices operation documents its dates. */
export function parseUsDay(text: string): number | undefined {
  const match = /^(\d{2})-(\d{2})-(\d{4})$/.exec(text);
  return match ? parseIsoDay(`${match[3]}-${match[1]}-${match[2]}`) : undefined;
}

export function isoDay(dayNumber: number): string {
  return new Date(dayNumber * MS_PER_DAY).toISOString().slice(0, 10);
}

export function monthOf(dayNumber: number): number {
  const date = new Date(dayNumber * MS_PER_DAY);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

export function firstDay(month: number): number {
  return Date.UTC(Math.floor(month / 12), month % 12, 1) / MS_PER_DAY;
}

export function lastDay(month: number): number {
  return firstDay(month + 1) - 1;
}

/** 0 = Sunday … 6 = Saturday. */
export function weekday(dayNumber: number): number {
  return (((dayNumber + 4) % 7) + 7) % 7;
}

export function intersect(a: DayRange, b: DayRange): DayRange {
  return { from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) };
}
