import type { ColumnChunk, CompressionCodec, Encoding } from 'hyparquet';
import type { ByteWriter, SchemaElement } from 'hyparquet-writer';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { decimalOf } from './decimalBytes.ts';
import { hybridRuns, oneRun } from './hybridRuns.ts';
import { LENGTH_BYTES, PlainValues } from './plainValues.ts';

const NULL = -1;

/** A page is compressed in one go, during which nobody else has a turn. Bytes. */
const PAGE = 256 * 1024;

/** Longer texts are not told as the least or the greatest of a column: the end of the file would be full of them. Bytes. */
const LONGEST_BOUND = 1024;

/** A dictionary has to spare so much of the plain values' bytes to be worth the look-ups of readers. */
const WORTH = 0.75;

/** How pages are compressed. */
export interface PageCodec {
  name: CompressionCodec;
  compress(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /** Column chunks of fewer bytes are not compressed; left out: all are. */
  from?: number;
  /** Columns of text with more values tell no least and no greatest: readers would not skip by them, and to compare takes long. */
  mostBounds?: number;
  /** About how long pages are. Bytes. */
  page?: number;
}

const AS_IT_IS: PageCodec = { name: 'UNCOMPRESSED', compress: (bytes) => bytes };

/**
 * Lists of numbers that the columns of a file use one after the other. Made anew for each column, they would be most of what the memory
 * has to be cleared of while usage is written.
 */
export class ColumnRoom {
  readonly #lists = new Map<string, Int32Array>();

  /** A list of so many numbers. In `places` all are {@link NULL}, and whoever sets one sets it back; others hold anything. */
  numbers(use: 'places' | 'used' | 'rows' | 'levels' | 'present' | 'encoded', length: number): Int32Array {
    let list = this.#lists.get(use);
    if (list === undefined || list.length < length) {
      list = new Int32Array(Math.max(1024, length * 2)).fill(NULL);
      this.#lists.set(use, list);
    }
    return list.subarray(0, length);
  }
}

/**
 * A column of the row group at hand: a number for each row, and the values that the numbers stand for. It becomes a column chunk of data
 * pages of version 2, with a dictionary where values repeat (Parquet format: Encodings, Data Pages).
 *
 * The library takes values one by one and makes objects of them; here they are bytes from the start, which takes a tenth of the time. Levels,
 * page headers, compression and the end of the file stay the library's.
 */
export class ParquetColumn {
  readonly element: SchemaElement;
  readonly values = new PlainValues();
  readonly #codec: PageCodec;
  readonly #room: ColumnRoom;
  /** Rows that follow each other with one value are a run: from, to (not included), value. Rows in no run have none. */
  #runs = new Int32Array(3 * 64);
  #runEnd = 0;

  /** @param room of the file, whose columns are written one after the other */
  constructor(element: SchemaElement, codec: PageCodec, room: ColumnRoom) {
    this.element = element;
    this.#codec = codec;
    this.#room = room;
  }

  /** Rows come in their order; the last one may be given another value. */
  set(row: number, value: number): void {
    const end = this.#runEnd;
    const runs = this.#runs;
    if (end > 0 && (runs[end - 2] as number) > row) {
      runs[end - 2] = row;
      if (runs[end - 3] === row) {
        this.#runEnd -= 3;
      }
    }
    this.fill(row, row + 1, value);
  }

