import type { Plan } from '../usage/plan/plan.ts';

/** What one entry holds: a dataset of a scope in one billing period, as one connection sees it. */
export interface EntryKey {
  /** Name of the connection, as the settings have it. */
  connection: string;
  /** Where it asks, and as whom: the endpoint, with the tenant and the account where they are known. Others may see other rows. */
  origin: string;
  /** The path of Azure Resource Manager, or what else names it. Compared without case. */
  scope: string;
  /** The billing period, `YYYY-MM`, UTC; {@link OWN_PERIOD} for what has its own, an invoice. */
  month: string;
  /** For example `usageDetails.ActualCost`. */
  dataset: string;
}

/** The period of what has its own: an invoice. */
export const OWN_PERIOD = 'own';

/** A file of the store. Its name tells the key's hash, when it was fetched, and the hash of its content. */
export interface Entry {
  kind: 'table' | 'answer';
  /** Without folders. */
  name: string;
  month: string;
  fetchedAt: Date;
  /** Of the file. */
  bytes: number;
  /** When somebody last read it. */
  usedAt: Date;
}

/** How final what was fetched is: see {@link Freshness}. */
export type FreshnessState = 'open' | 'settling' | 'closed';

/**
 * `closed`: fetched when nothing could change any more, and never asked for again. `settling`: late usage may still arrive, or might have
 * after it was fetched. `open`: the period goes on.
 */
export interface Freshness {
  fetchedAt: Date;
  state: FreshnessState;
  /** Since then; milliseconds. */
  age: number;
}

/** What an entry says of itself. */
export interface TableFacts extends EntryKey {
  rows: number;
  /** Rows that no total contains. */
  rowsWithoutCost: number;
  /** Exact cost by currency (or unit), plain digits. Currencies are never added together. */
  totals: Readonly<Record<string, string>>;
  /** The same by day (UTC, `YYYY-MM-DD`; '' where none was told), then by currency. */
  days: Readonly<Record<string, Readonly<Record<string, string>>>>;
  requestIds: readonly string[];
  /** The call behind it, `Usage Details 2023-11-01`. */
  source: string;
  /** Why not the usual source, in words that follow "because". */
  why?: string;
  /** What the answers are, see `Plan.content`. */
  content: Plan['content'];
  /** Pages of lists, or files of reports. */
  pages: number;
  /** Names of fields that no schema knows. */
  unknownFields: readonly string[];
  fetchedAt: Date;
  /** Whether it was final when it was fetched. */
  closed: boolean;
}

/** A month of usage that an engine can read. It stays until it is released, whatever else happens to the store. */
export interface StoredTable {
  readonly entry: Entry;
  /** Absolute path of a Parquet file with typed columns. It never changes. */
  readonly file: string;
  readonly facts: TableFacts;
  readonly totals: Readonly<Record<string, string>>;
  readonly freshness: Freshness;
  /** May be called twice. */
  release(): Promise<void>;
}

/** A small answer, a month of a cost query for example, kept as it was sent. */
export interface StoredAnswer {
  readonly entry: Entry;
  readonly bytes: Uint8Array;
  readonly freshness: Freshness;
}

export interface StoreOptions {
  /** Absolute path; made when something is kept. */
  folder: string;
  now: () => Date;
  /** Bytes of all entries together; 0 keeps nothing. */
  limit: number;
  /** The program, as files name it. */
  producedBy: { name: string; version: string };
  /** A file could not be trusted and was moved into the folder `aside`. */
  onSetAside?: ((file: string, reason: string) => void) | undefined;
}

/** Which entries are meant; left out: any. */
export interface EntryFilter {
  connection?: string;
  month?: string;
  kind?: Entry['kind'];
}

/** What became of an attempt to keep to the limit. Bytes. */
export interface LimitOutcome {
  kept: number;
  removed: number;
}
