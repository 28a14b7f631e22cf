import type { ArmClient } from '../api/arm/armClient.ts';
import type { Budget } from '../api/arm/budgets.ts';
import { BillingError } from '../api/http/errors.ts';
import { bodyOf } from './budgetBody.ts';
import { type BudgetTemplate, type PlanRow, placeOf } from './bulkPlan.ts';
import { type CreateOutcome, createBudget } from './createBudget.ts';
import { eachInTurn, type Pace } from './pace.ts';
import { type SaveOutcome, saveBudget } from './saveBudget.ts';
import { differencesToStored } from './storedAsSent.ts';

/** `pending`: not begun. Rows without anything to write are done from the start, those that are not allowed failed for good. */
export type RowState = 'pending' | 'done' | 'failed';

export interface RunRow extends PlanRow {
  state: RowState;
  /** Why it failed, in one sentence. Of rows that are not allowed: the rule. */
  reason?: string;
  /** How often it was tried. */
  tries: number;
}

/**
 * A template being applied. Plain data with exact digits: `JSON.stringify` writes it down, `parseJson` reads it, and a run goes on
 * with what is not done, in this or another session.
 */
export interface BulkRun {
  version: 1;
  template: BudgetTemplate;
  rows: RunRow[];
}

/** A plan as a run that has not begun. */
export function startRun(template: BudgetTemplate, plan: readonly PlanRow[]): BulkRun {
  const stateOf: Readonly<Record<PlanRow['action'], RowState>> = {
    create: 'pending',
    change: 'pending',
    unchanged: 'done',
    notAllowed: 'failed',
  };
  return { version: 1, template, rows: plan.map((row) => ({ ...row, state: stateOf[row.action], tries: 0 })) };
}

export interface RunOptions extends Pace {
  /** The current day, `YYYY-MM-DD`, UTC. */
  today: string;
  /** For each row as it ended: the place to write the run down. */
  onRow?: ((row: RunRow, index: number) => void) | undefined;
}

/**
 * Writes all rows that are not done, politely: every row that is begun ends as done or failed with a reason. When the signal is aborted, what
 * was begun ends first, and what was not stays pending. Running again touches only pending and failed rows; a row whose answer was lost
 * and that turns out to be written is done then. A budget that somebody else changed since the plan is never written over: plan again.
 * When nothing is reached, or nobody is signed in any more, for a few rows on end, the others stay pending: they would fail alike.
 *
 * @returns the run as it is afterwards; the given one is left as it was
 */
export async function runBudgets(arm: ArmClient, run: BulkRun, options: RunOptions): Promise<BulkRun> {
  const rows = [...run.rows];
  const open = rows
    .map((row, index) => ({ row, index }))
    .filter(({ row }) => row.state !== 'done' && row.action !== 'notAllowed');
  const giveUp = new AbortController();
  const signal = AbortSignal.any([giveUp.signal, ...(options.signal === undefined ? [] : [options.signal])]);
  let unreached = 0;
  await eachInTurn(arm, open, { ...options, signal }, async ({ row, index }) => {
    const failure = await writeRow(arm, run.template, row, options);
    const { reason } = failure ?? {};
    unreached = failure?.unreached === true ? unreached + 1 : 0;
    if (unreached >= MOST_UNREACHED) {
      giveUp.abort();
    }
    const { reason: _former, ...rest } = row;
    const tries = row.tries + 1;
    const ended: RunRow =
      reason === undefined ? { ...rest, state: 'done', tries } : { ...rest, state: 'failed', reason, tries };
    rows[index] = ended;
    options.onRow?.(ended, index);
  });
  return { ...run, rows };
}

/** How many rows are in each state. */
export function countRows({ rows }: BulkRun): Record<RowState, number> {
  const counts = { pending: 0, done: 0, failed: 0 };
  for (const { state } of rows) {
    counts[state]++;
  }
  return counts;
}

/** After so many rows on end that reached nothing, no other is begun. */
const MOST_UNREACHED = 3;

interface RowFailure {
  /** One sentence. */
  reason: string;
  /** Nothing was sent, for a reason that every other row would have too. */
  unreached: boolean;
}

/** Undefined when the service holds what the row says; else why not. */
async function writeRow(
  arm: ArmClient,
  template: BudgetTemplate,
  row: RunRow,
  { today, onWait }: RunOptions,
): Promise<RowFailure | undefined> {
  const { body, base } = row;
  const failed = (reason: string, unreached = false): RowFailure => ({ reason, unreached });
  if (body === undefined) {
    return failed('The row says nothing to write; plan again.');
  }
  try {
    const place = placeOf(template, row);
    // Without the signal: what was begun is ended, so that every row can be told of.
    const outcome =
      base === undefined
        ? await createBudget(arm, place, body, { today, onWait })
        : await saveBudget(arm, place, base, body, { today, onWait });
    const reason = reasonOf(outcome, (held) => differencesToStored(body, bodyOf(held)).length === 0);
    const unreached = outcome.kind === 'refused' && (outcome.reason === 'unreachable' || outcome.reason === 'signIn');
    return reason === undefined ? undefined : failed(reason, unreached);
  } catch (error) {
    return failed(error instanceof BillingError ? error.explanation : `It failed: ${String(error).slice(0, 200)}.`);
  }
}

function reasonOf(outcome: SaveOutcome | CreateOutcome, isWanted: (held: Budget) => boolean): string | undefined {
  switch (outcome.kind) {
    case 'saved':
      return outcome.changedSince && !isWanted(outcome.budget)
        ? 'Somebody else changed it right after; plan again.'
        : undefined;
    case 'unchanged':
      return undefined;
    case 'exists':
      return isWanted(outcome.budget)
        ? undefined
        : 'Somebody else created one of that name since the plan; plan again.';
    case 'conflict':
      return isWanted(outcome.theirs) ? undefined : 'Somebody else changed it since the plan; plan again.';
    case 'deleted':
      return 'Somebody else deleted it since the plan; plan again.';
    case 'notApplied':
    case 'notCreated':
      return `Nothing was written: ${outcome.error instanceof BillingError ? outcome.error.explanation : 'the answer was lost.'}`;
    case 'cancelled':
      return 'It was cancelled; run again.';
    case 'refused':
    case 'unknown':
      return outcome.message;
  }
}
