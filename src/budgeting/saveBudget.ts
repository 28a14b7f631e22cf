import type { ArmClient } from '../api/arm/armClient.ts';
import { checkBudget } from '../api/arm/budgetRules/checkBudget.ts';
import type { BudgetContext } from '../api/arm/budgetRules/context.ts';
import { type Budget, type BudgetAddress, getBudget, providerOf, putBudget } from '../api/arm/budgets.ts';
import { StaleETagError } from '../api/arm/staleETag.ts';
import type { SendOptions } from '../api/http/client.ts';
import { BillingError } from '../api/http/errors.ts';
import { type BudgetBody, bodyOf, requestBody } from './budgetBody.ts';
import { type BudgetChange, changeOf } from './budgetChange.ts';
import type { BudgetField } from './budgetFields.ts';
import { type BudgetMerge, mergeBudgets } from './mergeBudgets.ts';
import { differencesToStored } from './storedAsSent.ts';
import { type Cancelled, isLost, type Refused, refusedBy, refusedByRules, type Unknown } from './writeOutcome.ts';

/** Where a budget is. */
export interface BudgetPlace extends BudgetAddress {
  name: string;
}

/** What a save is doing: for progress. */
export type SaveStep = 'reading' | 'checking' | 'confirming' | 'writing' | 'readingBack';

export interface SaveOptions extends SendOptions {
  /** The current day, `YYYY-MM-DD`, UTC. */
  today: string;
  /** Of the amount, for the sentences of the change. */
  currency?: string | undefined;
  onStep?: ((step: SaveStep) => unknown) | undefined;
  /** Shows the exact change; nothing is sent when it says no. Left out, nobody is asked. */
  confirm?: ((change: BudgetChange) => Promise<boolean>) | undefined;
}

/** What takes a change back. */
export interface BudgetUndo {
  /** The budget before the change; undefined when the change created it. */
  before: Budget | undefined;
  /** The budget that the change made, with its eTag; undefined when the change deleted it. */
  after: Budget | undefined;
}

/** The budget is stored as it was sent. */
export interface Saved {
  kind: 'saved';
  /** As it was read back; as the write answered, where it could not be read. */
  budget: Budget;
  change: BudgetChange;
  undo: BudgetUndo;
  /** The answer was lost, and reading showed that the write was done. */
  answerLost: boolean;
  /** Somebody deleted it in the moment before the write, which made it anew. */
  recreated: boolean;
  /** Somebody else changed it right after: `budget` is theirs. */
  changedSince: boolean;
  /** Fields that the service holds in another way than they were sent; none where somebody else changed it. */
  differences: BudgetField[];
}

/** Somebody else changed the budget since it was opened; nothing was written. */
export interface Conflict {
  kind: 'conflict';
  /** What is saved next: merged values under this budget's eTag. */
  theirs: Budget;
  /** May have no conflicting fields: then both changes fit together, and a person only looks at the result. */
  merge: BudgetMerge;
}

export type SaveOutcome =
  | Saved
  | { kind: 'unchanged'; budget: Budget }
  | Conflict
  /** Nobody has it any more; nothing was written. It can be created again. */
  | { kind: 'deleted' }
  /** The answer was lost, and reading showed that nothing was written: saving again is safe. */
  | { kind: 'notApplied'; budget: Budget; error: unknown }
  | Refused
  | Cancelled
  | Unknown;

/**
 * Saves an edited budget: reads it, checks the rules, lets the exact change be confirmed, writes it once under the eTag that was read,
 * and reads it back. Nothing is ever written over a change that was not seen: whoever wrote between `base` and now is shown as a conflict.
 *
 * @param base the budget as the document was opened with it
 * @param edited what the document says
 */
export async function saveBudget(
  arm: ArmClient,
  place: BudgetPlace,
  base: Budget,
  edited: BudgetBody,
  options: SaveOptions,
): Promise<SaveOutcome> {
  const { today, currency, onStep, confirm } = options;
  const aborted = (): boolean => options.signal?.aborted === true;
  const overtaken = (theirs: Budget): Conflict => ({
    kind: 'conflict',
    theirs,
    merge: mergeBudgets(bodyOf(base), edited, bodyOf(theirs)),
  });
  try {
    onStep?.('reading');
    const current = await readBudget(arm, place, options);
    if (current === undefined) {
      return { kind: 'deleted' };
    }
    const change = changeOf(bodyOf(current), edited, currency);
    if (change.fields.length === 0) {
      return { kind: 'unchanged', budget: current };
    }
    // An eTag may change with an evaluation of the service: what counts is what people wrote.
    if (current.eTag !== base.eTag && changeOf(bodyOf(base), bodyOf(current)).fields.length > 0) {
      return overtaken(current);
    }
    onStep?.('checking');
    const findings = checkBudget(edited, contextOf(arm, place, today, current));
    if (findings.some(({ severity }) => severity === 'error')) {
      return refusedByRules(findings);
    }
    onStep?.('confirming');
    if (confirm !== undefined && !(await confirm(change))) {
      return { kind: 'cancelled', sent: false };
    }
    onStep?.('writing');
    return await write(arm, place, current, change, options, overtaken);
  } catch (error) {
    return endedBy(error, aborted());
  }
}

