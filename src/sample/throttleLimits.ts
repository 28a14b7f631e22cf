import type { SampleRequest } from './answers.ts';
import { type DayRange, dayOf, parseIsoDay } from './calendar.ts';
import { monthsTouched } from './costPages.ts';
import { daysOfTimeframe, TIMEFRAMES } from './costTimeframes.ts';
import type { Tenant } from './tenant.ts';

/** Whose limit it is; each has its own header on an answer 429. */
export type QuotaFamily = 'qpu' | 'entity' | 'tenant' | 'client' | 'clienttype' | 'consumption' | 'other';

/** So many units in so many seconds for one key, of which the request takes `cost`. */
export interface Limit {
  readonly family: QuotaFamily;
  readonly most: number;
  readonly seconds: number;
  readonly key: string;
  readonly cost: number;
  /** What the remaining units are called on answers; limits without are not told. */
  readonly remaining?: { readonly header: string; readonly name: string };
  /** Whether the answer 429 has Retry-After beside the header of the family, as cost reports describe it. */
  readonly retryAfter?: boolean;
}

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

/**
 * The documented limits that a request falls under, beside those of Azure Resource Manager itself. All callers are one
 * tenant and one user. `clientType` is the header ClientType, which opens a bucket of its own.
 */
export function limitsOf(tenant: Tenant, request: SampleRequest, clientType: string | undefined): readonly Limit[] {
  const path = decoded(request.path).toLowerCase().replace(/\/+$/, '');
  const [, scope = '', call = ''] =
    /^(.*?)\/providers\/microsoft\.(?=consumption|costmanagement)(.*)$/.exec(path) ?? [];
  const isPost = request.method === 'POST';
  if (call === 'consumption/usagedetails') return usageDetails(tenant, request, scope);
  if (call === 'consumption/charges') {
    return [
      limit('consumption', 125, MINUTE, 'charges', CONSUMPTION),
      limit('consumption', 20, MINUTE, `charges ${accountOf(tenant, scope)}`),
    ];
  }
  if (isPost && /\/pricesheets?(\/default)?(\/download)?$/.test(path)) {
    return [limit('other', 30, MINUTE, `price sheet ${accountOf(tenant, path)}`)];
  }
  if (isPost && (call === 'costmanagement/query' || call === 'costmanagement/forecast')) {
    return query(scope, monthsAsked(request.body, tenant.options.now), clientType ?? DEFAULT_QUOTA);
  }
  if (isPost && /^costmanagement\/generate(costdetailsreport|detailedcostreport)$/.test(call)) {
    return withRetryAfter(reports(tenant, scope, clientType ?? DEFAULT_QUOTA));
  }
  const isPriceSheet = request.parameters.get('operationtype')?.toLowerCase() === 'pricesheet';
  if (!isPriceSheet && /^costmanagement\/(costdetails)?operation(results|status)\//.test(call)) {
    return withRetryAfter([limit('client', 2, MINUTE, `poll ${call.split('/').at(-1)}`)]);
  }
  return [];
}

const DEFAULT_QUOTA = 'DefaultQuota';
const remaining = (what: string, name = DEFAULT_QUOTA) => ({
  header: `x-ms-ratelimit-remaining-microsoft.${what}`,
  name,
});
const CONSUMPTION = remaining('consumption-tenant-requests');

function limit(
  family: QuotaFamily,
  most: number,
  seconds: number,
  key: string,
  told?: Limit['remaining'],
  cost = 1,
): Limit {
  return { family, most, seconds, key, cost, ...(told ? { remaining: told } : {}) };
}

const withRetryAfter = (limits: readonly Limit[]): Limit[] => limits.map((item) => ({ ...item, retryAfter: true }));

/** The pages after the first are limited by their token, and by nothing else. */
function usageDetails(tenant: Tenant, { parameters }: SampleRequest, scope: string): Limit[] {
  const token = parameters.get('$skiptoken');
  if (token !== undefined) return [limit('consumption', 2, MINUTE, `usage details page ${token}`)];
  const account = accountOf(tenant, scope);
  if (!scope.startsWith('/subscriptions/')) {
    return [limit('consumption', 6, MINUTE, `usage details ${account}`, CONSUMPTION)];
  }
  return [
    limit('consumption', 10, MINUTE, 'usage details of subscriptions', CONSUMPTION),
    limit('consumption', 10, MINUTE, `usage details of subscriptions ${account}`),
  ];
}

/** A query takes one processing unit (QPU) for each month of data. */
function query(scope: string, months: number, clientType: string): Limit[] {
  const qpu = (most: number, seconds: number, name: string): Limit =>
    limit(
      'qpu',
      most,
      seconds,
      'all',
      { header: 'x-ms-ratelimit-microsoft.costmanagement-qpu-remaining', name },
      months,
    );
  return [
    qpu(600, HOUR, 'QueriesPerHour'),
    qpu(60, MINUTE, 'QueriesPerMin'),
    qpu(12, 10, 'QueriesPer10Sec'),
    limit('entity', 4, MINUTE, `query ${scope}`, remaining('costmanagement-entity-requests')),
    limit('tenant', 20, MINUTE, 'query', remaining('costmanagement-tenant-requests')),
    limit(
      'clienttype',
      2000,
      MINUTE,
      `query ${clientType}`,
      remaining('costmanagement-clienttype-requests', clientType),
    ),
  ];
}

function reports(tenant: Tenant, scope: string, clientType: string): Limit[] {
  const account = accountOf(tenant, scope);
  const wider = scope.startsWith('/subscriptions/')
    ? [
        limit('tenant', 10, MINUTE, 'reports of subscriptions'),
        limit('tenant', 10, MINUTE, `reports of subscriptions ${account}`),
      ]
    : [limit('tenant', 5, MINUTE, `reports ${account}`)];
  return [
    limit('entity', 2, MINUTE, `report ${scope}`),
    limit('entity', 10, HOUR, `report ${scope}`),
    limit('entity', 50, DAY, `report ${scope}`),
    ...wider,
    limit('client', 30, MINUTE, `reports ${clientType}`),
  ];
}

/** The name of the billing account that a path is below, or that bills the subscription of the path. */
function accountOf({ directory }: Tenant, path: string): string {
  const subscription = /^\/subscriptions\/([^/]+)/.exec(path)?.[1];
  if (subscription !== undefined) return directory.subscriptionNamed(subscription)?.customer.account.name ?? 'unknown';
  return /\/billingaccounts\/([^/]+)/.exec(path)?.[1] ?? 'unknown';
}

/** Months of data of a query's body, at least 1; a body that cannot be read costs one, as its error does. */
function monthsAsked(body: string, now: Date): number {
  const days = daysAsked(body, now);
  return days ? Math.max(1, monthsTouched(days)) : 1;
}

function daysAsked(body: string, now: Date): DayRange | undefined {
  let asked: { timeframe?: unknown; timePeriod?: { from?: unknown; to?: unknown } | null } | null;
  try {
    asked = JSON.parse(body);
  } catch {
    return undefined;
  }
  const read = (value: unknown) => parseIsoDay(String(value).slice(0, 10));
  const from = read(asked?.timePeriod?.from);
  const to = read(asked?.timePeriod?.to);
  if (from !== undefined && to !== undefined) {
    const last = Math.min(Math.max(from, to), Math.max(dayOf(now), Math.min(from, to)));
    return { from: Math.min(from, to), to: last };
  }
  const timeframe = TIMEFRAMES.find((name) => name.toLowerCase() === String(asked?.timeframe).toLowerCase());
  return timeframe && daysOfTimeframe(timeframe, now);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
