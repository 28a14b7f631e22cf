import { type Asked, NoAnswer } from './questions.ts';

/** What a block holds: the lines of some rows. */
export interface BlockSource<Line> {
  /** Rows of a block. */
  readonly rows: number;
  /** Columns of a block; those beside it are read when they come into sight. */
  readonly columns: number;
  ask(first: number, count: number, firstColumn: number, columns: number): Asked<readonly Line[]>;
}

/** A part of the table: rows and columns by their places. */
export interface Part {
  first: number;
  count: number;
  firstColumn: number;
  columns: number;
}

/** Questions that are open at once: what the engine is asked beyond that would only wait there. */
const AT_ONCE = 3;

/** Blocks that are kept. */
const MOST = 48;

interface Block<Line> {
  row: number;
  column: number;
  lines: readonly Line[] | undefined;
  asked: Asked<readonly Line[]> | undefined;
}

/** The part of a table that is near the one in sight, read block by block; what is far is forgotten. */
export class Blocks<Line> {
  readonly #source: BlockSource<Line>;
  readonly #came: (seen: number, isEnd: boolean) => void;
  readonly #failed: (why: NoAnswer) => void;
  readonly #blocks = new Map<string, Block<Line>>();
  #part: Part = { first: 0, count: 0, firstColumn: 0, columns: 0 };
  #stopped = false;

  /**
   * @param came told of each block that came: how many rows there are at least, and whether these are all
   * @param failed told once of a question that failed or was cancelled; nothing more is asked until {@link resume}
   */
  constructor(
    source: BlockSource<Line>,
    came: (seen: number, isEnd: boolean) => void,
    failed: (why: NoAnswer) => void,
  ) {
    this.#source = source;
    this.#came = came;
    this.#failed = failed;
  }

  /** The line of a row that was read, and the column where its block begins. */
  line(row: number, column: number): { line: Line; from: number } | undefined {
    const { rows, columns } = this.#source;
    const block = this.#blocks.get(key(Math.floor(row / rows), Math.floor(column / columns)));
    const line = block?.lines?.[row % rows];
    return line === undefined || block === undefined ? undefined : { line, from: block.column * columns };
  }

  /** Reads what is in sight, then what is beside it. */
  want(part: Part): void {
    this.#part = part;
    if (!this.#stopped) {
      this.#ask();
    }
  }

  /** After a failure: asks again for what is missing. */
  resume(): void {
    this.#stopped = false;
    this.#ask();
  }

  /** Nobody wants any of it. */
  close(): void {
    this.#stopped = true;
    for (const { asked } of this.#blocks.values()) {
      asked?.drop();
    }
    this.#blocks.clear();
  }

  #ask(): void {
    const wanted = this.#wanted();
    const near = new Set(wanted.map(([row, column]) => key(row, column)));
    for (const [at, block] of this.#blocks) {
      if (block.asked !== undefined && !near.has(at)) {
        this.#blocks.delete(at);
        block.asked.drop();
      }
    }
    let open = [...this.#blocks.values()].filter(({ asked }) => asked !== undefined).length;
    for (const [row, column] of wanted) {
      if (open >= AT_ONCE) {
        break;
      }
      if (!this.#blocks.has(key(row, column))) {
        this.#read(row, column);
        open += 1;
      }
    }
    this.#forgetFar(near);
  }

  /** Those in sight; when all of these are there, those above and below as well. */
  #wanted(): [row: number, column: number][] {
    const { first, count, firstColumn, columns } = this.#part;
    if (count === 0 || columns === 0) {
      return [];
    }
    const rowsOf = (from: number, to: number) => span(from, to, this.#source.rows);
    const across = span(firstColumn, firstColumn + columns - 1, this.#source.columns);
    const inSight = rowsOf(first, first + count - 1);
    if (inSight.some((row) => across.some((column) => this.#blocks.get(key(row, column))?.lines === undefined))) {
      return inSight.flatMap((row) => across.map((column): [number, number] => [row, column]));
    }
    const beside = [(inSight.at(-1) ?? 0) + 1, (inSight[0] ?? 0) - 1].filter((row) => row >= 0 && this.#isThere(row));
    return [...inSight, ...beside].flatMap((row) => across.map((column): [number, number] => [row, column]));
  }

  /** Whether there can be such a block: none is behind a block that was not full. */
  #isThere(row: number): boolean {
    for (const block of this.#blocks.values()) {
      if (block.lines !== undefined && block.lines.length < this.#source.rows && block.row < row) {
        return false;
      }
    }
    return true;
  }

  #read(row: number, column: number): void {
    const { rows, columns } = this.#source;
    const block: Block<Line> = { row, column, lines: undefined, asked: undefined };
    this.#blocks.set(key(row, column), block);
    block.asked = this.#source.ask(row * rows, rows, column * columns, columns);
    block.asked.answer.then(
      (lines) => {
        block.asked = undefined;
        block.lines = lines;
        if (lines.length > 0 || row === 0) {
          this.#came(row * rows + lines.length, lines.length < rows);
        }
        if (!this.#stopped) {
          this.#ask();
        }
      },
      (error: unknown) => {
        if (this.#blocks.get(key(row, column)) === block) {
          this.#blocks.delete(key(row, column));
        }
        if (error instanceof NoAnswer && error.why !== 'dropped' && !this.#stopped) {
          this.#stopped = true;
          this.#failed(error);
        }
      },
    );
  }

  #forgetFar(near: ReadonlySet<string>): void {
    for (const at of this.#blocks.keys()) {
      if (this.#blocks.size <= MOST) {
        return;
      }
      if (!near.has(at)) {
        this.#blocks.delete(at);
      }
    }
  }
}

function key(row: number, column: number): string {
  return `${row} ${column}`;
}

function span(from: number, to: number, size: number): number[] {
  const first = Math.floor(from / size);
  return Array.from({ length: Math.floor(to / size) - first + 1 }, (_, index) => first + index);
}