/** What an error that no write met means. @throws what is no error of the service */
export function endedBy(error: unknown, aborted: boolean): Refused | Cancelled {
  if (aborted) {
    return { kind: 'cancelled', sent: false };
  }
  if (error instanceof BillingError) {
    return refusedBy(error);
  }
  throw error;
}

export function contextOf(
  arm: ArmClient,
  place: BudgetPlace,
  today: string,
  current: Budget | undefined,
): BudgetContext {
  const { scope, name } = place;
  return { scope, name, provider: providerOf(place, arm.versions), versions: arm.versions, today, current };
}

/** Codes that come with 404 for a scope, not for a budget in it. */
const NO_SCOPE = /^(?!Budget|ResourceNotFound$)\w+NotFound$|^InvalidSubscriptionId$/i;

/** The budget; undefined where there is none. @throws BillingError, also for a scope that does not exist */
export async function readBudget(
  arm: ArmClient,
  place: BudgetPlace,
  options?: SendOptions,
): Promise<Budget | undefined> {
  try {
    return await getBudget(arm, place, place.name, options);
  } catch (error) {
    if (error instanceof BillingError && error.status === 404 && !NO_SCOPE.test(error.code ?? '')) {
      return undefined;
    }
    throw error;
  }
}

async function write(
  arm: ArmClient,
  place: BudgetPlace,
  current: Budget,
  change: BudgetChange,
  options: SaveOptions,
  overtaken: (theirs: Budget) => Conflict,
): Promise<SaveOutcome> {
  const body = requestBody(current, change.body);
  const sent = { before: current, body: change.body, change };
  try {
    const { budget, created } = await putBudget(arm, place, place.name, body, options.today, current, options);
    options.onStep?.('readingBack');
    return await readBack(arm, place, budget, created, sent, options);
  } catch (error) {
    if (error instanceof StaleETagError) {
      const theirs = await readBudget(arm, place, options);
      return theirs === undefined ? { kind: 'deleted' } : overtaken(theirs);
    }
    if (!isLost(error)) {
      return refusedBy(error as BillingError);
    }
    options.onStep?.('readingBack');
    return afterLostAnswer(arm, place, sent, error, options, overtaken);
  }
}

interface Sent {
  before: Budget | undefined;
  body: BudgetBody;
  change: BudgetChange;
}

/** The write was answered: what the service holds now. A read that fails takes nothing back. */
export async function readBack(
  arm: ArmClient,
  place: BudgetPlace,
  written: Budget,
  created: boolean,
  { before, body, change }: Sent,
  { signal }: SaveOptions,
): Promise<Saved> {
  const held = await readBudget(arm, place, { signal }).catch(() => undefined);
  const budget = held ?? written;
  const changedSince = budget.eTag !== written.eTag && differencesToStored(bodyOf(written), bodyOf(budget)).length > 0;
  return {
    kind: 'saved',
    budget,
    change,
    undo: { before, after: changedSince ? written : budget },
    answerLost: false,
    recreated: created && before !== undefined,
    changedSince,
    differences: changedSince ? [] : differencesToStored(body, bodyOf(budget)),
  };
}

/** The write has no good answer: what the service holds tells whether it was done. The signal does not count here: somebody wants to know. */
async function afterLostAnswer(
  arm: ArmClient,
  place: BudgetPlace,
  { before, body, change }: Sent & { before: Budget },
  error: unknown,
  options: SaveOptions,
  overtaken: (theirs: Budget) => Conflict,
): Promise<SaveOutcome> {
  const held = await readAfterLoss(arm, place, options);
  if ('error' in held) {
    return unknown(held.error);
  }
  const { budget } = held;
  if (budget === undefined) {
    return { kind: 'deleted' };
  }
  if (differencesToStored(body, bodyOf(budget)).length === 0) {
    const undo = { before, after: budget };
    const flags = { answerLost: true, recreated: false, changedSince: false, differences: [] };
    return { kind: 'saved', budget, change, undo, ...flags };
  }
  if (budget.eTag !== before.eTag && changeOf(bodyOf(before), bodyOf(budget)).fields.length > 0) {
    return overtaken(budget);
  }
  return options.signal?.aborted ? { kind: 'cancelled', sent: true } : { kind: 'notApplied', budget, error };
}

/** Reads after a lost answer, without the signal that may have been the reason. */
export async function readAfterLoss(
  arm: ArmClient,
  place: BudgetPlace,
  { onWait }: SendOptions,
): Promise<{ budget: Budget | undefined } | { error: unknown }> {
  try {
    return { budget: await readBudget(arm, place, { onWait }) };
  } catch (error) {
    return { error };
  }
}

export function unknown(error: unknown): Unknown {
  const why = error instanceof BillingError ? ` ${error.explanation}` : '';
  return {
    kind: 'unknown',
    message: `Whether the budget was written is not known: the answer was lost, and it could not be read again.${why} Open it again before you save.`,
    error,
  };
}
