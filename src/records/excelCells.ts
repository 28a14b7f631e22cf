import { SliceList } from './sliceList.ts';

/** What has to be counted when a cell has a value. */
export const LONG_NUMBER = 1;
export const MISFIT = 2;
export const CUT = 4;

/**
 * Values of a column of a sheet, each as the XML of its cell behind the address: `" t="s"><v>7</v></c>`. Whatever row has the value, the same
 * bytes are copied.
 */
export class ExcelCells extends SliceList {
  readonly name: string;
  /** In front of the number of the row: `<c r="AB`. */
  readonly head: Uint8Array;
  /** By number of the value: what has to be counted, 0 mostly. */
  #marks = new Uint8Array(64);

  constructor(name: string, letters: string) {
    super();
    this.name = name;
    this.head = Buffer.from(`<c r="${letters}`);
  }

  addCell(xml: string, mark = 0): number {
    const number = this.addText(xml);
    if (number >= this.#marks.length) {
      const grown = new Uint8Array(number * 2);
      grown.set(this.#marks);
      this.#marks = grown;
    }
    this.#marks[number] = mark;
    return number;
  }

  markOf(number: number): number {
    return this.#marks[number] ?? 0;
  }

  mark(number: number, more: number): void {
    this.#marks[number] = this.markOf(number) | more;
  }
}
