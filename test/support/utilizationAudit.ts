import { DecimalSum } from '../../src/records/decimal.ts';
import type { Sink } from '../../src/records/output.ts';

const LINE_FEED = 0x0a;
const COMMA = 0x2c;

/** One cell and the comma behind it. */
const CELL = '(?:"(?:[^"]|"")*"|[^",]*),';

/** Reads utilization as CSV while it is written: counts rows, those that come twice, and what they sum up to. Memory stays what it was. */
export class UtilizationAudit implements Sink {
  rows = 0;
  doubled = 0;
  /** Two 32-bit hashes for each row, in a table with open addresses. */
  readonly #table: Uint32Array;
  readonly #slots: number;
  readonly #sums = new Map<string, DecimalSum>();
  #rest: Buffer = Buffer.alloc(0);
  /** Finds the meter id behind the quantity; undefined before the header. */
  #meter: RegExp | undefined;

  /** @param rows at least as many as will come */
  constructor(rows: number) {
    this.#slots = 2 ** Math.ceil(Math.log2(rows * 2));
    // Written to, so that all of its memory is taken from the beginning.
    this.#table = new Uint32Array(this.#slots * 2).fill(1).fill(0);
  }

  write(chunk: Uint8Array): void {
    const bytes = Buffer.concat([this.#rest, chunk]);
    let at = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, at)) {
      if (this.#meter === undefined) {
        const [, , , ...behind] = bytes.toString('latin1', at, end).split(',');
        this.#meter = new RegExp(`^(?:${CELL}){${behind.indexOf('resource.id')}}([^,]+),`);
      } else {
        this.#row(bytes, at, end, this.#meter);
      }
      at = end + 1;
    }
    this.#rest = Buffer.from(bytes.subarray(at));
  }

  /** A row is told by all but its quantity, which is the third cell: an hour and a resource have one. */
  #row(bytes: Buffer, start: number, end: number, meterId: RegExp): void {
    this.rows++;
    const quantityStart = bytes.indexOf(COMMA, bytes.indexOf(COMMA, start) + 1) + 1;
    const quantityEnd = bytes.indexOf(COMMA, quantityStart);
    let first = 0x811c9dc5;
    let second = 0x12345678;
    for (let i = start; i < end; i++) {
      if (i === quantityStart) {
        i = quantityEnd;
      }
      const byte = bytes[i] as number;
      first = Math.imul(first ^ byte, 0x01000193);
      second = Math.imul(second ^ byte, 0x5bd1e995) ^ (second >>> 15);
    }
    this.#note(first >>> 0 || 1, second >>> 0);
    const [, meter = ''] = meterId.exec(bytes.toString('latin1', quantityEnd + 1, end)) ?? [];
    let sum = this.#sums.get(meter);
    if (sum === undefined) {
      sum = new DecimalSum();
      this.#sums.set(meter, sum);
    }
    sum.add(bytes.toString('latin1', quantityStart, quantityEnd));
  }

  #note(first: number, second: number): void {
    const table = this.#table;
    for (let slot = first & (this.#slots - 1); ; slot = (slot + 1) & (this.#slots - 1)) {
      const kept = table[slot * 2];
      if (kept === 0) {
        table[slot * 2] = first;
        table[slot * 2 + 1] = second;
        return;
      }
      if (kept === first && table[slot * 2 + 1] === second) {
        this.doubled++;
        return;
      }
    }
  }

  /** Meter id → exact sum. */
  quantities(): Record<string, string> {
    return Object.fromEntries([...this.#sums].map(([meter, sum]) => [meter, sum.toString()]));
  }
}
