const DAY = 86_400_000;

/** Days since 1 January 1970 of a day `YYYY-MM-DD`, UTC. */
export function dayNumber(day: string): number {
  return Math.round(Date.parse(`${day}T00:00:00Z`) / DAY);
}

/** `YYYY-MM-DD`, UTC. */
export function dayText(number: number): string {
  return new Date(number * DAY).toISOString().slice(0, 10);
}

/** 0 is Sunday. */
export function weekdayOf(number: number): number {
  return (((number + 4) % 7) + 7) % 7;
}

/** The same day of a later or earlier month, or that month's last where it is shorter. */
export function monthsLater(number: number, months: number): number {
  const [year = 0, month = 0, date = 1] = dayText(number).split('-').map(Number);
  const first = Date.UTC(year, month - 1 + months, 1);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return Math.round(first / DAY) + Math.min(date, last) - 1;
}
