import type { UsageTable } from '../engine/table/usageTable.ts';
import { byteText } from '../workbench/byteText.ts';
import { explain, isCancellation } from '../workbench/failures.ts';
import { displayText } from '../workbench/text.ts';
import { copyText, groupSheet } from './copySheet.ts';
import type {
  PageColumn,
  PageView,
  TableAnswer,
  TableQuestion,
  UsageTableToHost,
  UsageTableToPage,
} from './tableContract.ts';
import { wholeText } from './tableTexts.ts';

/** What a session needs of the editor. */
export interface SessionServices {
  /** Puts a text on the clipboard. */
  copy(text: string): Promise<void>;
  /** Asks before something that takes its time. */
  confirm(question: string, yes: string): Promise<boolean>;
  /** Where an export goes; undefined when the person thought better of it. */
  fileFor(format: 'csv' | 'parquet'): Promise<string | undefined>;
  /** Whether text that a spreadsheet would run is kept from it. */
  guardFormulas(): boolean;
  /** An export is done. */
  exported(file: string, words: string): void;
  /** For the log: the page shows the sentence. */
  note(error: unknown): void;
}

/** Cells that are copied without a question. */
const MOST_CELLS_UNASKED = 100_000;

/** More than that is no work for a clipboard. */
const MOST_CELLS = 5_000_000;

/** Rows that are read at once for the clipboard. */
const COPY_ROWS = 5_000;

type Ask = Extract<UsageTableToHost, { type: 'ask' }>;

/** Between the questions of a page and a table: each is answered, refused in a sentence, or forgotten when nobody waits for it. */
export class TableSession {
  readonly #table: UsageTable;
  readonly #post: (message: UsageTableToPage) => void;
  readonly #services: SessionServices;
  readonly #open = new Map<number, AbortController>();
  readonly #names: ReadonlySet<string>;
  #kinds: string;
  #shown: { view: PageView; columns: string[] } | undefined;
  #closed = false;

  constructor(table: UsageTable, post: (message: UsageTableToPage) => void, services: SessionServices) {
    this.#table = table;
    this.#post = post;
    this.#services = services;
    this.#names = new Set(table.columns.map(({ name }) => name));
    this.#kinds = kindsOf(table.columns);
  }

  get columns(): PageColumn[] {
    return this.#table.columns.map(({ name, kind }) => ({ name, kind }));
  }

  /** How many questions are open. */
  get waiting(): number {
    return this.#open.size;
  }

  /** What the page shows now; all of the file before it said so. */
  get shown(): { view: PageView; columns: string[] } {
    return this.#shown ?? { view: { sort: [], filters: [] }, columns: this.columns.map(({ name }) => name) };
  }

  /** A page that is made anew waits for nothing that the one before asked. */
  forgetAll(): void {
    for (const abort of this.#open.values()) {
      abort.abort();
    }
    this.#open.clear();
  }

  receive(message: Extract<UsageTableToHost, { type: 'ask' | 'drop' | 'shown' }>): void {
    switch (message.type) {
      case 'ask':
        void this.#answer(message);
        break;
      case 'drop':
        for (const request of message.requests) {
          this.#open.get(request)?.abort();
          this.#open.delete(request);
        }
        break;
      case 'shown':
        this.#shown = { view: message.view, columns: message.columns };
        break;
    }
  }

  /**
   * Writes what is given, or what is shown, into a file that is replaced when it is complete.
   *
   * @throws what the table throws; Error that names a column that is not there
   */
  async export(
    to: { file: string; format: 'csv' | 'parquet' },
    { view, columns }: { view: PageView; columns: readonly string[] } = this.shown,
    signal?: AbortSignal,
  ): Promise<{ rows: number; bytes: number }> {
    this.#checkNames([...columns, ...namesOfView(view)]);
    return this.#table.export(view, columns, to, signal);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.forgetAll();
    await this.#table.close();
  }

