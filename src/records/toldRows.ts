import type { ParquetFile } from './parquetFile.ts';
import type { CellType } from './rowLayout.ts';
import type { TableFeed } from './tableFeed.ts';
import { NOTHING } from './tableRows.ts';
import {
  ENTRY_LENGTH,
  ENTRY_NUMBER,
  MOST_STAGES,
  NUMBERS,
  type RunRows,
  type RunTable,
  TEXTS,
  TOLD_ASKED,
  TOLD_ESCAPED,
  TOLD_SIZE,
  TOLD_STAGED,
  type ToldRun,
} from './walk/walker.ts';

/** A value of the records at hand: where it stands, and whether it is text with escapes. */
export type TakeValue = (column: number, bytes: Uint8Array, start: number, end: number, isEscaped: boolean) => void;

const KINDS: Readonly<Record<CellType, number>> = { text: TEXTS, json: TEXTS, number: NUMBERS, date: 0, boolean: 0 };

/** Puts what the walk tells of many records at once into a Parquet file. */
export class ToldRows {
  readonly #file: ParquetFile;
  readonly #feed: TableFeed;
  readonly #take: TakeValue;
  readonly #slots: Int32Array;
  readonly #kinds: Uint8Array;
  readonly #stages: Uint8Array;
  #staged = 0;
  /** By column with a stage: the number of the value that is next there. */
  readonly #next: Int32Array;
  /** By place in the list at hand: the number of the value that was asked for there. */
  #answers = new Int32Array(1024);
  #table: RunTable | undefined;

  /** @param take tells the feed of a value that the walk does not know */
  constructor(file: ParquetFile, feed: TableFeed, slots: Int32Array, types: readonly CellType[], take: TakeValue) {
    this.#file = file;
    this.#feed = feed;
    this.#take = take;
    this.#slots = slots;
    this.#kinds = Uint8Array.from(types, (type) => KINDS[type]);
    this.#stages = new Uint8Array(slots.length);
    this.#next = new Int32Array(slots.length);
  }

  /** What the walk is told; to be asked for with each page. */
  get rows(): RunRows {
    for (let column = 0; column < this.#stages.length && this.#staged < MOST_STAGES; column++) {
      if (this.#stages[column] === 0 && this.#kinds[column] !== 0 && this.#feed.isDirect(column)) {
        this.#stages[column] = ++this.#staged;
      }
    }
    this.#table ??= { slots: this.#slots, kinds: this.#kinds, stages: this.#stages, take: (run) => this.#run(run) };
    return { head: '', table: this.#table };
  }

  /** Numbers of values may be given anew. */
  forget(): void {
    this.#table = undefined;
  }

  #run({ records, bytes, ints, from, to, staged }: ToldRun): void {
    for (let column = 0; column < this.#stages.length; column++) {
      const stage = this.#stages[column] as number;
      if (stage > 0) {
        this.#unstage(column, bytes, staged(stage));
      }
    }
    if ((to - from) / TOLD_SIZE > this.#answers.length) {
      this.#answers = new Int32Array(((to - from) / TOLD_SIZE) * 2);
    }
    let record = 0;
    for (let at = from; at < to; at += TOLD_SIZE) {
      for (; record < (ints[at + 1] as number); record++) {
        this.#feed.endRow();
      }
      const column = (ints[at] as number) & ~TOLD_ESCAPED;
      const number = ints[at + 2] as number;
      if (number >= NOTHING) {
        this.#feed.put(column, number);
      } else if (number === TOLD_STAGED) {
        this.#feed.put(column, (this.#next[column] as number)++);
      } else if (number - TOLD_ASKED === (at - from) / TOLD_SIZE) {
        this.#take(column, bytes, ints[at + 3] as number, ints[at + 4] as number, ints[at] !== column);
        this.#answer(ints, at, column);
      } else {
        this.#feed.put(column, this.#answers[number - TOLD_ASKED] as number);
      }
    }
    for (; record < records; record++) {
      this.#feed.endRow();
    }
  }

  #unstage(column: number, bytes: Uint8Array, [start, end]: readonly [number, number]): void {
    if (end > start) {
      const put = this.#kinds[column] === TEXTS ? 'texts' : 'decimals';
      this.#next[column] = this.#file[put](column, bytes, start, end);
    }
  }

  /** Keeps the number of the value that was put last, for the list and for the walk, unless another value took its place there. */
  #answer(ints: Int32Array, at: number, column: number): void {
    const asked = ints[at + 2] as number;
    const value = this.#feed.numberOf(column);
    this.#answers[asked - TOLD_ASKED] = value;
    const entry = (ints[at + 5] as number) / 4;
    if (entry > 0 && ints[entry + ENTRY_NUMBER] === asked) {
      if (value >= NOTHING) {
        ints[entry + ENTRY_NUMBER] = value;
      } else {
        ints[entry + ENTRY_LENGTH] = -1;
      }
    }
  }
}
