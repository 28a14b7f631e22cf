import type { ArmClient } from '../api/arm/armClient.ts';
import { discoverDimensions } from '../api/arm/dimensions.ts';
import { parseCostScope } from '../api/arm/scope.ts';
import { mayBeLegacy } from '../api/arm/usageDetailsRules.ts';
import type { SendOptions } from '../api/http/client.ts';
import { dimensionsOf } from './groupDimensions.ts';
import { ANY_TAG, tagOf } from './groupNames.ts';
import type { SpendCache } from './spendCache.ts';
import { SPEND_PRESETS, spendPeriod } from './spendPeriod.ts';
import { isPartnerScope, PARTNER_GROUPS } from './spendQuestion.ts';
import type { SpendQuestion } from './spendShapes.ts';
import { tagKeys, tagValues } from './spendTags.ts';

/** An id to ask with, and the words for it. */
export interface SpendOption {
  id: string;
  label: string;
}

/** What can be asked of a scope. */
export interface SpendChoices {
  /** Dimensions; the id '' is for one sum. Keys of tags are listed by {@link spendValues}, when somebody wants them. */
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

const ONE_SUM: SpendOption = { id: '', label: 'Nothing: one sum' };

/**
 * Asks a scope what its costs can be split by (REST reference: Dimensions - List): that depends on the agreement and the kind of scope.
 *
 * @throws BillingError as any call
 */
export async function spendChoices(
  arm: ArmClient,
  question: SpendQuestion,
  { cache, now, ...options }: SpendChoicesOptions,
): Promise<SpendChoices> {
  const dimensions = await dimensionsOf(arm, question, cache.of(arm), now, options);
  const groupBys = dimensions
    .filter(({ canGroup }) => canGroup)
    .map(({ category, description }) => ({ id: category, label: description }))
    .sort((one, other) => placeOf(one) - placeOf(other));
  return {
    groupBys: [ONE_SUM, ...groupBys],
    presets: [...SPEND_PRESETS],
    currencies: ['billing', 'usd', ...(hasPricing(question.scope) ? (['pricing'] as const) : [])],
    amortized: arm.versions === 'newest',
  };
}

/** Usage rows of enrolments have no pricing currency; of a subscription only its rows tell. */
function hasPricing(path: string): boolean {
  const scope = parseCostScope(path);
  return scope.kind !== 'billingAccount' || !mayBeLegacy(scope);
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
 * The values that a filter can have in the question's period, in the order of the service. Of `tag:` without a key, the keys of tags
 * ({@link tagKeys}); of `tag:<key>`, its values, by a query that showing that tag needs as well.
 *
 * @throws BillingError as any call
 */
export async function spendValues(
  arm: ArmClient,
  question: SpendQuestion,
  by: string,
  { cache, now, ...options }: SpendChoicesOptions,
): Promise<string[]> {
  if (isPartnerScope(question.scope)) {
    return [];
  }
  if (by === ANY_TAG) {
    return [...(await tagKeys(arm, question.scope, cache.of(arm), options))];
  }
  if (tagOf(by) !== undefined) {
    return tagValues(arm, question, by, { cache, now, ...options });
  }
  const query = { category: by, period: spendPeriod(question, now), values: true, top: 1000 };
  const found = await discoverDimensions(arm, parseCostScope(question.scope), query, options);
  return found.find(({ category }) => category.toLowerCase() === by.toLowerCase())?.values ?? [];
}

function placeOf({ id }: SpendOption): number {
  const place = FIRST.indexOf(id.toLowerCase());
  return place < 0 ? FIRST.length : place;
}
