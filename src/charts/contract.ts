import * as v from 'valibot';
import { messageReader } from '../workbench/pageMessages.ts';

/**
 * All that the extension and the page of a heat map know of each other. Each side checks what it is sent: the page could be another
 * version's, restored after an update.
 */

/** Exact digits; empty where there is no record although there are some before and after; null where none is to be expected. */
const cell = v.nullable(v.string());

const row = v.object({
  /** An hour such as `05:00`, or the name of a meter or resource. */
  label: v.string(),
  /** Exact digits. */
  total: v.string(),
  /** One for each day. */
  cells: v.array(cell),
});

const heatMap = v.object({
  /** Which of the choices it shows. */
  choice: v.string(),
  /** What all quantities are counted in, as it stands behind digits. */
  unit: v.string(),
  /** What a row is. */
  rows: v.picklist(['hours', 'meters', 'resources']),
  /** Days of use, UTC, `YYYY-MM-DD`, without holes. */
  days: v.array(v.pipe(v.string(), v.isoDate())),
  /** How many of them are before the window, which is one of the time of report. */
  daysBefore: v.pipe(v.number(), v.integer(), v.minValue(0)),
  lines: v.array(row),
  /** Exact digits of the largest quantity, which has the strongest colour. */
  peak: v.string(),
  /** Period, total, peak and gaps in sentences. */
  summary: v.string(),
});

const choice = v.object({
  id: v.string(),
  label: v.string(),
  /** The unit that it belongs to. */
  group: v.string(),
});

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const toPage = v.variant('type', [
  /** What the page has to keep for a reload of the window; it is no business of its own. */
  v.object({ type: v.literal('keep'), state: v.unknown() }),
  v.object({ type: v.literal('working'), title: v.string(), message: v.string() }),
  v.object({
    type: v.literal('stopped'),
    title: v.string(),
    why: v.picklist(['failed', 'cancelled', 'empty']),
    message: v.string(),
  }),
  v.object({
    type: v.literal('map'),
    title: v.string(),
    /** The request that it answers; 0 when it comes by itself. */
    answers: count,
    facts: v.array(v.string()),
    choices: v.array(choice),
    map: heatMap,
  }),
]);

const toHost = v.variant('type', [
  /** The page can be sent to, for the first time or again: it is made anew whenever its tab comes to the front. */
  v.object({ type: v.literal('ready') }),
  /** Requests count up; an answer to an earlier one is out of date. */
  v.object({ type: v.literal('choose'), request: count, choice: v.string() }),
  v.object({ type: v.literal('cancel') }),
  v.object({ type: v.literal('retry') }),
  v.object({ type: v.literal('openRecords') }),
  v.object({ type: v.literal('showLog') }),
]);

export type HeatMap = v.InferOutput<typeof heatMap>;
export type HeatMapRow = v.InferOutput<typeof row>;
export type Cell = v.InferOutput<typeof cell>;
export type Choice = v.InferOutput<typeof choice>;
export type ToPage = v.InferOutput<typeof toPage>;
export type ToHost = v.InferOutput<typeof toHost>;

/** What the extension sent; undefined when it is nothing that this page knows. */
export const readToPage = messageReader(toPage);

/** What the page sent; undefined when it is nothing that this extension knows. */
export const readToHost = messageReader(toHost);
