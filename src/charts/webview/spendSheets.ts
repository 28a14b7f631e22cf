import type { SpendPicture } from '../../spend/spendShapes.ts';
import type { DayNames } from './spendDays.ts';
import { stepNote } from './spendSteps.ts';

/** The picture in rows and columns, for reading, copying and files. Digits are exact and plain; empty where there is none. */
export interface Sheet {
  title: string;
  /** The first names what a row is. */
  head: string[];
  rows: string[][];
}

/** Steps against groups, with all that is cumulative beside them. */
export function stepSheet(picture: SpendPicture, days?: DayNames): Sheet {
  const { steps, series, totals, cumulative, currency } = picture;
  const grouped = series.length > 1 || series[0]?.kind === 'group' ? series : [];
  const { actual, budgets, forecast, previous } = cumulative;
  const columns: { name: string; values: readonly (string | null)[] }[] = [
    ...grouped.map(({ label, values }) => ({ name: label, values })),
    { name: 'Total', values: totals },
    { name: 'Cumulative', values: actual },
    ...budgets.map(({ name, values }) => ({ name: `Budget ${name}`, values })),
    ...(forecast === undefined
      ? []
      : [
          { name: 'Forecast', values: forecast.values },
          { name: 'Forecast, low', values: forecast.low },
          { name: 'Forecast, high', values: forecast.high },
        ]),
    ...(previous === undefined ? [] : [{ name: 'Period before', values: previous }]),
  ];
  return {
    title: `Cost in ${currency}, ${picture.periodLabel}`,
    head: ['Period (UTC)', ...columns.map(({ name }) => name)],
    rows: steps.map((step, at) => [
      `${days?.long(step) ?? (step.from === step.to ? step.from : `${step.from} to ${step.to}`)}${stepNote(step)}`,
      ...columns.map(({ values }) => values[at] ?? ''),
    ]),
  };
}

/** What made the difference; undefined where nothing is compared. */
export function driverSheet({ comparison, currency, groupLabel }: SpendPicture): Sheet | undefined {
  return (
    comparison && {
      title: `Difference to ${comparison.label} in ${currency}`,
      head: [groupLabel === '' ? 'Cost' : groupLabel, 'Now', 'Before', 'Difference', 'Kind'],
      rows: comparison.drivers.map(({ label, now, before, difference, kind }) => [
        label,
        now,
        before,
        difference,
        kind,
      ]),
    }
  );
}

/** RFC 4180, with names that a spreadsheet would run as a formula made text. */
export function csvOf(sheet: Sheet): string {
  return [sheet.head, ...sheet.rows].map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('');
}

/** A table of GitHub's Markdown. Names are text: nothing of them becomes a link, a tag or another cell. */
export function markdownOf(sheet: Sheet): string {
  const row = (cells: string[]) => `| ${cells.join(' | ')} |\n`;
  const rule = sheet.head.map((_, at) => (at === 0 ? '---' : '---:'));
  const rows = sheet.rows.map((cells) => row(cells.map(markdownText)));
  return `${markdownText(sheet.title)}\n\n${row(sheet.head.map(markdownText))}${row(rule)}${rows.join('')}`;
}

const NUMBER = /^-?\d+(\.\d+)?$/;

function csvCell(text: string): string {
  const guarded = /^[=+\-@\t\r]/.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

function markdownText(text: string): string {
  return NUMBER.test(text)
    ? text
    : text.replaceAll(/[\\`*_{}[\]<>()#!|~&]/g, (sign) => `\\${sign}`).replaceAll(/\s+/g, ' ');
}
