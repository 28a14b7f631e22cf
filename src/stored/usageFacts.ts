import type { Freshness } from '../store/storeTypes.ts';
import { displayText } from '../workbench/text.ts';
import type { UsageWanted } from './usageWanted.ts';

/** What usage is about, and how old it is, in sentences. */
export interface UsageFacts {
  about: string;
  /** Undefined when nothing is there. */
  age: string | undefined;
}

/**
 * @param freshness of the oldest part
 * @param locale BCP 47
 */
export function usageFacts(
  { connection, scopes, period, metric }: UsageWanted,
  freshness: Freshness | undefined,
  locale: string,
): UsageFacts {
  const days = period === undefined ? '' : period.from === period.to ? period.from : `${period.from} to ${period.to}`;
  const cost = metric === 'AmortizedCost' ? 'amortized cost' : 'actual cost';
  const of = scopes.length === 1 ? displayText(scopes[0], '') : `${scopes.length} scopes`;
  return {
    about: `Usage${days === '' ? '' : ` of ${days} (UTC)`}, ${cost}, ${displayText(connection, 'no name')}, ${of}.`,
    age: ageText(freshness, locale),
  };
}

const STATE = { open: ' The month goes on.', settling: ' Late usage may still arrive.', closed: '' };

/** How old usage is, and whether more of it may come, in sentences; undefined when nothing is there. See {@link usageFacts}. */
export function ageText(freshness: Freshness | undefined, locale: string): string | undefined {
  return (
    freshness && `Fetched at ${freshness.fetchedAt.toLocaleString(locale)}, the oldest part.${STATE[freshness.state]}`
  );
}

/** The line below a table that tells how old its rows are. */
export function aboutOf({ age }: UsageFacts): { about?: string } {
  return age === undefined ? {} : { about: age };
}
