import { sliceText } from '../json/scan.ts';
import type { RecordReader } from '../records/recordReader.ts';

/** A column has this text, or one of these; ids differ in case. What is no text counts as an empty one. */
export interface RowCondition {
  /** Of several, that any of them has it. */
  column: string | readonly string[];
  /** The member of the column's object that is looked at, in any case: a tag. */
  member?: string;
  /** The column is the path of a resource: its type is looked at, such as `microsoft.compute/virtualmachines`. */
  type?: true;
  text: string | readonly string[];
  /** The column has none of them. */
  not?: true;
}

/** Records are kept when all conditions hold. Empty: all are kept. */
export type RowFilter = readonly RowCondition[];

/** A filter over the records of one reader. */
export class RowMatch {
  readonly #reader: RecordReader;
  readonly #wanted: readonly {
    columns: readonly number[];
    condition: RowCondition;
    texts: ReadonlySet<string>;
  }[];

  constructor(reader: RecordReader, filter: RowFilter) {
    this.#reader = reader;
    this.#wanted = filter.map((condition) => ({
      columns: [condition.column].flat().map((one) => reader.schema.columns.findIndex(({ name }) => name === one)),
      condition,
      texts: textsOf(condition),
    }));
  }

  /** Whether all records are kept. */
  get isOpen(): boolean {
    return this.#wanted.length === 0;
  }

  /** Whether the reader's current record is kept. */
  matches(bytes: Uint8Array): boolean {
    const { starts, ends } = this.#reader;
    const valueIn = (column: number): unknown => {
      const start = starts[column] ?? 0;
      return start === 0 ? '' : JSON.parse(sliceText(bytes, start, ends[column] ?? 0));
    };
    return this.#wanted.every(({ columns, condition, texts }) => holds(condition, texts, columns.map(valueIn)));
  }
}

/** The texts of a condition as they are compared. */
export function textsOf({ text }: RowCondition): ReadonlySet<string> {
  return new Set([text].flat().map((one) => one.toLowerCase()));
}

/**
 * Whether a condition holds for what a row has in its columns. A row has no value when all of them are empty: some columns say the same
 * in other words, and one of them alone may be left out.
 */
export function holds({ member, type, not }: RowCondition, texts: ReadonlySet<string>, cells: unknown[]): boolean {
  const values = cells
    .map((cell) => comparable(member === undefined ? cell : memberOf(cell, member)))
    .map((value) => (type === true ? resourceType(value) : value))
    .filter((value) => value !== '');
  const has = values.length === 0 ? texts.has('') : values.some((value) => texts.has(value));
  return has !== (not === true);
}

/** In a path, words of a type and names take turns behind the namespace; empty for what is no resource of a provider. */
function resourceType(path: string): string {
  const [namespace = '', ...rest] = path.split('/providers/').at(-1)?.split('/') ?? [];
  const words = rest.filter((_, at) => at % 2 === 0);
  return path.includes('/providers/') ? [namespace, ...words].join('/') : '';
}

/** A text as conditions compare it. */
function comparable(value: unknown): string {
  return typeof value === 'string' ? value.trim().toLowerCase() : '';
}

/** A member of an object by its name in any case; undefined where there is none. */
function memberOf(value: unknown, member: string): unknown {
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  const wanted = member.toLowerCase();
  return Object.entries(value).find(([name]) => name.toLowerCase() === wanted)?.[1];
}
