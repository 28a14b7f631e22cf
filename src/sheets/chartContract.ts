import * as v from 'valibot';
import { messageReader } from '../workbench/pageMessages.ts';

/**
 * All that the extension and the page of a chart of SQL know of each other. Each side checks what it is sent: the page could be another
 * version's, restored after an update. Cells and values are texts with every digit, null where there is none.
 */

const cell = v.nullable(v.string());

const series = v.object({
  /** A value of the answer, or the name of a column. */
  label: v.string(),
  /** Which colour it has, counted from 0: the same in all pictures. */
  colour: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** One for each label of the picture; null: a gap. */
  values: v.array(cell),
});

/** One picture: values of one unit and, where they are money, of one currency. */
const picture = v.object({
  /** Its currency or what else tells it from others, and what it draws by what: `EUR: Cost by Month, ServiceName`. */
  heading: v.string(),
  /** Stands behind digits; empty where there is none. */
  unit: v.string(),
  /** Columns stand beside each other in the order of time, bars below each other in the order of the answer. */
  look: v.picklist(['columns', 'lines', 'bars']),
  /** Whether the values of one label make a whole. */
  stacked: v.boolean(),
  labels: v.array(v.string()),
  series: v.array(series),
});

const table = v.object({
  columns: v.array(v.object({ name: v.string(), isNumber: v.boolean() })),
  rows: v.array(v.array(cell)),
});

const toPage = v.variant('type', [
  /** What the page has to keep for a reload of the window; it is no business of its own. */
  v.object({ type: v.literal('keep'), state: v.unknown() }),
  v.object({ type: v.literal('working'), title: v.string(), message: v.string() }),
  /** There is no picture: why in one sentence. `table`: the answer is one for the usage table. */
  v.object({
    type: v.literal('stopped'),
    title: v.string(),
    why: v.picklist(['failed', 'cancelled', 'empty', 'table']),
    message: v.string(),
    facts: v.array(v.string()),
  }),
  v.object({
    type: v.literal('chart'),
    title: v.string(),
    summary: v.string(),
    pictures: v.array(picture),
    /** The whole answer. */
    table,
    facts: v.array(v.string()),
  }),
]);

const toHost = v.variant('type', [
  /** The page can be sent to, for the first time or again: it is made anew whenever its tab comes to the front. */
  v.object({ type: v.literal('ready') }),
  v.object({ type: v.literal('cancel') }),
  v.object({ type: v.literal('again') }),
  v.object({ type: v.literal('openTable') }),
  v.object({ type: v.literal('showLog') }),
  /** `png`: base64; `csv`: text. */
  v.object({ type: v.literal('save'), as: v.picklist(['png', 'csv']), data: v.string() }),
]);

export type ChartPicture = v.InferOutput<typeof picture>;
export type ChartSeries = v.InferOutput<typeof series>;
export type AnswerTable = v.InferOutput<typeof table>;
export type SqlChartToPage = v.InferOutput<typeof toPage>;
export type SqlChartToHost = v.InferOutput<typeof toHost>;

/** What the extension sent; undefined when it is nothing that this page knows. */
export const readSqlChartToPage = messageReader(toPage);

/** What the page sent; undefined when it is nothing that this extension knows. */
export const readSqlChartToHost = messageReader(toHost);
