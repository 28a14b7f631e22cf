import { isNumberColumn } from './costFiles.ts';
import type { CsvRow } from './csvReader.ts';
import { type CsvValues, cellMayRun, csvValues } from './csvValues.ts';
import type { Format } from './formats.ts';
import { guardText } from './formulaGuard.ts';
import {
  csvLayoutWriter,
  csvText,
  JSON_NUMBER,
  jsonLayoutWriter,
  type LayoutWriter,
  type ValueCopies,
} from './layoutFormats.ts';
import type { ByteBuffer } from './output.ts';
import { type RowScope, scopeMembers, serviceLayout, withScope } from './rowLayout.ts';
import type { RowOptions } from './rowOptions.ts';

/** Writes rows of CSV files as one document. */
export interface CsvRowWriter {
  begin(header: readonly string[], out: ByteBuffer): void;
  row(row: CsvRow, out: ByteBuffer): void;
  end(out: ByteBuffer): void;
}

export function createCsvRowWriter(format: Format, options: RowOptions = {}): CsvRowWriter {
  if (options.layout !== undefined || (options.scope !== undefined && format === 'csv')) {
    return layoutWriter(format, options);
  }
  switch (format) {
    case 'csv':
      return copyWriter(options);
    case 'json':
      return objectWriter(
        {
          begin: '[',
          first: '\n  {',
          next: ',\n  {',
          member: '\n    ',
          colon: ': ',
          close: '\n  }',
          ends: [']\n', '\n]\n'],
        },
        options.scope,
      );
    case 'ndjson':
      return objectWriter(
        { begin: '', first: '{', next: '{', member: '', colon: ':', close: '}\n', ends: ['', ''] },
        options.scope,
      );
  }
}

/** Rows stay the bytes they are under one header; a row with a cell that a spreadsheet would run is written anew. */
function copyWriter({ formulaGuard, lineEnd = '\n', bom }: RowOptions): CsvRowWriter {
  const guarded = formulaGuard === true ? guardText : (text: string) => text;
  return {
    begin(header, out) {
      out.text(`${bom === true ? '\ufeff' : ''}${header.map((name) => csvText(guarded(name))).join(',')}${lineEnd}`);
    },
    row(row, out) {
      if (formulaGuard === true) {
        copyGuarded(row, out);
      } else {
        out.slice(row.bytes, row.start, row.end);
      }
      out.text(lineEnd);
    },
    end() {},
  };
}

/** Cells keep their bytes, quotes included, unless the guard changes what they say. */
function copyGuarded(row: CsvRow, out: ByteBuffer): void {
  let from = row.start;
  for (let cell = 0; cell < row.size; cell++) {
    const guarded = cellMayRun(row, cell) ? guardedCell(row, cell) : undefined;
    if (guarded !== undefined) {
      out.slice(row.bytes, from, row.startOf(cell));
      out.text(guarded);
      from = row.endOf(cell);
    }
  }
  out.slice(row.bytes, from, row.end);
}

/** The cell that takes the place of one that a spreadsheet would run; undefined when it would not. */
function guardedCell(row: CsvRow, cell: number): string | undefined {
  const text = row.text(cell);
  const guarded = guardText(text);
  return guarded === text ? undefined : csvText(guarded);
}

function layoutWriter(format: Format, options: RowOptions): CsvRowWriter {
  const { layout = serviceLayout, scope, formulaGuard } = options;
  let values: CsvValues | undefined;
  let writer: LayoutWriter | undefined;
  return {
    begin(header, out) {
      values = csvValues(header);
      const made = layout(values);
      const whole = scope === undefined ? made : withScope(made, scope);
      const copies = copiesOf(values, formulaGuard === true);
      writer = format === 'csv' ? csvLayoutWriter(whole, copies, options) : jsonLayoutWriter(format, whole, copies);
      writer.begin(out);
    },
    row(row, out) {
      if (values !== undefined) {
        values.row = row;
      }
      writer?.row(row.bytes, out);
    },
    end(out) {
      writer?.end(out);
    },
  };
}

function copiesOf(values: CsvValues, guard: boolean): ValueCopies {
  return {
    csv(slots, out) {
      const { row } = values;
      let first = true;
      for (const slot of slots) {
        out.text(first ? '' : ',');
        first = false;
        const guarded = guard && cellMayRun(row, slot) ? guardedCell(row, slot) : undefined;
        if (guarded !== undefined) {
          out.text(guarded);
        } else {
          out.slice(row.bytes, row.startOf(slot), row.endOf(slot));
        }
      }
    },
    has(_bytes, slot) {
      return values.row.endOf(slot) > values.row.startOf(slot);
    },
    json(_bytes, { slot, type }, out) {
      if (type === 'number') {
        out.text(numberText(values.row.text(slot)));
      } else {
        textValue(values.row, slot, out);
      }
    },
    unknown: () => undefined,
  };
}

interface ObjectLayout {
  begin: string;
  /** Before the first row, before others. */
  first: string;
  next: string;
  /** Before each member. */
  member: string;
  colon: string;
  close: string;
  /** Behind no row, behind the last row. */
  ends: [string, string];
}

/** Rows as objects under the names of the header: numbers with the digits of the file, or null; all else text. */
function objectWriter(layout: ObjectLayout, scope: RowScope | undefined): CsvRowWriter {
  let keys: { bytes: Uint8Array; isNumber: boolean }[] = [];
  let any = false;
  const open = (name: string) => `${layout.member}${JSON.stringify(name)}${layout.colon}`;
  return {
    begin(header, out) {
      keys = header.map((name, i) => ({
        bytes: Buffer.from(`${i === 0 && scope === undefined ? '' : ','}${open(name)}`),
        isNumber: isNumberColumn(name),
      }));
      out.text(layout.begin);
    },
    row(row, out) {
      out.text(any ? layout.next : layout.first);
      any = true;
      if (scope !== undefined) {
        out.text(scopeMembers(scope, open));
      }
      let cell = 0;
      for (const { bytes, isNumber } of keys) {
        out.slice(bytes, 0, bytes.length);
        if (isNumber) {
          out.text(numberText(row.text(cell)));
        } else {
          textValue(row, cell, out);
        }
        cell++;
      }
      out.text(layout.close);
    },
    end(out) {
      out.text(layout.ends[any ? 1 : 0]);
    },
  };
}

const QUOTE = Buffer.from('"');

/** Most cells hold nothing that JSON would escape: they are copied. */
function textValue(row: CsvRow, cell: number, out: ByteBuffer): void {
  const start = row.startOf(cell);
  const end = row.endOf(cell);
  if (isPlainText(row.bytes, start, end)) {
    out.slice(QUOTE, 0, 1);
    out.slice(row.bytes, start, end);
    out.slice(QUOTE, 0, 1);
  } else {
    out.text(JSON.stringify(row.text(cell)));
  }
}

function isPlainText(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte < 0x20 || byte === 0x22 || byte === 0x5c) {
      return false;
    }
  }
  return true;
}

function numberText(cell: string): string {
  const text = cell.trim();
  if (text === '') {
    return 'null';
  }
  return JSON_NUMBER.test(text) ? text : JSON.stringify(cell);
}
