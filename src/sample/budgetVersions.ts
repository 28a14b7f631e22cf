import type { FilterGrammar } from './budgetFilter.ts';
import { COST, RESERVATION } from './budgetModel.ts';

export type BudgetProvider = 'CostManagement' | 'Consumption';

/** What one api-version of one provider allows. */
export interface BudgetVersion {
  readonly provider: BudgetProvider;
  readonly categories: readonly string[];
  readonly filter: FilterGrammar;
  readonly operators: readonly string[];
  /** Whether notifications on forecasts exist; then five of each type are allowed, else five in all. */
  readonly forecasts: boolean;
  /** How far ahead a budget may start. */
  readonly monthsAhead: number;
  readonly eTagRequired: boolean;
  readonly deletedStatus: 200 | 204;
  /** Writes `dimension` and `tag`. */
  readonly singularFilter: boolean;
  /** Whether lists honour `$filter`. */
  readonly listFilter: boolean;
}

const filter = (
  groups: readonly string[],
  singular: boolean,
  operators: readonly string[] = ['In'],
): FilterGrammar => ({
  groups: new Set(groups),
  singular,
  operators: new Set(operators),
  // Only the first versions of Cost Management put groups into groups.
  nested: singular,
  tags: true,
});

const BASE = {
  categories: [COST],
  operators: ['EqualTo', 'GreaterThan', 'GreaterThanOrEqualTo'],
  forecasts: false,
  monthsAhead: 12,
  eTagRequired: false,
  deletedStatus: 200,
  singularFilter: false,
  listFilter: false,
} as const;

const NEWER_COST_MANAGEMENT: BudgetVersion = {
  ...BASE,
  provider: 'CostManagement',
  categories: [COST, RESERVATION],
  filter: filter(['and'], false),
  operators: ['GreaterThan', 'GreaterThanOrEqualTo'],
  forecasts: true,
  listFilter: true,
};

const NEWER_CONSUMPTION: BudgetVersion = {
  ...BASE,
  provider: 'Consumption',
  filter: filter(['and'], false),
  forecasts: true,
};

/**
 * Microsoft.CostManagement/budgets, oldest first. 2019-10-01 has no public description; it takes what the versions on
 * both sides of it take.
 */
export const COST_MANAGEMENT_BUDGETS = {
  '2019-04-01-preview': {
    ...BASE,
    provider: 'CostManagement',
    categories: [COST, 'Usage'],
    filter: filter(['and', 'or', 'not'], true, ['In', 'Contains']),
    monthsAhead: 3,
    eTagRequired: true,
    deletedStatus: 204,
    singularFilter: true,
  },
  '2019-10-01': {
    ...BASE,
    provider: 'CostManagement',
    categories: [COST, 'Usage'],
    filter: filter(['and', 'or', 'not'], true, ['In', 'Contains']),
  },
  '2023-11-01': NEWER_COST_MANAGEMENT,
  '2025-03-01': NEWER_COST_MANAGEMENT,
} as const satisfies Record<string, BudgetVersion>;

/** Microsoft.Consumption/budgets, oldest first. */
export const CONSUMPTION_BUDGETS = {
  '2019-10-01': { ...BASE, provider: 'Consumption', filter: filter(['and', 'not'], false) },
  '2021-10-01': NEWER_CONSUMPTION,
  '2023-11-01': NEWER_CONSUMPTION,
} as const satisfies Record<string, BudgetVersion>;
