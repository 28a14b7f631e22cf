/** What an export may be written as: formats of text first. */
export const FILE_FORMATS = ['csv', 'json', 'ndjson', 'parquet', 'xlsx'] as const;

/** Also the extension of such a file. */
export type FileFormat = (typeof FILE_FORMATS)[number];

/** Rows of data that one Excel file takes. A sheet has 1,048,576 rows at most (Microsoft Support: Excel specifications and limits). */
const EXCEL_ROWS = 1_000_000;

/** Whether rows are written as they come; all other formats are converted from such a file when it is whole. */
export function isTextFormat(format: FileFormat): format is 'csv' | 'json' | 'ndjson' {
  return format === 'csv' || format === 'json' || format === 'ndjson';
}

const LABELS: Readonly<Record<FileFormat, string>> = {
  csv: 'CSV',
  json: 'JSON',
  ndjson: 'JSON lines',
  parquet: 'Parquet',
  xlsx: 'Excel',
};

/** What people call the format. */
export function formatLabel(format: FileFormat): string {
  return LABELS[format];
}

/** The rows, or their sheet, are more than an Excel file takes. */
export class ExcelLimitError extends Error {
  override readonly name = 'ExcelLimitError';
}

/** Why so many rows cannot become an Excel file; undefined when they can. */
export function excelRefusal(rows: number): string | undefined {
  return rows <= EXCEL_ROWS
    ? undefined
    : `An Excel file holds ${EXCEL_ROWS.toLocaleString('en-US')} rows and the export has more: choose Parquet or CSV.`;
}
