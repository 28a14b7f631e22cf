import type { ArmClient } from '../api/arm/armClient.ts';
import { parseCostScope, scopePath } from '../api/arm/scope.ts';
import { listTags, type TagsScope } from '../api/arm/tags.ts';
import type { SendOptions } from '../api/http/client.ts';
import type { ClientSpend } from './spendCache.ts';
import { checkSpendQuestion } from './spendQuestion.ts';
import { type ReadSpendOptions, readSpend } from './spendReader.ts';
import type { SpendQuestion } from './spendShapes.ts';

/**
 * The keys of tags that usage has, those of resource groups the ones of their subscription, and those of customers and billing profiles
 * the ones of their account, which alone the service lists. Asked once.
 */
export async function tagKeys(
  arm: ArmClient,
  path: string,
  kept: ClientSpend,
  options: SendOptions,
): Promise<readonly string[]> {
  const of = parseCostScope(path);
  const scope: TagsScope =
    'account' in of
      ? { kind: 'billingAccount', account: of.account }
      : { kind: 'subscription', subscription: of.subscription };
  const id = scopePath(scope).toLowerCase();
  const known = kept.tags.get(id);
  if (known !== undefined) {
    return known;
  }
  const keys = new Set<string>();
  for await (const { value } of listTags(arm, scope).rest(options)) {
    for (const { key } of value) {
      if (key !== undefined && key !== null && key !== '') {
        keys.add(key);
      }
    }
  }
  const sorted = [...keys].sort((one, other) => one.localeCompare(other, 'en'));
  kept.tags.set(id, sorted);
  return sorted;
}

/**
 * The values of a tag in the question's months, by the query that showing them needs as well. Usage without the tag is the empty value; only
 * where the tag is grouped by can it be filtered by.
 *
 * @param by `tag:<key>`
 * @throws BillingError as any query
 */
export async function tagValues(
  arm: ArmClient,
  { scope, period, metric, groupBy }: SpendQuestion,
  by: string,
  options: ReadSpendOptions,
): Promise<string[]> {
  const given = { scope, period, metric, groupBy: by, granularity: 'monthly', view: 'table' };
  const { now: slice } = await readSpend(arm, checkSpendQuestion(given, options.now), options);
  const isShown = by === groupBy;
  const values = new Set<string>();
  for (const { rows } of slice.months.values()) {
    for (const { key } of rows) {
      if (key !== '' || isShown) {
        values.add(key);
      }
    }
  }
  return [...values].sort((one, other) => one.localeCompare(other, 'en'));
}
