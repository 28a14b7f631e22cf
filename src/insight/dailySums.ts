import { cellDay, folded, trimmed } from './cellTexts.ts';
import { costColumns, type DimensionName, dimensionsIn } from './costColumns.ts';
import { DayAmounts } from './dayAmounts.ts';
import { dayNumber } from './days.ts';
import { InsightError } from './side.ts';
import { joined } from './sideItems.ts';
import { type Cells, dimensionOf } from './sideSums.ts';

/** What one group of costs came to day by day. */
export interface DailySeries {
  /** Values of the dimensions, and their names for people, in the order of the sums. */
  values: readonly string[];
  labels: readonly string[];
  /** The pricing currency where rows tell it, because exchange rates say nothing about use; else the billing currency. */
  currency: string;
  /** The day number of the first day. */
  first: number;
  /** What was used; every day of the period has an amount. */
  usage: DayAmounts;
  /** Purchases, refunds and adjustments by place in the period: they have a rhythm of their own. */
  charges: DayAmounts | undefined;
}

export interface DailyPeriod {
  /** First and last day, `YYYY-MM-DD`, UTC, both inclusive. */
  from: string;
  to: string;
}

const USE = new Set(['', 'usage', 'unusedreservation', 'unusedsavingsplan']);

/**
 * Adds up rows by day and group. Rows pass once; memory grows with groups and days. Each group has two exact sums a day at most, one of
 * use and one of charges.
 */
export class DailySums {
  readonly by: readonly DimensionName[];
  readonly period: DailyPeriod;
  /** Rows that are in the sums. */
  rows = 0;
  /** Rows of other days. */
  outside = 0;
  /** Rows whose cost or day cannot be read: their money is in no sum. */
  unread = 0;
  readonly #first: number;
  readonly #days: number;
  readonly #series = new Map<string, DailySeries>();
  readonly #at: {
    cost: number;
    currency: number;
    pricingCost: number;
    pricingCurrency: number;
    day: number;
    chargeType: number;
    by: { key: number; label: number }[];
  };
  /** Places in the period by what rows write as their day. */
  readonly #places = new Map<string, number | undefined>();

  /**
   * @param by from the outermost to the innermost: a sweep looks at every level of them
   * @throws InsightError where the table does not tell what is needed
   */
  constructor(header: readonly string[], by: readonly DimensionName[], period: DailyPeriod) {
    const columns = costColumns(header);
    if (columns.cost === undefined || columns.currency === undefined || columns.day === undefined) {
      throw new InsightError('This table does not tell cost, currency and day: open usage details or a cost file.');
    }
    this.by = by;
    this.period = period;
    this.#first = dayNumber(period.from);
    this.#days = dayNumber(period.to) - this.#first + 1;
    if (!(this.#days > 0)) {
      throw new InsightError(`The period has to end after it begins, not run from ${period.from} to ${period.to}.`);
    }
    const at = (name: string | undefined) => (name === undefined ? -1 : header.indexOf(name));
    this.#at = {
      cost: at(columns.cost),
      currency: at(columns.currency),
      pricingCost: at(columns.pricingCost),
      pricingCurrency: at(columns.pricingCurrency),
      day: at(columns.day),
      chargeType: at(dimensionsIn(header).find(({ name }) => name === 'chargeType')?.key),
      by: by.map((name) => {
        const { key, label } = dimensionOf(header, name);
        return { key: at(key), label: at(label) };
      }),
    };
  }

  add(cells: Cells): void {
    const at = this.#at;
    const day = this.#place(cells[at.day] ?? '');
    if (day === undefined) {
      this.unread++;
      return;
    }
    if (day < 0 || day >= this.#days) {
      this.outside++;
      return;
    }
    const pricingCurrency = trimmed(cells[at.pricingCurrency]);
    const pricingCost = pricingCurrency === '' ? '' : trimmed(cells[at.pricingCost]);
    const cost = pricingCost || trimmed(cells[at.cost]);
    const currency = (pricingCost === '' ? trimmed(cells[at.currency]) : pricingCurrency).toUpperCase();
    const series = this.#seriesOf(cells, currency);
    if (this.#amounts(series, folded(trimmed(cells[at.chargeType]))).add(day, cost)) {
      this.rows++;
    } else {
      this.unread++;
    }
  }

  get series(): DailySeries[] {
    return [...this.#series.values()];
  }

  #seriesOf(cells: Cells, currency: string): DailySeries {
    const values = this.#at.by.map(({ key }) => trimmed(cells[key]));
    const labels = this.#at.by.map(({ label }, i) => trimmed(cells[label]) || (values[i] ?? ''));
    const key = joined([...values.map(folded), currency]);
    let series = this.#series.get(key);
    if (series === undefined) {
      series = {
        values,
        labels,
        currency,
        first: this.#first,
        usage: new DayAmounts(this.#days),
        charges: undefined,
      };
      this.#series.set(key, series);
    } else if (labels.some((label, i) => label < (series?.labels[i] ?? ''))) {
      // Of several spellings the first in the order of code units stands for all.
      const { labels: before } = series;
      series.labels = labels.map((label, i) => (label < (before[i] ?? '') ? label : (before[i] ?? '')));
    }
    return series;
  }

  #amounts(series: DailySeries, chargeType: string): DayAmounts {
    if (USE.has(chargeType)) {
      return series.usage;
    }
    series.charges ??= new DayAmounts(this.#days);
    return series.charges;
  }

  #place(text: string): number | undefined {
    if (!this.#places.has(text)) {
      const day = cellDay(text.trim());
      this.#places.set(text, day === '' ? undefined : dayNumber(day) - this.#first);
    }
    return this.#places.get(text);
  }
}
