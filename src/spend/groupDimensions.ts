import * as v from 'valibot';
import type { ArmClient } from '../api/arm/armClient.ts';
import { type CostDimension, discoverDimensions } from '../api/arm/dimensions.ts';
import { parseCostScope } from '../api/arm/scope.ts';
import type { SendOptions } from '../api/http/client.ts';
import { BillingError } from '../api/http/errors.ts';
import { parsedBytes } from './keptMonths.ts';
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
  now: Date,
  options: SendOptions,
): Promise<string | undefined> {
  if (NAMES[question.groupBy.toLowerCase()] !== undefined && question.currency !== 'pricing') {
    try {
      await dimensionsOf(arm, question, kept, now, options);
    } catch (error) {
      // The costs are there all the same, under their ids.
      if (options.signal?.aborted === true || !(error instanceof BillingError)) {
        throw error;
      }
    }
  }
  return knownLabels(question, kept);
}

/** As {@link labelsOf}, as far as is known without asking, on the disk as well. */
export async function recalledLabels(question: SpendQuestion, kept: ClientSpend): Promise<string | undefined> {
  if (NAMES[question.groupBy.toLowerCase()] !== undefined) {
    await recalledDimensions(question.scope, kept);
  }
  return knownLabels(question, kept);
}

function knownLabels({ scope, groupBy, currency }: SpendQuestion, kept: ClientSpend): string | undefined {
  const names = NAMES[groupBy.toLowerCase()];
  if (currency === 'pricing') {
    // Usage rows tell both.
    return names;
  }
  return kept.dimensions.get(scope)?.list.find(({ category, canGroup }) => canGroup && category === names)?.category;
}

type KnownDimensions = NonNullable<ReturnType<ClientSpend['dimensions']['get']>>;

/** What a scope can be split by hardly changes. Milliseconds. */
const GOOD_FOR = 24 * 60 * 60_000;

const DIMENSIONS = v.array(
  v.object({
    category: v.string(),
    description: v.string(),
    canGroup: v.boolean(),
    canFilter: v.boolean(),
    values: v.array(v.string()),
  }),
);

/** What is known of a scope, of any age, on the disk as well. */
async function recalledDimensions(scope: string, kept: ClientSpend): Promise<KnownDimensions | undefined> {
  const known = kept.dimensions.get(scope);
  const found = known === undefined ? await kept.answers?.find(questionOf(scope)) : undefined;
  const read = found && v.safeParse(DIMENSIONS, parsedBytes(found.bytes));
  if (found === undefined || read?.success !== true) {
    return known;
  }
  const recalled = { list: read.output, fetchedAt: found.fetchedAt };
  kept.dimensions.set(scope, recalled);
  return recalled;
}

function questionOf(scope: string): string {
  return `dimensions ${scope.toLowerCase()}`;
}

/**
 * What the costs of a scope can be split by, asked once a day and without days. Where asking fails, an older answer will do.
 *
 * @throws BillingError as any call
 */
export async function dimensionsOf(
  arm: ArmClient,
  { scope }: SpendQuestion,
  kept: ClientSpend,
  now: Date,
  options: SendOptions,
): Promise<readonly CostDimension[]> {
  const known = await recalledDimensions(scope, kept);
  if (known !== undefined && now.getTime() - known.fetchedAt.getTime() < GOOD_FOR) {
    return known.list;
  }
  try {
    const dimensions = await discoverDimensions(arm, parseCostScope(scope), {}, options);
    kept.dimensions.set(scope, { list: dimensions, fetchedAt: now });
    void kept.answers?.keep(questionOf(scope), undefined, {
      bytes: Buffer.from(JSON.stringify(dimensions)),
      fetchedAt: now,
    });
    return dimensions;
  } catch (error) {
    if (known === undefined || options.signal?.aborted === true || !(error instanceof BillingError)) {
      throw error;
    }
    return known.list;
  }
}
