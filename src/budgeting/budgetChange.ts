import { isObject } from '../api/arm/problems.ts';
import { digitsOf, ExactNumber } from '../json/exact.ts';
import { type BudgetBody, inOrder } from './budgetBody.ts';
import { type BudgetField, differingFields, fieldOf, withField } from './budgetFields.ts';
import { groupedDigits } from './decimal.ts';

/** One field that a change touches. Undefined: it was not there, or is not there any more. */
export interface FieldChange extends BudgetField {
  before: unknown;
  after: unknown;
  /** `amount: 1,000.00 → 1,250.00 EUR`. */
  sentence: string;
}

export interface BudgetChange {
  /** Empty: nothing is changed. */
  fields: FieldChange[];
  /** What is sent: the former budget with these fields replaced; what differs in writing only stays as the service had it. */
  body: BudgetBody;
}

/**
 * The exact change from one budget to another.
 *
 * @param currency of the amount, where it is known
 */
export function changeOf(before: BudgetBody, after: BudgetBody, currency?: string): BudgetChange {
  const fields = differingFields(before, after).map((field): FieldChange => {
    const values = { before: fieldOf(before, field), after: fieldOf(after, field) };
    return { ...field, ...values, sentence: sentenceOf(field, values, currency) };
  });
  const body = fields.reduce((whole, field) => withField(whole, field, field.after), before);
  return { fields, body: fields.length === 0 ? before : inOrder(body) };
}

function sentenceOf(
  { path }: BudgetField,
  { before, after }: Pick<FieldChange, 'before' | 'after'>,
  currency: string | undefined,
): string {
  const name = nameOf(path);
  if (isContacts(path) && isTexts(before) && isTexts(after)) {
    const added = after.filter((text) => !before.includes(text)).map((text) => `+ ${text}`);
    const removed = before.filter((text) => !after.includes(text)).map((text) => `− ${text}`);
    return `${name}: ${[...added, ...removed].join(', ') || 'another order'}`;
  }
  const unit = path[0] === 'amount' ? currency : path.at(-1) === 'threshold' ? '%' : undefined;
  const isNotification = path.length === 2 && path[0] === 'notifications';
  if (before === undefined) {
    return isNotification ? `${name}: new, ${notificationText(after)}` : `${name}: ${valueText(after, unit)} is new`;
  }
  if (after === undefined) {
    return isNotification
      ? `${name}: removed, was ${notificationText(before)}`
      : `${name}: ${valueText(before, unit)} is removed`;
  }
  return `${name}: ${valueText(before, undefined)} → ${valueText(after, unit)}`;
}

/** What sentences call a field: `threshold of 'Actual_80'`. */
export function nameOf(path: readonly string[]): string {
  const [first = 'budget', second, ...rest] = path;
  if (first !== 'notifications' || second === undefined) {
    return path.join('.') || 'budget';
  }
  const notification = `'${second.slice(0, 60)}'`;
  return rest.length === 0 ? `notification ${notification}` : `${rest.join('.')} of ${notification}`;
}

/** A value in words: digits grouped, days without a time of midnight, all else as JSON. */
export function valueText(value: unknown, unit?: string): string {
  const suffix = unit === undefined ? '' : ` ${unit}`;
  if (value === undefined) {
    return 'nothing';
  }
  if (typeof value === 'number' || value instanceof ExactNumber) {
    return `${groupedDigits(digitsOf(value))}${suffix}`;
  }
  const text =
    typeof value === 'string' ? value.replace(/^(\d{4}-\d{2}-\d{2})T00:00:00(\.0+)?Z$/i, '$1') : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}

function notificationText(value: unknown): string {
  if (!isObject(value)) {
    return valueText(value);
  }
  const { enabled, operator, threshold, thresholdType, contactEmails } = value;
  const mails = Array.isArray(contactEmails) ? contactEmails.map(String).join(', ') : '';
  return [
    `${valueText(thresholdType ?? 'Actual')} ${valueText(operator)} ${valueText(threshold, '%')}`,
    mails === '' ? undefined : `to ${mails}`,
    enabled === false ? 'switched off' : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(', ');
}

function isContacts(path: readonly string[]): boolean {
  return /^contact/.test(path.at(-1) ?? '') && path.length === 3;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
