import type { SendOptions } from '../api/http/client.ts';
import type { PartnerCenterClient } from '../api/partnerCenter/partnerCenterClient.ts';
import {
  type BudgetAmount,
  type BudgetChange,
  ChangedBudgetError,
  changeUsageBudget,
  getUsageBudget,
  setUsageBudget,
  type UsageBudget,
} from '../api/partnerCenter/usageBudget.ts';
import { digitsOf, type JsonNumber } from '../json/exact.ts';
import { sameNumber } from '../json/sameNumber.ts';
import { endedBy } from './saveBudget.ts';
import { type Cancelled, isLost, type Refused, type Unknown } from './writeOutcome.ts';

export type SpendingOutcome =
  | { kind: 'saved'; budget: UsageBudget; answerLost: boolean }
  /** Somebody else changed it since it was shown; nothing was written. */
  | { kind: 'changed'; budget: UsageBudget }
  /** The answer was lost, and reading showed another amount than the one that was sent: saving again is safe, after a look. */
  | { kind: 'notApplied'; budget: UsageBudget; error: unknown }
  | Refused
  | Cancelled
  | Unknown;

/**
 * Saves the spending budget of a customer in Partner Center, which has no eTag: it is read again just before, and compared with what the user
 * saw. After a lost answer it is read back.
 *
 * @param change without `from` nothing is compared: the last writer wins
 */
export async function saveSpendingBudget(
  client: PartnerCenterClient,
  customer: string,
  change: BudgetChange | Pick<BudgetChange, 'to'>,
  options: SendOptions = {},
): Promise<SpendingOutcome> {
  try {
    const budget =
      'from' in change
        ? (await changeUsageBudget(client, customer, change, options)).after
        : await setUsageBudget(client, customer, change.to, options);
    return { kind: 'saved', budget, answerLost: false };
  } catch (error) {
    if (error instanceof ChangedBudgetError) {
      return { kind: 'changed', budget: error.current };
    }
    return isLost(error) ? afterLostAnswer(client, customer, change, error, options) : endedBy(error, false);
  }
}

async function afterLostAnswer(
  client: PartnerCenterClient,
  customer: string,
  { to }: Pick<BudgetChange, 'to'>,
  error: unknown,
  { signal, onWait }: SendOptions,
): Promise<SpendingOutcome> {
  try {
    // Without the signal that may have been the reason: somebody wants to know.
    const budget = await getUsageBudget(client, customer, { onWait });
    if (isAmount(budget.amount ?? null, to)) {
      return { kind: 'saved', budget, answerLost: true };
    }
    return signal?.aborted ? { kind: 'cancelled', sent: true } : { kind: 'notApplied', budget, error };
  } catch (second) {
    const message =
      'Whether the spending budget was written is not known: the answer was lost, and it could not be read again. Look at it before you save.';
    return { kind: 'unknown', message, error: second };
  }
}

function isAmount(held: JsonNumber | null, sent: BudgetAmount): boolean {
  return held === null || sent === null ? held === sent : sameNumber(digitsOf(held), String(sent).trim());
}
