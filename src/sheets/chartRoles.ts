import type { Cell, TableColumnInfo } from '../engine/cells.ts';
import type { Column } from '../engine/table/column.ts';
import { currencyOf, isNoMoney, isPriced } from '../engine/table/currency.ts';

/** The answer to a statement, or its beginning where it has more rows than a chart shows. */
export interface SqlAnswer {
  columns: readonly TableColumnInfo[];
  rows: readonly (readonly Cell[])[];
  /** Of the whole answer. */
  total: number;
}

/** A column of numbers that is drawn. */
export interface Measure {
  at: number;
  name: string;
  /** Whether it may be an amount of money: then it is never beside another currency. */
  isMoney: boolean;
  /** Where its currency stands: a column, one for all, or nowhere. */
  currency: { at: number } | { always: string } | undefined;
  /** Which currency its amounts are in that the answer does not tell; undefined where it tells it, or where they are no amounts. */
  untold: 'billing' | 'pricing' | undefined;
  /** Whether its values make a whole when they are put on each other: sums do, prices and means do not. */
  adds: boolean;
}

/** What the columns of an answer are in a chart: their places, counted from 0. */
export interface ChartRoles {
  /** They name a place of the axis together; none: rows are numbered. */
  x: readonly number[];
  isTime: boolean;
  /** They name a series together; none: each measure is one. */
  series: readonly number[];
  /** What separates pictures. */
  currencies: readonly number[];
  measures: readonly Measure[];
  /** In the table alone. */
  unused: readonly number[];
}

/** Measures that one chart draws when there is nothing else to tell series by. */
const MOST_MEASURES = 6;

const NUMBERS: ReadonlySet<string> = new Set(['decimal', 'integer', 'double']);
/** Integers that are names: `year(ChargePeriodStart)`, `Month`. */
const CALENDAR = /^(?:(?:iso)?year|quarter|month|week|weekday|day|dayof\w+|isodow|hour)(?:\W|num|number|$)/i;
/** Values of these do not add up to anything. */
const NO_SUM = /price|rate|avg|average|mean|median|percent|share|ratio|quantile|stddev/i;
/** Names of amounts, even where they are integers: a statement may have rounded them. */
const AMOUNT = /cost|price|amount|charge|total/i;
const CODES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/**
 * What each column is. The axis is the first column of dates or times, else the first of names; further names tell series apart; currencies, known by
 * their column's name or because it has nothing but their codes, separate pictures.
 */
export function chartRoles({ columns, rows }: Pick<SqlAnswer, 'columns' | 'rows'>): ChartRoles {
  const places = columns.map((_, at) => at);
  const currencies = currencyColumns(columns, rows);
  const names = places.filter((at) => isName(columns[at]) && !currencies.includes(at));
  const time = places.find((at) => columns[at]?.kind === 'date' || columns[at]?.kind === 'timestamp');
  const [firstName] = names;
  const main = time ?? firstName;
  const others = names.filter((at) => at !== main);
  const twins = time === undefined && main !== undefined ? others.filter((at) => areTwins(rows, main, at)) : [];
  const x = main === undefined ? [] : withoutIds([main, ...twins], columns, rows);
  const series = withoutIds(
    others.filter((at) => !twins.includes(at)),
    columns,
    rows,
  );
  const numbers = places.filter((at) => NUMBERS.has(columns[at]?.kind ?? '') && !names.includes(at));
  const drawn = numbers.slice(0, series.length > 0 ? 1 : MOST_MEASURES);
  const used = [...x, ...series, ...currencies, ...drawn];
  return {
    x,
    isTime: time !== undefined,
    series,
    currencies,
    measures: drawn.map((at) => measureOf(at, columns, currencies)),
    unused: places.filter((at) => !used.includes(at)),
  };
}

function isName(column: TableColumnInfo | undefined): boolean {
  return (
    column?.kind === 'text' || column?.kind === 'boolean' || (column?.kind === 'integer' && CALENDAR.test(column.name))
  );
}

function currencyColumns(columns: readonly TableColumnInfo[], rows: readonly (readonly Cell[])[]): number[] {
  const known = ids(columns);
  const named = ['cost', 'unitPrice'].flatMap((name) => currencyAt(name, known) ?? []);
  return columns.flatMap(({ kind }, at) => {
    const texts = kind === 'text' ? new Set(rows.flatMap((row) => row[at] ?? [])) : new Set<string>();
    const isCodes = texts.size > 0 && [...texts].every((text) => CODES.has(text.toUpperCase()));
    return isCodes || named.includes(at) ? [at] : [];
  });
}

/** Where the column stands that tells the currency of a column of this name. */
function currencyAt(name: string, columns: readonly Column[]): number | undefined {
  const found = currencyOf({ name }, columns, { isWhole: false });
  return found !== undefined && 'column' in found ? columns.indexOf(found.column) : undefined;
}

function ids(columns: readonly TableColumnInfo[]): Column[] {
  return columns.map(({ name, kind }, at) => ({ name, kind, id: `c${at}` }));
}

function measureOf(at: number, columns: readonly TableColumnInfo[], currencies: readonly number[]): Measure {
  const known = ids(columns);
  const own = known[at] ?? { name: '', kind: 'other', id: '' };
  const named = currencyOf(own, known, { isWhole: false });
  const noMoney = isNoMoney(own.name);
  // Integers are counts more often than not: they have no unit.
  const isMoney = own.kind !== 'integer' && !noMoney;
  const priced = isPriced(own.name);
  const pricing = currencyAt('unitPrice', known);
  const byCodes = priced ? undefined : currencies.find((place) => place !== pricing);
  const found =
    named !== undefined && 'column' in named
      ? { at: known.indexOf(named.column) }
      : (named ?? (byCodes === undefined ? undefined : { at: byCodes }));
  const mayMix = found === undefined && !noMoney && (isMoney || AMOUNT.test(own.name));
  return {
    at,
    name: own.name,
    isMoney,
    currency: isMoney ? found : undefined,
    untold: mayMix ? (priced ? 'pricing' : 'billing') : undefined,
    adds: own.kind !== 'double' && !NO_SUM.test(own.name),
  };
}

/** Whether two columns say the same in other words: each value of one goes with one value of the other. */
function areTwins(rows: readonly (readonly Cell[])[], one: number, other: number): boolean {
  const [there, back] = [new Map<Cell, Cell>(), new Map<Cell, Cell>()];
  return rows.every((row) => {
    const [a, b] = [row[one] ?? null, row[other] ?? null];
    const fits = (there.has(a) ? there.get(a) === b : true) && (back.has(b) ? back.get(b) === a : true);
    there.set(a, b);
    back.set(b, a);
    return fits;
  });
}

/** Ids whose names stand beside them say nothing more. */
function withoutIds(
  among: readonly number[],
  columns: readonly TableColumnInfo[],
  rows: readonly (readonly Cell[])[],
): number[] {
  const isId = (at: number) => /id$/i.test(columns[at]?.name ?? '');
  return among.filter(
    (at) => !isId(at) || !among.some((other) => other !== at && !isId(other) && areTwins(rows, at, other)),
  );
}
