import type { UsageDetailsQuery } from '../api/arm/usageDetails.ts';
import { mayBeLegacy } from '../api/arm/usageDetailsRules.ts';
import type { UsageRequest } from './writeUsage.ts';

/** The query of usage details for a request. Legacy rows leave out what was metered unless it is asked for. */
export function usageDetailsQuery({
  scope,
  period,
  metric,
}: Pick<UsageRequest, 'scope' | 'period' | 'metric'>): UsageDetailsQuery {
  return {
    scope,
    from: period?.from,
    to: period?.to,
    metric,
    expand: mayBeLegacy(scope) ? ['meterDetails', 'additionalInfo'] : undefined,
  };
}
