import * as v from 'valibot';
import type { Call } from '../http/client.ts';
import { type PageRead, PageWalk } from '../http/paging.ts';
import { type ArmClient, armPath, nextCall, readAs } from './armClient.ts';
import { type CostScope, scopePath } from './scope.ts';
import { optionalText } from './wire.ts';

const tag = v.looseObject({
  key: optionalText,
  /** Values that were seen with it. */
  value: v.nullish(v.array(v.nullable(v.string()))),
});

const tagsResult = v.looseObject({
  properties: v.looseObject({ nextLink: optionalText, tags: v.nullish(v.array(tag)) }),
});

/** A tag of the usage of a scope, as sent. */
export type CostTag = v.InferOutput<typeof tag>;

/** Where tags are listed: the REST reference names no customers and no billing profiles. */
export type TagsScope = Extract<CostScope, { kind: 'billingAccount' | 'subscription' | 'resourceGroup' }>;

/** The tags of the usage of a scope, page by page (REST reference: Consumption, Tags - Get). Nothing (204): there are none. */
export function listTags(arm: ArmClient, scope: TagsScope): PageWalk<CostTag[]> {
  const address = armPath(arm, 'tags', `${scopePath(scope)}/providers/Microsoft.Consumption/tags`);
  const first: Call = { operation: 'List tags', method: 'GET', address };
  return new PageWalk(arm.http, first, (answer, current): PageRead<CostTag[]> => {
    if (answer.status === 204) {
      return { value: [] };
    }
    const { properties } = readAs(tagsResult, answer);
    return { value: properties.tags ?? [], next: nextCall(current, properties.nextLink) };
  });
}
