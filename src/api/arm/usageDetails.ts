import { requireList, topLevelText } from '../../json/member.ts';
import { JsonSyntaxError, startOfText } from '../../json/scan.ts';
import { requireJsonText, unexpected, unreadable } from '../http/body.ts';
import type { Answer, Call } from '../http/client.ts';
import type { BillingError } from '../http/errors.ts';
import { PageWalk } from '../http/paging.ts';
import type { QuotaClaim } from '../http/quota.ts';
import { type ArmClient, armPath, nextCall } from './armClient.ts';
import { type Scope, scopePath } from './scope.ts';

export interface UsageDetailsQuery {
  scope: Scope;
  /**
   * First and last day, inclusive, `YYYY-MM-DD`, UTC. Partner and customer agreements ignore `$filter` and take these
   * parameters; without them only the current period comes back. An invoice needs none: its month is its period.
   */
  from?: string | undefined;
  to?: string | undefined;
  /** Rows a page, 1 to 1000. */
  top?: number;
}

/**
 * Usage details (REST reference: Consumption, Usage Details - List) as the bytes of each page, `{"value":[…],"nextLink":…}`.
 * They are not parsed: costs carry more digits than a double, and the record walk copies them from the bytes. A page that
 * is empty (204: no data) has no bytes.
 */
export function listUsageDetails(arm: ArmClient, query: UsageDetailsQuery): PageWalk<Uint8Array> {
  const address = armPath(
    arm,
    'usageDetails',
    `${scopePath(query.scope)}/providers/Microsoft.Consumption/usageDetails`,
    {
      startDate: query.from,
      endDate: query.to,
      $top: query.top,
    },
  );
  const first: Call = { operation: 'List usage details', method: 'GET', address, quota: quotaOf(query.scope) };
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
