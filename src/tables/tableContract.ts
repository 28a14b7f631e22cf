import * as v from 'valibot';
import { messageReader } from '../workbench/pageMessages.ts';

/**
 * All that the extension and the page of a usage table know of each other. Each side checks what it is sent: the page could be another
 * version's, restored after an update. Rows are numbered from 0 in the order of a view; cells are texts exactly as the file has them,
 * null where it has nothing.
 */

const cell = v.nullable(v.string());
const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const name = v.string();

const column = v.object({
  name,
  kind: v.picklist(['text', 'decimal', 'integer', 'double', 'date', 'timestamp', 'boolean', 'other']),
});

const sortKey = v.object({ column: name, descending: v.boolean() });

const filter = v.variant('test', [
  v.object({ column: name, test: v.picklist(['oneOf', 'noneOf']), values: v.array(cell) }),
  v.object({ column: name, test: v.picklist(['contains', 'notContains', 'startsWith']), text: v.string() }),
  /** Both ends belong to it; one may be left out. */
  v.object({
    column: name,
    test: v.literal('between'),
    from: v.exactOptional(v.string()),
    to: v.exactOptional(v.string()),
  }),
  v.object({ column: name, test: v.picklist(['empty', 'notEmpty']) }),
]);

/** What is shown of a table: all filters hold. */
export const viewShape = v.object({ sort: v.array(sortKey), filters: v.array(filter) });

const view = viewShape;

const groupBy = v.object({
  columns: v.array(v.object({ column: name, by: v.exactOptional(v.picklist(['day', 'month'])) })),
  /** Columns of exact numbers. */
  sums: v.array(name),
});

/** By a sum; left out: by the columns of the group. */
const groupOrder = v.object({ sum: v.exactOptional(name), descending: v.boolean() });

const range = v.object({ first: whole, count: whole });

/** Exact; of one currency where the file tells currencies. */
const sum = v.object({ column: name, currency: v.nullable(v.string()), sum: v.string(), values: whole });

const question = v.variant('about', [
  v.object({ about: v.literal('rows'), view, first: whole, count: whole, columns: v.array(name) }),
  v.object({ about: v.literal('count'), view }),
  v.object({ about: v.literal('groups'), view, by: groupBy, order: groupOrder, first: whole, count: whole }),
  v.object({ about: v.literal('sums'), view, columns: v.array(name), range: v.exactOptional(range) }),
  v.object({
    about: v.literal('find'),
    view,
    text: v.string(),
    columns: v.array(name),
    from: whole,
    backwards: v.boolean(),
  }),
  v.object({ about: v.literal('values'), view, column: name, text: v.string(), most: whole }),
  /** To the clipboard, with a row of names. */
  v.object({ about: v.literal('copy'), view, columns: v.array(name), range }),
  v.object({ about: v.literal('copyGroups'), view, by: groupBy, order: groupOrder, range }),
  v.object({ about: v.literal('export'), view, columns: v.array(name), format: v.picklist(['csv', 'parquet']) }),
]);

const group = v.object({ keys: v.array(cell), rows: whole, sums: v.array(sum) });

const answer = v.variant('about', [
  v.object({ about: v.literal('rows'), rows: v.array(v.array(cell)) }),
  v.object({ about: v.literal('count'), rows: whole }),
  v.object({ about: v.literal('groups'), rows: v.array(group), total: whole }),
  v.object({ about: v.literal('sums'), rows: whole, sums: v.array(sum) }),
  v.object({ about: v.literal('find'), found: v.nullable(v.object({ row: whole, column: name })) }),
  v.object({ about: v.literal('values'), values: v.array(v.object({ value: cell, rows: whole })) }),
  /** How many cells; null when the person thought better of it. */
  v.object({ about: v.literal('copy'), cells: v.nullable(whole) }),
  /** The name of the file; null when the person thought better of it. */
  v.object({ about: v.literal('export'), file: v.nullable(v.string()), rows: whole, bytes: whole }),
]);

