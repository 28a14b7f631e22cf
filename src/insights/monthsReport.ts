import type { ForecastArgument, TableReport, UnusualCostsArgument } from '../contributions.ts';
import type { MonthsWanted } from '../stored/usageWanted.ts';

/** How a report on the last months of scopes is asked for again, whether a row of the tree or an argument asked first. */
export function monthsReport(
  command: 'azureBilling.showUnusualCosts' | 'azureBilling.showForecast',
  { connection, scopes, metric }: MonthsWanted,
  more: Pick<UnusualCostsArgument, 'days'> = {},
): TableReport {
  const argument: ForecastArgument = { connection, scope: scopes, ...(metric && { metric }) };
  return { command, argument: { ...argument, ...more } };
}
