/** What one api-version of Microsoft.CostManagement/exports knows (REST reference: Cost Management, Exports). */
export interface ExportVersion {
  /** Words of `definition.type`. */
  readonly types: readonly string[];
  readonly formats: readonly string[];
  readonly granularities: readonly string[];
  /** How the data set is spelled in answers; requests may use either spelling. */
  readonly dataSet: 'dataset' | 'dataSet';
  /** Months that a custom period may have; undefined for any number. */
  readonly mostMonths: number | undefined;
  /** Whether `$expand=runHistory` is understood. */
  readonly expand: boolean;
  readonly nextRunTime: boolean;
  readonly partitionData: boolean;
  /** Whether a storage account with a SAS token may stand in for its resource id. */
  readonly sasToken: boolean;
  readonly identity: boolean;
  /** Compression, overwriting, a description, filters; one folder a run with a manifest in it. */
  readonly runFolders: boolean;
  /** Whether a run may be for other days than the export's own. */
  readonly runPeriod: boolean;
}

const COSTS = ['Usage', 'ActualCost', 'AmortizedCost'];
const EVERYTHING = [
  ...COSTS,
  'FocusCost',
  'PriceSheet',
  'ReservationTransactions',
  'ReservationRecommendations',
  'ReservationDetails',
];

const FIRST: ExportVersion = {
  types: COSTS,
  formats: ['Csv'],
  granularities: ['Daily'],
  dataSet: 'dataset',
  mostMonths: undefined,
  expand: false,
  nextRunTime: false,
  partitionData: false,
  sasToken: false,
  identity: false,
  runFolders: false,
  runPeriod: false,
};
const SCHEDULED: ExportVersion = { ...FIRST, dataSet: 'dataSet', mostMonths: 3, expand: true, nextRunTime: true };
const PARTITIONED: ExportVersion = { ...SCHEDULED, partitionData: true, sasToken: true };
const IDENTIFIED: ExportVersion = { ...PARTITIONED, identity: true };
const PREVIEW: ExportVersion = {
  ...IDENTIFIED,
  types: EVERYTHING,
  // The preview's reference names Csv alone, but the service has always taken Parquet there.
  formats: ['Csv', 'Parquet'],
  mostMonths: 1,
  runFolders: true,
};

/** By api-version, oldest first. The members of the preview returned with 2025-03-01 and are unknown in between. */
export const EXPORT_VERSIONS = {
  '2019-10-01': FIRST,
  '2020-06-01': SCHEDULED,
  '2021-10-01': PARTITIONED,
  '2022-10-01': PARTITIONED,
  '2023-07-01-preview': PREVIEW,
  '2023-08-01': IDENTIFIED,
  '2023-11-01': IDENTIFIED,
  '2024-08-01': IDENTIFIED,
  '2025-03-01': { ...PREVIEW, granularities: ['Daily', 'Monthly'], runPeriod: true },
} as const satisfies Record<string, ExportVersion>;

/** The data set that a request gets when it does not name one, by its api-version (article "Cost data schemas"). */
export function defaultDataVersion(type: string, apiVersion: string): string {
  switch (type) {
    case 'FocusCost':
      return '1.0r2';
    case 'PriceSheet':
    case 'ReservationDetails':
    case 'ReservationTransactions':
    case 'ReservationRecommendations':
      return '2023-05-01';
    default:
      return apiVersion < '2021-01-01' ? '2019-11-01' : '2021-10-01';
  }
}
