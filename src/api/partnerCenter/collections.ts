import * as v from 'valibot';
import { parseJson } from '../../json/parseJson.ts';
import {
  expectEnd,
  JsonSyntaxError,
  skipValue,
  sliceText,
  startOfText,
  walkItems,
  walkMembers,
} from '../../json/scan.ts';
import { requireJsonText, unreadable } from '../http/body.ts';
import type { Answer, Call } from '../http/client.ts';
import { PageWalk } from '../http/paging.ts';
import { nextPage, type PageEnd, type Paging } from './nextPage.ts';
import { type PartnerCenterClient, readAs, unlikePartnerCenter } from './partnerCenterClient.ts';

/**
 * A collection `{totalCount, items, links, attributes}` page by page, its items checked against what we rely on (REST reference:
 * common utility resources).
 */
export function listOf<S extends v.GenericSchema>(
  client: PartnerCenterClient,
  call: Call,
  item: S,
  paging: Paging = 'link',
): PageWalk<v.InferOutput<S>[]> {
  const page = v.looseObject({
    items: v.array(item),
    links: v.optional(v.unknown()),
    continuationToken: v.optional(v.unknown()),
  });
  return new PageWalk(client.http, call, (answer, current) => {
    const { items, links, continuationToken } = readAs(page, answer);
    const end = { items: items.length, links, continuationToken };
    return { value: items, next: nextPage(client, current, paging, end, answer) };
  });
}

/**
 * A collection as the bytes of each page: rows of usage and invoices are not parsed, because their numbers carry more digits than a
 * double, and the record walk copies them from the bytes. Each page was walked to its end, so one that was cut short never passes.
 */
export function collectionPages(client: PartnerCenterClient, call: Call, paging: Paging): PageWalk<Uint8Array> {
  return new PageWalk(client.http, call, (answer, current) => ({
    value: answer.bytes,
    next: nextPage(client, current, paging, pageEnd(answer), answer),
  }));
}

/**
 * The rows of one page of {@link collectionPages} as values without a lost digit, for the few that are shown in a view.
 *
 * @throws valibot's error when the rows are not what the schema says
 */
export function parseItems<S extends v.GenericSchema>(page: Uint8Array, item: S): v.InferOutput<S>[] {
  return v.parse(v.looseObject({ items: v.array(item) }), parseJson(sliceText(page, startOfText(page), page.length)))
    .items;
}

function pageEnd(answer: Answer): PageEnd {
  requireJsonText(answer);
  const { bytes } = answer;
  const start = startOfText(bytes);
  if (bytes[start] !== 0x7b) {
    throw unlikePartnerCenter(answer, 'it is not an object');
  }
  let items: number | undefined;
  const others: Record<string, unknown> = {};
  try {
    const end = walkMembers(bytes, start, (keyStart, keyEnd, valueStart) => {
      const name: unknown = JSON.parse(sliceText(bytes, keyStart, keyEnd));
      if (name === 'items' && bytes[valueStart] === 0x5b && items === undefined) {
        let count = 0;
        const valueEnd = walkItems(bytes, valueStart, () => {
          count++;
          return undefined;
        });
        items = count;
        return valueEnd;
      }
      if (name === 'links' || name === 'continuationToken') {
        const valueEnd = skipValue(bytes, valueStart);
        others[name] = parseJson(sliceText(bytes, valueStart, valueEnd));
        return valueEnd;
      }
      return undefined;
    });
    expectEnd(bytes, end);
  } catch (error) {
    throw error instanceof JsonSyntaxError || error instanceof SyntaxError || error instanceof TypeError
      ? unreadable(answer, `the answer is cut short or is not JSON (${error.message}).`, error)
      : error;
  }
  // Without its list a page would pass for an empty last one.
  if (items === undefined) {
    throw unlikePartnerCenter(answer, "it has no list named 'items'");
  }
  return { items, ...others };
}
