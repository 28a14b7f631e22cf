import { textElement } from './excelText.ts';

/** Longer texts are seldom repeated. */
const LONGEST = 200;

/** Of each column: a column of ids would fill any table. */
const STRINGS_A_COLUMN = 4096;

/**
 * The table of strings that cells share. Subscriptions, meters and regions come again in thousands of rows; texts beyond the bounds
 * stand in their cells, so the table does not grow with the rows.
 */
export class ExcelStrings {
  readonly #columns: Map<string, number>[];
  readonly #all: string[] = [];

  constructor(columns: number) {
    this.#columns = Array.from({ length: columns }, () => new Map());
  }

  /** The position of the text in the table; undefined when it has to stand in its cell. */
  indexOf(column: number, text: string): number | undefined {
    const own = this.#columns[column];
    const known = own?.get(text);
    if (own === undefined || known !== undefined || text.length > LONGEST || own.size >= STRINGS_A_COLUMN) {
      return known;
    }
    own.set(text, this.#all.length);
    return this.#all.push(text) - 1;
  }

  toXml(): string {
    return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" uniqueCount="${this.#all.length}">${this.#all
      .map((text) => `<si>${textElement(text)}</si>`)
      .join('')}</sst>`;
  }
}
