import type { Cell } from '../engine/cells.ts';
import { displayText } from '../workbench/text.ts';
import type { ChartPicture } from './chartContract.ts';
import { type ChartRoles, chartRoles, type Measure, type SqlAnswer } from './chartRoles.ts';
import { timeLabels } from './timeLabels.ts';

/** Rows that a chart is made of at most. */
export const MOST_ROWS = 5_000;
/** Series that can still be told apart. */
const MOST_SERIES = 50;
/** Bars below each other that can still be looked through. */
const MOST_BARS = 200;
const MOST_PICTURES = 24;
/** Columns whose values still make a name together. */
const MOST_NAMES = 3;
/** From here on columns are thinner than the lines between them. */
const MOST_COLUMNS = 400;

/** What can be drawn of an answer, or why nothing is, in one sentence for the user. */
export type ChartOutcome =
  | { pictures: ChartPicture[]; summary: string; facts: string[] }
  | { why: 'empty' | 'table'; message: string };

/** Values of one unit, row by row as the answer has them. */
interface Part {
  name: string;
  unit: string;
  measures: Measure[];
  rows: (readonly Cell[])[];
}

/** A value of the answer that has two places to stand at: it says which rows. */
class Ambiguous extends Error {}

/**
 * Maps an answer to pictures. No value is added to another one, left out or rounded; a picture holds one unit alone, and one currency where the answer
 * tells currencies. An answer that cannot be shown so is none.
 *
 * @param currencies of the usage that was asked: with several of them, amounts without a currency are told of
 */
export function chartOf(answer: SqlAnswer, currencies: readonly string[]): ChartOutcome {
  const { columns, rows, total } = answer;
  if (total === 0) {
    return { why: 'empty', message: 'No rows: the statement has an empty answer.' };
  }
  if (total > MOST_ROWS) {
    return toTable(`The answer has ${count(total)} rows and a chart shows ${count(MOST_ROWS)} at most`);
  }
  const roles = chartRoles(answer);
  if (roles.measures.length === 0) {
    return {
      why: 'table',
      message:
        'The answer has no column of numbers to draw: add one in SQL, such as sum(BilledCost), or open the table.',
    };
  }
  const most = Math.max(roles.x.length, roles.series.length);
  if (most > MOST_NAMES) {
    return toTable(
      `The answer has ${count(most)} columns of names beside each other and a chart shows ${MOST_NAMES} at most`,
    );
  }
  const parts = partsOf(roles, answer);
  if (parts.length > MOST_PICTURES) {
    return toTable(
      `The answer needs ${count(parts.length)} charts, one for each unit, and ${MOST_PICTURES} are shown at most`,
    );
  }
  const nameOf = (at: number) => displayText(columns[at]?.name, 'Column');
  const named = (places: readonly number[]) => places.map(nameOf).join(', ');
  const axis = axisOf(roles, answer);
  try {
    const colours = new Map<string, number>();
    const drawn = parts.map((part) => drawnPart(part, roles, axis, nameOf, colours));
    for (const { labels, series, look } of drawn) {
      if (series.length > MOST_SERIES) {
        return toTable(
          `The answer has ${count(series.length)} different ${named(roles.series)} and a chart shows ${MOST_SERIES} at most`,
        );
      }
      if (look === 'bars' && labels.length > MOST_BARS) {
        return toTable(
          `The answer has ${count(labels.length)} different ${named(roles.x) || 'rows'} and a chart shows ${MOST_BARS} at most`,
        );
      }
    }
    return { pictures: drawn, summary: summaryOf(), facts: factsOf() };
  } catch (error) {
    if (error instanceof Ambiguous) {
      return { why: 'table', message: error.message };
    }
    throw error;
  }

  function summaryOf(): string {
    const abouts = [...new Set(parts.map(({ measures }) => aboutOf(measures, roles, nameOf)))];
    const units = [...new Set(parts.flatMap(({ unit }) => (unit === '' ? [] : [unit])))];
    const apart =
      parts.length > 1
        ? `, in ${count(parts.length)} charts${units.length > 1 ? ' because currencies are not added together' : ''}`
        : '';
    const what = `${abouts.join('; ')}${units.length === 0 ? '' : `, in ${units.join(', ')}`}`;
    return `${what}: ${count(rows.length)} ${rows.length === 1 ? 'row' : 'rows'}${apart}.`;
  }

  function factsOf(): string[] {
    const { measures, unused } = roles;
    const drawnCells = rows.flatMap((row) => measures.map(({ at }) => row[at] ?? null));
    const wild = drawnCells.filter((cell) => cell !== null && !isDrawable(cell)).length;
    const untold = (which: Measure['untold']) =>
      named(measures.flatMap((measure) => (measure.untold === which ? [measure.at] : [])));
    const billed = currencies.length > 1 ? untold('billing') : '';
    const priced = untold('pricing');
    return [
      ...(billed === ''
        ? []
        : [
            `The usage is in ${currencies.join(', ')} and the answer tells no currency of ${billed}: unless the statement chooses one, it has added different ones up. Add BillingCurrency to see each alone.`,
          ]),
      // Usage of one billing currency may have several pricing currencies.
      ...(priced === ''
        ? []
        : [
            `The answer tells no pricing currency of ${priced}: unless the statement chooses one, it may have mixed different ones. Add PricingCurrency or x_PricingCurrency, where the usage has it, to see each alone.`,
          ]),
      ...(axis?.holes === true ? ['Times without a row are left out of the axis: distances on it say nothing.'] : []),
      ...(drawnCells.includes(null) ? ['Gaps are where the answer has NULL or no row.'] : []),
      ...(wild > 0
        ? [`${count(wild)} of the values cannot be drawn (NaN or infinite): they are in the table alone.`]
        : []),
      ...(unused.length > 0 ? [`In the table alone: ${named(unused)}.`] : []),
    ];
  }
}

