import type { CostScope } from '../scope.ts';
import type { VersionSet } from '../versions.ts';

/** Both keep the same kind of budget, under different rules. */
export type BudgetProvider = 'costManagement' | 'consumption';

/** What a budget is checked for. */
export interface BudgetContext {
  scope: CostScope;
  provider: BudgetProvider;
  versions: VersionSet;
  name: string;
  /** The current day, `YYYY-MM-DD`, UTC. */
  today: string;
  /** The budget as it was read, when the body changes one. */
  current?: { properties: { timePeriod?: { startDate?: string | null | undefined } | null | undefined } } | undefined;
}

/** What the rules of one part of a budget are about, besides its place. */
export interface PartContext extends BudgetContext {
  /** Whether the budget watches how much of the reservations is used, not cost. */
  reservation: boolean;
}

/** Subscriptions and resource groups: where roles and action groups can be told, and where the kind of customer is not known. */
export function isInSubscription({ kind }: CostScope): boolean {
  return kind === 'subscription' || kind === 'resourceGroup';
}
