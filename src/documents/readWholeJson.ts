import { type ArmClient, nextCall } from '../api/arm/armClient.ts';
import { readJson } from '../api/http/body.ts';
import type { SendOptions } from '../api/http/client.ts';
import { BillingError } from '../api/http/errors.ts';
import { PageWalk } from '../api/http/paging.ts';

/** What an editor tab takes from an extension. */
const LARGEST_TEXT = 50_000_000;

type Body = Record<string, unknown>;

/**
 * One resource, or a list with all its pages joined, as indented JSON with the digits of the service.
 *
 * @throws BillingError when a page fails for good, or the list is larger than a tab holds: nothing partial is returned
 */
export async function readWholeJson(arm: ArmClient, address: string, options: SendOptions): Promise<string> {
  const call = { operation: 'Read the JSON', method: 'GET', address } as const;
  const walk = new PageWalk(arm.http, call, (answer, current) => {
    const value = answer.status === 204 ? {} : readJson(answer);
    return { value, next: isObject(value) ? nextCall(current, linkOf(value)) : undefined };
  });
  let whole: unknown;
  let bytes = 0;
  for await (const { value, answer, number } of walk.rest(options)) {
    bytes += answer.bytes.length;
    if (bytes > LARGEST_TEXT) {
      throw new BillingError('argument', 'The list is larger than the 50 MB that an editor tab holds.', {
        advice: 'Open a part of it, such as one customer or one month.',
      });
    }
    whole = number === 1 ? value : joined(whole, value);
  }
  return `${JSON.stringify(whole, undefined, 2)}\n`;
}

/** The items of both; the rest as the first page had it, without the link to a page that is here already. */
function joined(first: unknown, next: unknown): unknown {
  if (!isObject(first) || !isObject(next)) {
    return first;
  }
  const { nextLink: _followed, ...rest } = first;
  return { ...rest, value: [...listOf(first), ...listOf(next)] };
}

function linkOf({ nextLink }: Body): string | undefined {
  return typeof nextLink === 'string' ? nextLink : undefined;
}

function listOf({ value }: Body): unknown[] {
  return Array.isArray(value) ? value : [];
}

function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
