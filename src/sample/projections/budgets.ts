import { projectFilter } from '../budgetFilter.ts';
import { type Budget, hasForecast, RESERVATION } from '../budgetModel.ts';
import type { BudgetScope } from '../budgetScopes.ts';
import { currentSpend, forecastSpend } from '../budgetSpend.ts';
import type { BudgetVersion } from '../budgetVersions.ts';
import { isoDay } from '../calendar.ts';
import { COST_SCALE, exactNumber } from '../decimal.ts';
import type { Tenant } from '../tenant.ts';

const time = (day: number): string => `${isoDay(day)}T00:00:00Z`;

/** A budget as one version of one provider shows it. Ids of budgets have no leading slash. */
export function projectBudget(tenant: Tenant, scope: BudgetScope, budget: Budget, version: BudgetVersion): unknown {
  const { name, eTag, category, amount, timeGrain, startDay, endDay, filter, notifications } = budget;
  const type = `Microsoft.${version.provider}/budgets`;
  const money = (units: bigint) => ({ amount: exactNumber(units, COST_SCALE), unit: scope.currency });
  const evaluated = category !== RESERVATION;
  return {
    id: `${scope.id.slice(1)}/providers/${type}/${name}`,
    name,
    type,
    eTag,
    properties: {
      category,
      ...(amount === undefined ? {} : { amount }),
      timeGrain,
      timePeriod: { startDate: time(startDay), endDate: time(endDay) },
      ...(filter ? { filter: projectFilter(filter, version.singularFilter) } : {}),
      ...(evaluated ? { currentSpend: money(currentSpend(tenant, scope, budget)) } : {}),
      ...(evaluated && version.forecasts && hasForecast(budget)
        ? { forecastSpend: money(forecastSpend(tenant, scope, budget)) }
        : {}),
      notifications,
    },
  };
}