  async #answer({ request, question }: Ask): Promise<void> {
    const abort = new AbortController();
    this.#open.set(request, abort);
    try {
      this.#checkNames(namesOf(question));
      const answer = await this.#ask(question, abort.signal);
      if (this.#waits(request, abort)) {
        this.#tellColumns();
        this.#post({ type: 'answer', request, answer });
      }
    } catch (error) {
      if (!this.#waits(request, abort)) {
        return;
      }
      if (isCancellation(error)) {
        this.#post({ type: 'failed', request, why: 'cancelled', message: 'Cancelled.' });
      } else {
        this.#services.note(error);
        this.#post({ type: 'failed', request, why: 'failed', message: displayText(explain(error), 'It failed.') });
      }
    } finally {
      if (this.#open.get(request) === abort) {
        this.#open.delete(request);
      }
    }
  }

  /** Of CSV, kinds are what the head told until the file was read to its end. */
  #tellColumns(): void {
    const columns = this.columns;
    const kinds = kindsOf(columns);
    if (kinds !== this.#kinds) {
      this.#kinds = kinds;
      this.#post({ type: 'columns', columns });
    }
  }

  #waits(request: number, abort: AbortController): boolean {
    return !this.#closed && this.#open.get(request) === abort;
  }

  async #ask(question: TableQuestion, signal: AbortSignal): Promise<TableAnswer> {
    const table = this.#table;
    const { view, about } = question;
    switch (about) {
      case 'rows': {
        const { first, count, columns } = question;
        return { about, rows: await table.rows(view, first, count, columns, signal) };
      }
      case 'count':
        return { about, rows: await table.count(view, signal) };
      case 'groups': {
        const { by, order, first, count } = question;
        return { about, ...(await table.groups(view, by, order, first, count, signal)) };
      }
      case 'sums':
        return { about, ...(await table.sums(view, question.columns, question.range, signal)) };
      case 'find': {
        const { text, columns, from, backwards } = question;
        return { about, found: (await table.find(view, text, columns, from, backwards, signal)) ?? null };
      }
      case 'values':
        return { about, values: await table.values(view, question.column, question.text, question.most, signal) };
      case 'copy':
        return { about, cells: await this.#copy(question, signal) };
      case 'copyGroups':
        return { about: 'copy', cells: await this.#copyGroups(question, signal) };
      case 'export':
        return { about, ...(await this.#export(question, signal)) };
    }
  }

  async #copy(
    { view, columns, range }: Extract<TableQuestion, { about: 'copy' }>,
    signal: AbortSignal,
  ): Promise<number | null> {
    if (!(await this.#mayCopy(range.count * columns.length))) {
      return null;
    }
    const sheet: (string | null)[][] = [columns];
    for (let done = 0; done < range.count; done += COPY_ROWS) {
      const count = Math.min(COPY_ROWS, range.count - done);
      const rows = await this.#table.rows(view, range.first + done, count, columns, signal);
      sheet.push(...rows);
      if (rows.length < count) {
        break;
      }
    }
    await this.#services.copy(copyText(sheet, this.#services.guardFormulas()));
    return (sheet.length - 1) * columns.length;
  }

  async #copyGroups(
    { view, by, order, range }: Extract<TableQuestion, { about: 'copyGroups' }>,
    signal: AbortSignal,
  ): Promise<number | null> {
    if (!(await this.#mayCopy(range.count * (by.columns.length + 1 + by.sums.length)))) {
      return null;
    }
    const { rows } = await this.#table.groups(view, by, order, range.first, range.count, signal);
    const sheet = groupSheet(by, rows);
    await this.#services.copy(copyText(sheet, this.#services.guardFormulas()));
    return (sheet.length - 1) * (sheet[0]?.length ?? 0);
  }

  async #mayCopy(cells: number): Promise<boolean> {
    if (cells > MOST_CELLS) {
      throw new Error(
        `${wholeText(cells)} cells are too many for the clipboard; select at most ${wholeText(MOST_CELLS)}, or export the table.`,
      );
    }
    return (
      cells <= MOST_CELLS_UNASKED || this.#services.confirm(`Copy ${wholeText(cells)} cells to the clipboard?`, 'Copy')
    );
  }

  async #export(
    { view, columns, format }: Extract<TableQuestion, { about: 'export' }>,
    signal: AbortSignal,
  ): Promise<{ file: string | null; rows: number; bytes: number }> {
    const file = await this.#services.fileFor(format);
    if (file === undefined) {
      return { file: null, rows: 0, bytes: 0 };
    }
    const { rows, bytes } = await this.#table.export(view, columns, { file, format }, signal);
    this.#services.exported(file, `${wholeText(rows)} rows, ${byteText(bytes)}`);
    return { file: file.split(/[\\/]/).at(-1) ?? file, rows, bytes };
  }

  #checkNames(names: readonly string[]): void {
    const unknown = names.find((name) => !this.#names.has(name));
    if (unknown !== undefined) {
      throw new Error(`There is no column '${displayText(unknown, '').slice(0, 60)}'; use one that the table has.`);
    }
  }
}

function kindsOf(columns: readonly { kind: string }[]): string {
  return columns.map(({ kind }) => kind).join();
}

function namesOf(question: TableQuestion): string[] {
  const others =
    'columns' in question
      ? question.columns
      : 'by' in question
        ? [...question.by.columns.map(({ column }) => column), ...question.by.sums]
        : 'column' in question
          ? [question.column]
          : [];
  return [...others, ...namesOfView(question.view)];
}

function namesOfView({ sort, filters }: PageView): string[] {
  return [...sort, ...filters].map(({ column }) => column);
}
