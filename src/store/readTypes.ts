import type { SendOptions } from '../api/http/client.ts';
import type { UsageEstimate } from '../usage/estimate.ts';
import type { ExportSource } from '../usage/plan/exportSource.ts';
import type { UsageProgress } from '../usage/writeUsage.ts';
import type { Freshness, StoredTable } from './storeTypes.ts';

/** Usage that can be kept. Plain data without secrets. */
export type StoredSource = Extract<ExportSource, { kind: 'usageDetails' | 'ratedUsage' | 'lineItems' }>;

/** `unknown`: nobody can tell any more who is signed in. */
export type Sameness = 'same' | 'another' | 'unknown';

/** Who asks. */
export interface Asker {
  /** Name of the connection. */
  connection: string;
  /** See `EntryKey.origin`. */
  origin: string;
  /** Whether the connection asks where it did, and as whom it did, ever since `origin` was told. */
  sameness(): Promise<Sameness>;
}

export interface ReadStoredOptions extends SendOptions {
  /** Sends nothing: answers from what is kept, however old, or not at all. */
  onlyKept?: boolean | undefined;
  /** Fetches months anew that are not closed. */
  anew?: boolean | undefined;
  onProgress?: ((progress: UsageProgress) => void) | undefined;
  /**
   * Told what a month takes before it is fetched, and how many months there are from it on; fetching begins when this resolves. Whoever
   * declines aborts the signal.
   */
  onEstimate?: ((estimate: UsageEstimate, months: number) => Promise<void>) | undefined;
}

/** Usage of one or more months. Release it when it is no longer read. */
export interface StoredUsage {
  /** In the order of a document: newest month first, scope by scope. */
  tables: readonly StoredTable[];
  /** Of the oldest of them. */
  freshness: Freshness | undefined;
  /** Months that were fetched for it: none when all was kept. */
  fetched: number;
  release(): Promise<void>;
}
