import { MEMBERS } from '../api/arm/budgetRules/words.ts';
import type { BudgetBody } from './budgetBody.ts';
import { type BudgetField, differingFields, fieldOf } from './budgetFields.ts';

/** What the service fills in, as JSON, where nothing was sent (REST reference: Budgets - Create Or Update). */
const DEFAULTS: ReadonlyMap<string, RegExp> = new Map([
  ['endDate', /./],
  ['thresholdType', /^"actual"$/i],
  ['frequency', /./],
  ['locale', /./],
]);

const EMPTY = /^(\[\]|\{\}|null)$/;

/**
 * The fields that the service holds in another way than they were sent. What it fills in, what it leaves out because it is empty, and
 * members that it does not know are none.
 */
export function differencesToStored(sent: BudgetBody, stored: BudgetBody): BudgetField[] {
  return differingFields(sent, stored).filter((field) => {
    const { path } = field;
    const [given, held] = [fieldOf(sent, field), fieldOf(stored, field)];
    const member = path.at(-1) ?? '';
    if (!isKnown(path) || (isEmpty(given) && isEmpty(held))) {
      return false;
    }
    // Not used by a budget on reservations.
    if (member === 'amount' && /^reservationutilization$/i.test(String(sent.category))) {
      return false;
    }
    return !(given === undefined && DEFAULTS.get(member)?.test(JSON.stringify(held)));
  });
}

function isEmpty(value: unknown): boolean {
  return value === undefined || EMPTY.test(JSON.stringify(value));
}

function isKnown([first = '', , third]: readonly string[]): boolean {
  const known = (list: readonly string[], name: string): boolean => list.includes(name);
  return known(MEMBERS.budget, first) && (third === undefined || known(MEMBERS.notification, third));
}
