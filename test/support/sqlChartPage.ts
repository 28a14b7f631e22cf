import {
  type AnswerTable,
  readSqlChartToHost,
  type SqlChartToHost,
  type SqlChartToPage,
} from '../../src/sheets/chartContract.ts';
import { chartOf } from '../../src/sheets/chartModel.ts';
import { type BrowserPage, browserPages, type OpenPage } from './browserPage.ts';

/** The page of charts of SQL in a plain browser. */
export type SqlChartPage = BrowserPage<SqlChartToPage, SqlChartToHost>;

type Kind = 'text' | 'decimal' | 'integer' | 'double' | 'date' | 'timestamp';

/** An answer: columns by name and kind, rows of texts. */
export interface Answer {
  columns: readonly (readonly [name: string, kind: Kind])[];
  rows: readonly (readonly (string | null)[])[];
}

/** What the extension sends of an answer. */
export function chartMessage({ columns, rows }: Answer, title = 'SELECT …'): SqlChartToPage {
  const own = columns.map(([name, kind]) => ({ name, kind }));
  const found = chartOf({ columns: own, rows, total: rows.length }, ['EUR', 'GBP']);
  if ('why' in found) {
    return { type: 'stopped', title, ...found, facts: [] };
  }
  const table: AnswerTable = {
    columns: own.map(({ name, kind }) => ({ name, isNumber: /decimal|integer|double/.test(kind) })),
    rows: rows.map((row) => [...row]),
  };
  return { type: 'chart', title, ...found, table, facts: [...found.facts, 'Usage of 2026-09-01 to 2026-11-22 (UTC).'] };
}

/** Sets a suite up to open the page, and to show an answer in it. */
export function sqlChartPages(): {
  open(options?: OpenPage): Promise<SqlChartPage>;
  show(answer: Answer, options?: OpenPage): Promise<SqlChartPage>;
} {
  const open = browserPages<SqlChartToPage, SqlChartToHost>('sqlChart', readSqlChartToHost);
  return {
    open,
    async show(answer, options) {
      const page = await open(options);
      await page.tell(chartMessage(answer));
      return page;
    },
  };
}
