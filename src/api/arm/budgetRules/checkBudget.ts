import { BillingError } from '../../http/errors.ts';
import { checkAmount } from './amountRules.ts';
import { checkCategory } from './categoryRules.ts';
import type { BudgetContext } from './context.ts';
import { checkFilter } from './filterRules.ts';
import { type BudgetFinding, Findings } from './findings.ts';
import { checkName } from './nameRules.ts';
import { checkNotifications } from './notificationRules.ts';
import { checkGrain, checkTimePeriod } from './periodRules.ts';
import { MEMBERS } from './words.ts';

/**
 * Checks the `properties` of a budget as a user wrote them, before they are sent (REST reference: Cost Management and Consumption,
 * Budgets - Create Or Update). What the service takes has no finding of severity `error`; what it refuses has one, or one of severity
 * `uncertain` where it depends on the kind of customer or on rights elsewhere. One thing is stricter here: a member that is written twice in
 * two spellings is refused, because nobody can tell which one the service takes.
 *
 * @returns the findings in the order of the members
 */
export function checkBudget(properties: unknown, context: BudgetContext): BudgetFinding[] {
  const findings = new Findings();
  checkName(findings, context.name);
  const members = findings.members({ value: properties, pointer: '', name: 'The budget' }, MEMBERS.budget);
  if (members === undefined) {
    return findings.list;
  }
  const reservation = checkCategory(findings, members.at('category'), context);
  const part = { ...context, reservation };
  checkAmount(findings, members.at('amount'), reservation);
  const grain = checkGrain(findings, members.at('timeGrain'), part);
  checkTimePeriod(findings, members.at('timePeriod'), grain, part);
  checkFilter(findings, members.at('filter'), part);
  checkNotifications(findings, members.at('notifications'), part);
  return findings.list;
}

/**
 * Refuses a budget that breaks a rule before anything is sent.
 *
 * @throws BillingError of kind `argument`: the first error, and the others as advice
 */
export function refuseFindings(findings: readonly BudgetFinding[]): void {
  const [first, ...others] = findings.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  if (first !== undefined) {
    throw new BillingError('argument', first, {
      advice: others.length === 0 ? undefined : `Also: ${others.slice(0, 9).join(' ')}`,
    });
  }
}
