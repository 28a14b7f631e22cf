import { guardText } from './formulaGuard.ts';
import type { ByteBuffer } from './output.ts';
import type { CellType, RowCell, RowLayout } from './rowLayout.ts';
import type { RowOptions } from './rowOptions.ts';
import { UNKNOWN_FIELDS } from './schema.ts';

/** How values of the row at hand are copied, which differs between records and rows of files. */
export interface ValueCopies {
  /** As neighbouring cells of CSV, with commas between them. */
  csv(slots: Int32Array, out: ByteBuffer): void;
  /** Whether the row has a value there for JSON. */
  has(bytes: Uint8Array, slot: number): boolean;
  /** As JSON without line breaks. */
  json(bytes: Uint8Array, cell: RowCell, out: ByteBuffer): void;
  /** Fields that no column holds, as one JSON object; undefined when there are none. */
  unknown(bytes: Uint8Array): string | undefined;
}

/** Writes the rows of a layout one after the other. */
export interface LayoutWriter {
  begin(out: ByteBuffer): void;
  row(bytes: Uint8Array, out: ByteBuffer): void;
  end(out: ByteBuffer): void;
}

/** RFC 4180 with a header row. */
export function csvLayoutWriter(
  { cells, unknown }: RowLayout,
  copies: ValueCopies,
  { formulaGuard, lineEnd = '\n', bom }: RowOptions,
): LayoutWriter {
  const guarded = formulaGuard === true ? guardText : (text: string) => text;
  const runs = runsOf(cells);
  return {
    begin(out) {
      const names = unknown ? [...cells.map(({ name }) => name), UNKNOWN_FIELDS] : cells.map(({ name }) => name);
      out.text(`${bom === true ? '\ufeff' : ''}${names.map((name) => csvText(guarded(name))).join(',')}${lineEnd}`);
    },
    row(bytes, out) {
      // To write a string costs more than to make it longer.
      let text = '';
      let between = '';
      for (const run of runs) {
        text += between;
        between = ',';
        if (run.slots !== undefined) {
          out.text(text);
          text = '';
          copies.csv(run.slots, out);
        } else {
          text += csvText(guarded(run.text(bytes) ?? ''));
        }
      }
      if (unknown) {
        text += between + csvText(copies.unknown(bytes) ?? '');
      }
      out.text(text + lineEnd);
    },
    end() {},
  };
}

type Run =
  | { slots: Int32Array; text?: undefined }
  | { slots?: undefined; text: (bytes: Uint8Array) => string | undefined };

/** Neighbouring cells that are copied are copied at once. */
function runsOf(cells: readonly RowCell[]): Run[] {
  const runs: (number[] | { text: (bytes: Uint8Array) => string | undefined })[] = [];
  for (const { slot, text } of cells) {
    const last = runs.at(-1);
    if (text !== undefined) {
      runs.push({ text });
    } else if (Array.isArray(last)) {
      last.push(slot);
    } else {
      runs.push([slot]);
    }
  }
  return runs.map((run) => (Array.isArray(run) ? { slots: Int32Array.from(run) } : run));
}

/** Text as a cell: in quotes where RFC 4180 asks for them, and where blanks at the ends would be lost. */
export function csvText(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

interface Shape {
  begin: string;
  /** Before the first row, before others, behind each. */
  first: string;
  next: string;
  last: string;
  /** Before each member, between its name and its value, before the closing brace. */
  open: string;
  colon: string;
  close: string;
  /** Behind no row, behind the last row. */
  ends: readonly [string, string];
}

const SHAPES: Readonly<Record<'json' | 'ndjson', Shape>> = {
  json: {
    ...{ begin: '[', first: '\n  {', next: ',\n  {', last: '}' },
    ...{ open: '\n    ', colon: ': ', close: '\n  ', ends: [']\n', '\n]\n'] },
  },
  ndjson: { begin: '', first: '{', next: '{', last: '}\n', open: '', colon: ':', close: '', ends: ['', ''] },
};

/** Flat objects in the order of the layout; what a row lacks is left out. */
export function jsonLayoutWriter(
  format: 'json' | 'ndjson',
  { cells, unknown }: RowLayout,
  copies: ValueCopies,
): LayoutWriter {
  const shape = SHAPES[format];
  const key = (name: string) => `${shape.open}${JSON.stringify(name)}${shape.colon}`;
  const keyed = cells.map((cell) => ({ cell, key: key(cell.name) }));
  const unknownKey = key(UNKNOWN_FIELDS);
  let rows = false;
  return {
    begin(out) {
      out.text(shape.begin);
    },
    row(bytes, out) {
      let text = rows ? shape.next : shape.first;
      let between = '';
      rows = true;
      for (const { cell, key } of keyed) {
        if (cell.text === undefined) {
          if (copies.has(bytes, cell.slot)) {
            out.text(text + between + key);
            text = '';
            between = ',';
            copies.json(bytes, cell, out);
          }
        } else {
          const value = cell.text(bytes);
          if (value !== undefined) {
            text += between + key + jsonText(value, cell.type);
            between = ',';
          }
        }
      }
      const rest = unknown ? copies.unknown(bytes) : undefined;
      if (rest !== undefined) {
        text += between + unknownKey + rest;
        between = ',';
      }
      out.text(text + (between === '' ? '' : shape.close) + shape.last);
    },
    end(out) {
      out.text(shape.ends[rows ? 1 : 0]);
    },
  };
}

/** JSON's grammar of numbers (RFC 8259): other digits stay text rather than being converted. */
export const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** A value as JSON: what its type says where the text is such, else a string. Digits stay as they are. */
export function jsonText(text: string, type: CellType): string {
  switch (type) {
    case 'number':
      return JSON_NUMBER.test(text) ? text : JSON.stringify(text);
    case 'boolean':
      return text === 'true' || text === 'false' ? text : JSON.stringify(text);
    case 'json':
      return oneLineJson(text) ?? JSON.stringify(text);
    default:
      return JSON.stringify(text);
  }
}

/** Objects and lists without line breaks, which stand between tokens only; undefined for what is no JSON. */
function oneLineJson(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? text.replaceAll(/[\r\n]/g, '') : undefined;
  } catch {
    return undefined;
  }
}
