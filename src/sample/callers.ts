import { type Answer, failure, json, type SampleRequest } from './answers.ts';
import type { Policies } from './policies.ts';
import type { Tenant } from './tenant.ts';

/**
 * Who calls the service. `adminAgent` may do everything; `billingReader` reads billing scopes and nothing in subscriptions;
 * `none` has no role anywhere; `customer` is a Cost Management Reader on subscriptions in the customer's own tenant, who sees
 * charges where the cost policy is on; `wrongTenant` brings a token of another tenant.
 */
export const CALLER_ROLES = ['adminAgent', 'billingReader', 'none', 'customer', 'wrongTenant'] as const;

export type CallerRole = (typeof CALLER_ROLES)[number];

/** What the caller wants of a call: only Admin agents read the cost policy, so it is a right of its own. */
export type Right = 'read' | 'write' | 'policy';

/** A tenant that is nobody's here. */
const OTHER_TENANT = '6b7d4f5e-0c1a-4b7e-9d52-2f0a8c3e1d94';

/** The caller's role, and what the service answers to those who may not. The role of the start until a call changes it. */
export class Caller {
  readonly #tenant: Tenant;
  readonly #policies: Policies;
  readonly #first: CallerRole;
  #role: CallerRole;

  constructor(tenant: Tenant, policies: Policies, role: unknown = 'adminAgent') {
    this.#tenant = tenant;
    this.#policies = policies;
    this.#first = checkRole(role);
    this.#role = this.#first;
  }

  /** Throws a RangeError that names the roles. */
  set(role: unknown): void {
    this.#role = checkRole(role);
  }

  reset(): void {
    this.#role = this.#first;
  }

  get role(): CallerRole {
    return this.#role;
  }

  /** Whether the caller has a right at billing scopes: what permissions and access checks tell. */
  may(right: Right): boolean {
    return this.#role === 'adminAgent' || (this.#role === 'billingReader' && right === 'read');
  }

  /** The answer to a call that the role does not allow, or that shows it nothing; undefined for all others. */
  answer(request: SampleRequest): Answer | undefined {
    if (this.#role === 'adminAgent') return undefined;
    if (this.#role === 'wrongTenant') return this.#wrongTenant();
    const path = decoded(request.path).toLowerCase().replace(/\/+$/, '');
    const subscription = /^\/subscriptions\/([^/]+)/.exec(path)?.[1];
    return subscription === undefined
      ? this.#atBillingScope(request, path)
      : this.#atSubscription(request, path, subscription);
  }

  #atBillingScope(request: SampleRequest, path: string): Answer | undefined {
    if (!path.startsWith('/providers/microsoft.billing/billingaccounts')) return undefined;
    // Anybody may ask what they may do.
    if (/\/(billingpermissions|checkaccess)$/.test(path)) return undefined;
    if (path === '/providers/microsoft.billing/billingaccounts')
      return this.may('read') ? undefined : json({ value: [] });
    const right = rightNeeded(request, path);
    if (this.may(right)) return undefined;
    const cost = /\/providers\/microsoft\.(consumption|costmanagement)\//.test(path);
    if (right === 'policy')
      return failure(403, 'BillingAccessDenied', 'The caller is not an admin agent of the partner.');
    return failure(
      cost ? 401 : 403,
      'BillingAccessDenied',
      'The caller has no billing role with this right at the scope.',
    );
  }

  #atSubscription(request: SampleRequest, path: string, name: string): Answer | undefined {
    if (this.#role === 'none') {
      return failure(403, 'AuthorizationFailed', `The caller has no role at the scope /subscriptions/${name}.`);
    }
    // Where a subscription is billed and which policies hold there: told to whoever knows the subscription.
    if (path.includes('/providers/microsoft.billing/')) return undefined;
    if (this.#role === 'billingReader') {
      return failure(401, 'RBACAccessDenied', `The caller has no role that can read costs of /subscriptions/${name}.`);
    }
    const customer = this.#tenant.directory.subscriptionNamed(name)?.customer;
    const visible = customer === undefined || this.#policies.viewCharges(customer.index) === 'Allowed';
    if (visible && rightNeeded(request, path) === 'read') return undefined;
    return failure(403, 'AuthorizationFailed', `The caller is not authorized for this call on /subscriptions/${name}.`);
  }

  #wrongTenant(): Answer {
    const { partnerTenantId } = this.#tenant.directory;
    return failure(
      401,
      'InvalidAuthenticationTokenTenant',
      `The access token was issued by tenant ${OTHER_TENANT}. It must match tenant ${partnerTenantId}, which these resources belong to.`,
    );
  }
}

function checkRole(role: unknown): CallerRole {
  const known = CALLER_ROLES.find((name) => name === role);
  if (known === undefined) throw new RangeError(`The caller must be one of ${CALLER_ROLES.join(', ')}.`);
  return known;
}

/** POST asks (queries, reports, downloads); the other methods change something. */
function rightNeeded({ method }: SampleRequest, path: string): Right {
  if (/\/policies\/[^/]+$/.test(path)) return 'policy';
  return method === 'GET' || method === 'HEAD' || method === 'POST' ? 'read' : 'write';
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
