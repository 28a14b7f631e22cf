import * as v from 'valibot';
import { spendPictureShape, spendQuestionShape } from '../spend/spendShapes.ts';
import { messageReader } from '../workbench/pageMessages.ts';

/**
 * All that the extension and the page of a spend panel know of each other. Each side checks what it is sent: the page could be
 * another version's, restored after an update.
 */

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** An id to send back, and the text to show for it. */
const option = v.object({ id: v.string(), label: v.string() });

const days = spendPictureShape.entries.period;

const toPage = v.variant('type', [
  /** What the page has to keep for a reload of the window; it is no business of its own. */
  v.object({ type: v.literal('keep'), state: v.unknown() }),
  /** Comes first, and again when the panel learns more: what can be asked of this scope. */
  v.object({
    type: v.literal('choices'),
    /** Name of the scope. */
    title: v.string(),
    /** What the panel shows or is about to show. */
    question: spendQuestionShape,
    /** Dimensions and tags that this scope allows; the id '' is for one sum. */
    groupBys: v.array(option),
    presets: v.array(option),
    /** Views of currency that this scope allows; one alone has no control. */
    currencies: v.array(v.picklist(['billing', 'usd', 'pricing'])),
    /** Whether costs can be amortized here. */
    amortized: v.boolean(),
  }),
  /** Answers `values`. */
  v.object({
    type: v.literal('values'),
    answers: count,
    by: v.string(),
    values: v.array(option),
    /** Why there are none, or not all of them. */
    message: v.optional(v.string()),
  }),
  v.object({
    type: v.literal('working'),
    message: v.string(),
    /** ISO time at which a wait for the service's limit ends; the page counts down to it. */
    until: v.optional(v.pipe(v.string(), v.isoTimestamp())),
  }),
  /** Reading has ended without (all of) an answer. `confirm`: it is long, and is done when asked again with `confirmed`. */
  v.object({
    type: v.literal('stopped'),
    /** The request that it answers; 0 when it comes by itself. */
    answers: count,
    why: v.picklist(['failed', 'cancelled', 'empty', 'permission', 'confirm']),
    message: v.string(),
    advice: v.optional(v.string()),
    /** What the button of `confirm` says, where it is not about many days. */
    action: v.optional(v.string()),
  }),
  /** With `partial`, more of them follow for the same request. */
  v.object({ type: v.literal('picture'), answers: count, picture: spendPictureShape }),
  /** A command of the editor wants what the page shows; it comes as `save`, or not at all where nothing is shown. */
  v.object({ type: v.literal('save'), as: v.picklist(['png', 'svg', 'csv', 'markdown']) }),
]);

const toHost = v.variant('type', [
  /** The page can be sent to, for the first time or again: it is made anew whenever its tab comes to the front. */
  v.object({ type: v.literal('ready') }),
  /** Requests count up; an answer to an earlier one is out of date. */
  v.object({
    type: v.literal('ask'),
    request: count,
    question: spendQuestionShape,
    confirmed: v.optional(v.literal(true)),
  }),
  v.object({ type: v.literal('cancel') }),
  v.object({ type: v.literal('retry') }),
  /** Reads what was kept anew. */
  v.object({ type: v.literal('refresh') }),
  /** Open the usage rows behind a mark. */
  v.object({
    type: v.literal('drill'),
    period: days,
    /** The group by the question's `groupBy`; left out for all of them. */
    key: v.optional(v.string()),
    /** All groups but these, for the mark of the others. */
    but: v.optional(v.array(v.string())),
  }),
  /** Which values a filter can have. */
  v.object({ type: v.literal('values'), request: count, by: v.string() }),
  v.object({
    type: v.literal('save'),
    as: v.picklist(['png', 'svg', 'csv', 'markdown', 'view']),
    /** `png`: base64; `svg`, `csv`, `markdown`: text; `view`: nothing, the extension has the question. */
    data: v.optional(v.string()),
  }),
  v.object({ type: v.literal('showLog') }),
]);

export type SpendToPage = v.InferOutput<typeof toPage>;
export type SpendToHost = v.InferOutput<typeof toHost>;
export type SpendOption = v.InferOutput<typeof option>;

/** What the extension sent; undefined when it is nothing that this page knows. */
export const readSpendToPage = messageReader(toPage);

/** What the page sent; undefined when it is nothing that this extension knows. */
export const readSpendToHost = messageReader(toHost);
