import type { ArmClient } from '../api/arm/armClient.ts';
import { type CostDimension, discoverDimensions } from '../api/arm/dimensions.ts';
import { parseCostScope } from '../api/arm/scope.ts';
import type { SendOptions } from '../api/http/client.ts';
import { BillingError } from '../api/http/errors.ts';
import type { ClientSpend, SpendCache } from './spendCache.ts';
import { SPEND_PRESETS, spendPeriod } from './spendPeriod.ts';
import { isPartnerScope, PARTNER_GROUPS, tagOf } from './spendQuestion.ts';
import type { SpendQuestion } from './spendShapes.ts';

/** An id to ask with, and the words for it. */
export interface SpendOption {
  id: string;
  label: string;
}

/** What can be asked of a scope. */
export interface SpendChoices {
  /** Dimensions; the id '' is for one sum. Tags are asked for by their key, which the service does not list. */
  groupBys: SpendOption[];
  presets: SpendOption[];
  currencies: SpendQuestion['currency'][];
  amortized: boolean;
}

export interface SpendChoicesOptions extends SendOptions {
  cache: SpendCache;
  now: Date;
}

/** What people group by most comes first. */
const FIRST = [
  'servicename',
  'customer',
  'customername',
  'customertenantid',
  'subscriptionid',
  'subscriptionname',
  'resourcegroupname',
  'resourceid',
  'resourcetype',
  'meter',
  'metercategory',
  'resourcelocation',
  'chargetype',
];

/** Dimensions of ids, and the dimension with the names of the same things. */
const NAMES: Readonly<Record<string, string>> = {
  subscriptionid: 'SubscriptionName',
  customertenantid: 'CustomerName',
  billingprofileid: 'BillingProfileName',
  invoicesectionid: 'InvoiceSectionName',
};

const ONE_SUM: SpendOption = { id: '', label: 'Nothing: one sum' };

/**
 * Asks a scope what its costs can be split by (REST reference: Dimensions - List): that depends on the agreement and the kind of scope.
 *
 * @throws BillingError as any call
 */
export async function spendChoices(
  arm: ArmClient,
  question: SpendQuestion,
  { cache, now: _now, ...options }: SpendChoicesOptions,
): Promise<SpendChoices> {
  const dimensions = await dimensionsOf(arm, question, cache.of(arm), options);
  const groupBys = dimensions
    .filter(({ canGroup }) => canGroup)
    .map(({ category, description }) => ({ id: category, label: description }))
    .sort((one, other) => placeOf(one) - placeOf(other));
  return {
    groupBys: [ONE_SUM, ...groupBys],
    presets: [...SPEND_PRESETS],
    currencies: ['billing', 'usd'],
    amortized: arm.versions === 'newest',
  };
}

/** What can be asked of a customer of Partner Center; nothing is sent. */
export function partnerSpendChoices(): SpendChoices {
  return {
    groupBys: [ONE_SUM, ...PARTNER_GROUPS.map((id) => ({ id, label: id }))],
    presets: SPEND_PRESETS.filter(({ id }) => id === 'MonthToDate'),
    currencies: ['billing', 'usd'],
    amortized: false,
  };
}

/**
 * The values that a filter of a dimension can have in the question's period, as the service orders them; none for tags, whose values it
 * does not list.
 */
export async function spendValues(
  arm: ArmClient,
  question: SpendQuestion,
  by: string,
  { cache: _cache, now, ...options }: SpendChoicesOptions,
): Promise<string[]> {
  if (tagOf(by) !== undefined || isPartnerScope(question.scope)) {
    return [];
  }
  const query = { category: by, period: spendPeriod(question, now), values: true, top: 1000 };
  const found = await discoverDimensions(arm, parseCostScope(question.scope), query, options);
  return found.find(({ category }) => category.toLowerCase() === by.toLowerCase())?.values ?? [];
}

/** The dimension that has the names of the groups, where they are ids and the scope knows such a dimension. */
export async function labelsOf(
  arm: ArmClient,
  question: SpendQuestion,
  kept: ClientSpend,
  options: SendOptions,
): Promise<string | undefined> {
  if (NAMES[question.groupBy.toLowerCase()] !== undefined) {
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
export function knownLabels({ scope, groupBy }: SpendQuestion, kept: ClientSpend): string | undefined {
  const names = NAMES[groupBy.toLowerCase()];
  return kept.dimensions.get(scope)?.find(({ category, canGroup }) => canGroup && category === names)?.category;
}

/** Asked without days: a scope's dimensions hardly change. */
async function dimensionsOf(
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

function placeOf({ id }: SpendOption): number {
  const place = FIRST.indexOf(id.toLowerCase());
  return place < 0 ? FIRST.length : place;
}
