import type { FileFormat } from '../records/fileFormats.ts';
import type { Period, PeriodState } from '../usage/period.ts';

/**
 * What is known of an exported file, in `<file>.manifest.json` beside it. Two files with the same `sha256` hold the same bytes; a
 * file whose digest is not the one that is told here was changed, or is not the one that the manifest is of.
 */
export interface Manifest {
  /** Of this layout: a reader that does not know it should say so. */
  manifestVersion: 1;
  /** Name of the file, without its folder. */
  file: string;
  format: FileFormat;
  bytes: number;
  /** Of the file, hexadecimal. */
  sha256: string;
  complete: true;
  rows: number;
  /** Rows that no total contains, because they have no cost. */
  rowsWithoutCost: number;
  /** Rows that came and belong to others: left out because one customer or subscription was asked for. */
  rowsLeftOut?: number;
  /** Exact sums per currency (of utilization: per unit), plain digits. Currencies are never added together. */
  totals: Record<string, string>;
  /** The same for each day (UTC, `YYYY-MM-DD`) of the rows that have one. */
  totalsByDay: Record<string, Record<string, string>>;
  columns: 'service' | 'focus';
  /** Whether names and ids were replaced by pseudonyms; then scopes and request ids are left out here. */
  shareSafe: boolean;
  /** The call behind it, e.g. `Usage Details 2023-11-01`. */
  source: string;
  /** Why not the usual source, in words that follow "because". */
  why?: string;
  /** The first and the last day, both included, where the export has such. */
  period?: Period;
  /** Rows of a period that is not closed still come and change. */
  periodState?: PeriodState;
  /** The time of report of utilization, its end not included, as it was asked for. */
  window?: { start: string; end: string };
  scopes?: readonly { scope: string; label?: string }[];
  /** Names of fields that no schema knows; their values are in the file. */
  unknownFields?: readonly string[];
  /** Remarks on values that the format cannot hold as they were sent. */
  notes?: readonly string[];
  /** Answers of the service that the rows came in. */
  pages: number;
  /** Ids of these answers, in the order of the file: Microsoft's support finds the calls by them. */
  requestIds?: readonly string[];
  /** When the first and the last answer arrived, ISO 8601, UTC. */
  fetchedAt: { first: string; last: string };
  /**
   * The rows were not asked for again but read from what was kept: when that was fetched, ISO 8601, UTC; of several months the oldest
   * that may have changed since then.
   */
  asOf?: string;
  /** Id of the export job that wrote it. */
  job: string;
  producedBy: { name: string; version: string };
}
