import { folded, trimmed } from './cellTexts.ts';
import type { DimensionName } from './costColumns.ts';
import { InsightError, type Side } from './side.ts';
import { dimensionOf, SideSums, sideColumns } from './sideSums.ts';
import { unitsOf } from './units.ts';

/** A table that an engine answers questions over. */
export interface SideTable {
  /** Name of the view or table. */
  name: string;
  columns: readonly { name: string; isDecimal: boolean }[];
}

/** A question in DuckDB's SQL. Values are parameters, `$1` being the first; names are quoted identifiers. */
export interface SideQuery {
  sql: string;
  parameters: string[];
}

/** Decimals that the engine's sums have; numbers with more are counted as unread. */
const DECIMAL = 'DECIMAL(38, 20)';

/**
 * The question whose answer adds up to what {@link SideRows} adds up over the same rows. One row of the answer is of one spelling of an
 * item; {@link answerSums} brings spellings together.
 *
 * @throws InsightError where the table does not tell what the comparison needs
 */
export function sideQuery(side: Side, by: readonly DimensionName[], table: SideTable): SideQuery {
  const header = table.columns.map(({ name }) => name);
  const columns = sideColumns(header, side, by);
  const decimals = new Set(table.columns.flatMap(({ name, isDecimal }) => (isDecimal ? [name] : [])));
  const text = (name: string | undefined) => (name === undefined ? "''" : cellText(name));
  const number = (name: string | undefined) =>
    name === undefined ? `CAST(NULL AS ${DECIMAL})` : decimals.has(name) ? quoted(name) : numberOf(name);
  const parameters: string[] = [];
  const parameter = (value: string) => `$${parameters.push(value)}`;
  const conditions = (side.only ?? []).map(({ dimension, values, not }) => {
    const one = `translate(${cellText(dimensionOf(header, dimension).key)}, '${UPPER}', '${UPPER.toLowerCase()}')`;
    const list = values.map((value) => parameter(folded(trimmed(value)))).join(', ');
    return `${one} ${not === true ? 'NOT IN' : 'IN'} (${list})`;
  });
  if (columns.day !== undefined && (side.from !== undefined || side.to !== undefined)) {
    const day = dayOf(columns.day);
    conditions.push(`${day} <> ''`);
    conditions.push(...(side.from === undefined ? [] : [`${day} >= ${parameter(side.from)}`]));
    conditions.push(...(side.to === undefined ? [] : [`${day} <= ${parameter(side.to)}`]));
  }
  const texts = [
    ...columns.by.map(({ key }) => text(key)),
    ...columns.by.map(({ key, label }) => text(label ?? key)),
    text(columns.meter),
    text(columns.meterLabel ?? columns.meter),
    text(columns.location),
    text(columns.chargeType),
    text(columns.unit),
    `upper(${text(columns.currency)})`,
    `upper(${text(columns.pricingCurrency)})`,
  ];
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const rows = [
    ...texts.map((expression, at) => `${expression} AS t${at}`),
    `${text(columns.cost)} <> '' AS "told"`,
    `${number(columns.cost)} AS "cost"`,
    `${number(columns.pricingCost)} AS "pricing"`,
    `${number(columns.quantity)} AS "quantity"`,
    `${number(columns.price)} AS "price"`,
  ];
  const names = texts.map((_, at) => `t${at}`);
  // Texts of the sums: an engine's client may hold decimals as doubles.
  const sums = [
    'count("cost")',
    'count(*) FILTER ("told" AND "cost" IS NULL)',
    'sum("cost")',
    'sum("pricing") FILTER ("cost" IS NOT NULL)',
    'count("pricing") FILTER ("cost" IS NOT NULL)',
    'sum("quantity") FILTER ("cost" IS NOT NULL)',
    'count("quantity") FILTER ("cost" IS NOT NULL)',
    'min("price") FILTER ("cost" IS NOT NULL)',
    'max("price") FILTER ("cost" IS NOT NULL)',
  ].map((sum, at) => `CAST(${sum} AS VARCHAR) AS s${at}`);
  return {
    sql: `SELECT ${[...names, ...sums].join(', ')} FROM (SELECT ${rows.join(', ')} FROM ${quoted(table.name)}${where}) AS side GROUP BY ${names.join(', ')}`,
    parameters,
  };
}

