import { isNumberColumn } from './costFiles.ts';
import type { CsvRow } from './csvReader.ts';
import type { Format } from './formats.ts';
import type { ByteBuffer } from './output.ts';

/** Writes rows of CSV files as one document. */
export interface CsvRowWriter {
  begin(header: readonly string[], out: ByteBuffer): void;
  row(row: CsvRow, out: ByteBuffer): void;
  end(out: ByteBuffer): void;
}

export function createCsvRowWriter(format: Format): CsvRowWriter {
  switch (format) {
    case 'csv':
      return copyWriter();
    case 'json':
      return objectWriter({
        begin: '[',
        first: '\n  {',
        next: ',\n  {',
        member: '\n    ',
        colon: ': ',
        close: '\n  }',
        ends: [']\n', '\n]\n'],
      });
    case 'ndjson':
      return objectWriter({ begin: '', first: '{', next: '\n{', member: '', colon: ':', close: '}', ends: ['', '\n'] });
  }
}

/** Rows stay the bytes they are under one header; lines end with LF, as in all documents. */
function copyWriter(): CsvRowWriter {
  return {
    begin(header, out) {
      out.text(`${header.map(csvCell).join(',')}\n`);
    },
    row(row, out) {
      out.slice(row.bytes, row.start, row.end);
      out.text('\n');
    },
    end() {},
  };
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
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

/** JSON's grammar of numbers (RFC 8259): other digits stay text rather than being converted. */
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Rows as objects under the names of the header: numbers with the digits of the file, or null; all else text. */
function objectWriter(layout: ObjectLayout): CsvRowWriter {
  let keys: { bytes: Uint8Array; isNumber: boolean }[] = [];
  let any = false;
  return {
    begin(header, out) {
      keys = header.map((name, i) => ({
        bytes: Buffer.from(`${i === 0 ? '' : ','}${layout.member}${JSON.stringify(name)}${layout.colon}`),
        isNumber: isNumberColumn(name),
      }));
      out.text(layout.begin);
    },
    row(row, out) {
      out.text(any ? layout.next : layout.first);
      any = true;
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
