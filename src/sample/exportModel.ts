import type { DayRange } from './calendar.ts';

/** Where files go: a storage account by its id, or by its name with a SAS token. */
export interface ExportDestination {
  readonly resourceId?: string;
  readonly storageAccount?: string;
  /** As it was sent; never shown. */
  readonly sasToken?: string;
  readonly container: string;
  /** Without slashes at its ends; empty for none. */
  readonly rootFolderPath: string;
}

export interface ExportSchedule {
  readonly status: 'Active' | 'Inactive' | 'SystemSuspended';
  /** Daily, Weekly, Monthly, Annually; absent where an inactive schedule does not say. */
  readonly recurrence?: string;
  /** Moments in milliseconds; the first run is at `from`, and none is after `to`. */
  readonly period?: { readonly from: number; readonly to?: number };
}

export interface ExportDefinition {
  /** Usage, ActualCost, AmortizedCost, FocusCost, PriceSheet or one of the reservation types. */
  readonly type: string;
  readonly timeframe: string;
  /** The days of a Custom timeframe (UTC, inclusive), with the texts that they were sent as. */
  readonly period?: { readonly days: DayRange; readonly from: string; readonly to: string };
  readonly granularity: string;
  /** As the caller gave it; undefined leaves it to the api-version. */
  readonly dataVersion?: string;
  /** Kept and shown, without effect: the service has long ceased to select columns. */
  readonly columns?: readonly string[];
  readonly filters?: readonly unknown[];
}

/**
 * How files lie in the container: `runs` is one folder a run, with a manifest; `files` one csv file a run; `partitions` a folder
 * of csv files and a manifest. The last two are those of older api-versions.
 */
export type ExportLayout = 'runs' | 'files' | 'partitions';

/** What a PUT says of an export, after every rule held. */
export interface ExportInput {
  readonly apiVersion: string;
  readonly layout: ExportLayout;
  readonly format: 'Csv' | 'Parquet';
  readonly compression: 'none' | 'gzip' | 'snappy';
  readonly overwrite: 'OverwritePreviousReport' | 'CreateNewReport';
  readonly description?: string;
  readonly identity?: 'SystemAssigned' | 'None';
  readonly location?: string;
  readonly schedule?: ExportSchedule;
  readonly destination: ExportDestination;
  readonly definition: ExportDefinition;
}

export interface CostExport extends ExportInput {
  readonly name: string;
  /** With its quotation marks, as the service writes it. */
  readonly eTag: string;
}

export type RunStatus =
  | 'Queued'
  | 'InProgress'
  | 'Completed'
  | 'Failed'
  | 'Timeout'
  | 'NewDataNotAvailable'
  | 'DataNotAvailable';

/** One run of an export. Times are moments in milliseconds. */
export interface ExportRun {
  /** A GUID; also the name of its folder. */
  readonly id: string;
  readonly executionType: 'OnDemand' | 'Scheduled';
  readonly submitted: number;
  /** The days of the data (UTC, inclusive), and those that name the folder, which are whole months or weeks. */
  readonly days: DayRange;
  readonly folder: DayRange;
  /** The export as it was when the run began. */
  readonly settings: CostExport;
  status: RunStatus;
  started: number | undefined;
  ended: number | undefined;
  error: { readonly code: string; readonly message: string } | undefined;
  /** Paths in the container, once there are any. */
  fileName: string | undefined;
  manifestFile: string | undefined;
}
