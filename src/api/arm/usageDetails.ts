import { requireList, topLevelText } from '../../json/member.ts';
import { JsonSyntaxError, startOfText } from '../../json/scan.ts';
import { requireJsonText, unexpected, unreadable } from '../http/body.ts';
import type { Answer, Call } from '../http/client.ts';
import type { BillingError } from '../http/errors.ts';
import { PageWalk } from '../http/paging.ts';
import type { QuotaClaim } from '../http/quota.ts';
import { type ArmClient, armPath, nextCall } from './armClient.ts';
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
  const first: Call = { operation: 'List usage details', method: 'GET', address, quota: quotaOf(scope) };
  return new PageWalk(arm.http, first, (answer, call) => ({
    value: answer.bytes,
    next: answer.status === 204 ? undefined : nextCall(call, nextLink(answer)),
  }));
}

/** Limits are per billing account, but for subscriptions per tenant ("Cost Management API latency and rate limits"). */
function quotaOf(scope: Scope): QuotaClaim {
  return scope.kind === 'subscription'
    ? { area: 'usageDetailsOfSubscription', scope: scope.subscription.toLowerCase() }
    : { area: 'usageDetails', scope: 'account' in scope ? scope.account.toLowerCase() : '' };
}

function nextLink(answer: Answer): string | undefined {
  requireJsonText(answer);
  if (answer.bytes[startOfText(answer.bytes)] !== 0x7b) {
    throw unexpected(answer, 'the answer has an unexpected shape: it is not an object.');
  }
  const link = syntaxChecked(
    () => topLevelText(answer.bytes, 'nextLink'),
    (error) => unreadable(answer, `the answer is cut short or is not JSON (${error.message}).`, error),
  );
  // Without its list a page would pass for an empty last one.
  syntaxChecked(
    () => requireList(answer.bytes, 'value'),
    (error) => unexpected(answer, `the answer has an unexpected shape (${error.message}).`),
  );
  return link;
}

function syntaxChecked<T>(read: () => T, failure: (error: Error) => BillingError): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof JsonSyntaxError || error instanceof SyntaxError ? failure(error) : error;
  }
}
