import { parseScope, scopePath } from '../api/arm/scope.ts';
import { BillingError } from '../api/http/errors.ts';
import { type Period, periodLabel, resolvePeriod, splitMonths } from '../usage/period.ts';
import type { ExportSource } from '../usage/plan/exportSource.ts';
import type { StoredSource } from './readTypes.ts';
import { OWN_PERIOD } from './storeTypes.ts';

/** What one entry is fetched with. */
export interface SourceMonth {
  scope: string;
  month: string;
  dataset: string;
  source: ExportSource;
  /** It may change at any time until it is gone, charges without an invoice: never final. */
  isPassing: boolean;
}

/**
 * The entries that hold a source: scope by scope, the newest month first. Undefined when it begins or ends within a month that is over: a
 * part of a month is no entry.
 *
 * @throws BillingError of kind `argument` when a scope or a period is none
 */
export function sourceMonths(source: StoredSource, now: Date): SourceMonth[] | undefined {
  if (source.kind !== 'usageDetails') {
    return [partnerMonth(source, now)];
  }
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
      months.push({ scope, month: OWN_PERIOD, dataset, source: fetched, isPassing: false });
      continue;
    }
    const whole = monthsOf(period, now);
    if (whole === undefined) {
      return undefined;
    }
    months.push(
      ...whole.map((month) => ({
        ...{ scope, month, dataset, isPassing: false },
        source: { ...fetched, period: resolvePeriod(month, now) },
      })),
    );
  }
  return months;
}

/** Months of a period, newest first; those of the future have nothing. The current month may end today, or later. */
function monthsOf(period: Period | undefined, now: Date): string[] | undefined {
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

function partnerMonth(source: Exclude<StoredSource, { kind: 'usageDetails' }>, now: Date): SourceMonth {
  const { kind, customer = '', subscription = '', fragment = '' } = source;
  const words = source.kind === 'lineItems' ? [source.provider, source.type] : [];
  const currency = source.currency ?? '';
  const isPassing = !('invoice' in source);
  const scope = ['partner', isPassing ? 'unbilled' : source.invoice, customer, subscription].join('/');
  const back = isPassing && source.period === 'last' ? 1 : 0;
  const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1));
  return {
    scope,
    month: isPassing ? first.toISOString().slice(0, 7) : OWN_PERIOD,
    dataset: [kind, ...words, currency, fragment].filter((word) => word !== '').join('.'),
    source,
    isPassing,
  };
}
