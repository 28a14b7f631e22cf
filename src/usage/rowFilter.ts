import { sliceText } from '../json/scan.ts';
import { LastText } from '../records/memo.ts';
import type { RecordReader } from '../records/recordReader.ts';

/** Where rows tell something. */
export interface RowPlace {
  /** Several say the same in other words. */
  column: string | readonly string[];
  /** The member of the column's object that is looked at, in any case: a tag. */
  member?: string;
  /** The column is the path of a resource: its type is looked at, such as `microsoft.compute/virtualmachines`. */
  type?: true;
}

/** A place has this text, or one of these; ids differ in case. What is no text counts as an empty one. */
export interface RowCondition extends RowPlace {
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
      columns: slotsOf(reader, condition),
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

/** How many texts of a place are remembered. */
const KNOWN = 4096;

/** Reads what the records of one reader tell at a place: mostly what the record before told. */
export class RowText {
  readonly #reader: RecordReader;
  readonly #place: RowPlace;
  readonly #cells: readonly { slot: number; last: LastText }[];
  /** By the JSON of the cells. */
  readonly #known = new Map<string, string>();

  constructor(reader: RecordReader, place: RowPlace) {
    this.#reader = reader;
    this.#place = place;
    this.#cells = slotsOf(reader, place).map((slot) => ({ slot, last: new LastText() }));
  }

  /** What the reader's current record tells, without blanks around it; empty for nothing. */
  of(bytes: Uint8Array): string {
    const { starts, ends } = this.#reader;
    let json = '';
    for (const { slot, last } of this.#cells) {
      const start = starts[slot] ?? 0;
      json += `${start === 0 ? '""' : last.of(bytes, start, ends[slot] ?? 0, sliceText)},`;
    }
    let text = this.#known.get(json);
    if (text === undefined) {
      if (this.#known.size === KNOWN) {
        this.#known.clear();
      }
      [text = ''] = textsAt(this.#place, JSON.parse(`[${json.slice(0, -1)}]`));
      this.#known.set(json, text);
    }
    return text;
  }
}

function slotsOf({ schema }: RecordReader, { column }: RowPlace): number[] {
  return [column].flat().map((one) => schema.columns.findIndex(({ name }) => name === one));
}

/** The texts of a condition as they are compared. */
export function textsOf({ text }: RowCondition): ReadonlySet<string> {
  return new Set([text].flat().map((one) => one.toLowerCase()));
}

/**
 * Whether a condition holds for what a row has in its columns. A row has no value when all of them are empty: some columns say the same
 * in other words, and one of them alone may be left out.
 */
export function holds(condition: RowCondition, texts: ReadonlySet<string>, cells: unknown[]): boolean {
  const values = textsAt(condition, cells);
  const has = values.length === 0 ? texts.has('') : values.some((value) => texts.has(value.toLowerCase()));
  return has !== (condition.not === true);
}

/** What a row tells at a place, given the columns; without empty texts. */
function textsAt({ member, type }: RowPlace, cells: unknown[]): string[] {
  return cells
    .map((cell) => plain(member === undefined ? cell : memberOf(cell, member)))
    .map((value) => (type === true ? resourceType(value.toLowerCase()) : value))
    .filter((value) => value !== '');
}

/** In a path, words of a type and names take turns behind the namespace; empty for what is no resource of a provider. */
function resourceType(path: string): string {
  const [namespace = '', ...rest] = path.split('/providers/').at(-1)?.split('/') ?? [];
  const words = rest.filter((_, at) => at % 2 === 0);
  return path.includes('/providers/') ? [namespace, ...words].join('/') : '';
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

/** A member of an object by its name in any case; undefined where there is none. */
function memberOf(value: unknown, member: string): unknown {
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  const wanted = member.toLowerCase();
  return Object.entries(value).find(([name]) => name.toLowerCase() === wanted)?.[1];
}
