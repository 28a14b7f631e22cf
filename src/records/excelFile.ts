import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { ZipFile } from 'yazl';
import { CUT, ExcelCells, LONG_NUMBER, MISFIT } from './excelCells.ts';
import {
  DAY_STYLE,
  HEADER_STYLE,
  sheetHead,
  sheetTail,
  TIME_STYLE,
  WRAPPED_STYLE,
  workbookParts,
} from './excelParts.ts';
import { ExcelRow } from './excelRow.ts';
import { ExcelStrings } from './excelStrings.ts';
import { CELL_CHARACTERS, cellPart, columnLetters, sheetName, textElement } from './excelText.ts';
import { counted, type FileFacts, factLines } from './fileFacts.ts';
import { ExcelLimitError, excelRefusal } from './fileFormats.ts';
import type { Instant } from './instant.ts';
import { ByteBuffer, type Sink } from './output.ts';
import type { TableColumn, TableFile } from './tableRows.ts';

/** Larger parts need an extension of ZIP that Excel offers to repair. Bytes. */
const LARGEST_SHEET = 0xffff_fff0;

/** Notes that name a cell; further ones are counted. */
const MOST_NOTES = 10_000;

/** 1900-03-01: days before it are counted in a way of Excel's own. */
const FIRST_DATE = Date.UTC(1900, 2, 1);
const LAST_DATE = Date.UTC(10_000, 0, 1);
const DAY = 86_400_000;
/** Days from Excel's first day to 1970-01-01. */
const EPOCH_DAY = 25_569;

/** Always the same, so that the same rows are the same bytes. Level 2 takes three fifths of the time of 3 for a file that is 7 % longer. */
const ENTRY = { mtime: new Date(1980, 0, 1), forceDosTimestamp: true, compressionLevel: 2 } as const;

const CHUNK = 256 * 1024;

/** Digits of a number that Excel keeps, and how long one may be in the file. */
const DIGITS = 15;
const LONGEST_NUMBER = 255;

/**
 * An Excel workbook (Office Open XML, ECMA-376): a sheet of rows, one that says what they are, and one of notes where cells had to
 * be cut. Rows go through a ZIP stream to the sink and are not kept.
 *
 * The sheets are written here and not by a library, because those take numbers as doubles: a cost keeps the digits it was sent with.
 * Excel reads 15 of them, other readers all. Text is always text: it becomes no formula, no number, no link.
 */
export class ExcelFile implements TableFile {
  rows = 0;
  bytes = 0;
  readonly #facts: FileFacts;
  readonly #columns: readonly ExcelCells[];
  readonly #strings: ExcelStrings;
  readonly #zip = new ZipFile();
  readonly #sheet = new PassThrough({ highWaterMark: CHUNK });
  readonly #package = new PassThrough({ highWaterMark: CHUNK });
  readonly #out = new ByteBuffer();
  readonly #written: Promise<void>;
  #sheetBytes = 0;
  // The header is the first row.
  readonly #row = new ExcelRow(2);
  #longNumbers = 0;
  /** Column → how many of its values are texts that are no values of its type. */
  readonly #misfits = new Map<string, number>();
  /** Column and number of a value that a cell cannot hold → what was cut. */
  readonly #cuts = new Map<string, string>();
  readonly #cut: [cell: string, column: string, note: string][] = [];
  #cutCells = 0;