/** Whether a value has a place on an axis. */
function isDrawable(cell: string): boolean {
  return cell.trim() !== '' && Number.isFinite(Number(cell));
}

function toTable(reason: string): ChartOutcome {
  return { why: 'table', message: `${reason}: group or limit it in SQL, or open the table.` };
}

/** Rows and measures by what may stand beside each other: one currency, or one quantity. */
function partsOf({ measures, currencies }: ChartRoles, { columns, rows }: SqlAnswer): Part[] {
  const parts = new Map<string, Part>();
  for (const row of rows) {
    const tuple = currencies.map((at) => row[at] ?? null);
    for (const measure of measures) {
      const { currency, isMoney, untold, at } = measure;
      const unit =
        currency === undefined
          ? ''
          : 'always' in currency
            ? currency.always
            : displayText(row[currency.at], 'no currency');
      const key = JSON.stringify([tuple, unit, isMoney ? (untold ?? 'money') : at]);
      const part = parts.get(key) ?? { name: partName(measure, row, unit), unit, measures: [], rows: [] };
      parts.set(key, part);
      if (!part.measures.includes(measure)) {
        part.measures.push(measure);
      }
      if (part.rows.at(-1) !== row) {
        part.rows.push(row);
      }
    }
  }
  return [...parts.values()];

  function partName({ currency, isMoney }: Measure, row: readonly Cell[], unit: string): string {
    const own = currency !== undefined && 'at' in currency ? currency.at : undefined;
    const others = currencies
      .filter((at) => at !== own)
      .map((at) => {
        const value = displayText(row[at], 'no currency');
        return currencies.length > 1 ? `${displayText(columns[at]?.name, 'Currency')} ${value}` : value;
      });
    const rest = others.length === 0 ? '' : `rows in ${others.join(', ')}`;
    return [isMoney ? unit : '', rest].filter((text) => text !== '').join(', ');
  }
}

/** What is drawn, by what. */
function aboutOf(measures: readonly Measure[], { x, series }: ChartRoles, nameOf: (at: number) => string): string {
  const by = [...x, ...series].map(nameOf).join(', ');
  return `${measures.map(({ at }) => nameOf(at)).join(', ')}${by === '' ? '' : ` by ${by}`}`;
}

