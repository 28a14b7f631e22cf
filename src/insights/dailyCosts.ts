import { despiteCut } from '../engine/allRows.ts';
import type { Engine } from '../engine/engine.ts';
import { quoted } from '../engine/sql/quote.ts';
import { costColumns, type DimensionName, dimensionsIn } from '../insight/costColumns.ts';
import { type DailyPeriod, DailySums } from '../insight/dailySums.ts';
import { InsightError } from '../insight/side.ts';
import type { CostTable } from './costTables.ts';

/** How the sums call what tables of different layouts have: the names of usage details. */
const NAMES = {
  day: 'date',
  chargeType: 'chargeType',
  currency: 'billingCurrencyCode',
  pricingCurrency: 'pricingCurrencyCode',
  cost: 'costInBillingCurrency',
  pricingCost: 'costInPricingCurrency',
} as const;

/** What daily sums can be by; key and name for people. */
const DIMENSIONS = {
  customer: ['customerTenantId', 'customerName'],
  subscription: ['subscriptionId', 'subscriptionName'],
  service: ['meterCategory'],
  resourceGroup: ['resourceGroup'],
} as const satisfies Partial<Record<DimensionName, readonly string[]>>;

export type DailyDimension = keyof typeof DIMENSIONS;

/**
 * The daily sums of months of usage, whatever layouts they have: the engine adds rows up, so only sums come over.
 *
 * @throws InsightError where a table does not tell what is needed; EngineError
 */
export function dailyCosts(
  engine: Engine,
  tables: readonly CostTable[],
  by: readonly DailyDimension[],
  period: DailyPeriod,
  signal: AbortSignal,
): Promise<DailySums> {
  return despiteCut(async () => {
    const texts = [
      NAMES.day,
      NAMES.chargeType,
      NAMES.currency,
      NAMES.pricingCurrency,
      ...by.flatMap((name) => DIMENSIONS[name]),
    ];
    const sums = new DailySums([...texts, NAMES.cost, NAMES.pricingCost], by, period);
    for (const { ground, table } of tables) {
      const sources = sourcesOf(
        table.columns.map(({ name }) => name),
        by,
      );
      if (![NAMES.day, NAMES.currency, NAMES.cost].every((name) => sources.has(name))) {
        throw new InsightError('This usage does not tell cost, currency and day.');
      }
      const text = (name: string) => `CAST(${sources.get(name) ?? 'NULL'} AS VARCHAR)`;
      const sum = (name: string) => `CAST(sum(CAST(${sources.get(name) ?? 'NULL'} AS DECIMAL(38, 20))) AS VARCHAR)`;
      const sql = `SELECT ${[...texts.map(text), sum(NAMES.cost), sum(NAMES.pricingCost)].join(', ')} FROM ${quoted(table.name)} GROUP BY ${texts.map((_, at) => at + 1).join(', ')}, ${sources.get(NAMES.pricingCost) ?? 'NULL'} IS NULL`;
      for await (const batch of engine.query({ sql, ground, signal })) {
        for (let row = 0; row < batch.rows; row++) {
          sums.add(batch.values.map((values) => values[row] ?? null));
        }
      }
    }
    return sums;
  });
}

/** Our name → the table's column, quoted. */
function sourcesOf(header: readonly string[], by: readonly DailyDimension[]): Map<string, string> {
  const { day, currency, pricingCurrency, cost, pricingCost } = costColumns(header);
  const dimensions = dimensionsIn(header);
  const sources = new Map<string, string>();
  const add = (name: string | undefined, column: string | undefined) => {
    if (name !== undefined && column !== undefined) {
      sources.set(name, quoted(column));
    }
  };
  add(NAMES.day, day);
  add(NAMES.currency, currency);
  add(NAMES.pricingCurrency, pricingCurrency);
  add(NAMES.cost, cost);
  add(NAMES.pricingCost, pricingCost);
  add(NAMES.chargeType, dimensions.find(({ name }) => name === 'chargeType')?.key);
  for (const wanted of by) {
    const found = dimensions.find(({ name }) => name === wanted);
    const [key, label] = DIMENSIONS[wanted] as readonly (string | undefined)[];
    add(key, found?.key);
    add(label, found?.label ?? found?.key);
  }
  return sources;
}
