import { BillingError } from '../api/http/errors.ts';
import { allRows } from '../engine/allRows.ts';
import type { Engine } from '../engine/engine.ts';
import type { DimensionName } from '../insight/costColumns.ts';
import { type DriverTable, driverTables } from '../insight/driverTables.ts';
import type { Side } from '../insight/side.ts';
import { answerSums, sideQuery } from '../insight/sideQuery.ts';
import type { SideSums } from '../insight/sideSums.ts';
import { stableDocuments } from '../insight/stableDocuments.ts';
import type { StoredTable } from '../store/storeTypes.ts';
import { type ComparedSide, comparedItems } from './comparedSides.ts';
import { type CostTable, costTables, sharedDimensions } from './costTables.ts';

/** What two sides differ by. */
export interface Comparison {
  /** Both sides as texts in which the same items stand beside each other. */
  documents: readonly [string, string];
  /** One for each currency. */
  tables: readonly DriverTable[];
  /** What rows of the tables are by. */
  drivers: readonly DimensionName[];
  /** Rows whose cost is no number: in no sum. */
  unread: number;
}

/** A side, and the files that its rows are in. */
export interface SideTables extends ComparedSide {
  tables: readonly StoredTable[];
}

/** What the table of drivers is by; charges of Partner Center have no services. */
const DRIVERS: readonly DimensionName[] = ['customer', 'service'];
const DRIVERS_OF_CHARGES: readonly DimensionName[] = ['customer', 'product'];

/**
 * Compares the rows of two sides.
 *
 * @param by what drivers are by; left out: customer and service or product, as far as both sides tell them
 * @throws BillingError of kind `argument` when the rows do not tell `by`; EngineMissing; EngineError; the signal's reason
 */
export async function comparison(
  engine: Engine,
  before: SideTables,
  after: SideTables,
  by: readonly DimensionName[] | undefined,
  signal: AbortSignal,
): Promise<Comparison> {
  const [tablesBefore = [], tablesAfter = []] = await Promise.all(
    [before, after].map(({ tables }) => costTables(engine, tables, signal)),
  );
  const all = [...tablesBefore, ...tablesAfter];
  const items = sharedDimensions(all, [...new Set([...(by ?? []), ...comparedItems(before, after)])]);
  const missing = by?.find((name) => !items.includes(name));
  if (missing !== undefined) {
    throw new BillingError('argument', `by: these costs do not tell '${missing}'.`);
  }
  const sumsBefore = await sideSums(engine, tablesBefore, before.side, items, signal);
  const sumsAfter = await sideSums(engine, tablesAfter, after.side, items, signal);
  const usual = items.includes('service') ? DRIVERS : DRIVERS_OF_CHARGES;
  const drivers = by ?? usual.filter((name) => items.includes(name));
  return {
    documents: stableDocuments(sumsBefore, sumsAfter),
    tables: driverTables(sumsBefore, sumsAfter, drivers),
    drivers,
    unread: sumsBefore.unread + sumsAfter.unread,
  };
}

async function sideSums(
  engine: Engine,
  tables: readonly CostTable[],
  side: Side,
  by: readonly DimensionName[],
  signal: AbortSignal,
): Promise<SideSums> {
  const answers: (string | null)[][] = [];
  for (const { ground, table } of tables) {
    const { sql, parameters } = sideQuery(side, by, table);
    answers.push(...(await allRows(engine, { sql, params: parameters, ground, signal })));
  }
  return answerSums(side, by, answers);
}
