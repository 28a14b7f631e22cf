import type { ArmClient } from '../api/arm/armClient.ts';
import { checkBudget } from '../api/arm/budgetRules/checkBudget.ts';
import { type Budget, putBudget } from '../api/arm/budgets.ts';
import type { BillingError } from '../api/http/errors.ts';
import { type BudgetBody, bodyOf, requestBody } from './budgetBody.ts';
import { changeOf } from './budgetChange.ts';
import {
  type BudgetPlace,
  contextOf,
  endedBy,
  readAfterLoss,
  readBack,
  readBudget,
  type Saved,
  type SaveOptions,
  unknown,
} from './saveBudget.ts';
import { differencesToStored } from './storedAsSent.ts';
import { type Cancelled, isLost, type Refused, refusedBy, refusedByRules, type Unknown } from './writeOutcome.ts';

export type CreateOutcome =
  | Saved
  /** There is one of that name already; nothing was written. */
  | { kind: 'exists'; budget: Budget }
  | { kind: 'notCreated'; error: unknown }
  | Refused
  | Cancelled
  | Unknown;

/**
 * Creates a budget where there is none of that name. The service has no call that only creates: who creates the same name in the moment
 * between reading and writing is written over, and read back shows what holds.
 */
export async function createBudget(
  arm: ArmClient,
  place: BudgetPlace,
  body: BudgetBody,
  options: SaveOptions,
): Promise<CreateOutcome> {
  const { today, currency, onStep, confirm } = options;
  try {
    onStep?.('checking');
    const findings = checkBudget(body, contextOf(arm, place, today, undefined));
    if (findings.some(({ severity }) => severity === 'error')) {
      return refusedByRules(findings);
    }
    onStep?.('reading');
    const existing = await readBudget(arm, place, options);
    if (existing !== undefined) {
      return { kind: 'exists', budget: existing };
    }
    const change = changeOf({}, body, currency);
    onStep?.('confirming');
    if (confirm !== undefined && !(await confirm(change))) {
      return { kind: 'cancelled', sent: false };
    }
    onStep?.('writing');
    const sent = { before: undefined, body, change };
    try {
      const request = requestBody(undefined, body);
      const { budget, created } = await putBudget(arm, place, place.name, request, today, undefined, options);
      onStep?.('readingBack');
      return await readBack(arm, place, budget, created, sent, options);
    } catch (error) {
      if (!isLost(error)) {
        return refusedBy(error as BillingError);
      }
      onStep?.('readingBack');
      return await afterLostAnswer(arm, place, sent, error, options);
    }
  } catch (error) {
    return endedBy(error, options.signal?.aborted === true);
  }
}

async function afterLostAnswer(
  arm: ArmClient,
  place: BudgetPlace,
  { body, change }: Pick<Saved, 'change'> & { body: BudgetBody },
  error: unknown,
  options: SaveOptions,
): Promise<CreateOutcome> {
  const held = await readAfterLoss(arm, place, options);
  if ('error' in held) {
    return unknown(held.error);
  }
  const { budget } = held;
  if (budget === undefined) {
    return options.signal?.aborted ? { kind: 'cancelled', sent: true } : { kind: 'notCreated', error };
  }
  if (differencesToStored(body, bodyOf(budget)).length > 0) {
    return { kind: 'exists', budget };
  }
  const flags = { answerLost: true, recreated: false, changedSince: false, differences: [] };
  return { kind: 'saved', budget, change, undo: { before: undefined, after: budget }, ...flags };
}
