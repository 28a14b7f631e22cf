import { type Period, splitMonths } from '../usage/period.ts';
import { addDays, monthEnd, utcDay } from './spendPeriod.ts';

/** One request of a read: whole months, in one answer. */
export interface SpendPart {
  granularity: 'daily' | 'monthly';
  /** `YYYY-MM`, the first one first, without holes. */
  months: readonly string[];
  period: Period;
}

/** Months that the service answers at once when it sums them. */
const MOST_MONTHS = 12;

/**
 * What has to be asked for a period, the newest part first. By day, an answer has a month at most; by month, it has a year. Months are
 * asked for whole, so that the answer serves other periods too; a month that a period has some days of is asked for by day.
 *
 * @param has whether a month is kept in a granularity; what is kept by day is kept by month
 */
export function spendParts(
  period: Period,
  granularity: 'daily' | 'monthly',
  now: Date,
  has: (granularity: 'daily' | 'monthly', month: string) => boolean,
): SpendPart[] {
  const parts: SpendPart[] = [];
  let run: string[] = [];
  const endRun = () => {
    if (run.length > 0) {
      parts.push(part('monthly', run));
      run = [];
    }
  };
  for (const days of splitMonths(period).reverse()) {
    const month = days.from.slice(0, 7);
    if (monthGranularity(days, granularity, now) === 'monthly') {
      if (has('monthly', month) || has('daily', month)) {
        endRun();
        continue;
      }
      run.unshift(month);
      if (run.length === MOST_MONTHS) {
        endRun();
      }
    } else {
      endRun();
      if (!has('daily', month)) {
        parts.push(part('daily', [month]));
      }
    }
  }
  endRun();
  return parts;
}

/** How the days of one month have to be asked for: a sum of the month says nothing of some of its days. */
export function monthGranularity(days: Period, granularity: 'daily' | 'monthly', now: Date): 'daily' | 'monthly' {
  const isWhole = days.from.endsWith('-01') && (days.to === monthEnd(days.to) || days.to >= utcDay(now));
  return isWhole ? granularity : 'daily';
}

function part(granularity: SpendPart['granularity'], months: readonly string[]): SpendPart {
  const period = { from: `${months[0]}-01`, to: monthEnd(`${months.at(-1)}-01`) };
  return { granularity, months, period };
}

/** Days that tell how much daily costs vary. */
export const SPREAD_DAYS = 28;

/** Up to yesterday, because today's cost is not complete: so many days, or the open month where that is longer. */
export function spreadDays(now: Date): Period {
  const today = utcDay(now);
  const first = addDays(today, -SPREAD_DAYS);
  const month = `${today.slice(0, 7)}-01`;
  return { from: first < month ? first : month, to: addDays(today, -1) };
}