/**
 * The sums of a side from the rows of the answer to its {@link sideQuery}.
 *
 * @throws InsightError when the answer is not of that question
 */
export function answerSums(
  side: Side,
  by: readonly DimensionName[],
  answer: Iterable<readonly (string | null)[]>,
): SideSums {
  const sums = new SideSums(side, by);
  const labels = by.length;
  const rest = labels * 2;
  for (const row of answer) {
    if (row.length !== rest + 7 + 9) {
      throw new InsightError(`The answer has ${row.length} columns, not ${rest + 16}: ask again.`);
    }
    const text = (at: number) => trimmed(row[at]);
    const cells = row.slice(rest + 7);
    sums.unread += countOf(cells[1]);
    if (countOf(cells[0]) === 0) {
      continue;
    }
    sums.add(
      {
        values: by.map((_, at) => text(at)),
        labels: by.map((_, at) => text(labels + at) || text(at)),
        meter: text(rest),
        meterLabel: text(rest + 1) || text(rest),
        location: text(rest + 2),
        chargeType: text(rest + 3),
        unit: text(rest + 4),
        currency: text(rest + 5),
        pricingCurrency: text(rest + 6),
      },
      {
        rows: countOf(cells[0]),
        cost: amountOf(cells[2]) ?? 0n,
        pricingCost: amountOf(cells[3]) ?? 0n,
        pricingRows: countOf(cells[4]),
        quantity: amountOf(cells[5]) ?? 0n,
        quantityRows: countOf(cells[6]),
        lowPrice: amountOf(cells[7]),
        highPrice: amountOf(cells[8]),
      },
    );
  }
  return sums;
}

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** A name as an identifier, whatever it holds. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A cell without the white space around it; empty for none. */
function cellText(name: string): string {
  return `coalesce(trim(CAST(${quoted(name)} AS VARCHAR), ' ' || chr(9) || chr(13) || chr(10)), '')`;
}

/** A number that is written as text; null for none, and for what the engine could not hold exactly. */
function numberOf(name: string): string {
  const text = cellText(name);
  return `CASE WHEN regexp_full_match(${text}, '-?[0-9]{1,18}([.][0-9]{1,20}0*)?') THEN CAST(${text} AS ${DECIMAL}) WHEN regexp_full_match(${text}, '-?[0-9.]+[eE][+-]?[0-9]+') THEN TRY_CAST(${text} AS ${DECIMAL}) END`;
}

/** A day of the forms that cost files write, as `YYYY-MM-DD`; empty for what is none. */
function dayOf(name: string): string {
  const text = cellText(name);
  return `CASE WHEN regexp_matches(${text}, '^[0-9]{2}/[0-9]{2}/[0-9]{4}') THEN substr(${text}, 7, 4) || '-' || substr(${text}, 1, 2) || '-' || substr(${text}, 4, 2) WHEN regexp_matches(${text}, '^[0-9]{4}-[0-9]{2}-[0-9]{2}') THEN substr(${text}, 1, 10) ELSE '' END`;
}

function amountOf(cell: string | null | undefined): bigint | undefined {
  if (cell === null || cell === undefined) {
    return undefined;
  }
  const units = unitsOf(cell);
  if (units === undefined) {
    throw new InsightError(`'${cell.slice(0, 60)}' of the answer is no decimal: ask again.`);
  }
  return units;
}

function countOf(cell: string | null | undefined): number {
  const count = Number(cell ?? 0);
  if (!Number.isSafeInteger(count)) {
    throw new InsightError(`'${String(cell).slice(0, 60)}' of the answer is no count: ask again.`);
  }
  return count;
}
