import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chooseLayout, type LayoutChoice } from '../../src/records/chooseLayout.ts';
import { type ConvertOptions, type ConvertReport, convert } from '../../src/records/convert.ts';
import { type MakeLayout, type RowScope, withScope } from '../../src/records/rowLayout.ts';
import type { TableColumn } from '../../src/records/tableRows.ts';
import { writeRows } from './writeRows.ts';

/** Rows on their way into a file of typed columns. */
export interface Spool {
  columns: readonly TableColumn[];
  /** Flat JSON objects, one a line. */
  text: string;
}

/** The layout of an export of typed columns, and the columns that it makes. */
function watchedLayout(choice: LayoutChoice, scope?: RowScope): { layout: MakeLayout; columns: TableColumn[] } {
  const columns: TableColumn[] = [];
  const make = chooseLayout({ ...choice, always: true });
  return {
    columns,
    layout(values) {
      const plain = (make as MakeLayout)(values);
      const layout = scope === undefined ? plain : withScope(plain, scope);
      columns.push(...layout.cells.map(({ name, type }) => ({ name, type })));
      return layout;
    },
  };
}

/** The fixture of a kind of rows, in the columns of an export. */
export function spoolOf(kind: string, choice: LayoutChoice = {}, scope?: RowScope): Spool {
  const { layout, columns } = watchedLayout(choice, scope);
  return { columns, text: writeRows(kind, 'ndjson', { layout }) };
}

export const FACTS: ConvertOptions['facts'] = {
  title: 'Usage details',
  source: 'Usage Details 2023-11-01',
  period: '2026-10-01 to 2026-10-31',
  producedBy: { name: 'azure-billing-explorer', version: '0.0.0' },
  totals: { EUR: '12345678901234567.12345678901234567890', USD: '-0.5' },
};

/** The spool as a file of the format, in memory. */
export async function converted(
  { columns, text }: Spool,
  format: 'parquet' | 'xlsx',
  options: Partial<ConvertOptions> = {},
): Promise<ConvertReport & { file: Uint8Array }> {
  const chunks: Uint8Array[] = [];
  const report = await withSpool(text, (file) =>
    convert({ file, columns }, format, { write: (chunk) => void chunks.push(chunk) }, { facts: FACTS, ...options }),
  );
  return { ...report, file: Buffer.concat(chunks) };
}

export async function withSpool<T>(text: string, use: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'spool-'));
  try {
    const file = path.join(folder, 'rows.ndjson');
    await writeFile(file, text);
    return await use(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}
