import type { Engine, Ground } from '../engine/engine.ts';
import { literal } from '../engine/sql/quote.ts';
import { type CatalogueView, FACTS, friendlyViews, type ViewFile } from '../engine/views/friendlyViews.ts';
import { USAGE_COLUMNS } from '../engine/views/usageColumns.ts';
import { cellType } from '../records/columnTypes.ts';
import { MODERN_USAGE } from '../records/usageDetails.ts';
import type { StoredTable } from '../store/storeTypes.ts';
import type { SheetView } from './completion.ts';
import type { SheetSource } from './sheetSource.ts';

/** What the SQL of a sheet can name. */
export interface SheetGround {
  ground: Ground;
  views: readonly SheetView[];
}

const SUMS = ['BilledCost', 'EffectiveCost'] as const;

/** Views that add rows of `usage` up: who and what they are by, before the currency and the sums. */
const BY = {
  customers: { meaning: 'Each customer, with its costs', columns: ['x_CustomerId', 'x_CustomerName'] },
  invoices: {
    meaning: 'Each invoice, with its costs; without an InvoiceId what has none yet',
    columns: ['InvoiceId', 'BillingPeriodStart'],
  },
} as const;

/** Files of the store as the views of a sheet; `usage` and what adds it up hold the days of the sheet alone. */
export async function sheetGround(
  engine: Engine,
  tables: readonly StoredTable[],
  { period, metric }: SheetSource,
  signal: AbortSignal,
): Promise<SheetGround> {
  const files = tables.map(
    ({ file, facts: { connection, scope, month } }): ViewFile => ({
      ...{ file, connection, scope, month, holds: 'usage' },
      costs: metric === 'AmortizedCost' ? 'amortized' : 'actual',
    }),
  );
  const { ground, catalogue } = await friendlyViews(engine, files, { signal });
  const days = `ChargePeriodStart BETWEEN DATE ${literal(period.from)} AND DATE ${literal(period.to)}`;
  const usage = ground.views.find(({ name }) => name === 'usage')?.sql ?? '';
  const named = Object.entries(BY).map(([name, { columns }]) => ({
    name,
    sql: `SELECT ${columns.join(', ')}, BillingCurrency, ${SUMS.map((sum) => `sum(${sum}) AS ${sum}`).join(', ')}, count(*) AS UsageRows FROM usage GROUP BY ALL`,
  }));
  return {
    ground: {
      ...ground,
      views: [
        ...ground.views.flatMap((view) =>
          view.name in BY
            ? []
            : [view.name === 'usage' ? { ...view, sql: `SELECT * FROM (${usage}) WHERE ${days}` } : view],
        ),
        ...named,
      ],
    },
    views: [...catalogue.filter(({ name }) => !(name in BY)).map(shown), ...SUM_VIEWS],
  };
}

function shown({ name, meaning, columns }: CatalogueView): SheetView {
  return { name, meaning, columns: columns.map(shownColumn) };
}

function shownColumn({ name, kind, meaning }: CatalogueView['columns'][number]): SheetView['columns'][number] {
  return { name, type: kind, meaning };
}

const SUM_VIEWS: readonly SheetView[] = Object.entries(BY).map(([name, { meaning, columns }]) => ({
  name,
  meaning,
  columns: [
    ...[...columns, 'BillingCurrency', ...SUMS].flatMap((column) =>
      USAGE_COLUMNS.filter((one) => one.name === column).map((one) => ({
        name: one.name,
        type: one.kind,
        meaning: one.meaning,
      })),
    ),
    { name: 'UsageRows', type: 'integer', meaning: 'How many rows' },
  ],
}));

/** How the store keeps cells. */
const KINDS = { text: 'text', number: 'decimal', date: 'timestamp', boolean: 'boolean', json: 'text' } as const;

/** Before a sheet was run nobody knows the columns of its files: those of most partners are offered until then. */
export const KNOWN_VIEWS: readonly SheetView[] = [
  {
    name: 'usage',
    meaning: 'Usage and charges by FOCUS names, a row per resource, meter and day',
    columns: [...FACTS, ...USAGE_COLUMNS].map(shownColumn),
  },
  ...SUM_VIEWS,
  {
    name: 'usage_files',
    meaning: 'Rows of whole months with the columns as the service sent them',
    columns: [
      ...FACTS.map(shownColumn),
      ...MODERN_USAGE.columns.map(({ name }) => ({
        name,
        type: KINDS[cellType(name)],
        meaning: 'Of usage of partner and customer agreements',
      })),
    ],
  },
];
