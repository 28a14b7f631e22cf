import { sliceText } from '../json/scan.ts';
import { RecordReader } from '../records/recordReader.ts';
import { defineSchema } from '../records/schema.ts';

/** The days of the records of a page, in the order they came. */
export interface PageDays {
  rows: number;
  /** Different days. */
  days: number;
  /** How often the day changed from one record to the next. */
  changes: number;
  /** The first of them, `YYYY-MM-DD`; undefined when no record tells its day. */
  first: string | undefined;
}

const SCHEMA = defineSchema('day of a record', ['date'], [], { amount: '', currency: '' });

/** Reads what days a page of usage details covers: the `date` of modern and legacy records. A page that cannot be read tells nothing. */
export function pageDays(page: Uint8Array): PageDays {
  const reader = new RecordReader(SCHEMA);
  const seen = new Set<string>();
  let last: string | undefined;
  let changes = 0;
  let rows = 0;
  const read = (bytes: Uint8Array) => {
    rows++;
    const start = reader.starts[0] ?? 0;
    const day = sliceText(bytes, start + 1, Math.min(start + 11, reader.ends[0] ?? 0));
    if (/^\d{4}-\d{2}-\d{2}$/.test(day)) {
      changes += last === undefined || last === day ? 0 : 1;
      last = day;
      seen.add(day);
    }
  };
  try {
    reader.readPage(page, read);
  } catch {
    // Whoever writes the page says what is wrong with it.
    return { rows: 0, days: 0, changes: 0, first: undefined };
  }
  const [first] = seen;
  return { rows, days: seen.size, changes, first };
}