  /** Rows from one to another, that one not included, have the same value. */
  fill(from: number, to: number, value: number): void {
    const end = this.#runEnd;
    if (to === from) {
      return;
    }
    if (end > 0 && this.#runs[end - 2] === from && this.#runs[end - 1] === value) {
      this.#runs[end - 2] = to;
      return;
    }
    if (end === this.#runs.length) {
      const grown = new Int32Array(end * 2);
      grown.set(this.#runs);
      this.#runs = grown;
    }
    const runs = this.#runs;
    runs[end] = from;
    runs[end + 1] = to;
    runs[end + 2] = value;
    this.#runEnd = end + 3;
  }

  /** The value of the row at hand; undefined when it has none. */
  textOf(row: number): string | undefined {
    const end = this.#runEnd;
    if (end === 0 || (this.#runs[end - 2] as number) <= row) {
      return undefined;
    }
    const value = this.#runs[end - 1] as number;
    const { bytes, starts } = this.values;
    return bytes.toString('utf8', (starts[value] ?? 0) + LENGTH_BYTES, starts[value + 1]);
  }

  /**
   * Writes the column of the group's rows and begins the next group; the values stay.
   *
   * @param pause called between pages
   */
  async write(out: ByteWriter, rows: number, pause: () => Promise<void>): Promise<ColumnChunk> {
    const start = out.offset;
    const use = this.#use(rows);
    const { from: least = 0, mostBounds = Number.POSITIVE_INFINITY } = this.#codec;
    const codec = Math.min(use.plainBytes, use.dictionaryBytes) < least ? AS_IT_IS : this.#codec;
    const hasBounds = use.used.length <= mostBounds || this.element.type === 'INT64';
    const isBoolean = this.element.type === 'BOOLEAN';
    const hasDictionary = !isBoolean && use.dictionaryBytes < use.plainBytes * WORTH;
    let uncompressed = 0;
    let dictionaryAt: bigint | undefined;
    if (hasDictionary) {
      dictionaryAt = BigInt(out.offset);
      uncompressed += await this.#writeDictionary(out, use.used, codec);
    }
    const encoding: Encoding = hasDictionary ? 'RLE_DICTIONARY' : isBoolean ? 'RLE' : 'PLAIN';
    const pagesAt = BigInt(out.offset);
    const isOne = hasDictionary && use.nulls === 0 && use.used.length === 1;
    const numbers = isOne ? undefined : this.#numbers(rows);
    let pages = 0;
    for (let from = 0; from < rows; pages++) {
      const to = hasDictionary || isBoolean || numbers === undefined ? rows : this.#pageEnd(numbers, from);
      await pause();
      const page =
        numbers === undefined
          ? { rows, nulls: 0, values: Uint8Array.of(use.width, ...oneRun(0, rows, use.width)) }
          : this.#page(numbers.subarray(from, to), encoding, use);
      uncompressed += await this.#writePage(out, page, encoding, codec);
      from = to;
    }
    this.#runEnd = 0;
    for (const value of use.used) {
      use.places[value] = NULL;
    }
    return {
      file_offset: BigInt(start),
      meta_data: {
        type: this.element.type ?? 'BYTE_ARRAY',
        encodings: hasDictionary ? ['PLAIN', encoding] : [encoding],
        path_in_schema: [this.element.name],
        codec: codec.name,
        num_values: BigInt(rows),
        total_compressed_size: BigInt(out.offset - start),
        total_uncompressed_size: BigInt(uncompressed),
        data_page_offset: pagesAt,
        ...(dictionaryAt === undefined ? {} : { dictionary_page_offset: dictionaryAt }),
        statistics: { null_count: BigInt(use.nulls), ...(hasBounds ? this.#bounds(use.used) : {}) },
        encoding_stats: [
          ...(hasDictionary ? [{ page_type: 'DICTIONARY_PAGE', encoding: 'PLAIN', count: 1 } as const] : []),
          { page_type: 'DATA_PAGE_V2', encoding, count: pages },
        ],
      },
    };
  }

  /** Which values the rows have, in the order of their first use, and what both encodings would take. */
  #use(rows: number): Use {
    const { starts, size } = this.values;
    const places = this.#room.numbers('places', size);
    const used = this.#room.numbers('used', Math.min(size, rows));
    const runs = this.#runs;
    let count = 0;
    let present = 0;
    let plainBytes = 0;
    let dictionaryBytes = 0;
    for (let run = 0; run < this.#runEnd; run += 3) {
      const times = (runs[run + 1] as number) - (runs[run] as number);
      const number = runs[run + 2] as number;
      const length = (starts[number + 1] as number) - (starts[number] as number);
      present += times;
      plainBytes += length * times;
      if (places[number] === NULL) {
        places[number] = count;
        used[count++] = number;
        dictionaryBytes += length;
      }
    }
    const width = Math.ceil(Math.log2(Math.max(count, 1)));
    return {
      ...{ places, used: used.subarray(0, count), nulls: rows - present, plainBytes, width },
      dictionaryBytes: dictionaryBytes + (present * width) / 8,
    };
  }

  /** The number of each row's value. */
  #numbers(rows: number): Int32Array {
    const numbers = this.#room.numbers('rows', rows);
    const runs = this.#runs;
    let row = 0;
    for (let run = 0; run < this.#runEnd; run += 3) {
      const from = runs[run] as number;
      const to = runs[run + 1] as number;
      const number = runs[run + 2] as number;
      for (; row < from; row++) {
        numbers[row] = NULL;
      }
      for (; row < to; row++) {
        numbers[row] = number;
      }
    }
    return numbers.fill(NULL, row);
  }

  #pageEnd(numbers: Int32Array, from: number): number {
    const { starts } = this.values;
    let bytes = 0;
    let to = from;
    while (to < numbers.length && bytes < (this.#codec.page ?? PAGE)) {
      const number = numbers[to++] as number;
      bytes += number === NULL ? 0 : (starts[number + 1] as number) - (starts[number] as number);
    }
    return to;
  }

  async #writeDictionary(out: ByteWriter, used: Int32Array, codec: PageCodec): Promise<number> {
    const bytes = this.#plain(used);
    const compressed = await codec.compress(bytes);
    const start = out.offset;
    writePageHeader(out, {
      type: 'DICTIONARY_PAGE',
      uncompressed_page_size: bytes.length,
      compressed_page_size: compressed.length,
      dictionary_page_header: { num_values: used.length, encoding: 'PLAIN' },
    });
    const header = out.offset - start;
    out.appendBytes(compressed);
    return header + bytes.length;
  }

  #page(numbers: Int32Array, encoding: Encoding, { places, width, nulls }: Use): Page {
    if (nulls === 0) {
      return { rows: numbers.length, nulls, values: this.#encoded(numbers, encoding, places, width) };
    }
    const levels = this.#room.numbers('levels', numbers.length);
    const present = this.#room.numbers('present', numbers.length);
    let count = 0;
    for (let row = 0; row < numbers.length; row++) {
      const number = numbers[row] as number;
      const isThere = number !== NULL;
      levels[row] = isThere ? 1 : 0;
      if (isThere) {
        present[count++] = number;
      }
    }
    const values = this.#encoded(present.subarray(0, count), encoding, places, width);
    return { rows: numbers.length, nulls: numbers.length - count, values, levels };
  }

  /** @returns the page's size without compression, its header included */
  async #writePage(
    out: ByteWriter,
    { rows, nulls, values, levels }: Page,
    encoding: Encoding,
    codec: PageCodec,
  ): Promise<number> {
    const compressed = await codec.compress(values);
    const levelBytes = levels === undefined ? oneRun(1, rows, 1) : hybridRuns(levels, 1);
    const start = out.offset;
    writePageHeader(out, {
      type: 'DATA_PAGE_V2',
      uncompressed_page_size: levelBytes.length + values.length,
      compressed_page_size: levelBytes.length + compressed.length,
      data_page_header_v2: {
        num_values: rows,
        num_nulls: nulls,
        num_rows: rows,
        encoding,
        definition_levels_byte_length: levelBytes.length,
        repetition_levels_byte_length: 0,
        is_compressed: codec !== AS_IT_IS,
      },
    });
    const header = out.offset - start;
    out.appendBytes(levelBytes);
    out.appendBytes(compressed);
    return header + levelBytes.length + values.length;
  }

