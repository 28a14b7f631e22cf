import type { ArmClient } from '../api/arm/armClient.ts';
import { checkBudget } from '../api/arm/budgetRules/checkBudget.ts';
import type { BudgetProvider } from '../api/arm/budgetRules/context.ts';
import type { Budget } from '../api/arm/budgets.ts';
import { parseCostScope } from '../api/arm/scope.ts';
import { BillingError } from '../api/http/errors.ts';
import type { JsonNumber } from '../json/exact.ts';
import { type BudgetBody, bodyOf, inOrder } from './budgetBody.ts';
import { changeOf } from './budgetChange.ts';
import { eachInTurn, type Pace } from './pace.ts';
import { type BudgetPlace, contextOf, readBudget } from './saveBudget.ts';
import { differencesToStored } from './storedAsSent.ts';

/** One budget for many scopes. */
export interface BudgetTemplate {
  /** Of the budget, in every scope. */
  name: string;
  body: BudgetBody;
  /** What the amount is meant in; undefined: whatever the scope is billed in. */
  currency: string | undefined;
  /** Undefined: as for a single budget. */
  provider: BudgetProvider | undefined;
}

export interface PlanTarget {
  /** Scope path. */
  scope: string;
  /** What the table calls it. */
  label: string;
  /** The currency of its budgets, where it is known. */
  currency: string | undefined;
  /** An amount of its own in place of the template's. */
  amount?: JsonNumber | undefined;
}

/** `notAllowed`: it breaks a rule there, or the scope could not be read: `reason` says which. */
export type PlanAction = 'create' | 'change' | 'unchanged' | 'notAllowed';

/** One row of the preview. Plain data with exact digits: `JSON.stringify` and `parseJson` write it down and read it. */
export interface PlanRow extends PlanTarget {
  action: PlanAction;
  /** What is written; absent where nothing is. */
  body?: BudgetBody;
  /** The budget that is changed, as it was read. */
  base?: Budget;
  /** The exact change, or what is created, one sentence a field. */
  sentences: string[];
  /** Why nothing can be written. */
  reason?: string;
}

export interface PlanOptions extends Pace {
  /** The current day, `YYYY-MM-DD`, UTC. */
  today: string;
  /** For each row as it is known, in any order. */
  onRow?: ((row: PlanRow, index: number) => void) | undefined;
}

/**
 * What applying a template to scopes would do: reads the budget of that name in each, politely, and writes nothing.
 *
 * @returns the rows in the order of the targets
 * @throws the signal's reason when it is aborted
 */
export async function planBudgets(
  arm: ArmClient,
  template: BudgetTemplate,
  targets: readonly PlanTarget[],
  options: PlanOptions,
): Promise<PlanRow[]> {
  const rows: PlanRow[] = [];
  await eachInTurn(arm, targets, options, async (target, index) => {
    const row = await planRow(arm, template, target, options);
    rows[index] = row;
    options.onRow?.(row, index);
  });
  options.signal?.throwIfAborted();
  return rows;
}

async function planRow(
  arm: ArmClient,
  template: BudgetTemplate,
  target: PlanTarget,
  options: PlanOptions,
): Promise<PlanRow> {
  const { today, signal, onWait } = options;
  try {
    const place = placeOf(template, target);
    const current = await readBudget(arm, place, { signal, onWait });
    return rowOf(arm, place, template, target, current, today);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof BillingError) {
      return notAllowed(target, error.explanation);
    }
    throw error;
  }
}

/** Where a template's budget is in a scope. @throws BillingError for what is no scope */
export function placeOf({ name, provider }: BudgetTemplate, { scope }: PlanTarget): BudgetPlace {
  return { scope: parseCostScope(scope), name, provider };
}

function rowOf(
  arm: ArmClient,
  place: BudgetPlace,
  template: BudgetTemplate,
  target: PlanTarget,
  current: Budget | undefined,
  today: string,
): PlanRow {
  const { currency } = target;
  const { amount } = target.amount === undefined ? template.body : target;
  if (
    target.amount === undefined &&
    template.currency !== undefined &&
    currency !== undefined &&
    currency !== template.currency
  ) {
    return notAllowed(
      target,
      `amount is in ${template.currency}, and budgets here are in ${currency}; give this row an amount of its own.`,
    );
  }
  const wanted: BudgetBody = { ...template.body, ...(amount !== undefined && { amount }) };
  const before = current && bodyOf(current);
  const body =
    before === undefined ? wanted : inOrder({ ...before, ...wanted, timePeriod: keptPeriod(before, wanted) });
  const error = checkBudget(body, contextOf(arm, place, today, current)).find(({ severity }) => severity === 'error');
  if (error !== undefined) {
    return notAllowed(target, error.message);
  }
  const change = changeOf(before ?? {}, body, currency);
  const sentences = change.fields.map(({ sentence }) => sentence);
  if (current === undefined) {
    return { ...target, action: 'create', body, sentences };
  }
  // What the service would fill in again is no change.
  return differencesToStored(body, before ?? {}).length === 0
    ? { ...target, action: 'unchanged', sentences: [] }
    : { ...target, action: 'change', body, base: current, sentences };
}

/** The start of a budget that exists is fixed; its end is the template's, where that has one. */
function keptPeriod(before: BudgetBody, wanted: BudgetBody): NonNullable<BudgetBody['timePeriod']> {
  const { startDate } = before.timePeriod ?? {};
  return { ...before.timePeriod, ...wanted.timePeriod, ...(startDate !== undefined && { startDate }) };
}

function notAllowed(target: PlanTarget, reason: string): PlanRow {
  return { ...target, action: 'notAllowed', sentences: [], reason };
}
