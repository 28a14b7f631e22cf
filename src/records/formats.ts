import { skipSpace, sliceText } from '../json/scan.ts';
import { guardText } from './formulaGuard.ts';
import { csvLayoutWriter, csvText, jsonLayoutWriter, type ValueCopies } from './layoutFormats.ts';
import type { ByteBuffer } from './output.ts';
import type { RecordReader, UnknownField } from './recordReader.ts';
import { type MakeLayout, type RowScope, recordValues, SCOPE_COLUMNS, scopeMembers, withScope } from './rowLayout.ts';
import type { RowOptions } from './rowOptions.ts';
import { type Column, UNKNOWN_FIELDS } from './schema.ts';
import type { RunRows } from './walk/walker.ts';

const COMMA = 0x2c;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const CLOSE_BRACE = 0x7d;

export const FORMATS = ['csv', 'json', 'ndjson'] as const;

export type Format = (typeof FORMATS)[number];

/** Writes the reader's records one after the other. */
export interface RecordWriter {
  begin(out: ByteBuffer): void;
  record(page: Uint8Array, out: ByteBuffer): void;
  end(out: ByteBuffer): void;
  /** How the walk writes the rows of a page on its own; undefined when it cannot. */
  rows?(): RunRows | undefined;
}

export function createWriter(format: Format, reader: RecordReader, options: RowOptions = {}): RecordWriter {
  const { layout, scope } = options;
  if (layout !== undefined) {
    return layoutWriter(format, reader, layout, options);
  }
  switch (format) {
    case 'csv':
      return csvWriter(reader, options);
    case 'json':
      return jsonWriter(reader, scope);
    case 'ndjson':
      return ndjsonWriter(reader, scope);
  }
}

function layoutWriter(format: Format, reader: RecordReader, layout: MakeLayout, options: RowOptions): RecordWriter {
  const { scope, formulaGuard } = options;
  const made = layout(recordValues(reader));
  const whole = scope === undefined ? made : withScope(made, scope);
  const copies = copiesOf(reader, formulaGuard === true);
  const writer = format === 'csv' ? csvLayoutWriter(whole, copies, options) : jsonLayoutWriter(format, whole, copies);
  return { begin: writer.begin, record: writer.row, end: writer.end };
}

function copiesOf(reader: RecordReader, guard: boolean): ValueCopies {
  return {
    csv(slots, out) {
      reader.writeCells(slots, out, guard ? guardedCell : undefined);
    },
    has(_bytes, slot) {
      return reader.starts[slot] !== 0;
    },
    json(bytes, { slot }, out) {
      oneLine(bytes, reader.starts[slot] ?? 0, reader.ends[slot] ?? 0, out);
    },
    unknown: (bytes) => (reader.unknown.length === 0 ? undefined : unknownObject(bytes, reader.unknown)),
  };
}

/** RFC 4180 with a header row; lines end with LF when nothing else is asked for, so that documents diff well in any editor. */
function csvWriter(reader: RecordReader, { scope, formulaGuard, lineEnd = '\n', bom }: RowOptions): RecordWriter {
  const slots = Int32Array.from(reader.cells, ({ slot }) => slot);
  const guard = formulaGuard === true ? guardedCell : undefined;
  const names = [
    ...(scope === undefined ? [] : SCOPE_COLUMNS),
    ...reader.cells.map(({ name }) => name),
    UNKNOWN_FIELDS,
  ];
  const head = () => (scope === undefined ? '' : scopeCells(scope, formulaGuard === true));
  return {
    begin(out) {
      out.text(`${bom === true ? '\ufeff' : ''}${names.join(',')}${lineEnd}`);
    },
    record(bytes, out) {
      out.text(head());
      reader.writeCells(slots, out, guard);
      out.byte(COMMA);
      if (reader.unknown.length > 0) {
        out.text(csvText(unknownObject(bytes, reader.unknown)));
      }
      out.text(lineEnd);
    },
    end() {},
    rows: () => ({ head: head(), csv: { slots, guard, lineEnd } }),
  };
}

/** What stands before the other cells of a row. */
function scopeCells({ label, scope }: RowScope, guard: boolean): string {
  return [label, scope].map((text) => `${csvText(guard ? guardText(text) : text)},`).join('');
}

/** The cell of a text of which a spreadsheet may take the start for a formula; see {@link RecordReader.writeCells}. */
function guardedCell(json: string): string {
  return csvText(guardText(JSON.parse(json) as string));
}

