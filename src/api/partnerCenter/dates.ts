/**
 * The moment of a date of Partner Center in milliseconds since 1970; undefined for none, which it writes as
 * `0001-01-01T00:00:00`. Accepts what it sends: with `Z`, an offset or neither (then UTC), up to seven digits of a second's
 * fraction, and blanks behind colons.
 */
export function partnerMoment(value: unknown): number | undefined {
  if (typeof value !== 'string') {
    return undefined;
  }
  const text = value.replace(/\s+/g, '');
  const [, day, time = '00:00:00', fraction = '', zone = 'Z'] =
    /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2})?)(\.\d+)?(Z|[+-]\d{2}:\d{2})?)?$/i.exec(text) ?? [];
  if (day === undefined || day.startsWith('0001-')) {
    return undefined;
  }
  const moment = Date.parse(`${day}T${time}${fraction.slice(0, 4)}${zone}`);
  return Number.isNaN(moment) ? undefined : moment;
}
