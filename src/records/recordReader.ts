import {
  expectEnd,
  JsonSyntaxError,
  skipSpace,
  skipValue,
  sliceText,
  startOfText,
  walkItems,
  walkMembers,
} from '../json/scan.ts';
import type { RecordSchema } from './schema.ts';

/** A member that the schema does not know: the slices of its key (with quotes) and its value. */
export interface UnknownField {
  within: 'record' | 'properties';
  keyStart: number;
  keyEnd: number;
  valueStart: number;
  valueEnd: number;
}

/**
 * Walks pages `{"value":[record,…]}` and tells where each value of a record stands. One reader is reused for all records:
 * what it says is valid until the next record.
 */
export class RecordReader {
  readonly schema: RecordSchema;
  /** Start and end of each column's value in the page; start 0 when the record lacks it (a value never starts at 0). */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Members that no column holds, in the order they were sent. */
  readonly unknown: UnknownField[] = [];
  /** Whether the record has an object named `properties`, be it empty. */
  hasProperties = false;
  readonly #recordIndex: ReadonlyMap<string, number>;
  readonly #propertiesIndex: ReadonlyMap<string, number>;

  constructor(schema: RecordSchema) {
    this.schema = schema;
    this.starts = new Int32Array(schema.columns.length);
    this.ends = new Int32Array(schema.columns.length);
    this.#recordIndex = indexOf(schema, 'record');
    this.#propertiesIndex = indexOf(schema, 'properties');
  }

  /**
   * Calls `onRecord` once per record of the page.
   *
   * @returns the number of records
   * @throws JsonSyntaxError when the page is not an object with one list named `value`, or not JSON at all
   */
  readPage(page: Uint8Array, onRecord: (page: Uint8Array) => void): number {
    let records = 0;
    let lists = 0;
    const start = startOfText(page);
    const end = walkMembers(page, start, (keyStart, keyEnd, valueStart) => {
      if (keyText(page, keyStart, keyEnd) !== '"value"') {
        return undefined;
      }
      lists++;
      return walkItems(page, valueStart, (at) => {
        const recordEnd = this.#readRecord(page, at);
        records++;
        onRecord(page);
        return recordEnd;
      });
    });
    expectEnd(page, end);
    if (lists !== 1) {
      throw new JsonSyntaxError(`expected one list named 'value', found ${lists}`, start);
    }
    return records;
  }

  #readRecord(page: Uint8Array, at: number): number {
    this.starts.fill(0);
    this.unknown.length = 0;
    this.hasProperties = false;
    return walkMembers(page, at, (keyStart, keyEnd, valueStart) => {
      if (page[valueStart] === 0x7b && keyText(page, keyStart, keyEnd) === '"properties"') {
        this.hasProperties = true;
        return walkMembers(
          page,
          valueStart,
          (k, e, v) => this.#place(page, 'properties', this.#propertiesIndex, k, e, v),
          1,
        );
      }
      return this.#place(page, 'record', this.#recordIndex, keyStart, keyEnd, valueStart);
    });
  }

  #place(
    page: Uint8Array,
    within: UnknownField['within'],
    index: ReadonlyMap<string, number>,
    keyStart: number,
    keyEnd: number,
    valueStart: number,
  ): number {
    const valueEnd = skipValue(page, valueStart, 2);
    const column = index.get(keyText(page, keyStart, keyEnd));
    // A doubled key keeps its first value as the column and its second as an unknown field: nothing is lost.
    if (column === undefined || this.starts[column] !== 0) {
      this.unknown.push({ within, keyStart, keyEnd, valueStart, valueEnd });
    } else {
      this.starts[column] = valueStart;
      this.ends[column] = valueEnd;
    }
    return valueEnd;
  }
}

/** A key with its quotes, in the one way that `JSON.stringify` writes it: JSON lets `"cost"` be sent as `"co\u0073t"` too. */
function keyText(page: Uint8Array, start: number, end: number): string {
  const text = sliceText(page, start, end);
  return text.includes('\\') ? JSON.stringify(JSON.parse(text)) : text;
}

function indexOf(schema: RecordSchema, within: UnknownField['within']): Map<string, number> {
  return new Map(
    schema.columns.flatMap((column, position) =>
      column.within === within ? [[JSON.stringify(column.name), position] as const] : [],
    ),
  );
}

/** The `kind` of the first record of a page (`modern`, `legacy`), '' when it has none, or undefined when the page has no records. */
export function firstRecordKind(page: Uint8Array): string | undefined {
  let kind: string | undefined;
  walkMembers(page, startOfText(page), (keyStart, keyEnd, valueStart) => {
    if (keyText(page, keyStart, keyEnd) !== '"value"') {
      return undefined;
    }
    return walkItems(page, valueStart, (at) => {
      if (kind !== undefined) {
        return undefined;
      }
      kind = '';
      return walkMembers(page, skipSpace(page, at), (k, e, v) => {
        if (keyText(page, k, e) !== '"kind"') {
          return undefined;
        }
        const end = skipValue(page, v);
        const value: unknown = JSON.parse(sliceText(page, v, end));
        kind = typeof value === 'string' ? value.toLowerCase() : '';
        return end;
      });
    });
  });
  return kind;
}