function headingOf(name: string, about: string): string {
  return name === '' ? about : `${name.charAt(0).toUpperCase()}${name.slice(1)}: ${about}`;
}

/** The places that all pictures share: those of time. */
interface Axis {
  keys: string[];
  labels: string[];
  holes: boolean;
}

function axisOf({ isTime, x: [at = 0] }: ChartRoles, { rows, columns }: SqlAnswer): Axis | undefined {
  if (!isTime) {
    return undefined;
  }
  const axis = timeLabels(rows.flatMap((row) => row[at] ?? []));
  // Behind all times: rows that have none.
  return rows.some((row) => (row[at] ?? null) === null)
    ? { ...axis, keys: [...axis.keys, ''], labels: [...axis.labels, `no ${displayText(columns[at]?.name, 'time')}`] }
    : axis;
}

function drawnPart(
  part: Part,
  roles: ChartRoles,
  axis: Axis | undefined,
  nameOf: (at: number) => string,
  colours: Map<string, number>,
): ChartPicture {
  const places = new Map<string, string>(axis?.keys.map((key, at) => [key, axis.labels[at] ?? key]));
  const series = new Map<string, { label: string; colour: number; values: Map<string, Cell> }>();
  let doubled = 0;
  for (const [number, row] of part.rows.entries()) {
    const place = placeOf(row, number);
    places.set(place.key, places.get(place.key) ?? place.label);
    for (const { at, name } of part.measures) {
      const own =
        roles.series.length > 0 ? named(roles.series, row) : { key: String(at), label: displayText(name, 'Column') };
      const found = series.get(own.key) ?? {
        label: own.label,
        colour: colours.get(own.key) ?? colours.size,
        values: new Map<string, Cell>(),
      };
      colours.set(own.key, found.colour);
      series.set(own.key, found);
      doubled += found.values.has(place.key) ? 1 : 0;
      found.values.set(place.key, row[at] ?? null);
    }
  }
  const by = [...roles.x, ...roles.series].map(nameOf);
  if (doubled > 0) {
    throw new Ambiguous(
      `${count(doubled)} ${doubled === 1 ? 'row has' : 'rows have'} the same ${[...by, ...roles.currencies.map(nameOf)].join(', ')} as another: group by these in SQL so that each stands once, or open the table.`,
    );
  }
  const lines = [...series.values()].map(({ label, colour, values }) => ({
    label,
    colour,
    values: [...places.keys()].map((key) => values.get(key) ?? null),
  }));
  const adds = part.measures.every((measure) => measure.adds);
  const stacked = roles.series.length > 0 && adds && (!roles.isTime || places.size <= MOST_COLUMNS);
  return {
    heading: headingOf(part.name, aboutOf(part.measures, roles, nameOf)),
    unit: part.unit,
    look: !roles.isTime
      ? 'bars'
      : stacked || (lines.length === 1 && adds && places.size <= MOST_COLUMNS)
        ? 'columns'
        : 'lines',
    stacked,
    labels: [...places.values()],
    series: lines,
  };

  function placeOf(row: readonly Cell[], number: number): { key: string; label: string } {
    const [at = 0] = roles.x;
    if (axis !== undefined) {
      return { key: row[at] ?? '', label: row[at] ?? '' };
    }
    if (roles.x.length === 0) {
      return { key: String(number), label: part.rows.length === 1 ? 'All' : `Row ${number + 1}` };
    }
    return named(roles.x, row);
  }

  function named(columns: readonly number[], row: readonly Cell[]): { key: string; label: string } {
    const cells = columns.map((at) => row[at] ?? null);
    const texts = cells.map((cell, at) =>
      cell === null ? `no ${nameOf(columns[at] ?? 0)}` : displayText(cell, `empty ${nameOf(columns[at] ?? 0)}`),
    );
    return { key: JSON.stringify(cells), label: texts.join(' · ') };
  }
}

function count(number: number): string {
  return number.toLocaleString('en');
}
