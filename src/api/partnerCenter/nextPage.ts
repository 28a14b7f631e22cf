import * as v from 'valibot';
import type { Answer, Call } from '../http/client.ts';
import { linkHeaders, type ResourceLink, resolveLink, resourceLink, unsafeLink } from './links.ts';
import { type PartnerCenterClient, unlikePartnerCenter } from './partnerCenterClient.ts';

/**
 * How a collection is asked for its next page when the link to it is damaged, which links of the service can be:
 *
 * - `seek`: the same parameters and `seekOperation=Next`; the token is in a header (customers, line items of new commerce)
 * - `seekAlone`: `seek_operation=Next` and nothing else; the token is in a header (utilization)
 * - `index`: the same parameters with another `offset` (invoices, line items of legacy commerce)
 * - `link`: nothing is known but the link
 */
export type Paging = 'seek' | 'seekAlone' | 'index' | 'link';

/** What of a page tells whether there is another. `totalCount` does not: it is a number of anything. */
export interface PageEnd {
  /** How many items the page has. */
  items: number;
  links?: unknown;
  /** Stands at the top of some pages, beside the same token in the link's headers. */
  continuationToken?: unknown;
}

const TOKEN_HEADER = 'MS-ContinuationToken';

const links = v.nullish(v.looseObject({ next: v.nullish(resourceLink) }));

/**
 * The call for the next page: the link with its headers. No link means that the page was the last one.
 *
 * @throws BillingError of kind `malformed` or `unsafeLink` when there is a next page but no way to it
 */
export function nextPage(
  client: PartnerCenterClient,
  call: Call,
  paging: Paging,
  page: PageEnd,
  answer: Answer,
): Call | undefined {
  const checked = v.safeParse(links, page.links);
  if (!checked.success) {
    throw unlikePartnerCenter(answer, `'links.${v.getDotPath(checked.issues[0]) ?? ''}' is no link`);
  }
  const next = checked.output?.next;
  if (next === undefined || next === null) {
    return undefined;
  }
  if ((next.method ?? 'GET').toUpperCase() !== 'GET') {
    throw unsafeLink(answer, 'the link to the next page is not a GET');
  }
  return {
    ...call,
    address: nextAddress(client, call.address, paging, next, page.items, answer),
    // Not those of this page: its token is used up.
    headers: { ...tokenHeader(page, next, answer), ...linkHeaders(next, answer) },
  };
}

/** The token at the top of the page: for a link that does not carry it itself. */
function tokenHeader({ continuationToken }: PageEnd, link: ResourceLink, answer: Answer): Record<string, string> {
  const carried = link.headers?.some(({ key }) => key.toLowerCase() === TOKEN_HEADER.toLowerCase());
  return typeof continuationToken === 'string' && continuationToken !== '' && carried !== true
    ? linkHeaders({ headers: [{ key: TOKEN_HEADER, value: continuationToken }] }, answer)
    : {};
}

function nextAddress(
  client: PartnerCenterClient,
  current: string,
  paging: Paging,
  { uri }: ResourceLink,
  items: number,
  answer: Answer,
): string {
  const written = uri?.trim() ?? '';
  const resolved = written === '' ? undefined : resolveLink(client.base, written);
  // A link that leads elsewhere stays what it is, so that it is refused and not repaired.
  if (resolved !== undefined && (!resolved.startsWith(`${client.base}/`) || isSound(resolved, current, paging))) {
    return resolved;
  }
  switch (paging) {
    case 'seek':
      return withParameter(current, 'seekOperation', 'Next');
    case 'seekAlone':
      return `${current.split('?')[0]}?seek_operation=Next`;
    case 'index':
      return withParameter(current, 'offset', String(offsetOf(current) + items));
    case 'link':
      throw unsafeLink(answer, 'the link to the next page is damaged');
  }
}

/**
 * Whether a link can be followed as it is. Published ones have a question mark inside the query, an `offset` without a number, or
 * a parameter whose name lost its first letter, and asking with those brings other rows or the same ones again.
 */
function isSound(link: string, current: string, paging: Paging): boolean {
  const [, query = '', ...more] = link.split('?');
  const names = parametersOf(query);
  if (more.length > 0 || names.get('offset') === '' || names.get('size') === '') {
    return false;
  }
  return (
    paging === 'link' ||
    paging === 'seekAlone' ||
    [...parametersOf(current.split('?')[1] ?? '').keys()].every((name) => names.has(name))
  );
}

/** By name in lower case: the service compares them without case. */
function parametersOf(query: string): Map<string, string> {
  return new Map(
    query.split('&').flatMap((part) => {
      const [name = '', value = ''] = part.split('=');
      return name === '' ? [] : [[name.toLowerCase(), value] as const];
    }),
  );
}

function offsetOf(address: string): number {
  return Number(parametersOf(address.split('?')[1] ?? '').get('offset') ?? 0);
}

function withParameter(address: string, name: string, value: string): string {
  const [path = '', query = ''] = address.split('?');
  const others = query
    .split('&')
    .filter((part) => part !== '' && part.split('=')[0]?.toLowerCase() !== name.toLowerCase());
  return `${path}?${[...others, `${name}=${value}`].join('&')}`;
}
