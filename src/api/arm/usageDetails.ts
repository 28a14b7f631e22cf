import type { Call } from '../http/client.ts';
import type { PageWalk } from '../http/paging.ts';
import type { QuotaClaim } from '../http/quota.ts';
import { type ArmClient, armPath } from './armClient.ts';
import { bytePages } from './bytePages.ts';
import { type Scope, scopePath } from './scope.ts';
import { checkUsageDetails, type UsageExpansion, type UsageMetric } from './usageDetailsRules.ts';

export interface UsageDetailsQuery {
  scope: Scope;
  /**
   * First and last day, inclusive, `YYYY-MM-DD`, UTC. Partner and customer agreements ignore `$filter` and take these
   * parameters; without them only the current period comes back. An invoice needs none: its month is its period.
   */
  from?: string | undefined;
  to?: string | undefined;
  /** Which costs the rows carry; left out: the service's default, actual cost. */
  metric?: UsageMetric | undefined;
  /** What legacy rows (enrolments, pay-as-you-go) leave out unless it is asked for; modern rows have it anyway. */
  expand?: readonly UsageExpansion[] | undefined;
  /**
   * OData filter, legacy rows only: `properties/resourceGroup`, `properties/instanceName` (`properties/resourceName` from
   * 2023 on), `properties/resourceId`, `properties/chargeType`, `properties/reservationId`, `properties/publisherType`, `tags`;
   * `eq`, `lt`, `gt`, `le`, `ge`, joined by `and`.
   */
  filter?: string | undefined;
  /** `YYYYMM`, legacy rows only: stands in the path in place of days. */
  billingPeriod?: string | undefined;
  /** Rows a page, 1 to 1000. */
  top?: number | undefined;
}

/**
 * Usage details (REST reference: Consumption, Usage Details - List) as the bytes of each page, `{"value":[…],"nextLink":…}`.
 * They are not parsed: costs carry more digits than a double, and the record walk copies them from the bytes. A page that
 * is empty (204: no data) has no bytes.
 *
 * @throws BillingError of kind `argument` when the query breaks a rule of `checkUsageDetails`
 */
export function listUsageDetails(arm: ArmClient, query: UsageDetailsQuery): PageWalk<Uint8Array> {
  checkUsageDetails(query);
  const { scope, billingPeriod, expand, metric } = query;
  const suffix = billingPeriod === undefined ? '' : `/providers/Microsoft.Billing/billingPeriods/${billingPeriod}`;
  const path = `${scopePath(scope)}${suffix}/providers/Microsoft.Consumption/usageDetails`;
  const address = armPath(arm, 'usageDetails', path, {
    startDate: query.from,
    endDate: query.to,
    metric: metric?.toLowerCase(),
    $expand:
      expand === undefined || expand.length === 0 ? undefined : expand.map((name) => `properties/${name}`).join(),
    $filter: query.filter,
    $top: query.top,
  });
  const first: Call = { operation: 'List usage details', method: 'GET', address, quota: usageDetailsQuota(scope) };
  return bytePages(arm, first, quotaOfPages(scope));
}

/** What a list that is begun counts against: limits are per billing account, but for subscriptions per tenant ("Cost Management API latency and rate limits"). */
export function usageDetailsQuota(scope: Scope): QuotaClaim {
  return scope.kind === 'subscription'
    ? { area: 'usageDetailsOfSubscription', scope: scope.subscription.toLowerCase() }
    : { area: 'usageDetails', scope: 'account' in scope ? scope.account.toLowerCase() : '' };
}

/** Reads of Azure Resource Manager count by subscription, and by tenant for everything else. */
function quotaOfPages(scope: Scope): QuotaClaim {
  return { area: 'usagePages', scope: scope.kind === 'subscription' ? scope.subscription.toLowerCase() : '' };
}