  #encoded(numbers: Int32Array, encoding: Encoding, places: Int32Array, width: number): Uint8Array {
    if (encoding === 'PLAIN') {
      return this.#plain(numbers);
    }
    const { bytes, starts } = this.values;
    const encoded = this.#room.numbers('encoded', numbers.length);
    if (encoding === 'RLE') {
      for (let i = 0; i < numbers.length; i++) {
        encoded[i] = bytes[starts[numbers[i] as number] as number] as number;
      }
      const runs = hybridRuns(encoded, 1);
      const values = new Uint8Array(LENGTH_BYTES + runs.length);
      new DataView(values.buffer).setUint32(0, runs.length, true);
      values.set(runs, LENGTH_BYTES);
      return values;
    }
    for (let i = 0; i < numbers.length; i++) {
      encoded[i] = places[numbers[i] as number] as number;
    }
    const runs = hybridRuns(encoded, width);
    const values = new Uint8Array(1 + runs.length);
    values[0] = width;
    values.set(runs, 1);
    return values;
  }

  /** The values one after the other; neighbours are copied at once. */
  #plain(numbers: Int32Array): Uint8Array {
    const { bytes, starts } = this.values;
    const start = numbers[0] ?? 0;
    let size = 0;
    let run = 0;
    for (const number of numbers) {
      size += (starts[number + 1] as number) - (starts[number] as number);
      run += number === start + run ? 1 : 0;
    }
    if (run === numbers.length) {
      return bytes.subarray(starts[start], starts[start + run]);
    }
    const plain = new Uint8Array(size);
    let at = 0;
    for (let i = 0; i < numbers.length; ) {
      const first = numbers[i] as number;
      let next = first + 1;
      i++;
      while (i < numbers.length && numbers[i] === next) {
        next++;
        i++;
      }
      const part = bytes.subarray(starts[first], starts[next]);
      plain.set(part, at);
      at += part.length;
    }
    return plain;
  }

  /** The least and the greatest value, as readers skip groups by. */
  #bounds(used: Int32Array): { min_value?: Bound; max_value?: Bound } {
    const [first] = used;
    if (first === undefined) {
      return {};
    }
    const { bytes, starts } = this.values;
    const compare = this.#comparison();
    let least = first;
    let greatest = first;
    for (const number of used) {
      if (compare(number, least) < 0) {
        least = number;
      } else if (compare(number, greatest) > 0) {
        greatest = number;
      }
    }
    const isLong = (number: number) => (starts[number + 1] ?? 0) - (starts[number] ?? 0) > LONGEST_BOUND;
    if (isLong(least) || isLong(greatest)) {
      return {};
    }
    const bound = (number: number): Bound => {
      const at = starts[number] ?? 0;
      switch (this.element.type) {
        case 'BOOLEAN':
          return bytes[at] === 1;
        case 'INT64':
          return bytes.readBigInt64LE(at);
        case 'FIXED_LEN_BYTE_ARRAY':
          return decimalOf(bytes, at);
        default:
          return new Uint8Array(bytes.subarray(at + LENGTH_BYTES, starts[number + 1]));
      }
    };
    return { min_value: bound(least), max_value: bound(greatest) };
  }

  /** Texts by their bytes without sign, all else as numbers (Parquet format: ColumnOrder). */
  #comparison(): (a: number, b: number) => number {
    const { bytes, starts } = this.values;
    switch (this.element.type) {
      case 'BYTE_ARRAY':
        return (a, b) =>
          compareBytes(
            bytes,
            (starts[a] as number) + LENGTH_BYTES,
            starts[a + 1] as number,
            (starts[b] as number) + LENGTH_BYTES,
            starts[b + 1] as number,
          );
      case 'FIXED_LEN_BYTE_ARRAY':
        return (a, b) => {
          const [first, second] = [starts[a] as number, starts[b] as number];
          // The highest bit is the sign.
          const signs = (bytes.readInt8(first) >> 7) - (bytes.readInt8(second) >> 7);
          return signs === 0
            ? compareBytes(bytes, first, starts[a + 1] as number, second, starts[b + 1] as number)
            : signs;
        };
      case 'INT64':
        return (a, b) => Number(bytes.readBigInt64LE(starts[a]) - bytes.readBigInt64LE(starts[b]));
      default:
        return (a, b) => (bytes[starts[a] ?? 0] ?? 0) - (bytes[starts[b] ?? 0] ?? 0);
    }
  }
}

type Bound = Uint8Array | bigint | boolean;

/** What a page has, encoded; without levels when all rows have a value. */
interface Page {
  rows: number;
  nulls: number;
  values: Uint8Array;
  levels?: Int32Array;
}

interface Use {
  /** By the number of a value, its place in the dictionary. */
  places: Int32Array;
  used: Int32Array;
  nulls: number;
  plainBytes: number;
  dictionaryBytes: number;
  /** Bits of a place. */
  width: number;
}

function compareBytes(bytes: Uint8Array, a: number, endOfA: number, b: number, endOfB: number): number {
  const length = Math.min(endOfA - a, endOfB - b);
  for (let i = 0; i < length; i++) {
    const difference = (bytes[a + i] as number) - (bytes[b + i] as number);
    if (difference !== 0) {
      return difference;
    }
  }
  return endOfA - a - (endOfB - b);
}
