import path from 'node:path';
import { refused } from '../api/arm/input.ts';
import { EXPORT_COLUMNS, EXPORT_FORMATS, type ExportFormat, LINE_ENDINGS, type Settings } from '../contributions.ts';
import type { ExportTarget } from '../jobs/jobTypes.ts';
import type { ExportSource } from '../usage/plan/exportSource.ts';
import { formatOfFile, targetFile } from './exportTarget.ts';
import { type Given, givenFlag, givenPath } from './given.ts';

/** How a file is written, but for where. */
export type ExportOptions = Omit<ExportTarget, 'file' | 'columns' | 'shareSafe'> &
  Required<Pick<ExportTarget, 'columns' | 'shareSafe'>>;

/** The settings that say what is not given. */
type UsualOptions = <Name extends keyof Settings>(name: Name) => Settings[Name];

/**
 * How an export is written: as it is given, else as the settings say.
 *
 * @param kind what is exported: only usage details have FOCUS columns, whatever the setting says
 * @throws BillingError of kind `argument` that names the field
 */
export function optionsOf(given: Given, kind: ExportSource['kind'], usual: UsualOptions): ExportOptions {
  const file = givenPath(given, 'file');
  const told = file === undefined ? undefined : formatOfFile(file);
  const columns = word('columns', given.columns, EXPORT_COLUMNS);
  if (columns === 'focus' && !hasFocus(kind)) {
    throw refused('columns', 'FOCUS columns are for usage details; leave them out.');
  }
  return {
    format: word('format', given.format, EXPORT_FORMATS) ?? told ?? usual('azureBilling.export.format'),
    columns: columns ?? (hasFocus(kind) ? usual('azureBilling.export.columns') : 'service'),
    shareSafe: givenFlag(given, 'shareSafe') ?? false,
    formulaGuard: givenFlag(given, 'formulaGuard') ?? usual('azureBilling.export.formulaGuard'),
    lineEnd:
      (word('lineEnd', given.lineEnd, LINE_ENDINGS) ?? usual('azureBilling.export.lineEnding')) === 'crlf'
        ? '\r\n'
        : '\n',
    bom: givenFlag(given, 'bom') ?? usual('azureBilling.export.bom'),
  };
}

/** Whether there are FOCUS columns for what is exported. */
export function hasFocus(kind: ExportSource['kind']): boolean {
  return kind === 'usageDetails';
}

/** The path that an argument gives, with the ending of its format; undefined when it is left out. */
export function givenFile(given: Given, format: ExportFormat): string | undefined {
  const file = givenPath(given, 'file');
  return file === undefined ? undefined : path.normalize(targetFile(file, format));
}

function word<T extends string>(field: string, value: unknown, words: readonly T[]): T | undefined {
  const found = words.find((known) => known === value);
  if (value !== undefined && found === undefined) {
    throw refused(field, `'${String(value).slice(0, 60)}' is not one of ${words.join(', ')}.`);
  }
  return found;
}
