import { sliceText } from '../json/scan.ts';
import type { ByteBuffer } from './output.ts';
import type { RecordReader, UnknownField } from './recordReader.ts';
import { type Column, UNKNOWN_FIELDS } from './schema.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const LINE_FEED = 0x0a;

export const FORMATS = ['csv', 'json', 'ndjson'] as const;

export type Format = (typeof FORMATS)[number];

/** Writes the reader's records one after the other. */
export interface RecordWriter {
  begin(out: ByteBuffer): void;
  record(page: Uint8Array, out: ByteBuffer): void;
  end(out: ByteBuffer): void;
}

export function createWriter(format: Format, reader: RecordReader): RecordWriter {
  switch (format) {
    case 'csv':
      return csvWriter(reader);
    case 'json':
      return jsonWriter(reader);
    case 'ndjson':
      return ndjsonWriter(reader);
  }
}

/** RFC 4180 with a header row; lines end with LF so that documents diff well in any editor. */
function csvWriter(reader: RecordReader): RecordWriter {
  const slots = reader.cells.map(({ slot }) => slot);
  return {
    begin(out) {
      out.text([...reader.cells.map(({ name }) => name), UNKNOWN_FIELDS].join(','));
      out.text('\n');
    },
    record(page, out) {
      for (const slot of slots) {
        const start = reader.starts[slot] as number;
        if (start !== 0) {
          csvCell(page, start, reader.ends[slot] as number, out);
        }
        out.byte(COMMA);
      }
      if (reader.unknown.length > 0) {
        out.text(quoted(unknownObject(page, reader.unknown)));
      }
      out.byte(LINE_FEED);
    },
    end() {},
  };
}

function csvCell(page: Uint8Array, start: number, end: number, out: ByteBuffer): void {
  const first = page[start];
  if (first === QUOTE) {
    if (isPlainCell(page, start + 1, end - 1)) {
      out.slice(page, start + 1, end - 1);
    } else {
      const value = JSON.parse(sliceText(page, start, end)) as string;
      out.text(needsQuotes(value) ? quoted(value) : value);
    }
  } else if (first === 0x7b || first === 0x5b) {
    quotedSlice(page, start, end, out);
  } else if (first !== 0x6e) {
    out.slice(page, start, end);
  }
}

/** Whether the inside of a JSON string can stand in a cell as it is: no escape, quote, comma or line break. */
function isPlainCell(page: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const byte = page[i];
    if (byte === 0x5c || byte === COMMA) {
      return false;
    }
  }
  return page[start] !== 0x20 && page[end - 1] !== 0x20;
}

function needsQuotes(value: string): boolean {
  return /[",\r\n]|^\s|\s$/.test(value);
}

/** A nested value as one cell. Nearly all bytes of a document can stand in such cells, so they are copied and not decoded. */
function quotedSlice(page: Uint8Array, start: number, end: number, out: ByteBuffer): void {
  out.byte(QUOTE);
  out.sliceDoubling(page, start, end, QUOTE);
  out.byte(QUOTE);
}

function quoted(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}

/** The unknown fields as one JSON object, each under its path: `properties.…`, `resource.…`. */
function unknownObject(page: Uint8Array, fields: readonly UnknownField[]): string {
  const members = fields.map((field) => {
    const key = sliceText(page, field.keyStart, field.keyEnd);
    return `"${field.path}${key.slice(1)}:${sliceText(page, field.valueStart, field.valueEnd)}`;
  });
  return `{${members.join(',')}}`;
}

/** One array of records, a member a line, so that a changed value is a changed line. */
function jsonWriter(reader: RecordReader): RecordWriter {
  let first = true;
  return {
    begin(out) {
      out.text('[');
    },
    record(page, out) {
      out.text(first ? '\n  ' : ',\n  ');
      first = false;
      nestedRecord(reader, page, out, { open: '\n    ', close: '\n  ', colon: ': ', indent: '  ', oneLine: false });
    },
    end(out) {
      out.text(first ? ']\n' : '\n]\n');
    },
  };
}

/** One record a line: for anything large. */
function ndjsonWriter(reader: RecordReader): RecordWriter {
  return {
    begin() {},
    record(page, out) {
      nestedRecord(reader, page, out, { open: '', close: '', colon: ':', indent: '', oneLine: true });
      out.text('\n');
    },
    end() {},
  };
}

interface Layout {
  /** Before each member of the record, before its closing brace. */
  open: string;
  close: string;
  colon: string;
  /** One step deeper, for `properties`. */
  indent: string;
  /** Nested values lose the line breaks that a service may indent them with. */
  oneLine: boolean;
}

/** The record with its members in the schema's order, values as sent, unknown members behind the known ones. */
function nestedRecord(reader: RecordReader, page: Uint8Array, out: ByteBuffer, layout: Layout): void {
  out.text('{');
  const any = members(reader, page, out, 'record', layout, layout.open);
  if (reader.hasProperties) {
    out.text(`${any ? ',' : ''}${layout.open}"properties"${layout.colon}{`);
    const inner = members(reader, page, out, 'properties', layout, layout.open + layout.indent);
    out.text(inner ? `${layout.open}}` : '}');
  }
  out.text(`${layout.close}}`);
}

function members(
  reader: RecordReader,
  page: Uint8Array,
  out: ByteBuffer,
  within: Column['within'],
  layout: Layout,
  open: string,
): boolean {
  let any = false;
  reader.schema.columns.forEach((column, i) => {
    const start = reader.starts[i] as number;
    if (column.within === within && start !== 0) {
      out.text(`${any ? ',' : ''}${open}"${column.name}"${layout.colon}`);
      nestedValue(page, start, reader.ends[i] as number, layout, out);
      any = true;
    }
  });
  for (const field of reader.unknown) {
    if (field.within === within) {
      out.text(`${any ? ',' : ''}${open}`);
      out.slice(page, field.keyStart, field.keyEnd);
      out.text(layout.colon);
      nestedValue(page, field.valueStart, field.valueEnd, layout, out);
      any = true;
    }
  }
  return any;
}

function nestedValue(page: Uint8Array, start: number, end: number, layout: Layout, out: ByteBuffer): void {
  let from = start;
  if (layout.oneLine && (page[start] === 0x7b || page[start] === 0x5b)) {
    // Line breaks stand between tokens only; inside of strings they are escaped.
    for (let i = start; i < end; i++) {
      if (page[i] === 0x0a || page[i] === 0x0d) {
        out.slice(page, from, i);
        from = i + 1;
      }
    }
  }
  out.slice(page, from, end);
}
