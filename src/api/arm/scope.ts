import { BillingError } from '../http/errors.ts';

/** What a scope path names. Names are as written; ARM compares them without case. */
export type Scope =
  | { kind: 'billingAccount'; account: string }
  | { kind: 'billingProfile'; account: string; profile: string }
  | { kind: 'customer'; account: string; customer: string }
  | { kind: 'invoice'; account: string; profile?: string; invoice: string }
  | { kind: 'subscription'; subscription: string };

/**
 * What Cost Management answers for: cost query, forecast, dimensions, alerts, exports and budgets take resource groups, which
 * usage details do not, and no invoices.
 */
export type CostScope =
  | Exclude<Scope, { kind: 'invoice' }>
  | { kind: 'resourceGroup'; subscription: string; resourceGroup: string };

/** One path segment: no separators, plain or encoded, and nothing that leads upwards. */
const NAME = '((?!\\.{1,2}(?:/|$))(?:(?!%2e|%2f|%5c)[^/?#\\\\\\s])+)';
const ACCOUNT = `/providers/Microsoft\\.Billing/billingAccounts/${NAME}`;

const PATTERNS: [RegExp, (names: string[]) => Scope][] = [
  [pattern(ACCOUNT), ([account = '']) => ({ kind: 'billingAccount', account })],
  [
    pattern(`${ACCOUNT}/billingProfiles/${NAME}`),
    ([account = '', profile = '']) => ({ kind: 'billingProfile', account, profile }),
  ],
  [
    pattern(`${ACCOUNT}/customers/${NAME}`),
    ([account = '', customer = '']) => ({ kind: 'customer', account, customer }),
  ],
  [
    pattern(`${ACCOUNT}/billingProfiles/${NAME}/customers/${NAME}`),
    ([account = '', , customer = '']) => ({ kind: 'customer', account, customer }),
  ],
  [
    pattern(`${ACCOUNT}/billingProfiles/${NAME}/invoices/${NAME}`),
    ([account = '', profile = '', invoice = '']) => ({ kind: 'invoice', account, profile, invoice }),
  ],
  [pattern(`${ACCOUNT}/invoices/${NAME}`), ([account = '', invoice = '']) => ({ kind: 'invoice', account, invoice })],
  [pattern(`/subscriptions/${NAME}`), ([subscription = '']) => ({ kind: 'subscription', subscription })],
];

const RESOURCE_GROUP = pattern(`/subscriptions/${NAME}/resourceGroups/${NAME}`);

function pattern(path: string): RegExp {
  return new RegExp(`^${path}$`, 'i');
}

/** An id with its leading slash and without a trailing one: the service sends both forms, even in one version. */
export function normalizeId(id: string): string {
  return `/${id.trim().replace(/^\/+|\/+$/g, '')}`;
}

/**
 * Reads a scope path. A customer id of Billing 2024-04-01 (nested under a billing profile) becomes the short form, which is
 * the only one the cost APIs take.
 *
 * @throws BillingError of kind `argument` that shows the accepted forms
 */
export function parseScope(path: string): Scope {
  const scope = matchScope(path);
  if (scope !== undefined) {
    return scope;
  }
  throw new BillingError('argument', `scope: '${path.slice(0, 200)}' is not a scope with usage.`, {
    advice:
      "Use the path of a billing account ('/providers/Microsoft.Billing/billingAccounts/…'), a billing profile, customer or invoice below it, or a subscription ('/subscriptions/…').",
  });
}

/** As {@link parseScope}, for ids that may name something else; then undefined. */
export function matchScope(path: string): Scope | undefined {
  const id = normalizeId(path);
  for (const [expression, build] of PATTERNS) {
    const match = expression.exec(id);
    if (match !== null) {
      return build(match.slice(1));
    }
  }
  return undefined;
}

/**
 * Reads the path of a scope of Cost Management, as {@link parseScope} does.
 *
 * @throws BillingError of kind `argument` that shows the accepted forms
 */
export function parseCostScope(path: string): CostScope {
  const [, subscription, resourceGroup] = RESOURCE_GROUP.exec(normalizeId(path)) ?? [];
  if (subscription !== undefined && resourceGroup !== undefined) {
    return { kind: 'resourceGroup', subscription, resourceGroup };
  }
  const scope = matchScope(path);
  if (scope !== undefined && scope.kind !== 'invoice') {
    return scope;
  }
  throw new BillingError('argument', `scope: '${path.slice(0, 200)}' is not a scope of Cost Management.`, {
    advice:
      "Use the path of a billing account ('/providers/Microsoft.Billing/billingAccounts/…'), a billing profile or customer below it, a subscription ('/subscriptions/…') or a resource group in one.",
  });
}

/** The path of a scope in the form the cost APIs take. The `:` of an account name stays as it is. */
export function scopePath(scope: Scope | CostScope): string {
  const account = (name: string) => `/providers/Microsoft.Billing/billingAccounts/${name}`;
  switch (scope.kind) {
    case 'billingAccount':
      return account(scope.account);
    case 'billingProfile':
      return `${account(scope.account)}/billingProfiles/${scope.profile}`;
    case 'customer':
      return `${account(scope.account)}/customers/${scope.customer}`;
    case 'invoice':
      return scope.profile === undefined
        ? `${account(scope.account)}/invoices/${scope.invoice}`
        : `${account(scope.account)}/billingProfiles/${scope.profile}/invoices/${scope.invoice}`;
    case 'subscription':
      return `/subscriptions/${scope.subscription}`;
    case 'resourceGroup':
      return `/subscriptions/${scope.subscription}/resourceGroups/${scope.resourceGroup}`;
  }
}

/** One path segment of a name that did not come from a scope path. */
export function segment(name: string): string {
  return encodeURIComponent(name).replaceAll('%3A', ':');
}

/**
 * {@link segment} of a name that a caller gave. An empty name or a relative one would make the path mean something else.
 *
 * @param field what the caller calls it
 * @throws BillingError of kind `argument`
 */
export function nameSegment(field: string, name: string): string {
  if (typeof name !== 'string' || name.trim() === '' || name === '.' || name === '..') {
    throw new BillingError('argument', `${field}: '${String(name)}' is not a name.`, {
      advice: 'Use the name of the resource, which is the last part of its id.',
    });
  }
  return segment(name);
}
