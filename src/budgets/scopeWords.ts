import { type CostScope, parseCostScope } from '../api/arm/scope.ts';

/** What people call the kinds of scopes. */
export const SCOPE_WORDS: Readonly<Record<CostScope['kind'], string>> = {
  billingAccount: 'billing account',
  billingProfile: 'billing profile',
  customer: 'customer',
  subscription: 'subscription',
  resourceGroup: 'resource group',
};

/** What the path of a scope names. */
export function kindOf(path: string): string {
  try {
    return SCOPE_WORDS[parseCostScope(path).kind];
  } catch {
    return '';
  }
}
