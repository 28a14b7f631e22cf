/** A point in time: milliseconds since 1970 (UTC), and what of the next one has passed. */
export interface Instant {
  ms: number;
  /** 0 to 999. */
  microseconds: number;
}

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?\s?(?:(Z|[+-]00:?00)|([+-])(\d{2}):?(\d{2}))?)?$/;

/** Days in cost files, and in the answers of cost queries. */
const MONTH_FIRST = /^(\d{2})\/(\d{2})\/(\d{4})$/;
const DIGITS_ONLY = /^(\d{4})(\d{2})(\d{2})$/;

/**
 * A date as the services write them: `2026-10-01`, `2026-10-01T00:00:00.0000000Z`, with an offset, `10/01/2026`, `20261001`. A day is its
 * beginning, and a time without an offset is UTC, as the references of the services say.
 *
 * @returns undefined when the text is nothing of that, no day of the calendar, or finer than a microsecond
 */
export function parseInstant(text: string): Instant | undefined {
  const iso = ISO.exec(text);
  if (iso === null) {
    const [, month, day, year] = MONTH_FIRST.exec(text) ?? [];
    const [, ...digits] = DIGITS_ONLY.exec(text) ?? [];
    const parts = year === undefined ? digits : [year, month, day];
    return parts.length === 0 ? undefined : instant(parts.map(Number), '', 0);
  }
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', , sign, hours, minutes] = iso;
  const offset = sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  return instant([year, month, day, hour, minute, second].map(Number), fraction, offset);
}

function instant(parts: readonly number[], fraction: string, offsetMinutes: number): Instant | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  const ofDay = new Date(0).setUTCFullYear(year, month - 1, day);
  const date = new Date(ofDay);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59) {
    return undefined;
  }
  if (/[1-9]/.test(fraction.slice(6))) {
    return undefined;
  }
  const micros = Number(fraction.slice(0, 6).padEnd(6, '0'));
  const seconds = hour * 3600 + (minute - offsetMinutes) * 60 + second;
  return { ms: ofDay + seconds * 1000 + Math.floor(micros / 1000), microseconds: micros % 1000 };
}
