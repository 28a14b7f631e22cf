import { expectEnd, JsonSyntaxError, skipValue, sliceText, startOfText, walkItems, walkMembers } from '../json/scan.ts';
import { ByteBuffer } from './output.ts';
import { defineFlatSchema, type RecordSchema } from './schema.ts';

/** A column of a cost query's answer: its name, and what the service says its values are. */
interface QueryColumn {
  name: string;
  type?: string | null | undefined;
}

/** Where the table of an answer stands. */
interface Table {
  columns: QueryColumn[];
  /** Start of the list of rows; 0 when there is none. */
  rows: number;
}

/**
 * The schema of a query's rows: a column for each of the answer's. The first cost that is not in dollars by its name is added up, by the
 * column `Currency`.
 */
export function querySchema(page: Uint8Array): RecordSchema {
  const columns = page.length === 0 ? [] : tableOf(page).columns;
  const names = columns.map(({ name }) => name);
  const numbers = columns.filter(({ type }) => type?.toLowerCase() === 'number').map(({ name }) => name);
  const costs = numbers.filter((name) => /cost|amount|price|charge|spend/i.test(name));
  const amount = costs.find((name) => !/usd$/i.test(name)) ?? costs[0] ?? '';
  const currency = names.find((name) => /^currency$/i.test(name)) ?? '';
  return defineFlatSchema('cost query', [...new Set(names)], { amount, currency });
}

/**
 * The rows of an answer (REST reference: Query - Usage), which are lists in the order of its columns, as JSON lines: an object a row, values as they
 * were sent, with all their digits.
 *
 * @throws JsonSyntaxError when it is no such answer
 */
export function queryLines(page: Uint8Array): Uint8Array {
  const out = new ByteBuffer();
  const { columns, rows } = page.length === 0 ? { columns: [], rows: 0 } : tableOf(page);
  const keys = columns.map(({ name }) => `${JSON.stringify(name)}:`);
  if (rows > 0) {
    walkItems(page, rows, (row) => {
      let cell = 0;
      out.text('{');
      const end = walkItems(page, row, (value) => {
        const valueEnd = skipValue(page, value);
        out.text(`${cell === 0 ? '' : ','}${keys[cell] ?? ''}`);
        out.slice(page, value, valueEnd);
        cell++;
        return valueEnd;
      });
      // A value under the wrong column would be a wrong sum.
      if (cell !== keys.length) {
        throw new JsonSyntaxError(`expected ${keys.length} values, found ${cell}`, row);
      }
      out.text('}\n');
      return end;
    });
  }
  return out.take();
}

function tableOf(page: Uint8Array): Table {
  const table: Table = { columns: [], rows: 0 };
  const end = walkMembers(page, startOfText(page), (keyStart, keyEnd, at) => {
    if (sliceText(page, keyStart, keyEnd) !== '"properties"' || page[at] !== 0x7b) {
      return undefined;
    }
    return walkMembers(page, at, (start, stop, value) => {
      const key = sliceText(page, start, stop);
      const valueEnd = skipValue(page, value);
      if (key === '"columns"' && page[value] === 0x5b) {
        table.columns = JSON.parse(sliceText(page, value, valueEnd)) as QueryColumn[];
      } else if (key === '"rows"' && page[value] === 0x5b) {
        table.rows = value;
      }
      return valueEnd;
    });
  });
  expectEnd(page, end);
  return table;
}
