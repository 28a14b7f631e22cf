import * as v from 'valibot';
import type { Call, SendOptions } from '../http/client.ts';
import { type PageRead, PageWalk } from '../http/paging.ts';
import { type ArmClient, armPath, nextCall, readAs } from './armClient.ts';
import { type CostPeriod, costPeriod } from './costPeriod.ts';
import { checked, refused } from './input.ts';
import { type CostScope, scopePath } from './scope.ts';
import { optionalText, wireNumber } from './wire.ts';

const dimension = v.looseObject({
  id: optionalText,
  name: optionalText,
  properties: v.looseObject({
    /** What query filters and groupings call it. */
    category: optionalText,
    /** What people call it. */
    description: optionalText,
    filterEnabled: v.nullish(v.boolean()),
    groupingEnabled: v.nullish(v.boolean()),
    /** Its values, where they were asked for. */
    data: v.nullish(v.array(v.nullable(v.string()))),
    /** How many values it has. */
    total: v.nullish(wireNumber),
    /** Date-times with an offset. */
    usageStart: optionalText,
    usageEnd: optionalText,
    /** More values of this dimension. */
    nextLink: optionalText,
  }),
});

/** A dimension of a scope's costs (REST reference: Dimensions - List). */
export type Dimension = v.InferOutput<typeof dimension>;

export interface DimensionQuery {
  /** Only this dimension. */
  category?: string | undefined;
  /** Only usage of these days, inclusive; the service has a default. */
  period?: CostPeriod | undefined;
  /** Also the values of each dimension. */
  values?: boolean | undefined;
  /** Values a dimension and page, 1 to 1000. */
  top?: number | undefined;
}

const LARGEST_PAGE = 1000;

/**
 * The dimensions of a scope. Unlike other lists, each item has a link to more of its own values, so when values are
 * asked for, later pages hold dimensions that were there before; see {@link mergeDimensions}.
 *
 * @throws BillingError of kind `argument` before anything is sent
 */
export function listDimensions(arm: ArmClient, scope: CostScope, query: DimensionQuery = {}): PageWalk<Dimension[]> {
  const { top } = query;
  if (top !== undefined && !(Number.isInteger(top) && top >= 1 && top <= LARGEST_PAGE)) {
    throw refused('top', `is ${top}, not a whole number from 1 to ${LARGEST_PAGE}.`);
  }
  const address = armPath(arm, 'dimensions', `${scopePath(scope)}/providers/Microsoft.CostManagement/dimensions`, {
    $filter: dimensionFilter(query),
    $expand: query.values === true ? 'properties/data' : undefined,
    $top: top,
  });
  return walkDimensions(arm, { operation: 'List dimensions', method: 'GET', address }, query.values === true);
}

/** The OData filter of a query; undefined when it selects everything. */
export function dimensionFilter({ category, period }: DimensionQuery): string | undefined {
  const terms: string[] = [];
  if (category !== undefined) {
    terms.push(`properties/category eq ${quoted(category)}`);
  }
  if (period !== undefined) {
    const { from, to } = checked(v.strictObject({ period: costPeriod }), { period }).period;
    terms.push(`properties/usageStart ge ${quoted(from)}`, `properties/usageEnd le ${quoted(to)}`);
  }
  return terms.length === 0 ? undefined : terms.join(' and ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function walkDimensions(arm: ArmClient, first: Call, values: boolean): PageWalk<Dimension[]> {
  const page = v.looseObject({ value: v.array(dimension), nextLink: optionalText });
  // Links of earlier pages that wait for their turn, kept with the call before them: a page that is read twice, because its
  // first answer was cut short, must not queue its links twice.
  const waiting = new WeakMap<Call, readonly string[]>();
  return new PageWalk(arm.http, first, (answer, current): PageRead<Dimension[]> => {
    const earlier = waiting.get(current) ?? [];
    const { value, nextLink } = answer.status === 204 ? { value: [], nextLink: undefined } : readAs(page, answer);
    // Without values, links to more of them would cost a call each and bring nothing that was asked for.
    const inside = values ? value.map(({ properties }) => properties.nextLink) : [];
    const links = [nextLink, ...inside].filter((text) => typeof text === 'string' && text !== '');
    const [link, ...later] = new Set([...earlier, ...links.map((text) => secured(arm, String(text)))]);
    const next = nextCall(current, link);
    if (next !== undefined) {
      waiting.set(next, later);
    }
    return { value, next };
  });
}

/**
 * The service was seen to link to its own host over plain http here. With the scheme of the connection the link goes through the
 * same check as any other.
 */
function secured(arm: ArmClient, link: string): string {
  return arm.http.absolute('/').startsWith('https:') ? link.replace(/^http:/i, 'https:') : link;
}

/** What can be done with a dimension, over all the pages that mention it. */
export interface CostDimension {
  /** What query filters and groupings call it. */
  category: string;
  /** What people call it; its category where the service says nothing. */
  description: string;
  canGroup: boolean;
  canFilter: boolean;
  /** In the order they came, each once. */
  values: string[];
}

/** One entry a category, in the order they came. What the service does not allow in so many words is not offered. */
export function mergeDimensions(dimensions: Iterable<Dimension>): CostDimension[] {
  const merged = new Map<string, CostDimension & { seen: Set<string> }>();
  for (const { properties } of dimensions) {
    const { category, description, groupingEnabled, filterEnabled, data } = properties;
    if (typeof category !== 'string' || category === '') {
      continue;
    }
    const known = merged.get(category.toLowerCase());
    const entry = known ?? {
      category,
      description: description || category,
      canGroup: false,
      canFilter: false,
      values: [],
      seen: new Set<string>(),
    };
    entry.canGroup ||= groupingEnabled === true;
    entry.canFilter ||= filterEnabled === true;
    for (const value of data ?? []) {
      if (value !== null) {
        entry.seen.add(value);
      }
    }
    merged.set(category.toLowerCase(), entry);
  }
  return [...merged.values()].map(({ seen, ...entry }) => ({ ...entry, values: [...seen] }));
}

/**
 * Asks a scope for the names that its costs can be grouped and filtered by: they depend on agreement, scope and time, so they
 * are not known beforehand. With `query.values` also for their values.
 */
export async function discoverDimensions(
  arm: ArmClient,
  scope: CostScope,
  query: DimensionQuery = {},
  options?: SendOptions,
): Promise<CostDimension[]> {
  const all: Dimension[] = [];
  for await (const { value } of listDimensions(arm, scope, query).rest(options)) {
    for (const item of value) {
      all.push(item);
    }
  }
  return mergeDimensions(all);
}