  constructor(columns: readonly TableColumn[], facts: FileFacts, sink: Pick<Sink, 'write'>) {
    this.#facts = facts;
    this.#columns = columns.map(({ name }, i) => new ExcelCells(name, columnLetters(i)));
    this.#strings = new ExcelStrings(columns.length);
    this.#zip.addReadStream(this.#sheet, 'xl/worksheets/sheet1.xml', ENTRY);
    this.#zip.outputStream.pipe(this.#package);
    this.#written = this.#pump(sink);
    // Whoever waits for it hears of a failure; nobody may be waiting when it comes.
    this.#written.catch(() => {});
    this.#out.text(sheetHead(columns.map(widthOf)));
    this.#out.text(
      rowXml(1, columns.map(({ name }, i) => inlineCell(`${columnLetters(i)}1`, name, HEADER_STYLE)).join('')),
    );
  }

  async #pump(sink: Pick<Sink, 'write'>): Promise<void> {
    for await (const chunk of this.#package as AsyncIterable<Uint8Array>) {
      this.bytes += chunk.length;
      await sink.write(chunk);
    }
  }

  number(column: number, digits: string): number | undefined {
    if (digits.length > LONGEST_NUMBER || !Number.isFinite(Number(digits))) {
      return undefined;
    }
    const isLong = digits.length > DIGITS && significantDigits(digits) > DIGITS;
    return this.#columns[column]?.addCell(`"><v>${digits}</v></c>`, isLong ? LONG_NUMBER : 0);
  }

  date(column: number, { ms, microseconds }: Instant, text: string): number | undefined {
    if (ms < FIRST_DATE || ms >= LAST_DATE || microseconds !== 0) {
      // Excel has no such date: its text says it all.
      return this.text(column, text);
    }
    const style = ms % DAY === 0 ? DAY_STYLE : TIME_STYLE;
    return this.#columns[column]?.addCell(`" s="${style}"><v>${ms / DAY + EPOCH_DAY}</v></c>`);
  }

  boolean(column: number, value: boolean): number | undefined {
    return this.#columns[column]?.addCell(`" t="b"><v>${value ? 1 : 0}</v></c>`);
  }

  text(column: number, text: string): number {
    const cells = this.#columns[column] as ExcelCells;
    if (text === '') {
      return cells.addCell('');
    }
    const shared = this.#strings.indexOf(column, text);
    if (shared !== undefined) {
      return cells.addCell(`" t="s"><v>${shared}</v></c>`);
    }
    const part = cellPart(text);
    const isCut = part.length < text.length;
    const value = cells.addCell(inlineText(part), isCut ? CUT : 0);
    if (isCut) {
      this.#cuts.set(`${column} ${value}`, `Cut: ${part.length} of ${text.length} characters.`);
    }
    return value;
  }

  /** A cell takes any text, so what is no value of its column's type stays where it belongs. */
  misfit(column: number, text: string): number {
    const value = this.text(column, text);
    this.#columns[column]?.mark(value, MISFIT);
    return value;
  }

  cell(column: number, value: number): void {
    const cells = this.#columns[column] as ExcelCells;
    const start = cells.starts[value] as number;
    const end = cells.starts[value + 1] as number;
    const mark = cells.markOf(value);
    if (mark !== 0) {
      this.#count(column, value, mark);
    }
    if (start !== end) {
      this.#row.cell(cells.head, cells.bytes, start, end);
    }
  }

  #count(column: number, value: number, mark: number): void {
    const { name } = this.#columns[column] as ExcelCells;
    if ((mark & LONG_NUMBER) !== 0) {
      this.#longNumbers++;
    }
    if ((mark & MISFIT) !== 0) {
      this.#misfits.set(name, (this.#misfits.get(name) ?? 0) + 1);
    }
    if ((mark & CUT) !== 0) {
      this.#cutCells++;
      if (this.#cut.length < MOST_NOTES) {
        const note = this.#cuts.get(`${column} ${value}`) ?? '';
        this.#cut.push([`${columnLetters(column)}${this.rows + 2}`, name, note]);
      }
    }
  }

  /** @throws ExcelLimitError when the sheet is full */
  endRow(): void {
    this.#row.end(this.#out);
    this.rows++;
    const refusal = excelRefusal(this.rows);
    if (refusal !== undefined) {
      throw new ExcelLimitError(refusal);
    }
  }

  isCrowded(column: number): boolean {
    return this.#columns[column]?.isCrowded === true;
  }

  forget(column: number): void {
    this.#columns[column]?.clear();
    for (const key of this.#cuts.keys()) {
      if (key.startsWith(`${column} `)) {
        this.#cuts.delete(key);
      }
    }
  }

  /** Hands on what was collected, as fast as it is compressed and written. */
  async drain(): Promise<boolean> {
    if (this.#out.length >= CHUNK) {
      await this.#flush();
    }
    return true;
  }

  async #flush(): Promise<void> {
    const chunk = this.#out.take();
    this.#sheetBytes += chunk.length;
    if (this.#sheetBytes > LARGEST_SHEET) {
      throw new ExcelLimitError('The sheet is larger than 4 GB, which Excel does not open: choose Parquet or CSV.');
    }
    if (!this.#sheet.write(chunk)) {
      await Promise.race([once(this.#sheet, 'drain'), this.#written]);
    }
  }

  /** @returns what the reader of the file should know, a sentence each */
  async finish(): Promise<string[]> {
    const filter = `A1:${columnLetters(this.#columns.length - 1)}${this.rows + 1}`;
    this.#out.text(sheetTail(filter));
    await this.#flush();
    this.#sheet.end();
    const notes = this.#notes();
    const lines = [...factLines(this.#facts, this.rows), ...notes.map((note) => ['Note', note])];
    const sheets = [{ name: sheetName(this.#facts.title), filter }, { name: 'About' }];
    this.#add('xl/worksheets/sheet2.xml', textSheet([24, 90], ['About', ''], lines));
    if (this.#cutCells > 0) {
      sheets.push({ name: 'Notes' });
      this.#add('xl/worksheets/sheet3.xml', textSheet([12, 30, 60], ['Cell', 'Column', 'Note'], this.#cut));
    }
    this.#add('xl/sharedStrings.xml', this.#strings.toXml());
    for (const [path, xml] of workbookParts(sheets)) {
      this.#add(path, xml);
    }
    this.#zip.end();
    await this.#written;
    return notes;
  }

  /** Stops; resolves when nothing is written any more. */
  async abandon(): Promise<void> {
    this.#sheet.destroy();
    this.#package.destroy();
    await this.#written.catch(() => {});
  }

  #add(path: string, xml: string): void {
    this.#zip.addBuffer(Buffer.from(xml), path, ENTRY);
  }

  #notes(): string[] {
    const notes = Array.from(
      this.#misfits,
      ([name, count]) => `${counted(count, 'value')} of ${name} did not fit its type and stayed text.`,
    );
    if (this.#longNumbers > 0) {
      notes.push(
        `${counted(this.#longNumbers, 'number')} with more than ${DIGITS} digits: Excel rounds to ${DIGITS}; Parquet and CSV keep all digits.`,
      );
    }
    if (this.#cutCells > 0) {
      const named = this.#cutCells > MOST_NOTES ? `, which names the first ${MOST_NOTES.toLocaleString('en-US')}` : '';
      notes.push(
        `${counted(this.#cutCells, 'cell')} cut to the ${CELL_CHARACTERS.toLocaleString('en-US')} characters that Excel holds, see the sheet Notes${named}; Parquet and CSV keep the whole text.`,
      );
    }
    return notes;
  }
}

function significantDigits(digits: string): number {
  return digits
    .replace(/[eE].*$/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+|0+$/g, '').length;
}

function rowXml(row: number, cells: string): string {
  return `<row r="${row}">${cells}</row>`;
}

function inlineCell(address: string, text: string, style: number): string {
  return `<c r="${address}${inlineText(text, style)}`;
}

/** Behind the address of a cell that has a text of its own. */
function inlineText(text: string, style = 0): string {
  return `"${style === 0 ? '' : ` s="${style}"`} t="inlineStr"><is>${textElement(text)}</is></c>`;
}

/** A small sheet of texts. */
function textSheet(
  widths: readonly number[],
  header: readonly string[],
  lines: readonly (readonly string[])[],
): string {
  const row = (texts: readonly string[], number: number, style: number) =>
    rowXml(number, texts.map((text, i) => inlineCell(`${columnLetters(i)}${number}`, cellPart(text), style)).join(''));
  const rows = [row(header, 1, HEADER_STYLE), ...lines.map((line, i) => row(line, i + 2, WRAPPED_STYLE))];
  return `${sheetHead(widths)}${rows.join('')}${sheetTail(undefined)}`;
}

/** Characters: enough for the values, and for the header with its filter button. */
function widthOf({ name, type }: TableColumn): number {
  const values = { text: 20, json: 20, number: 14, date: 19, boolean: 8 }[type];
  return Math.min(Math.max(values, name.length + 4), 40);
}
