import { isObject } from '../api/arm/problems.ts';
import { BillingError } from '../api/http/errors.ts';
import type { BudgetBody } from '../budgeting/budgetBody.ts';
import { type BudgetChange, changeOf, nameOf } from '../budgeting/budgetChange.ts';
import type { CreateOutcome } from '../budgeting/createBudget.ts';
import type { RemoveOutcome } from '../budgeting/removeBudget.ts';
import type { Saved, SaveOutcome } from '../budgeting/saveBudget.ts';

/** Any end of a write but success. */
export type NotWritten = Exclude<
  SaveOutcome | CreateOutcome | RemoveOutcome,
  { kind: 'saved' | 'unchanged' | 'removed' | 'gone' }
>;

const MOST_CHANGES = 20;

/** A change for a confirmation, one line each. */
export function changeLines({ fields }: BudgetChange): string[] {
  const lines = fields.slice(0, MOST_CHANGES).map(({ sentence }) => sentence);
  const more = fields.length - lines.length;
  return more > 0 ? [...lines, `and ${more} more`] : lines;
}

/** Members that are told one by one. */
const DIVIDED: ReadonlySet<string> = new Set(['timePeriod', 'notifications']);

/** A budget that is created, one line each. */
export function createdLines(body: BudgetBody, currency: string | undefined): string[] {
  // Against empty ones, what is in them is told one by one; all members are there, so that the order is theirs.
  const empty: BudgetBody = Object.fromEntries(
    Object.entries(body).map(([key, value]) => [key, DIVIDED.has(key) && isObject(value) ? {} : undefined]),
  );
  return changeLines(changeOf(empty, body, currency)).map((line) =>
    line.replace(/ is new$/, '').replace(/^(notification .*?): new, /, '$1: '),
  );
}

/** What was saved, and what else a person should know of it. */
export function savedText(name: string, saved: Saved): string {
  const { change, undo, answerLost, recreated, changedSince, differences } = saved;
  const [first] = change.fields;
  const what =
    undo.before === undefined || first === undefined
      ? `Budget '${name}' is created.`
      : change.fields.length === 1
        ? `Budget '${name}' is saved: ${first.sentence}.`
        : `Budget '${name}' is saved with ${change.fields.length} changes.`;
  return [
    what,
    answerLost ? 'The answer got lost on the way; reading it again shows that it was saved.' : undefined,
    recreated ? 'Somebody deleted it in the moment before, so that it was created again.' : undefined,
    changedSince ? 'Somebody else changed it right after: what is shown is theirs.' : undefined,
    differences.length === 0
      ? undefined
      : `The service holds ${differences.map(({ path }) => nameOf(path)).join(', ')} in another way than it was sent.`,
  ]
    .filter((part) => part !== undefined)
    .join(' ');
}

/** Why a budget was not written: one or two sentences that say what to do. */
export function notWrittenText(name: string, outcome: NotWritten): string {
  switch (outcome.kind) {
    case 'refused':
      return `Nothing was changed. ${outcome.message}`;
    case 'unknown':
      return outcome.message;
    case 'conflict': {
      const theirs = outcome.merge.fields.filter(({ side }) => side !== 'mine').map((field) => field.name);
      return `Nothing was saved: somebody else changed budget '${name}' meanwhile (${theirs.join(', ')}).`;
    }
    case 'changed':
      return `Nothing was deleted: somebody else changed budget '${name}' meanwhile. Look at it, then delete it again.`;
    case 'deleted':
      return `Nothing was saved: somebody deleted budget '${name}' meanwhile. Your text stays in the tab.`;
    case 'exists':
      return `Nothing was saved: there is a budget '${name}' already. Choose another name, or edit that one.`;
    case 'notApplied':
    case 'notCreated':
      return `The answer got lost on the way, and reading again shows that nothing was saved. Saving again is safe. ${reason(outcome.error)}`.trim();
    case 'notRemoved':
      return `The answer got lost on the way, and reading again shows that budget '${name}' is still there. ${reason(outcome.error)}`.trim();
    case 'cancelled':
      return outcome.sent
        ? `Saving was cancelled when budget '${name}' had been sent: open it again to see what holds.`
        : 'Nothing was saved: it was cancelled.';
  }
}

/** The failure that a caller without a screen gets. */
export function notWrittenError(name: string, outcome: NotWritten): BillingError {
  const error = 'error' in outcome ? outcome.error : undefined;
  if (outcome.kind === 'refused' && error instanceof BillingError) {
    return error;
  }
  const kind = outcome.kind === 'refused' ? 'argument' : error instanceof BillingError ? error.kind : 'refused';
  return new BillingError(kind, notWrittenText(name, outcome));
}

function reason(error: unknown): string {
  return error instanceof BillingError ? error.explanation : '';
}
