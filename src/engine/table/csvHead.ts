import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { EngineError } from '../engineErrors.ts';
import type { CsvForm } from './column.ts';

/** Of a CSV file, this many bytes are looked at before its first rows are shown. */
const HEAD_BYTES = 256 * 1024;

/** What the head of a CSV file tells. Names and forms are in the order of the columns. */
export interface CsvHead {
  delimiter: string;
  encoding: 'utf-8' | 'utf-16' | 'latin-1';
  /** Lines before the header. */
  skip: number;
  names: string[];
  forms: CsvForm[];
  /** The rows that the head holds, as they are written. */
  rows: string[][];
}

/** Looks at the head of a file alone. @throws EngineError for a file that is empty, or no table */
export async function readCsvHead(file: string, signal?: AbortSignal): Promise<CsvHead> {
  const { bytes, whole } = await readHead(file, signal);
  if (bytes.length === 0) {
    throw new EngineError('file', `The file ${file} is empty; there is no header row.`);
  }
  const { text, encoding } = decode(bytes);
  if (text.includes('\0')) {
    throw new EngineError('file', `The file ${file} holds binary data; it is no CSV file.`);
  }
  return { encoding, ...headOf(text, whole) };
}

/** @param whole whether the text is all of the file, so that its last row is complete */
function headOf(text: string, whole: boolean): Omit<CsvHead, 'encoding'> {
  const { delimiter, rows, lines } = [',', ';', '\t', '|']
    .map((candidate) => ({ delimiter: candidate, ...cells(text, candidate, whole) }))
    .reduce((best, other) => (score(other.rows) > score(best.rows) ? other : best));
  // Some files begin with a title: the header is the first row that is as wide as those below it.
  const width = usualWidth(rows);
  const first = Math.max(
    rows.findIndex((row) => row.length === width),
    0,
  );
  const [header = [], ...body] = rows.slice(first);
  return {
    delimiter,
    // Lines of the file: a title may be followed by empty ones.
    skip: lines[first] ?? 0,
    names: uniqueNames(header),
    rows: body,
    forms: header.map((_, i) =>
      formOf(
        body.map((row) => row[i] ?? ''),
        delimiter,
      ),
    ),
  };
}

function usualWidth(rows: readonly string[][]): number {
  return rows[Math.min(rows.length - 1, Math.ceil(rows.length / 2))]?.length ?? 0;
}

function score(rows: readonly string[][]): number {
  const width = usualWidth(rows);
  return width < 2 ? 0 : (rows.filter((row) => row.length === width).length / rows.length) * 1_000 + width;
}

/** Names that the engine can tell apart: it has no regard to case. */
function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name, i) => {
    const wanted = name.trim() === '' ? `column ${i + 1}` : name.trim();
    let unique = wanted;
    for (let n = 2; taken.has(unique.toLowerCase()); n++) {
      unique = `${wanted} (${n})`;
    }
    taken.add(unique.toLowerCase());
    return unique;
  });
}

/**
 * A pattern of numbers that a column holds exactly, and that come back as they were but for padding zeros behind the point: 18 digits with
 * `scale` decimals, or DECIMAL(38, 20), exponents included.
 *
 * @param room digits before the point that are left for other values
 */
export function numberPattern({ comma, scale }: Extract<CsvForm, { as: 'number' }>, room = 0): string {
  const [digits, decimals] = scale === undefined ? [17, 20] : [17 - scale - room, scale];
  const fraction = decimals === 0 ? '' : `(${comma ? ',' : '\\.'}\\d{1,${decimals}})?`;
  const plain = `-?(0|[1-9]\\d{0,${digits}})${fraction}`;
  return scale === undefined && !comma ? `${plain}|-?\\d(\\.\\d{1,10})?[eE](-(0?\\d|10)|\\+?0?\\d)` : plain;
}

/** Decimals that a narrow column has, so that later values with a few more digits fit too. */
const NARROW = 10;

const TIMES: readonly [RegExp, string, boolean][] = [
  [/^\d{4}-\d\d-\d\d$/, '%Y-%m-%d', true],
  [/^(0[1-9]|1[0-2])\/\d\d\/\d{4}$/, '%m/%d/%Y', true],
  [/^([1-9]|1[0-2])\/([1-9]|[12]\d|3[01])\/\d{4}$/, '%-m/%-d/%Y', true],
  [/^\d\d\/(0[1-9]|1[0-2])\/\d{4}$/, '%d/%m/%Y', true],
  [/^\d\d\.\d\d\.\d{4}$/, '%d.%m.%Y', true],
  [/^\d{8}$/, '%Y%m%d', true],
  [/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, '%Y-%m-%dT%H:%M:%SZ', false],
  [/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/, '%Y-%m-%dT%H:%M:%S', false],
  [/^\d{4}-\d\d-\d\dT\d\d:\d\dZ$/, '%Y-%m-%dT%H:%MZ', false],
  [/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.0000000Z$/, '%Y-%m-%dT%H:%M:%S.0000000Z', false],
  [/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/, '%Y-%m-%dT%H:%M:%S.000Z', false],
  [/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/, '%Y-%m-%d %H:%M:%S', false],
  [/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/, '%Y-%m-%d %H:%M:%SZ', false],
  [/^(0[1-9]|1[0-2])\/\d\d\/\d{4} \d\d:\d\d:\d\d$/, '%m/%d/%Y %H:%M:%S', false],
];

