import { CurrencySums } from '../records/currencySums.ts';
import type { SavedPiece } from './journal.ts';

/** What the pieces that are in the document to their end come to together. */
export class JobSummary {
  /** They are the first ones of the plan. */
  pieces = 0;
  rows = 0;
  /** Rows that the filter left out. */
  leftOut = 0;
  pages = 0;
  readonly sums = new CurrencySums();
  readonly unknownFields = new Set<string>();
  /** In the order of the file. */
  readonly requestIds: string[] = [];
  /** When the first and the last answer arrived, milliseconds since 1970; undefined without any. */
  fetched: readonly [number, number] | undefined;

  /** Adds the next piece. */
  add({ state, pages, fetched, ids }: SavedPiece): void {
    this.pieces++;
    this.pages += pages;
    this.fetched = spanOf(this.fetched, fetched);
    for (const id of ids) {
      this.requestIds.push(id);
    }
    if (state !== undefined) {
      this.rows += state.rows;
      this.leftOut += state.leftOut;
      this.sums.merge(state.sums);
      for (const field of state.unknownFields) {
        this.unknownFields.add(field);
      }
    }
  }
}

/** The time from the earlier beginning to the later end. */
export function spanOf(
  one: readonly [number, number] | undefined,
  other: readonly [number, number] | undefined,
): readonly [number, number] | undefined {
  if (one === undefined || other === undefined) {
    return one ?? other;
  }
  return [Math.min(one[0], other[0]), Math.max(one[1], other[1])];
}
