import { type ArmClient, nextCall } from '../api/arm/armClient.ts';
import { readJson } from '../api/http/body.ts';
import type { SendOptions } from '../api/http/client.ts';
import { BillingError } from '../api/http/errors.ts';
import { PageWalk } from '../api/http/paging.ts';
import { anyResource } from '../api/partnerCenter/anyResource.ts';
import type { PartnerCenterClient } from '../api/partnerCenter/partnerCenterClient.ts';

/** What an editor tab takes from an extension. */
const LARGEST_TEXT = 50_000_000;

type Body = Record<string, unknown>;

/** One resource, or a list page by page, and how its pages become one. */
export interface JsonPages {
  walk: PageWalk<unknown>;
  /** Name of the list. */
  list: 'value' | 'items';
  /** What a page says of itself alone: left out where there are several. */
  ofPage: readonly string[];
}

/** A resource or list of Azure Resource Manager. Nothing is sent yet. */
export function armJson(arm: ArmClient, address: string): JsonPages {
  const call = { operation: 'Read the JSON', method: 'GET', address } as const;
  const walk = new PageWalk<unknown>(arm.http, call, (answer, current) => {
    const value = answer.status === 204 ? {} : readJson(answer);
    return { value, next: isObject(value) ? nextCall(current, linkOf(value)) : undefined };
  });
  return { walk, list: 'value', ofPage: ['nextLink'] };
}

/** A resource or collection of Partner Center, likewise. */
export function partnerJson(client: PartnerCenterClient, address: string): JsonPages {
  return { walk: anyResource(client, address), list: 'items', ofPage: ['totalCount', 'links', 'continuationToken'] };
}

/**
 * One resource, or a list with all its pages joined, as indented JSON with the digits of the service.
 *
 * @throws BillingError when a page fails for good, or the text is larger than a tab holds: nothing partial is returned
 */
export async function readWholeJson({ walk, list, ofPage }: JsonPages, options: SendOptions): Promise<string> {
  const items: unknown[] = [];
  let first: unknown;
  let bytes = 0;
  for await (const { value, answer } of walk.rest(options)) {
    bytes += answer.bytes.length;
    requireRoom(bytes);
    first ??= value;
    for (const item of listOf(value, list)) {
      items.push(item);
    }
  }
  const whole = walk.pages > 1 && isObject(first) ? { ...without(first, ofPage), [list]: items } : first;
  const text = `${JSON.stringify(whole, undefined, 2)}\n`;
  // Indented it is larger than it came.
  requireRoom(Buffer.byteLength(text));
  return text;
}

function requireRoom(bytes: number): void {
  if (bytes > LARGEST_TEXT) {
    throw new BillingError('argument', 'The JSON is larger than the 50 MB that an editor tab holds.', {
      advice: 'Open a part of it, such as one customer or one month.',
    });
  }
}

function without(body: Body, names: readonly string[]): Body {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
}

function linkOf({ nextLink }: Body): string | undefined {
  return typeof nextLink === 'string' ? nextLink : undefined;
}

function listOf(value: unknown, name: string): unknown[] {
  const list = isObject(value) ? value[name] : undefined;
  return Array.isArray(list) ? list : [];
}

function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
