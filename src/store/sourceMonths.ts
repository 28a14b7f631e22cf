import { parseScope, scopePath } from '../api/arm/scope.ts';
import { BillingError } from '../api/http/errors.ts';
import { type Period, periodLabel, resolvePeriod, splitMonths } from '../usage/period.ts';
import type { StoredSource } from './readTypes.ts';
import { OWN_PERIOD } from './storeTypes.ts';

/** What one entry is fetched with. */
export interface SourceMonth {
  scope: string;
  month: string;
  dataset: string;
  source: StoredSource;
}

/**
 * The entries that hold a source: scope by scope, the newest month first. Undefined when it begins or ends within a month that is over: a
 * part of a month is no entry.
 *
 * @throws BillingError of kind `argument` when a scope or a period is none
 */
export function sourceMonths(source: StoredSource, now: Date): SourceMonth[] | undefined {
  const { scopes, metric, period } = source;
  const dataset = `usageDetails.${metric ?? 'ActualCost'}`;
  const months: SourceMonth[] = [];
  for (const { scope: given } of scopes) {
    const parsed = parseScope(given);
    const scope = scopePath(parsed);
    const fetched = { kind: 'usageDetails' as const, scopes: [{ scope }], ...(metric === undefined ? {} : { metric }) };
    if (parsed.kind === 'invoice') {
      if (period !== undefined) {
        throw new BillingError('argument', 'period: an invoice has its own period.', {
          advice: 'Leave the period out.',
        });
      }
      months.push({ scope, month: OWN_PERIOD, dataset, source: fetched });
      continue;
    }
    const whole = wholeMonths(period, now);
    if (whole === undefined) {
      return undefined;
    }
    months.push(
      ...whole.map((month) => ({
        ...{ scope, month, dataset },
        source: { ...fetched, period: resolvePeriod(month, now) },
      })),
    );
  }
  return months;
}

/** Months of a period, newest first; those of the future have nothing. The current month may end today, or later. */
function wholeMonths(period: Period | undefined, now: Date): string[] | undefined {
  const today = now.toISOString().slice(0, 10);
  const current = today.slice(0, 7);
  if (period === undefined) {
    return [current];
  }
  const parts = splitMonths(resolvePeriod(period, now)).filter(({ from }) => from.slice(0, 7) <= current);
  const isWhole = (part: Period): boolean => {
    const month = part.from.slice(0, 7);
    const all = resolvePeriod(month, now);
    return month === current ? part.from === all.from && part.to >= today : periodLabel(part) === month;
  };
  return parts.every(isWhole) ? parts.map(({ from }) => from.slice(0, 7)).reverse() : undefined;
}
