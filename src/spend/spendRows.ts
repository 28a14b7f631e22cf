import type { CostCell, WholeCostTable } from '../api/arm/costTable.ts';
import { BillingError } from '../api/http/errors.ts';
import { digitsOf, ExactNumber } from '../json/exact.ts';
import { parseInstant } from '../records/instant.ts';
import { parseAmount } from './amounts.ts';

/** What a group cost on a day or in a month. */
export interface SpendRow {
  /** The day, or the first of the month, UTC, `YYYY-MM-DD`. */
  day: string;
  /** What the service calls the group; empty where it has no name, or nothing is grouped. */
  key: string;
  /** What people call it, where another column tells. */
  label: string;
  /** Billing currency, or pricing currency where usage rows were added up. */
  currency: string;
  /** In that currency; units of 10^-30. */
  cost: bigint;
  /** In US dollars; units of 10^-30. */
  usd: bigint;
}

/** Which columns of an answer hold what; compared without case. */
export interface SpendColumns {
  /** Left out: nothing is grouped. */
  key?: string | undefined;
  label?: string | undefined;
}

/**
 * The rows of a cost query (REST reference: Query - Usage) that summed `Cost` and `CostUSD` by day or month.
 *
 * @throws BillingError of kind `malformed` when a column or an amount is missing: a sum without it would look complete
 */
export function spendRows(table: WholeCostTable, columns: SpendColumns): SpendRow[] {
  if (table.rows.length === 0) {
    return [];
  }
  const cells = new CostCells(table);
  // The column of a sum has the alias or the name of what was summed.
  const cost = cells.need('totalCost', 'Cost');
  const usd = cells.need('totalCostUSD', 'CostUSD');
  const date = cells.date;
  const currency = cells.need('Currency');
  const key = columns.key === undefined ? -1 : cells.need(columns.key);
  const label = columns.label === undefined ? -1 : cells.need(columns.label);
  return table.rows.map((row) => ({
    day: cells.day(row[date]),
    key: textOf(row[key]),
    label: textOf(row[label]),
    currency: textOf(row[currency]),
    cost: cells.amount(row[cost]),
    usd: cells.amount(row[usd]),
  }));
}

/**
 * The days of a forecast that summed one cost (REST reference: Forecast - Usage).
 *
 * @returns day → amount in units of 10^-30, and the currency of the first row; undefined when there are no rows
 * @throws BillingError of kind `malformed`, as {@link spendRows}
 */
export function forecastDays(
  table: WholeCostTable,
): { days: ReadonlyMap<string, bigint>; currency: string } | undefined {
  const [first] = table.rows;
  if (first === undefined) {
    return undefined;
  }
  const cells = new CostCells(table);
  const cost = cells.need('totalCost', 'Cost', 'CostUSD', 'PreTaxCost', 'PreTaxCostUSD');
  const date = cells.date;
  const days = new Map<string, bigint>();
  for (const row of table.rows) {
    const day = cells.day(row[date]);
    days.set(day, (days.get(day) ?? 0n) + cells.amount(row[cost]));
  }
  return { days, currency: textOf(first[cells.need('Currency')]) };
}

function textOf(cell: CostCell | undefined): string {
  return cell === null || cell === undefined ? '' : cell instanceof ExactNumber ? cell.digits : String(cell);
}

/** Reads cells of a table, or says what is wrong with it. */
class CostCells {
  readonly #table: WholeCostTable;
  /** Days that were read: there are many rows of each. */
  readonly #days = new Map<string, string>();

  constructor(table: WholeCostTable) {
    this.#table = table;
  }

  /** The first column with one of these names. */
  need(...names: string[]): number {
    const wanted = names.map((name) => name.toLowerCase());
    const index = this.#table.columns.findIndex(({ name }) => wanted.includes(name.toLowerCase()));
    if (index < 0) {
      throw this.#malformed(`the answer has no column '${names.at(-1)}'.`);
    }
    return index;
  }

  /** The column of days or months. */
  get date(): number {
    return this.need('BillingMonth', 'UsageDate');
  }

  amount(cell: CostCell | undefined): bigint {
    const digits = typeof cell === 'number' || cell instanceof ExactNumber ? digitsOf(cell) : undefined;
    const units = digits === undefined ? undefined : parseAmount(digits);
    if (units === undefined) {
      throw this.#malformed(`'${textOf(cell).slice(0, 60)}' is no amount.`);
    }
    return units;
  }

  day(cell: CostCell | undefined): string {
    const text = textOf(cell);
    let day = this.#days.get(text);
    if (day === undefined) {
      const instant = parseInstant(text);
      if (instant === undefined) {
        throw this.#malformed(`'${text.slice(0, 60)}' is no day.`);
      }
      day = new Date(instant.ms).toISOString().slice(0, 10);
      this.#days.set(text, day);
    }
    return day;
  }

  #malformed(why: string): BillingError {
    return new BillingError('malformed', `Query costs failed: ${why}`, {
      requestId: this.#table.requestIds[0],
      advice: 'Ask again; report the request id if it stays.',
    });
  }
}