/** `1,000`: a thousand or one, nobody knows. */
const THOUSANDS = /^-?\d{1,3},\d{3}$/;

function formOf(values: readonly string[], delimiter: string): CsvForm {
  const there = values.filter((value) => value !== '');
  const all = (pattern: RegExp) => there.length > 0 && there.every((value) => pattern.test(value));
  for (const [pattern, format, day] of TIMES) {
    if (format === '%Y%m%d' ? all(/^(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/) : all(pattern)) {
      return { as: 'time', format, day };
    }
  }
  const fits = (form: Extract<CsvForm, { as: 'number' }>, room: number) =>
    all(new RegExp(`^(?:${numberPattern(form, room)})$`));
  const withComma = there.filter((value) => value.includes(','));
  const isDecimalComma = delimiter !== ',' && !withComma.every((value) => THOUSANDS.test(value));
  for (const comma of isDecimalComma ? [false, true] : [false]) {
    const wide = { as: 'number', comma } as const;
    if (fits(wide, 0)) {
      const narrow = [NARROW, 0].map((scale) => ({ ...wide, scale }));
      return narrow.find((form) => fits(form, 2)) ?? wide;
    }
  }
  return { as: 'text' };
}

/** Rows of a text (RFC 4180) without empty lines, and the line that each begins with. The last one of a text that was cut is left out. */
function cells(text: string, delimiter: string, whole: boolean): { rows: string[][]; lines: number[] } {
  const rows: string[][] = [];
  const lines: number[] = [];
  let line = 0;
  const end = (row: string[]) => {
    if (row.length > 1 || row[0] !== '') {
      rows.push(row);
      lines.push(line);
    }
    // The engine counts empty lines too, and a row as one, however many lines its texts have.
    line++;
  };
  let row: string[] = [];
  let at = 0;
  while (at < text.length && rows.length < 2_000) {
    let cell = '';
    if (text[at] === '"') {
      at++;
      for (;;) {
        const quote = text.indexOf('"', at);
        if (quote < 0) {
          // Cut in the middle of a cell, or never closed.
          if (whole) {
            end([...row, text.slice(at)]);
          }
          return { rows, lines };
        }
        cell += text.slice(at, quote);
        at = quote + 1;
        if (text[at] !== '"') {
          break;
        }
        cell += '"';
        at++;
      }
    }
    let stop = at;
    while (stop < text.length && text[stop] !== delimiter && text[stop] !== '\n' && text[stop] !== '\r') {
      stop++;
    }
    row.push(cell + text.slice(at, stop));
    if (stop >= text.length) {
      if (whole) {
        end(row);
      }
      return { rows, lines };
    }
    at = stop + 1;
    if (text[stop] !== delimiter) {
      if (text[stop] === '\r' && text[at] === '\n') {
        at++;
      }
      end(row);
      row = [];
      if (at >= text.length) {
        return { rows, lines };
      }
    }
  }
  if (whole && row.length > 0) {
    end([...row, '']);
  }
  return { rows, lines };
}

function decode(bytes: Buffer): { text: string; encoding: CsvHead['encoding'] } {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    return { text: bytes.subarray(2).toString('utf16le'), encoding: 'utf-16' };
  }
  try {
    // A character that the end of the head cuts is no error.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return { text, encoding: 'utf-8' };
  } catch {
    return { text: bytes.toString('latin1'), encoding: 'latin-1' };
  }
}

async function readHead(file: string, signal: AbortSignal | undefined): Promise<{ bytes: Buffer; whole: boolean }> {
  const raw = createReadStream(file, { highWaterMark: 64 * 1024, ...(signal && { signal }) });
  const source = /\.gz$/i.test(file) ? raw.pipe(createGunzip()) : raw;
  raw.once('error', (error) => source.destroy(error));
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of source) {
      chunks.push(chunk as Buffer);
      length += (chunk as Buffer).length;
      if (length >= HEAD_BYTES) {
        return { bytes: Buffer.concat(chunks), whole: false };
      }
    }
  } catch (error) {
    signal?.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    throw new EngineError('file', `The file ${file} cannot be read: ${why}.`);
  } finally {
    source.destroy();
    raw.destroy();
  }
  return { bytes: Buffer.concat(chunks), whole: true };
}
