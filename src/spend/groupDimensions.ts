import type { ArmClient } from '../api/arm/armClient.ts';
import { type CostDimension, discoverDimensions } from '../api/arm/dimensions.ts';
import { parseCostScope } from '../api/arm/scope.ts';
import type { SendOptions } from '../api/http/client.ts';
import { BillingError } from '../api/http/errors.ts';
import type { ClientSpend } from './spendCache.ts';
import type { SpendQuestion } from './spendShapes.ts';

/** Dimensions of ids, and the dimension with the names of the same things. */
const NAMES: Readonly<Record<string, string>> = {
  subscriptionid: 'SubscriptionName',
  customertenantid: 'CustomerName',
  billingprofileid: 'BillingProfileName',
  invoicesectionid: 'InvoiceSectionName',
};

/** The dimension that has the names of the groups, where they are ids and the scope knows such a dimension. */
export async function labelsOf(
  arm: ArmClient,
  question: SpendQuestion,
  kept: ClientSpend,
  options: SendOptions,
): Promise<string | undefined> {
  if (NAMES[question.groupBy.toLowerCase()] !== undefined && question.currency !== 'pricing') {
    try {
      await dimensionsOf(arm, question, kept, options);
    } catch (error) {
      // The costs are there all the same, under their ids.
      if (options.signal?.aborted === true || !(error instanceof BillingError)) {
        throw error;
      }
    }
  }
  return knownLabels(question, kept);
}

/** As {@link labelsOf}, as far as is known without asking. */
export function knownLabels({ scope, groupBy, currency }: SpendQuestion, kept: ClientSpend): string | undefined {
  const names = NAMES[groupBy.toLowerCase()];
  if (currency === 'pricing') {
    // Usage rows tell both.
    return names;
  }
  return kept.dimensions.get(scope)?.find(({ category, canGroup }) => canGroup && category === names)?.category;
}

/**
 * What the costs of a scope can be split by, asked once and without days: it hardly changes.
 *
 * @throws BillingError as any call
 */
export async function dimensionsOf(
  arm: ArmClient,
  { scope }: SpendQuestion,
  kept: ClientSpend,
  options: SendOptions,
): Promise<readonly CostDimension[]> {
  const known = kept.dimensions.get(scope);
  if (known !== undefined) {
    return known;
  }
  const dimensions = await discoverDimensions(arm, parseCostScope(scope), {}, options);
  kept.dimensions.set(scope, dimensions);
  return dimensions;
}
