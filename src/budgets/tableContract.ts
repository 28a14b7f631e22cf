import * as v from 'valibot';
import { messageReader } from '../workbench/pageMessages.ts';

/**
 * All that the extension and the page with a table of budgets know of each other: the preview and the run of one budget for many
 * scopes, their coverage, a back-test. Each side checks what it is sent: the page could be another version's, restored after an update.
 */

const action = v.object({ id: v.string(), label: v.string() });

const state = v.object({
  id: v.string(),
  label: v.string(),
  count: v.pipe(v.number(), v.integer(), v.minValue(0)),
  tone: v.picklist(['good', 'work', 'bad', 'quiet']),
});

const row = v.object({
  id: v.string(),
  /** A customer, a subscription, a notification. */
  name: v.string(),
  /** What tells it from others of the name; may be empty. */
  note: v.string(),
  /** Id of one of the states. */
  state: v.string(),
  /** Sentences; the first says most. */
  lines: v.array(v.string()),
  /** What the others are called while they are folded away; left out, they are counted. */
  rest: v.optional(v.string()),
  /** Null where there is nothing to choose. */
  ticked: v.nullable(v.boolean()),
  actions: v.array(action),
});

/** What changes while a table is shown. */
const changing = {
  /** One sentence: what is so, or what is being done. */
  summary: v.string(),
  /** In the order of the counts above the table. */
  states: v.array(state),
  /** Buttons above the table; the first is the main one. */
  actions: v.array(action),
  /** Something is being written or read: nothing can be ticked. */
  busy: v.boolean(),
};

const toPage = v.variant('type', [
  /** What the page has to keep for a reload of the window; it is no business of its own. */
  v.object({ type: v.literal('keep'), state: v.unknown() }),
  v.object({ type: v.literal('working'), title: v.string(), message: v.string() }),
  v.object({
    type: v.literal('stopped'),
    title: v.string(),
    why: v.picklist(['failed', 'cancelled']),
    message: v.string(),
  }),
  v.object({
    type: v.literal('table'),
    title: v.string(),
    facts: v.array(v.string()),
    /** Heads of the columns of names and of sentences. */
    heads: v.object({ name: v.string(), lines: v.string() }),
    rows: v.array(row),
    ...changing,
  }),
  /** Rows that are other ones now, by their ids. */
  v.object({ type: v.literal('rows'), rows: v.array(row), ...changing }),
]);

const toHost = v.variant('type', [
  /** The page can be sent to, for the first time or again: it is made anew whenever its tab comes to the front. */
  v.object({ type: v.literal('ready') }),
  v.object({ type: v.literal('tick'), rows: v.array(v.string()), ticked: v.boolean() }),
  /** A button of a row, or above the table. */
  v.object({ type: v.literal('act'), action: v.string(), row: v.optional(v.string()) }),
  v.object({ type: v.literal('cancel') }),
  v.object({ type: v.literal('retry') }),
  v.object({ type: v.literal('showLog') }),
]);

export type TableAction = v.InferOutput<typeof action>;
export type TableState = v.InferOutput<typeof state>;
export type TableRow = v.InferOutput<typeof row>;
export type TableToPage = v.InferOutput<typeof toPage>;
export type TableToHost = v.InferOutput<typeof toHost>;

/** What the extension sent; undefined when it is nothing that this page knows. */
export const readTableToPage = messageReader(toPage);

/** What the page sent; undefined when it is nothing that this extension knows. */
export const readTableToHost = messageReader(toHost);
