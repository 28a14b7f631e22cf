import { randomUUID } from 'node:crypto';
import { type Answer, badRequest, failure, json, Refusal, type SampleRequest } from '../answers.ts';
import { member } from '../bodyMembers.ts';
import { type Budget, RESERVATION } from '../budgetModel.ts';
import { checkName, readBudget } from '../budgetRules.ts';
import { type BudgetScope, budgetScope } from '../budgetScopes.ts';
import type { Budgets } from '../budgets.ts';
import {
  type BudgetProvider,
  type BudgetVersion,
  CONSUMPTION_BUDGETS,
  COST_MANAGEMENT_BUDGETS,
} from '../budgetVersions.ts';
import { dayOf } from '../calendar.ts';
import { parseExact } from '../exactJson.ts';
import { projectBudget } from '../projections/budgets.ts';
import type { Tenant } from '../tenant.ts';
import { versionOf } from '../versions.ts';
import type { Route } from './table.ts';

/** REST reference: Budgets, of Microsoft.CostManagement and of Microsoft.Consumption. */
export function budgetRoutes(tenant: Tenant, budgets: Budgets): Route[] {
  return [
    ...providerRoutes(tenant, budgets, 'CostManagement', COST_MANAGEMENT_BUDGETS),
    ...providerRoutes(tenant, budgets, 'Consumption', CONSUMPTION_BUDGETS),
  ];
}

function providerRoutes(
  tenant: Tenant,
  budgets: Budgets,
  provider: BudgetProvider,
  versions: Readonly<Record<string, BudgetVersion>>,
): Route[] {
  const path = `**/providers/microsoft.${provider.toLowerCase()}/budgets`;
  const versionIn = (request: SampleRequest): BudgetVersion => {
    const version = versions[versionOf(request, Object.keys(versions), 'budgets')];
    if (!version) throw new RangeError(`no rules of budgets for ${request.query}`);
    return version;
  };
  // Microsoft.Consumption and the old versions do not know budgets on reservations.
  const shown = (budget: Budget | undefined, version: BudgetVersion): budget is Budget =>
    budget !== undefined && (budget.category !== RESERVATION || version.categories.includes(RESERVATION));
  const find = (scope: BudgetScope, name: string, version: BudgetVersion): Budget => {
    const budget = budgets.get(scope, name);
    if (shown(budget, version)) return budget;
    throw new Refusal(404, '404', `The budget '${name}' was not found.`);
  };

  const put = (request: SampleRequest, scopePath: string, name: string): Answer => {
    const version = versionIn(request);
    const scope = budgetScope(tenant, scopePath);
    checkWritable(scope);
    checkName(name);
    const body = bodyOf(request);
    const existing = budgets.get(scope, name);
    if (existing) {
      const eTag = member(body, 'eTag');
      if (eTag === undefined && version.eTagRequired) throw badRequest('eTag is required to update a budget.');
      if (eTag !== undefined && eTag !== existing.eTag) return overtaken(existing.name);
    }
    const input = readBudget(body, scope, version, dayOf(tenant.options.now), existing);
    if (existing && existing.startDay !== input.startDay) {
      return failure(
        400,
        '400',
        'The start date (properties.timePeriod.startDate) of budgets cannot be updated. Delete the budget and create a new one.',
      );
    }
    const written = budgets.put(scope, name, input);
    return json(projectBudget(tenant, scope, written, version), existing ? 200 : 201);
  };

  return [
    {
      name: 'budgets.list',
      path,
      methods: {
        GET: (request, [scopePath = '']) => {
          const version = versionIn(request);
          const scope = budgetScope(tenant, scopePath);
          const category = version.listFilter ? categoryIn(request, version) : undefined;
          const value = budgets
            .list(scope)
            .filter((budget) => shown(budget, version) && (category ?? budget.category) === budget.category)
            .map((budget) => projectBudget(tenant, scope, budget, version));
          return json({ value, nextLink: null });
        },
      },
    },
    {
      name: 'budgets.item',
      path: `${path}/*`,
      methods: {
        GET: (request, [scopePath = '', name = '']) => {
          const version = versionIn(request);
          const scope = budgetScope(tenant, scopePath);
          return json(projectBudget(tenant, scope, find(scope, name, version), version));
        },
        PUT: (request, [scopePath = '', name = '']) => put(request, scopePath, name),
        DELETE: (request, [scopePath = '', name = '']) => {
          const version = versionIn(request);
          const scope = budgetScope(tenant, scopePath);
          checkWritable(scope);
          budgets.delete(scope, find(scope, name, version).name);
          return { status: version.deletedStatus, headers: {}, body: undefined };
        },
      },
    },
  ];
}

/** A stale eTag is answered with 400 and this message, not with 409 or 412. */
function overtaken(name: string): Answer {
  const id = randomUUID();
  const message = `There are changes made to Budget ${name} since it was read. Please get the latest budget to avoid an overwrite. (Request ID: ${id})`;
  return failure(400, '400', message, { 'x-ms-request-id': id });
}

function checkWritable(scope: BudgetScope): void {
  if (!scope.readOnly) return;
  throw new Refusal(
    409,
    'ReadOnlyDisabledSubscription',
    `The subscription of '${scope.id}' is disabled and therefore marked as read only. Budgets cannot be written.`,
  );
}

function bodyOf({ body }: SampleRequest): unknown {
  try {
    return parseExact(body.replace(/^\uFEFF/, ''));
  } catch {
    throw badRequest('The body is not valid JSON.');
  }
}

/** `properties/category eq 'Cost'` is the only filter there is. */
function categoryIn(request: SampleRequest, version: BudgetVersion): string | undefined {
  const filter = request.parameters.get('$filter');
  if (!filter) return undefined;
  const asked = /^\s*properties\/category\s+eq\s+'([^']*)'\s*$/i.exec(filter)?.[1]?.toLowerCase();
  const category = version.categories.find((c) => c.toLowerCase() === asked);
  if (category) return category;
  throw badRequest(`The $filter ${filter} is not supported: use properties/category eq 'Cost'.`);
}
