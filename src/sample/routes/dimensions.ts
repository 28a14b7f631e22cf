import { badRequest, json, linkTo, type SampleRequest } from '../answers.ts';
import { type DayRange, intersect, isoDay, parseIsoDay } from '../calendar.ts';
import { type CostDimension, dimensionNamed, dimensionsOf } from '../costDimensions.ts';
import { visitFacts } from '../costFacts.ts';
import { NO_CONTENT } from '../costPages.ts';
import { type CostScope, costScope } from '../costScopes.ts';
import { daysOfTimeframe } from '../costTimeframes.ts';
import type { Tenant } from '../tenant.ts';
import { COST_MANAGEMENT_VERSIONS, versionOf } from '../versions.ts';
import { expandOf } from './lookups.ts';
import { get, type Route } from './table.ts';

const MOST_VALUES = 1000;

/**
 * REST reference: Dimensions - List. Only what the scope offers; the period is the month to date unless the filter names
 * another; values come with `$expand=properties/data`, and an item has a nextLink of its own when there are more than `$top`.
 */
export function dimensionRoutes(tenant: Tenant): Route[] {
  return [
    get('dimensions.list', '**/providers/microsoft.costmanagement/dimensions', (request, [scopePath = '']) => {
      versionOf(request, COST_MANAGEMENT_VERSIONS, 'dimensions');
      const scope = costScope(tenant, scopePath);
      const { category, days, clauses } = readFilter(request, daysOfTimeframe('MonthToDate', tenant.options.now));
      const named = category === undefined ? undefined : dimensionNamed(scope.kind, category);
      const dimensions = category === undefined ? dimensionsOf(scope.kind) : named ? [named] : [];
      const token = request.parameters.get('$skiptoken');
      if (token !== undefined && !named) throw badRequest('The $skiptoken is not valid without its category.');
      const size = valueLimit(request.parameters.get('$top'));
      const expanded = expandOf(request).has('data');
      const values = valuesOf(tenant, scope, days, dimensions);
      if (!values) return NO_CONTENT;
      const value = dimensions.map((dimension) => {
        const data = [...(values.get(dimension) ?? [])].sort();
        const start = token === undefined ? 0 : offsetOf(token, dimension);
        const end = start + size;
        const name = `dimensions_${dimension.name}_${isoDay(days.from)}_${isoDay(days.to)}`;
        const more = expanded && end < data.length;
        return {
          id: `${scope.id.slice(1)}/providers/Microsoft.CostManagement/${name}`,
          name,
          type: 'Microsoft.CostManagement/dimensions',
          properties: {
            data: expanded ? data.slice(start, end) : [],
            total: data.length,
            category: dimension.name,
            usageStart: `${isoDay(days.from)}T00:00:00Z`,
            usageEnd: `${isoDay(days.to)}T00:00:00Z`,
            description: dimension.description,
            filterEnabled: true,
            groupingEnabled: dimension.groupingScopes.has(scope.kind),
            ...(more
              ? {
                  nextLink: linkTo(request, {
                    $filter: [`properties/category eq '${dimension.name}'`, ...clauses].join(' and '),
                    $skiptoken: tokenOf(end, dimension),
                  }),
                }
              : {}),
          },
        };
      });
      return json({ value });
    }),
  ];
}

/** Distinct values that are not empty; undefined when there is no row at all, or nothing to tell of. */
function valuesOf(
  tenant: Tenant,
  scope: CostScope,
  days: DayRange,
  dimensions: readonly CostDimension[],
): ReadonlyMap<CostDimension, Set<string>> | undefined {
  const values = new Map(dimensions.map((dimension) => [dimension, new Set<string>()]));
  let rows = 0;
  visitFacts(tenant, scope, days, (facts, month) => {
    rows++;
    for (const [dimension, found] of values) {
      const value = dimension.value(facts, month);
      if (value !== '') found.add(value);
    }
  });
  return rows === 0 || values.size === 0 ? undefined : values;
}

interface Filter {
  readonly category: string | undefined;
  readonly days: DayRange;
  /** The clauses on days, as they were written. */
  readonly clauses: readonly string[];
}

const CLAUSE =
  /^properties\/(?:(category)\s+eq\s+'([^']+)'|(usageStart|usageEnd)\s+(eq|lt|gt|le|ge)\s+'?(\d{4}-\d{2}-\d{2})(?:T[^']*)?'?)$/i;

function readFilter(request: SampleRequest, otherwise: DayRange): Filter {
  const text = request.parameters.get('$filter')?.trim() ?? '';
  let category: string | undefined;
  let days: DayRange = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  const clauses: string[] = [];
  for (const clause of text === '' ? [] : text.split(/\s+and\s+/i)) {
    const match = CLAUSE.exec(clause);
    const day = match?.[5] === undefined ? undefined : parseIsoDay(match[5]);
    if (match?.[1] && category === undefined) {
      category = match[2];
    } else if (match?.[3] && day !== undefined) {
      clauses.push(clause);
      days = intersect(days, bounds(match[3].toLowerCase() === 'usagestart', match[4]?.toLowerCase() ?? 'eq', day));
    } else {
      throw badRequest(
        `The $filter '${clause}' is not supported: use properties/category, properties/usageStart and properties/usageEnd.`,
      );
    }
  }
  return {
    category,
    days: {
      from: Number.isFinite(days.from) ? days.from : Math.min(otherwise.from, days.to),
      to: Number.isFinite(days.to) ? days.to : Math.max(otherwise.to, days.from),
    },
    clauses,
  };
}

/** `usageStart eq` says where the period begins, `usageEnd eq` where it ends; both days are inclusive. */
function bounds(isStart: boolean, operator: string, day: number): DayRange {
  const [from, to] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  switch (operator) {
    case 'gt':
      return { from: day + 1, to };
    case 'ge':
      return { from: day, to };
    case 'lt':
      return { from, to: day - 1 };
    case 'le':
      return { from, to: day };
    default:
      return isStart ? { from: day, to } : { from, to: day };
  }
}

function valueLimit(text: string | undefined): number {
  if (text === undefined) return MOST_VALUES;
  const value = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= MOST_VALUES) return value;
  throw badRequest(`The value '${text}' of $top is not valid: it must be a whole number from 1 to ${MOST_VALUES}.`);
}

function tokenOf(offset: number, { name }: CostDimension): string {
  return Buffer.from(`${name}:${offset}`).toString('base64url');
}

function offsetOf(token: string, dimension: CostDimension): number {
  const match = /^(\w+):(\d{1,9})$/.exec(Buffer.from(token, 'base64url').toString());
  if (match?.[1] === dimension.name) return Number(match[2]);
  throw badRequest(`The $skiptoken is not valid for the category ${dimension.name}.`);
}
