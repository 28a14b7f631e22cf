import type { Freshness } from '../store/storeTypes.ts';
import { displayText } from '../workbench/text.ts';
import type { SheetSource } from './sheetSource.ts';

/**
 * What a chart of SQL is about and how old it is, in sentences.
 *
 * @param freshness of the oldest month
 * @param locale BCP 47
 */
export function chartFacts(
  { connection, scopes, period, metric }: SheetSource,
  freshness: Freshness | undefined,
  locale: string,
): string[] {
  const days = period.from === period.to ? period.from : `${period.from} to ${period.to}`;
  const cost = metric === 'AmortizedCost' ? 'amortized cost' : 'actual cost';
  const of = scopes.length === 1 ? displayText(scopes[0], '') : `${scopes.length} scopes`;
  const state = { open: ' The month goes on.', settling: ' Late usage may still arrive.', closed: '' };
  return [
    `Usage of ${days} (UTC), ${cost}, ${displayText(connection, 'no name')}, ${of}.`,
    ...(freshness === undefined
      ? []
      : [`Fetched at ${freshness.fetchedAt.toLocaleString(locale)}, the oldest part.${state[freshness.state]}`]),
  ];
}
