import path from 'node:path';
import * as v from 'valibot';
import { checked, refused } from '../api/arm/input.ts';
import { TABLE_FORMATS, type TableReport } from '../contributions.ts';
import { type PageView, viewShape } from './tableContract.ts';

const absolute = v.pipe(
  v.string(),
  v.check((file) => path.isAbsolute(file), 'is not an absolute path.'),
);

const files = {
  file: v.exactOptional(absolute),
  files: v.exactOptional(v.pipe(v.array(absolute), v.minLength(1, 'names no file.'))),
};

const REPORTS = [
  'azureBilling.compareCosts',
  'azureBilling.showUnusualCosts',
  'azureBilling.showForecast',
] as const satisfies readonly TableReport['command'][];

const report = v.strictObject({
  command: v.picklist(REPORTS),
  argument: v.looseObject({ connection: v.string() }),
});

const openShape = v.strictObject({
  ...files,
  title: v.exactOptional(v.string()),
  about: v.exactOptional(v.string()),
  stored: v.exactOptional(v.looseObject({ connection: v.string() })),
  report: v.exactOptional(report),
});

const exportShape = v.strictObject({
  ...files,
  to: absolute,
  format: v.exactOptional(v.picklist(TABLE_FORMATS)),
  columns: v.exactOptional(v.pipe(v.array(v.string()), v.minLength(1, 'names no column.'))),
  sort: v.exactOptional(v.array(v.strictObject({ column: v.string(), descending: v.optional(v.boolean(), false) }))),
  filters: v.exactOptional(viewShape.entries.filters),
});

/** What an export of a table is of. */
export interface TableExport {
  /** Absolute paths; undefined: the table in front. */
  files: string[] | undefined;
  to: string;
  format: 'csv' | 'parquet';
  columns: string[] | undefined;
  /** Undefined: all rows, or what is shown of the table in front. */
  view: PageView | undefined;
}

/**
 * The files that a plain argument names.
 *
 * @throws BillingError of kind `argument` that names the field
 */
export function tableFiles(given: unknown): string[] {
  const found = filesOf(checked(openShape, given));
  if (found === undefined) {
    throw refused('file', 'is missing; give the absolute path of a .csv, .csv.gz or .parquet file.');
  }
  return found;
}

/** What a page kept of a report; undefined when it is nothing of that shape. The command checks its argument. */
export function keptReport(value: unknown): TableReport | undefined {
  const read = v.safeParse(report, value);
  return read.success ? read.output : undefined;
}

/**
 * What a plain argument exports.
 *
 * @throws BillingError of kind `argument` that names the field
 */
export function tableExport(given: unknown): TableExport {
  const argument = checked(exportShape, given);
  const { to, columns, sort, filters } = argument;
  const told = TABLE_FORMATS.find((format) => to.toLowerCase().endsWith(`.${format}`));
  const format = argument.format ?? told;
  if (format === undefined) {
    throw refused('to', 'ends neither with .csv nor with .parquet; give a format too.');
  }
  const view = sort === undefined && filters === undefined ? undefined : { sort: sort ?? [], filters: filters ?? [] };
  return { files: filesOf(argument), to, format, columns, view };
}

function filesOf({ file, files: several }: { file?: string; files?: string[] }): string[] | undefined {
  if (file !== undefined && several !== undefined) {
    throw refused('files', 'cannot stand beside file; give one of them.');
  }
  return file === undefined ? several : [file];
}
