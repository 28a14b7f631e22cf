/** The UTC day of an ISO day or date-time (one without an offset is UTC), `YYYY-MM-DD`; undefined for any other value. */
export function dayOf(value: unknown): string | undefined {
  if (typeof value !== 'string') {
    return undefined;
  }
  const match = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:\d{2})?)?$/i.exec(value.trim());
  const [, day, time = '00:00', offset = 'Z'] = match ?? [];
  // 31 February would otherwise pass as a day in March.
  if (day === undefined || !isRealDay(day)) {
    return undefined;
  }
  const moment = new Date(`${day}T${time}${offset}`);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString().slice(0, 10);
}

function isRealDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

/** The same day some months later (earlier when negative), or the last day of a month that is shorter. Days are `YYYY-MM-DD`. */
export function addMonths(day: string, months: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months + 1, 0));
  last.setUTCDate(Math.min(date.getUTCDate(), last.getUTCDate()));
  return last.toISOString().slice(0, 10);
}
