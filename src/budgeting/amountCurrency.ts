import type { CostScope } from '../api/arm/scope.ts';

/**
 * The currency of a budget's amount, which no member names: USD at a billing account, which has several billing currencies; else that of
 * the billing profile (article "Get started with your Microsoft Partner Agreement billing account").
 *
 * @param billing the currency that the scope is billed in, where it is known
 */
export function amountCurrency({ kind }: CostScope, billing: string | undefined): string | undefined {
  return kind === 'billingAccount' ? 'USD' : billing;
}
