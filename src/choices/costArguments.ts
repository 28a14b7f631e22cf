import { parseCostScope, scopePath } from '../api/arm/scope.ts';
import { BillingError } from '../api/http/errors.ts';
import { COST_GRANULARITIES, type OpenCostsArgument } from '../contributions.ts';
import type { CostQuestion } from '../spend/costTables.ts';
import { resolvePeriod } from '../usage/period.ts';

/**
 * Checks what a cost query is asked with, but for its connection.
 *
 * @throws BillingError of kind `argument` that names the field
 */
export function costQuestion(given: Omit<OpenCostsArgument, 'connection' | 'format'>, now: Date): CostQuestion {
  const { groupBy = [], granularity = 'None' } = given;
  if (typeof given.scope !== 'string' || given.scope === '') {
    throw new BillingError('argument', 'scope: is missing.');
  }
  if (
    !Array.isArray(groupBy) ||
    groupBy.length > 2 ||
    groupBy.some((name) => typeof name !== 'string' || name === '')
  ) {
    throw new BillingError('argument', 'groupBy: is not a list of up to two names.', {
      advice: "Give names of the scope's dimensions, such as ServiceName.",
    });
  }
  if (!COST_GRANULARITIES.includes(granularity)) {
    throw new BillingError(
      'argument',
      `granularity: '${String(granularity)}' is not one of ${COST_GRANULARITIES.join(', ')}.`,
    );
  }
  const scope = scopePath(parseCostScope(given.scope));
  return { scope, period: resolvePeriod(given.period ?? 'MonthToDate', now), groupBy, granularity };
}
