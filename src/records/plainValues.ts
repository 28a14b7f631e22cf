import { DECIMAL_BYTES, writeDecimal, writeDecimalSlice } from './decimalBytes.ts';
import { SliceList } from './sliceList.ts';

/** The bytes in front of a text, which hold its length. */
export const LENGTH_BYTES = 4;

/**
 * Values of a column of Parquet as its encoding PLAIN has them (Parquet format: Encodings), so that pages are made by copying. All methods
 * return the value's number.
 */
export class PlainValues extends SliceList {
  /** @param text well formed: half of a surrogate pair is no UTF-8 */
  override addText(text: string): number {
    const at = this.reserve(LENGTH_BYTES + text.length * 3);
    const length = this.bytes.write(text, at + LENGTH_BYTES, 'utf8');
    this.bytes.writeUInt32LE(length, at);
    return this.add(LENGTH_BYTES + length);
  }

  /** The same for text that is UTF-8 already. */
  addSlice(text: Uint8Array, start: number, end: number): number {
    const length = end - start;
    const at = this.reserve(LENGTH_BYTES + length);
    const { bytes } = this;
    bytes[at] = length;
    bytes[at + 1] = length >>> 8;
    bytes[at + 2] = length >>> 16;
    bytes[at + 3] = length >>> 24;
    bytes.set(text.subarray(start, end), at + LENGTH_BYTES);
    return this.add(LENGTH_BYTES + length);
  }

  /** Texts that stand one after the other as they are kept here; returns the number of the first. */
  addTexts(source: Uint8Array, start: number, end: number): number {
    const first = this.size;
    const at = this.reserve(end - start);
    const { bytes } = this;
    bytes.set(source.subarray(start, end), at);
    for (let next = at; next < at + end - start; next = this.length) {
      const length = (bytes[next] as number) | ((bytes[next + 1] as number) << 8) | ((bytes[next + 2] as number) << 16);
      this.add(LENGTH_BYTES + length);
    }
    return first;
  }

  /** The same for decimals. */
  addDecimals(source: Uint8Array, start: number, end: number): number {
    const at = this.reserve(end - start);
    this.bytes.set(source.subarray(start, end), at);
    return this.addEqual((end - start) / DECIMAL_BYTES, DECIMAL_BYTES);
  }

  /** @returns undefined when the number does not fit, see {@link writeDecimal} */
  addDecimal(digits: string, precision: number, scale: number): number | undefined {
    const at = this.reserve(DECIMAL_BYTES);
    return writeDecimal(this.bytes, at, digits, precision, scale) ? this.add(DECIMAL_BYTES) : undefined;
  }

  /** @returns undefined when it has to be looked at as text, see {@link writeDecimalSlice} */
  addDecimalSlice(source: Uint8Array, start: number, end: number, scale: number): number | undefined {
    const at = this.reserve(DECIMAL_BYTES);
    return writeDecimalSlice(this.bytes, at, source, start, end, scale) ? this.add(DECIMAL_BYTES) : undefined;
  }

  addInteger(value: bigint): number {
    const at = this.reserve(8);
    this.bytes.writeBigInt64LE(value, at);
    return this.add(8);
  }

  /** PLAIN packs booleans as bits; here each has a byte. */
  addBoolean(value: boolean): number {
    const at = this.reserve(1);
    this.bytes[at] = value ? 1 : 0;
    return this.add(1);
  }
}
