import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { EXPORT_FORMATS, type ExportFormat } from '../contributions.ts';
import type { ExportSource } from '../usage/plan/exportSource.ts';
import { plainText } from '../workbench/text.ts';
import { BackedOut } from './ask.ts';
import { type ExportOptions, hasFocus } from './exportOptions.ts';
import type { ExportSubject } from './exportSubject.ts';
import { formatOfFile, targetFile } from './exportTarget.ts';
import { exportTitle } from './exportTitle.ts';
import { safeFileName } from './fileNames.ts';
import { confirmReplace, startFolder } from './targets.ts';

const FORMAT_NAMES: Readonly<Record<ExportFormat, string>> = {
  csv: 'CSV',
  ndjson: 'NDJSON',
  json: 'JSON',
  parquet: 'Parquet',
  xlsx: 'Excel',
};

const FORMAT_DETAILS: Readonly<Record<ExportFormat, string>> = {
  csv: 'Comma-separated values with a header row',
  ndjson: 'One JSON object a line',
  json: 'One JSON array',
  parquet: 'For data tools: typed columns, compressed',
  xlsx: 'A workbook; up to a million rows',
};

/** Asks for the format, and for everything else about the file in one more list when that is wanted. @throws BackedOut */
export async function askOptions(usual: ExportOptions, kind: ExportSource['kind']): Promise<ExportOptions> {
  let options = usual;
  for (;;) {
    const formats = [options.format, ...EXPORT_FORMATS.filter((format) => format !== options.format)];
    const more = { label: '$(settings-gear) Options…', ...optionTexts(options, kind), format: undefined };
    const picked = await vscode.window.showQuickPick(
      [
        ...formats.map((format) => ({ label: FORMAT_NAMES[format], description: FORMAT_DETAILS[format], format })),
        { label: '', kind: vscode.QuickPickItemKind.Separator, format: undefined },
        more,
      ],
      { title: exportTitle(kind), placeHolder: 'Format of the file' },
    );
    if (picked === undefined) {
      throw new BackedOut();
    }
    if (picked.format !== undefined) {
      return { ...options, format: picked.format };
    }
    options = await askMore(options, kind);
  }
}

const FOCUS = 'FOCUS columns';

const TOGGLES: readonly { label: string; detail: string; is(options: ExportOptions): boolean }[] = [
  {
    label: FOCUS,
    detail: 'Columns are named as in FOCUS, the open specification for cost data',
    is: ({ columns }) => columns === 'focus',
  },
  {
    label: 'Share-safe',
    detail: 'Names and ids become pseudonyms; tags and other free text are left out',
    is: ({ shareSafe }) => shareSafe,
  },
  {
    label: 'Guard against formulas',
    detail: 'CSV: an apostrophe before text that a spreadsheet would run',
    is: ({ formulaGuard }) => formulaGuard,
  },
  {
    label: 'CRLF',
    detail: 'CSV: lines end with carriage return and line feed',
    is: ({ lineEnd }) => lineEnd === '\r\n',
  },
  {
    label: 'Byte order mark',
    detail: 'CSV: for spreadsheets that take UTF-8 for something else',
    is: ({ bom }) => bom,
  },
];

function togglesOf(kind: ExportSource['kind']): typeof TOGGLES {
  return TOGGLES.filter(({ label }) => label !== FOCUS || hasFocus(kind));
}

/** What is chosen, and what else there is: nobody looks for what is not named. */
function optionTexts(options: ExportOptions, kind: ExportSource['kind']): { description: string; detail: string } {
  const labels = (chosen: boolean) =>
    togglesOf(kind)
      .filter((toggle) => toggle.is(options) === chosen)
      .map(({ label }) => label)
      .join(', ');
  const others = labels(false);
  return { description: labels(true), detail: others === '' ? '' : `Not chosen: ${others}` };
}

/** Backing out of this list leaves everything as it was. */
async function askMore(options: ExportOptions, kind: ExportSource['kind']): Promise<ExportOptions> {
  const toggles = togglesOf(kind);
  const picked = await vscode.window.showQuickPick(
    toggles.map(({ label, detail, is }) => ({ label, detail, picked: is(options) })),
    { title: `${exportTitle(kind)}: Options`, placeHolder: 'What applies to this export', canPickMany: true },
  );
  if (picked === undefined) {
    return options;
  }
  const on = (label: string) => picked.some((item) => item.label === label);
  return {
    format: options.format,
    columns: on(FOCUS) ? 'focus' : 'service',
    shareSafe: on('Share-safe'),
    formulaGuard: on('Guard against formulas'),
    lineEnd: on('CRLF') ? '\r\n' : '\n',
    bom: on('Byte order mark'),
  };
}

/**
 * Asks where the file shall go.
 *
 * @param folder where the dialog begins; left out, in the workspace or at home
 * @returns the path, and the format that its ending tells
 * @throws BackedOut
 */
export async function askFile(
  { name, shareSafeName, source }: ExportSubject,
  { format, shareSafe }: Pick<ExportOptions, 'format' | 'shareSafe'>,
  folder = startFolder(),
): Promise<{ file: string; format: ExportFormat }> {
  const suggested = `${safeFileName(shareSafe ? shareSafeName : name, 'usage')}.${format}`;
  const others = EXPORT_FORMATS.filter((one) => one !== format);
  const picked = await vscode.window.showSaveDialog({
    title: exportTitle(source.kind),
    defaultUri: vscode.Uri.file(path.join(folder, suggested)),
    filters: Object.fromEntries([format, ...others].map((one) => [FORMAT_NAMES[one], [one]])),
    saveLabel: 'Export',
  });
  if (picked === undefined) {
    throw new BackedOut();
  }
  if (picked.scheme !== 'file') {
    throw new Error('Choose a place on this machine: exports are written to its disk.');
  }
  const chosen = formatOfFile(picked.fsPath) ?? format;
  const file = targetFile(picked.fsPath, chosen);
  // The dialog asked about the name without the ending.
  if (file !== picked.fsPath && (await exists(file))) {
    await confirmReplace(
      `The file ${path.basename(file)} is there already.`,
      'It is replaced when the export is complete, not before.',
    );
  }
  return { file, format: chosen };
}

/** Whether a missing folder shall be made. */
export async function offerFolder(folder: string): Promise<boolean> {
  const make = 'Make the Folder';
  const answer = await vscode.window.showWarningMessage(
    plainText(`The folder ${folder} does not exist.`),
    { modal: true },
    make,
  );
  if (answer !== make) {
    throw new BackedOut();
  }
  return true;
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
