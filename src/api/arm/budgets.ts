import * as v from 'valibot';
import type { Answer, Call, SendOptions } from '../http/client.ts';
import type { PageWalk } from '../http/paging.ts';
import { type ArmClient, armPath, getOne, listOf, type Query, readAs } from './armClient.ts';
import { checkBudget, refuseFindings } from './budgetRules/checkBudget.ts';
import type { BudgetProvider } from './budgetRules/context.ts';
import { deleteResource } from './deleteResource.ts';
import { type CostScope, nameSegment, scopePath } from './scope.ts';
import { writeWithETag } from './staleETag.ts';
import type { VersionSet } from './versions.ts';
import { optionalText, resource, wireNumber } from './wire.ts';

const spend = v.looseObject({
  amount: v.nullish(wireNumber),
  /** Currency. */
  unit: optionalText,
});

const budget = v.looseObject({
  ...resource,
  /** A text with quotes inside it; goes back in an update as it is. */
  eTag: optionalText,
  properties: v.looseObject({
    /** Cost, ReservationUtilization. */
    category: optionalText,
    /** In USD at billing accounts, else in the billing currency; absent for reservations. */
    amount: v.nullish(wireNumber),
    /** Monthly, Quarterly, Annually, …, Last7Days, Last30Days. */
    timeGrain: optionalText,
    /** Date-times, UTC. */
    timePeriod: v.nullish(v.looseObject({ startDate: optionalText, endDate: optionalText })),
    filter: v.nullish(v.unknown()),
    /** By name; values that are no notifications were seen. */
    notifications: v.nullish(v.record(v.string(), v.unknown())),
    /** What the last evaluation found, about once a day. */
    currentSpend: v.nullish(spend),
    /** Only with a notification on forecasted cost. */
    forecastSpend: v.nullish(spend),
  }),
});

/**
 * A budget (REST reference: Cost Management, Budgets; Consumption, Budgets). The list of a billing account also has those of
 * its billing profiles. Ids are unreliable: some name only the scope.
 */
export type Budget = v.InferOutput<typeof budget>;

/** Which provider keeps the budgets of a scope when nothing else is said: the article of the seed uses Consumption for customers. */
function budgetProvider(versions: VersionSet, scope: CostScope): BudgetProvider {
  return versions === 'seed' && scope.kind === 'customer' ? 'consumption' : 'costManagement';
}

export interface BudgetAddress {
  scope: CostScope;
  /** Left out: Consumption for customers in the seed version, Cost Management else. */
  provider?: BudgetProvider | undefined;
}

export interface BudgetQuery extends BudgetAddress {
  /** Only budgets of one category; newest Cost Management only, where the filter exists. */
  category?: 'Cost' | 'ReservationUtilization' | undefined;
}

/** The budgets of a scope. */
export function listBudgets(arm: ArmClient, query: BudgetQuery): PageWalk<Budget[]> {
  const filtered =
    query.category !== undefined && arm.versions === 'newest' && providerOf(query, arm.versions) === 'costManagement';
  const $filter = filtered ? `properties/category eq '${query.category}'` : undefined;
  const address = budgetsPath(arm, query, '', { $filter });
  return listOf(arm, { operation: 'List budgets', method: 'GET', address }, budget);
}

/** One budget by its name. */
export function getBudget(arm: ArmClient, of: BudgetAddress, name: string, options?: SendOptions): Promise<Budget> {
  const address = budgetPath(arm, of, name);
  return getOne(arm, { operation: 'Get the budget', method: 'GET', address }, budget, options);
}

/** What a write made. */
export interface WrittenBudget {
  budget: Budget;
  /** There was none of that name (HTTP 201). */
  created: boolean;
}

/**
 * Creates a budget, or writes a changed one when the body has the `eTag` of the budget that was read. The body is sent as it
 * is.
 *
 * @param today the current day, `YYYY-MM-DD`, UTC
 * @param current the budget as it was read, when there is one
 * @throws BillingError of kind `argument` for what `checkBudget` finds; StaleETagError when the budget was changed since
 */
export async function putBudget(
  arm: ArmClient,
  of: BudgetAddress,
  name: string,
  body: Readonly<Record<string, unknown>>,
  today: string,
  current?: Budget,
  options?: SendOptions,
): Promise<WrittenBudget> {
  const provider = providerOf(of, arm.versions);
  const { versions } = arm;
  refuseFindings(checkBudget(body.properties, { scope: of.scope, provider, versions, name, today, current }));
  const address = budgetPath(arm, of, name);
  // Not repeatable: after a lost answer the eTag is old, and the repetition would tell of somebody else's change.
  const call: Call = { operation: 'Save the budget', method: 'PUT', address, body, repeatable: false };
  const read = (answer: Answer): WrittenBudget => ({
    budget: readAs(budget, answer),
    created: answer.status === 201,
  });
  return writeWithETag(arm.http.send(call, read, options));
}

/** Deletes a budget, whatever its eTag. */
export async function deleteBudget(
  arm: ArmClient,
  of: BudgetAddress,
  name: string,
  options?: SendOptions,
): Promise<void> {
  const address = budgetPath(arm, of, name);
  await deleteResource(arm, { operation: 'Delete the budget', method: 'DELETE', address }, options);
}

/** Which provider an address means. */
export function providerOf({ scope, provider }: BudgetAddress, versions: VersionSet): BudgetProvider {
  return provider ?? budgetProvider(versions, scope);
}

function budgetPath(arm: ArmClient, of: BudgetAddress, name: string): string {
  return budgetsPath(arm, of, `/${nameSegment('name', name)}`);
}

function budgetsPath(arm: ArmClient, of: BudgetAddress, rest = '', query: Query = {}): string {
  const cost = providerOf(of, arm.versions) === 'costManagement';
  const namespace = cost ? 'Microsoft.CostManagement' : 'Microsoft.Consumption';
  const path = `${scopePath(of.scope)}/providers/${namespace}/budgets${rest}`;
  return armPath(arm, cost ? 'costBudgets' : 'consumptionBudgets', path, query);
}
