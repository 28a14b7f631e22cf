import { parseCostScope, type Scope } from '../api/arm/scope.ts';
import type { UsageCondition } from './usageFilter.ts';

/**
 * Whose usage rows hold the costs of a scope of Cost Management, and which of them. Usage details know no resource groups: theirs are rows
 * of the subscription.
 *
 * @throws BillingError of kind `argument` for what is no such scope
 */
export function usageScope(path: string): { scope: Scope; conditions: UsageCondition[] } {
  const scope = parseCostScope(path);
  return scope.kind === 'resourceGroup'
    ? {
        scope: { kind: 'subscription', subscription: scope.subscription },
        conditions: [{ by: 'ResourceGroupName', values: [scope.resourceGroup] }],
      }
    : { scope, conditions: [] };
}
