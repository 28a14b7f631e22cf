import type { BudgetFilter } from './budgetFilter.ts';

export const COST = 'Cost';
export const RESERVATION = 'ReservationUtilization';

/** REST reference: Budgets - notification. `threshold` is a number whose digits are kept. */
export interface BudgetNotification {
  readonly enabled: boolean;
  readonly operator: string;
  readonly threshold: unknown;
  readonly thresholdType?: string;
  readonly frequency?: string;
  readonly contactEmails: readonly string[];
  readonly contactRoles?: readonly string[];
  readonly contactGroups?: readonly string[];
  readonly locale?: string;
}

/** What a PUT says of a budget, after every rule held. */
export interface BudgetInput {
  readonly category: string;
  /** A number whose digits are kept, in USD at a billing account and in billing currency elsewhere; absent for reservations. */
  readonly amount?: unknown;
  readonly timeGrain: string;
  /** UTC day, inclusive. */
  readonly startDay: number;
  /** UTC day, inclusive. */
  readonly endDay: number;
  readonly filter?: BudgetFilter;
  readonly notifications: Readonly<Record<string, BudgetNotification>>;
}

export interface Budget extends BudgetInput {
  readonly name: string;
  /** With its quotation marks, as the service writes it. */
  readonly eTag: string;
}

export function hasForecast(budget: BudgetInput): boolean {
  return Object.values(budget.notifications).some(({ thresholdType }) => thresholdType === 'Forecasted');
}