/** The unknown fields as one JSON object, each under its path: `properties.…`, `resource.…`. */
export function unknownObject(page: Uint8Array, fields: readonly UnknownField[]): string {
  const members = fields.map((field) => {
    const key = sliceText(page, field.keyStart, field.keyEnd);
    return `"${field.path}${key.slice(1)}:${sliceText(page, field.valueStart, field.valueEnd)}`;
  });
  return `{${members.join(',')}}`;
}

/** One array of records, a member a line, so that a changed value is a changed line. */
function jsonWriter(reader: RecordReader, scope: RowScope | undefined): RecordWriter {
  let first = true;
  const record = levelOf(reader, 'record', OPEN);
  const properties = levelOf(reader, 'properties', DEEPER);
  return {
    begin(out) {
      out.text('[');
    },
    record(page, out) {
      out.text(first ? '\n  {' : ',\n  {');
      first = false;
      if (scope !== undefined) {
        out.text(scopeMembers(scope, (name) => `${OPEN}"${name}": `));
      }
      const any = members(reader, record, page, out, scope !== undefined);
      if (reader.hasProperties) {
        out.text(`${any ? ',' : ''}${OPEN}"properties": {`);
        out.text(members(reader, properties, page, out) ? `${OPEN}}` : '}');
      }
      out.text('\n  }');
    },
    end(out) {
      out.text(first ? ']\n' : '\n]\n');
    },
  };
}

/** One record a line, as it was sent: for anything large. */
function ndjsonWriter(reader: RecordReader, scope: RowScope | undefined): RecordWriter {
  return {
    begin() {},
    record(bytes, out) {
      const start = scope === undefined ? reader.recordStart : beginWithScope(reader, bytes, scope, out);
      if (reader.hasLineBreaks) {
        oneLine(bytes, start, reader.recordEnd, out);
      } else {
        out.slice(bytes, start, reader.recordEnd);
      }
      out.byte(LINE_FEED);
    },
    end() {},
    rows: () => ({ head: scope === undefined ? '' : beginningWith(scope) }),
  };
}

/** Writes the beginning of the record with its scope; tells where the rest starts. */
function beginWithScope(reader: RecordReader, bytes: Uint8Array, scope: RowScope, out: ByteBuffer): number {
  const rest = skipSpace(bytes, reader.recordStart + 1);
  out.text(bytes[rest] === CLOSE_BRACE ? `${beginningWith(scope).slice(0, -1)}` : beginningWith(scope));
  return rest;
}

function beginningWith(scope: RowScope): string {
  return `{${scopeMembers(scope, (name) => `"${name}":`)},`;
}

/** JSON without its line breaks, which stand between tokens only; inside of strings they are escaped. */
function oneLine(bytes: Uint8Array, start: number, end: number, out: ByteBuffer): void {
  let from = start;
  for (let at = start; at < end; at++) {
    if (bytes[at] === LINE_FEED || bytes[at] === CARRIAGE_RETURN) {
      out.slice(bytes, from, at);
      from = at + 1;
    }
  }
  out.slice(bytes, from, end);
}

/** A member a line, as JSON documents are indented. */
const OPEN = '\n    ';
const DEEPER = '\n      ';

/** The columns of one level, each with what stands before its value, as bytes: to write a string takes several times as long. */
interface Level {
  within: Column['within'];
  open: string;
  columns: readonly { slot: number; key: Uint8Array }[];
}

function levelOf({ schema }: RecordReader, within: Column['within'], open: string): Level {
  const columns = schema.columns.flatMap((column, slot) =>
    column.within === within ? [{ slot, key: Buffer.from(`,${open}"${column.name}": `) }] : [],
  );
  return { within, open, columns };
}

/**
 * Writes the members of a level in the schema's order, values as sent, unknown members behind the known ones.
 *
 * @param before whether there is a member already
 * @returns whether there is one now
 */
function members(reader: RecordReader, level: Level, page: Uint8Array, out: ByteBuffer, before = false): boolean {
  let any = before;
  for (const { slot, key } of level.columns) {
    const start = reader.starts[slot] as number;
    if (start !== 0) {
      out.slice(key, any ? 0 : 1, key.length);
      out.slice(page, start, reader.ends[slot] as number);
      any = true;
    }
  }
  for (const field of reader.unknown) {
    if (field.within === level.within) {
      out.text(`${any ? ',' : ''}${level.open}`);
      out.slice(page, field.keyStart, field.keyEnd);
      out.text(': ');
      out.slice(page, field.valueStart, field.valueEnd);
      any = true;
    }
  }
  return any;
}