/** What a button does that the extension puts into the page. */
const action = v.picklist(['cancel', 'reload', 'openAsText', 'showLog', 'fetchAgain']);

const toPage = v.variant('type', [
  v.object({ type: v.literal('opening'), title: v.string(), message: v.string() }),
  /** There is no table: why in one sentence, and what can be done. */
  v.object({
    type: v.literal('stopped'),
    title: v.string(),
    why: v.picklist(['failed', 'cancelled', 'noEngine', 'gone']),
    message: v.string(),
    actions: v.array(action),
  }),
  v.object({
    type: v.literal('table'),
    title: v.string(),
    columns: v.array(column),
    /** A line below the rows: how old they are, and what can be done about it. */
    about: v.exactOptional(v.object({ text: v.string(), actions: v.array(action) })),
    /** Plain data that the page keeps beside its own for a reload of the window. */
    keep: v.unknown(),
  }),
  /** The same columns, whose kinds are known better: of CSV the head alone is read at first. */
  v.object({ type: v.literal('columns'), columns: v.array(column) }),
  v.object({ type: v.literal('answer'), request: whole, answer }),
  v.object({
    type: v.literal('failed'),
    request: whole,
    why: v.picklist(['failed', 'cancelled']),
    message: v.string(),
  }),
  /** A line above the table about what happened meanwhile; an empty message takes it away. */
  v.object({
    type: v.literal('note'),
    about: v.picklist(['file', 'engine']),
    message: v.string(),
    actions: v.array(action),
  }),
]);

const toHost = v.variant('type', [
  /** The page can be sent to, for the first time or again: it is made anew whenever its tab comes to the front. */
  v.object({ type: v.literal('ready') }),
  v.object({ type: v.literal('ask'), request: whole, question }),
  /** Nobody waits for these any more. */
  v.object({ type: v.literal('drop'), requests: v.array(whole) }),
  /** What is shown now: what a command without more words exports. */
  v.object({ type: v.literal('shown'), view, columns: v.array(name) }),
  v.object({ type: v.literal('act'), action }),
]);

/** What the page keeps for a reload of the window. Columns in their order; a width is in pixels. */
const choice = v.object({
  columns: v.array(v.object({ name, width: v.pipe(v.number(), v.minValue(20), v.maxValue(4000)), shown: v.boolean() })),
  view,
  group: v.nullable(v.object({ by: groupBy, order: groupOrder })),
  place: v.object({ row: v.pipe(v.number(), v.integer(), v.minValue(-1)), column: whole, top: v.number() }),
});

/** As a reload of the window finds it; members that are not understood are none. */
const kept = v.object({ keep: v.unknown(), choice: v.fallback(v.nullable(choice), null) });

export type PageCell = v.InferOutput<typeof cell>;
export type PageColumn = v.InferOutput<typeof column>;
export type PageFilter = v.InferOutput<typeof filter>;
export type PageView = v.InferOutput<typeof view>;
export type PageGroupBy = v.InferOutput<typeof groupBy>;
export type PageGroup = v.InferOutput<typeof group>;
export type PageSum = v.InferOutput<typeof sum>;
export type PageChoice = v.InferOutput<typeof choice>;
export type TableQuestion = v.InferOutput<typeof question>;
export type TableAnswer = v.InferOutput<typeof answer>;
export type TableAction = v.InferOutput<typeof action>;
export type UsageTableToPage = v.InferOutput<typeof toPage>;
export type UsageTableToHost = v.InferOutput<typeof toHost>;

/** What the extension sent; undefined when it is nothing that this page knows. */
export const readUsageTableToPage = messageReader(toPage);

/** What the page sent; undefined when it is nothing that this extension knows. */
export const readUsageTableToHost = messageReader(toHost);

/** What the page kept; undefined when there is nothing of that shape. */
export const readKept = messageReader(kept);
