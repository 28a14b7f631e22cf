import * as v from 'valibot';

/**
 * What a question about spend and the picture that answers it look like. A panel, its page, a view file and the reader all speak of
 * them; each checks what comes from outside. Nothing but shapes is here, so that a browser can load it too.
 */

/** A day, UTC, `YYYY-MM-DD`. */
const day = v.pipe(v.string(), v.isoDate());

/** Exact digits as the service has them, or sums of such digits: `-12.340000001`. Never a double. */
const digits = v.pipe(v.string(), v.regex(/^-?\d+(\.\d+)?$/));

/** Null where nothing was read or reported yet, or where nothing is to be drawn; no cost is `0`. */
const perStep = v.array(v.nullable(digits));

/** Both days inclusive. */
const days = v.object({ from: day, to: day });

const filter = v.object({
  /** A dimension, or `tag:<key>`. */
  by: v.string(),
  values: v.array(v.string()),
  /** All but these. */
  not: v.optional(v.literal(true)),
});

/** What somebody wants to see. */
export const spendQuestionShape = v.object({
  /** Scope path of Cost Management, or of a Partner Center customer. */
  scope: v.string(),
  /** Days, or a name such as `MonthToDate` or `2026-10`. */
  period: v.union([v.string(), days]),
  granularity: v.picklist(['auto', 'daily', 'monthly']),
  /** A dimension, `tag:<key>`, or empty for one sum. */
  groupBy: v.string(),
  filters: v.array(filter),
  metric: v.picklist(['actual', 'amortized']),
  /** What costs are counted in. */
  currency: v.picklist(['billing', 'usd', 'pricing']),
  /** Which currency is shown where a scope has several, such as `JPY`; left out for the first of them. */
  code: v.optional(v.string()),
  compareWith: v.optional(v.picklist(['previous', 'lastYear'])),
  /** How many groups have a series of their own; all else is in `others`. */
  top: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50)),
  view: v.picklist(['columns', 'cumulative', 'breakdown', 'comparison', 'table']),
});

const series = v.object({
  /** What the service calls the group, to filter by; `others` and the only series of an ungrouped question have none. */
  key: v.string(),
  label: v.string(),
  kind: v.picklist(['group', 'others', 'none']),
  total: digits,
  /** One for each step. */
  values: perStep,
});

const budgetLine = v.object({
  name: v.string(),
  /** Of its time grain. */
  amount: digits,
  /** What it allows until the end of each step. */
  values: perStep,
});

const forecast = v.object({
  /** Cumulative at the end of each step. */
  values: perStep,
  low: perStep,
  high: perStep,
  /** At the end of the period. */
  total: digits,
  /** One sentence: where it comes from. */
  method: v.string(),
});

const driver = v.object({
  key: v.string(),
  label: v.string(),
  now: digits,
  before: digits,
  /** `now` less `before`. */
  difference: digits,
  kind: v.picklist(['new', 'gone', 'more', 'less']),
  /** All that has no line of its own; it has no key. */
  others: v.optional(v.literal(true)),
});

const comparison = v.object({
  /** What it is compared with, such as `September 2026`. */
  label: v.string(),
  period: days,
  /** Of that period. */
  total: digits,
  /** The days of the question's period that are compared: what has no day opposite to it is left out, and today is. */
  days,
  /** Of these days. */
  now: digits,
  /** One sentence: what is left out; left out itself where all is compared. */
  note: v.optional(v.string()),
  /** `now` less `total`. */
  difference: digits,
  /** Of the earlier total, signed, one decimal; left out where that is 0. */
  percent: v.optional(digits),
  /** The largest difference first; their differences add up to `difference`. */
  drivers: v.array(driver),
});

/** The answer, in one currency. */
export const spendPictureShape = v.object({
  question: spendQuestionShape,
  /** The days that the question's period means. */
  period: days,
  /** Its words: `1–20 October 2026 (UTC)`. */
  periodLabel: v.string(),
  /** What `groupBy` is called: `Service`; empty when nothing is grouped. */
  groupLabel: v.string(),
  currency: v.string(),
  /** All that the answer has, `currency` among them. */
  currencies: v.array(v.string()),
  /** Digits that the currency has behind the point: 2, 0 or 3. Digits of an amount are shown all the same. */
  decimals: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(4)),
  /** Days or months without holes, the first one first; a step of one day has equal ends. */
  steps: v.array(
    v.object({
      ...days.entries,
      /** It can still grow: of the open month, or an estimate. */
      open: v.boolean(),
      /**
       * What its values mean. `final` and `open`: read, `0` is no cost; an open one can still grow. `today`: the day that goes on, null
       * while nothing of it was reported. `ahead`: a day to come, null. `unread`: its month was not read yet, null.
       */
      state: v.picklist(['final', 'open', 'today', 'ahead', 'unread']),
    }),
  ),
  /** The largest first, `others` last. */
  series: v.array(series),
  /** Of each step, over all series. */
  totals: perStep,
  total: digits,
  cumulative: v.object({
    actual: perStep,
    budgets: v.array(budgetLine),
    forecast: v.optional(forecast),
    /** Why there is no forecast, where one could be expected. */
    noForecast: v.optional(v.string()),
    /** The period that is compared with, step by step. */
    previous: v.optional(perStep),
  }),
  comparison: v.optional(comparison),
  /** Sentences below the picture: estimates, open month, what was left out. */
  facts: v.array(v.string()),
  /** Title, period, total, peak and trend in sentences. */
  summary: v.string(),
  /** ISO time. */
  fetchedAt: v.pipe(v.string(), v.isoTimestamp()),
  /** What is missing yet, in one sentence. */
  partial: v.optional(v.string()),
  /** Why it is not the newest, in one sentence. */
  stale: v.optional(v.string()),
});

export type SpendQuestion = v.InferOutput<typeof spendQuestionShape>;
export type SpendFilter = v.InferOutput<typeof filter>;
export type SpendPicture = v.InferOutput<typeof spendPictureShape>;
export type SpendSeries = v.InferOutput<typeof series>;
export type SpendComparison = v.InferOutput<typeof comparison>;
export type SpendDriver = v.InferOutput<typeof driver>;
export type BudgetLine = v.InferOutput<typeof budgetLine>;
export type SpendForecast = v.InferOutput<typeof forecast>;
