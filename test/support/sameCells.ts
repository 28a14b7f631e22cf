import assert from 'node:assert/strict';
import { DecimalSum } from '../../src/records/decimal.ts';

type Row = Readonly<Record<string, string>>;

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const DATE = /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d)?)?$/;
/** Days of cost queries are numbers, those of cost files have the month first. */
const OTHER_DAYS = [
  [/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3'],
  [/^(\d\d)\/(\d\d)\/(\d{4})$/, '$3-$1-$2'],
] as const;

/**
 * Requires that the rows of a file of typed columns hold what the CSV of the same export holds: numbers digit by digit, dates as moments in
 * UTC, anything else as it is written.
 */
export function assertSameCells(typed: readonly Row[], csv: readonly Row[]): void {
  assert.equal(typed.length, csv.length);
  for (const [index, row] of csv.entries()) {
    const names = new Set([...Object.keys(row), ...Object.keys(typed[index] ?? {})]);
    for (const name of names) {
      const [found, wanted] = [typed[index]?.[name] ?? '', row[name] ?? ''];
      assert.ok(isSame(found, wanted), `row ${index}, ${name}: ${found} in place of ${wanted}`);
    }
  }
}

function isSame(found: string, wanted: string): boolean {
  if (found === wanted) {
    return true;
  }
  const [day, wantedDay] = [isoDay(found), isoDay(wanted)];
  if (DATE.test(day) && DATE.test(wantedDay)) {
    // An importer of spreadsheets counts days in doubles.
    return Math.abs(moment(day) - moment(wantedDay)) <= 1;
  }
  if (NUMBER.test(found) && NUMBER.test(wanted)) {
    return plain(found) === plain(wanted);
  }
  // It also takes CRLF for LF.
  return found === wanted.replaceAll('\r\n', '\n');
}

/** A number in plain digits: what two spellings of it have in common. */
function plain(digits: string): string {
  const sum = new DecimalSum();
  sum.add(digits);
  return sum.toString();
}

function moment(date: string): number {
  return Date.parse(/Z|[+-]\d\d:\d\d$|^\d{4}-\d\d-\d\d$/.test(date) ? date : `${date}Z`);
}

function isoDay(text: string): string {
  return OTHER_DAYS.reduce((day, [pattern, iso]) => day.replace(pattern, iso), text);
}
