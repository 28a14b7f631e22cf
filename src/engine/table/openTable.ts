import type { Engine } from '../engine.ts';
import { EngineError } from '../engineErrors.ts';
import { EngineTable } from './engineTable.ts';
import { CsvFiles, copyAll, openParquet } from './fileSource.ts';
import type { UsageTable } from './usageTable.ts';

/**
 * Opens files as one table: `.parquet`, or `.csv` and `.csv.gz` with a header. Of CSV files the head alone is read before the first rows
 * are shown; the rest follows in the background. A CSV column's kind is what the head tells, and text as soon as a value does not fit.
 *
 * @param files absolute paths, all of one format; columns are joined by name
 * @throws EngineMissing; EngineError for files that are no tables
 */
export async function openUsageTable(
  engine: Engine,
  files: readonly string[],
  { signal }: { signal?: AbortSignal } = {},
): Promise<UsageTable> {
  const [file] = files;
  if (file === undefined) {
    throw new EngineError('file', 'There is no file to open.');
  }
  const parquet = files.filter((name) => /\.parquet$/i.test(name));
  if (parquet.length > 0 && parquet.length < files.length) {
    throw new EngineError('file', 'Parquet and CSV files do not make one table; open them one after the other.');
  }
  if (parquet.length === 0) {
    const csv = await CsvFiles.open(files, signal);
    return new EngineTable(engine, {
      files,
      columns: () => csv.columns,
      preview: csv.preview,
      slow: true,
      load: (closing) => csv.copy(engine, closing),
    });
  }
  const { source, preview, columns, copies } = await openParquet(engine, files, signal);
  return new EngineTable(engine, {
    files,
    columns: () => columns,
    preview,
    slow: source === undefined,
    load: async (closing) => source ?? copyAll(engine, files, copies, columns, closing),
  });
}
