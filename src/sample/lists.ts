import { type Answer, badRequest, json, linkTo, type SampleRequest } from './answers.ts';
import type { LazyList } from './directory.ts';
import type { BillingVersion } from './versions.ts';

const PAGE = 50;

interface ListOptions<T> {
  /** What `filter` and `search` look at; lists without it ignore both. */
  readonly displayName?: (position: number) => string;
  readonly project: (item: T) => unknown;
  /** Billing subscriptions tell their number always in 2024-04-01, other lists when `count=true`. */
  readonly alwaysCount?: boolean;
}

/**
 * One page of a Microsoft.Billing list. Up to 2020-05-01 a page has 50 items and nextLink carries `$skiptoken`, absent
 * at the end. 2024-04-01 honours `top` (1 to 50), `skip`, `count`, `filter` and `search`; nextLink carries `skip` and is
 * null at the end.
 */
export function listPage<T>(
  request: SampleRequest,
  version: BillingVersion,
  all: LazyList<T>,
  { displayName, project, alwaysCount = false }: ListOptions<T>,
): Answer {
  const modern = version === '2024-04-01';
  const parameter = (name: string): string | undefined => request.parameters.get(modern ? name : `$${name}`);
  const items = displayName
    ? matching(all, displayName, nameTest(parameter('filter')), nameTest(searchOf(parameter('search'))))
    : all;
  const size = modern ? wholeNumber('top', parameter('top'), 1, PAGE, PAGE) : PAGE;
  const start = modern
    ? wholeNumber('skip', parameter('skip'), 0, Number.MAX_SAFE_INTEGER, 0)
    : offsetOf(parameter('skiptoken'));
  const end = Math.min(items.length, start + size);
  const value: unknown[] = [];
  for (let position = start; position < end; position++) value.push(project(items.at(position)));
  const more = end < items.length;
  if (!modern) {
    return json({ value, ...(more ? { nextLink: linkTo(request, { $skiptoken: tokenOf(end) }) } : {}) });
  }
  const counted = alwaysCount || request.parameters.get('count')?.toLowerCase() === 'true';
  return json({
    value,
    nextLink: more ? linkTo(request, { skip: String(end) }) : null,
    ...(counted ? { totalCount: items.length } : {}),
  });
}

/** A fixed list as a lazy one. */
export function listOf<T>(items: readonly T[]): LazyList<T> {
  return {
    length: items.length,
    at: (position) => {
      const item = items[position];
      if (item === undefined) throw new RangeError(`nothing at position ${position}`);
      return item;
    },
  };
}

type NameTest = (displayName: string) => boolean;

function matching<T>(
  all: LazyList<T>,
  displayName: (position: number) => string,
  ...tests: ReadonlyArray<NameTest | undefined>
): LazyList<T> {
  const active = tests.filter((test) => test !== undefined);
  if (active.length === 0) return all;
  const positions: number[] = [];
  for (let position = 0; position < all.length; position++) {
    const name = displayName(position).toLowerCase();
    if (active.every((test) => test(name))) positions.push(position);
  }
  return { length: positions.length, at: (position) => all.at(positions[position] ?? -1) };
}

function searchOf(search: string | undefined): string | undefined {
  return search ? `contains(displayName, '${search.replaceAll("'", "''")}')` : undefined;
}

/** Understands `contains(displayName, 'x')` and `displayName eq 'x'`, also with the prefix `properties/`. */
function nameTest(filter: string | undefined): NameTest | undefined {
  if (!filter) return undefined;
  const match =
    /^\s*contains\(\s*(?:tolower\()?(?:properties\/)?displayName\)?\s*,\s*'((?:[^']|'')*)'\s*\)\s*$/i.exec(filter) ??
    /^\s*(?:properties\/)?displayName\s+(eq)\s+'((?:[^']|'')*)'\s*$/i.exec(filter);
  if (!match) throw badRequest(`The filter ${filter} is not supported: use contains(displayName, 'text').`);
  const exact = match.length > 2;
  const text = (match[exact ? 2 : 1] ?? '').replaceAll("''", "'").toLowerCase();
  return exact ? (name) => name === text : (name) => name.includes(text);
}

function wholeNumber(name: string, text: string | undefined, least: number, most: number, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : -1;
  if (value >= least && value <= most) return value;
  throw badRequest(
    most === Number.MAX_SAFE_INTEGER
      ? `The value '${text}' of ${name} is not valid: it must be a whole number from ${least}.`
      : `The value '${text}' of ${name} is not valid: it must be a whole number from ${least} to ${most}.`,
  );
}

function tokenOf(offset: number): string {
  return Buffer.from(`offset:${offset}`).toString('base64url');
}

function offsetOf(token: string | undefined): number {
  if (token === undefined) return 0;
  const match = /^offset:(\d{1,15})$/.exec(Buffer.from(token, 'base64url').toString());
  if (!match || tokenOf(Number(match[1])) !== token) throw badRequest('The $skiptoken is not valid.');
  return Number(match[1]);
}
