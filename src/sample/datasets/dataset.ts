import type { DayRange } from '../calendar.ts';
import type { CostScope } from '../costScopes.ts';
import type { Tenant } from '../tenant.ts';
import { costColumns } from './costColumns.ts';
import { type CostRow, CostRows } from './costRows.ts';
import { focusColumns } from './focusColumns.ts';

/** What the cells of a column are, for formats that have types; in CSV all are text. */
export type CellKind = 'text' | 'number' | 'date' | 'boolean';

export interface DatasetColumn<Row = CostRow> {
  readonly name: string;
  readonly kind: CellKind;
  /** The cell as it stands in a CSV file, before quoting; empty where there is no value. */
  readonly cell: (row: Row) => string;
}

/** Usage is the name that ActualCost had first. */
export const DATASET_TYPES = ['Usage', 'ActualCost', 'AmortizedCost', 'FocusCost'] as const;
export type DatasetType = (typeof DATASET_TYPES)[number];

export interface DatasetRequest {
  /** From `costScope`; it decides between the columns of billing scopes and those of subscriptions. */
  readonly scope: CostScope;
  /** Inclusive, UTC; clipped to the days of the tenant. */
  readonly days: DayRange;
  readonly type: DatasetType;
  /** Default: 2021-10-01, and 1.0 for FocusCost. */
  readonly dataVersion?: string | undefined;
}

/**
 * The rows of a cost dataset as its files have them. They are those of usage details: the sum of costInBillingCurrency (BilledCost
 * in FOCUS) is `tenant.truth` of the scope and days, digit by digit. Actual and amortized cost are the same rows, because
 * no usage of the tenant is covered by a reservation and its purchases are no usage.
 */
export interface Dataset {
  /** In the order of the file. */
  readonly columns: readonly Pick<DatasetColumn, 'name' | 'kind'>[];
  /** The version that was chosen. */
  readonly dataVersion: string;
  /** All rows, counted without making them. */
  count(): number;
  /**
   * Cells in the order of the columns: months ascending, in each month by billing profile, resource and day, the rounding
   * row last. Rows are made as they are taken; skipping to `from` makes none. `to` is exclusive.
   */
  rows(from?: number, to?: number): Iterable<readonly string[]>;
}

const DEFAULT_VERSION = '2021-10-01';
const DEFAULT_FOCUS_VERSION = '1.0';

/** Throws a RangeError that names the known versions when there is no such version of the dataset. */
export function dataset(tenant: Tenant, { scope, days, type, dataVersion }: DatasetRequest): Dataset {
  const version = dataVersion ?? (type === 'FocusCost' ? DEFAULT_FOCUS_VERSION : DEFAULT_VERSION);
  const columns = type === 'FocusCost' ? focusColumns(version) : costColumns(scope.kind, version);
  const rows = new CostRows(tenant, scope, days);
  return {
    columns,
    dataVersion: version,
    count: () => rows.count(),
    *rows(from, to) {
      for (const row of rows.rows(from, to)) yield columns.map(({ cell }) => cell(row));
    },
  };
}
