import { ExactNumber } from '../../src/json/exact.ts';
import { CsvReader } from '../../src/records/csvReader.ts';

/** Column → cell, of every row of a CSV text. */
export function csvCells(text: string): Record<string, string>[] {
  let names: string[] = [];
  const rows: Record<string, string>[] = [];
  const reader = new CsvReader(
    (header) => {
      names = header.texts();
    },
    (row) => rows.push(Object.fromEntries(row.texts().map((cell, i) => [names[i] ?? '', cell]))),
  );
  reader.write(Buffer.from(text));
  reader.endPart();
  return rows;
}

/** What a cell has to say of a value: texts as they are, numbers by their digits, nested values as JSON, nothing for null. */
export function cellOf(value: unknown): string {
  if (value === undefined || value === null) {
    return '';
  }
  return typeof value === 'object' && !(value instanceof ExactNumber) ? JSON.stringify(value) : String(value);
}
