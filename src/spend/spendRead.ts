import type { Budget } from '../api/arm/budgets.ts';
import type { Period } from '../usage/period.ts';
import type { SpendForecastRead } from './readForecast.ts';
import type { SpendMonth } from './spendCache.ts';
import type { SpendFilter, SpendQuestion } from './spendShapes.ts';

/** What was read of some days. */
export interface SpendSlice {
  period: Period;
  /** By `YYYY-MM`: each holds at least the days of the period. */
  months: ReadonlyMap<string, SpendMonth>;
  /** Months of the period that were not read yet. */
  missing: readonly string[];
  /** What is still to be chosen among the rows. */
  filters: readonly SpendFilter[];
}

/** All that a picture is made of. With months missing it is a part of it, for showing what is there. */
export interface SpendRead {
  question: SpendQuestion;
  granularity: 'daily' | 'monthly';
  /** The last day that is shown: of a forecast, else of the period. */
  until: string;
  now: SpendSlice;
  /** The days of the period that are compared, and those that they are compared with. */
  compared?: { now: SpendSlice; before: SpendSlice };
  /** The last four weeks by day, for the range of a forecast. */
  spread?: SpendSlice;
  forecast?: SpendForecastRead;
  /** Budgets of the scope, or why they could not be read. */
  budgets?: readonly Budget[];
  noBudgets?: string;
  /** More sentences that have to be known to read the figures right. */
  notes?: readonly string[];
  /** Some months are older than they should be, because asking again failed. */
  stale?: { fetchedAt: Date; why: string };
}
