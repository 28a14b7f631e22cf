import { OPEN_MONTH_FOR, periodState, resolvePeriod } from '../usage/period.ts';
import { type Freshness, OWN_PERIOD } from './storeTypes.ts';

/** What stays as it is for so long is not asked for again. */
export function isFresh({ state, age }: Freshness): boolean {
  return state === 'closed' || (age >= 0 && age < OPEN_MONTH_FOR);
}

/**
 * Whether what was asked for at that time is final. Late usage of a month arrives for a few days of the next one (`periodState`); an
 * invoice is final as soon as it has rows.
 */
export function isFinal(month: string, askedAt: Date, rows: number): boolean {
  return month === OWN_PERIOD ? rows > 0 : periodState(resolvePeriod(month, askedAt), askedAt) === 'closed';
}

/** @param closed whether it was final when it was fetched */
export function freshnessOf(month: string, fetchedAt: Date, closed: boolean, now: Date): Freshness {
  const age = now.getTime() - fetchedAt.getTime();
  if (closed) {
    return { fetchedAt, state: 'closed', age };
  }
  const state = month === OWN_PERIOD ? 'open' : periodState(resolvePeriod(month, now), now);
  // The month is over by now, but what was fetched may lack its late usage.
  return { fetchedAt, state: state === 'open' ? 'open' : 'settling', age };
}

/** What stands for the age of all of them: of those that are furthest from final, the one that was fetched first. */
export function oldestOf(tables: readonly { readonly freshness: Freshness }[]): Freshness | undefined {
  const rank = { open: 0, settling: 1, closed: 2 };
  return tables
    .map(({ freshness }) => freshness)
    .sort((a, b) => rank[a.state] - rank[b.state] || b.age - a.age)
    .at(0);
}
