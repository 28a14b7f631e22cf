import { Refusal } from './answers.ts';
import type { BillingProfile } from './directory.ts';
import type { Tenant } from './tenant.ts';
import type { UsageLine } from './usageLines.ts';
import { parseUsageScope } from './usageScopes.ts';

/** A scope of Cost Management's query, forecast, dimensions and alerts, resolved to the lines it shows. */
export interface CostScope {
  readonly kind: 'billingAccount' | 'billingProfile' | 'customer' | 'subscription' | 'resourceGroup';
  /** The id in the service's own spelling, with a leading slash. */
  readonly id: string;
  /** Lines by billing profile, in the tenant's order. */
  readonly parts: ReadonlyArray<{ readonly profile: BillingProfile; readonly lines: readonly UsageLine[] }>;
  /** Rounding rows belong to no customer, so only accounts and profiles show them. */
  readonly withRounding: boolean;
}

/**
 * Resolves an ARM id, compared without case. Throws a Refusal: 404 for what does not exist (a resource group exists when a
 * usage line is in it), 400 for what these operations do not serve, such as invoices and management groups.
 */
export function costScope(tenant: Tenant, path: string): CostScope {
  const group = /^(\/?subscriptions\/[^/]+)\/resourcegroups\/([^/]+)\/?$/i.exec(path);
  if (/^\/?providers\/microsoft\.management\/managementgroups\//i.test(path)) {
    throw new Refusal(
      400,
      'SubscriptionTypeNotSupported',
      `The scope ${path} is not supported: management groups cannot hold subscriptions of a partner agreement.`,
    );
  }
  const scope = parseUsageScope(tenant, group?.[1] ?? path);
  if ('error' in scope) {
    if (scope.error === 'BadRequest') {
      throw new Refusal(400, 'BadRequest', `The scope ${path} is not supported for cost operations.`);
    }
    throw new Refusal(404, /^\/?subscriptions\//i.test(path) ? 'SubscriptionNotFound' : 'NotFound', scope.message);
  }
  if (scope.kind === 'invoice') {
    throw new Refusal(400, 'BadRequest', `The scope ${path} is not supported for cost operations: it is an invoice.`);
  }
  const parts = scope.parts.map(({ profile, lines: { from, to } }) => ({
    profile,
    lines: tenant.ledger.lines.slice(from, to),
  }));
  if (!group) return { kind: scope.kind, id: scope.id, parts, withRounding: scope.withRounding };
  return resourceGroupScope(scope.id, parts, decoded(group[2] ?? ''));
}

function resourceGroupScope(subscriptionId: string, parts: CostScope['parts'], name: string): CostScope {
  const own = parts.map(({ profile, lines }) => ({
    profile,
    lines: lines.filter((line) => line.resourceGroup.toLowerCase() === name.toLowerCase()),
  }));
  const spelling = own[0]?.lines[0]?.resourceGroup;
  if (spelling === undefined) {
    throw new Refusal(404, 'ResourceGroupNotFound', `The resource group '${name}' could not be found.`);
  }
  return {
    kind: 'resourceGroup',
    id: `${subscriptionId}/resourceGroups/${spelling}`,
    parts: own,
    withRounding: false,
  };
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    throw new Refusal(400, 'BadRequest', `The resource group ${name} is not percent-encoded correctly.`);
  }
}
