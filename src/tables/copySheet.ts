import type { Group, GroupBy } from '../engine/table/usageTable.ts';
import { guardText } from '../records/formulaGuard.ts';

type Sheet = (string | null)[][];

/**
 * Cells as spreadsheets take them from the clipboard: tabs between them, quotes around those that have a tab, a quote or a line break.
 *
 * @param guard whether an apostrophe stands before text that a spreadsheet would run: what is pasted runs as what is opened
 */
export function copyText(sheet: Sheet, guard: boolean): string {
  const line = (row: (string | null)[]) =>
    row.map((cell) => quoted(guard ? guardText(cell ?? '') : (cell ?? ''))).join('\t');
  return `${sheet.map(line).join('\r\n')}\r\n`;
}

function quoted(text: string): string {
  return /[\t\r\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Groups with a column for each currency of each sum, so that no cell holds two amounts. */
export function groupSheet(by: GroupBy, groups: readonly Group[]): Sheet {
  const heads = new Map<string, { column: string; currency: string | null }>();
  for (const column of by.sums) {
    const currencies = new Set(
      groups.flatMap(({ sums }) => sums.filter((sum) => sum.column === column).map(({ currency }) => currency)),
    );
    for (const currency of currencies) {
      heads.set(currency === null ? column : `${column} (${currency})`, { column, currency });
    }
  }
  const keys = by.columns.map(({ column, by: part }) => (part === undefined ? column : `${column} by ${part}`));
  return [
    [...keys, 'Rows', ...heads.keys()],
    ...groups.map(({ keys: values, rows, sums }) => [
      ...values,
      String(rows),
      ...[...heads.values()].map(
        (head) =>
          sums.find(({ column, currency }) => column === head.column && currency === head.currency)?.sum ?? null,
      ),
    ]),
  ];
}
