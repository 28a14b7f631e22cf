import { digitsOf, ExactNumber } from '../../json/exact.ts';
import type { BudgetProvider } from './budgetRules.ts';
import { isMissing, type ProblemList, quoted } from './problems.ts';
import type { CostScope } from './scope.ts';
import type { VersionSet } from './versions.ts';

export interface NotificationContext {
  scope: CostScope;
  provider: BudgetProvider;
  versions: VersionSet;
  reservation: boolean;
}

const MOST_PER_TYPE = 5;
const MOST_CONTACTS = 50;

/** Languages that mails are written in. */
const LOCALES = (
  'en-us ja-jp zh-cn de-de es-es fr-fr it-it ko-kr pt-br ru-ru zh-tw cs-cz pl-pl tr-tr da-dk en-gb hu-hu nb-no nl-nl pt-pt ' +
  'sv-se'
).split(' ');

/** Checks the notifications of a budget, a map of name → notification. */
export function checkNotifications(list: ProblemList, value: unknown, context: NotificationContext): void {
  const path = 'properties.notifications';
  const { reservation, versions } = context;
  if (isMissing(value)) {
    if (reservation) {
      list.add(path, 'is missing; a budget of reservations has exactly one.');
    }
    return;
  }
  const map = list.object(path, value);
  if (map === undefined) {
    return;
  }
  const types = Object.entries(map).map(([name, entry]) => checkNotification(list, `${path}.${name}`, entry, context));
  if (reservation && types.length !== 1) {
    list.add(path, `has ${types.length} notifications; a budget of reservations has exactly one.`);
    return;
  }
  for (const type of versions === 'seed' ? [undefined] : ['Actual', 'Forecasted']) {
    const count = types.filter((found) => type === undefined || found === type).length;
    if (count > MOST_PER_TYPE) {
      const kind = type === undefined ? '' : ` on ${type.toLowerCase()} cost`;
      list.add(path, `has ${count} notifications${kind}; ${MOST_PER_TYPE} are the most.`);
    }
  }
}

/** @returns what the threshold is compared with */
function checkNotification(list: ProblemList, path: string, value: unknown, context: NotificationContext): string {
  const { reservation, versions } = context;
  const notification = list.object(path, value);
  if (notification === undefined) {
    return '';
  }
  if (isMissing(notification.enabled)) {
    list.add(`${path}.enabled`, 'is missing; use true or false.');
  }
  list.flag(`${path}.enabled`, notification.enabled);
  const operators = reservation ? ['LessThan'] : ['GreaterThan', 'GreaterThanOrEqualTo', 'EqualTo'];
  list.word(`${path}.operator`, notification.operator, operators);
  checkThreshold(list, `${path}.threshold`, notification.threshold, reservation ? 100 : 1000);
  const types = versions === 'seed' || reservation ? ['Actual'] : ['Actual', 'Forecasted'];
  const type = list.word(`${path}.thresholdType`, notification.thresholdType, types, true);
  if (reservation) {
    list.word(`${path}.frequency`, notification.frequency, ['Daily', 'Weekly', 'Monthly'], true);
  } else if (!isMissing(notification.frequency)) {
    list.add(`${path}.frequency`, 'is for budgets of reservations only; leave it out.');
  }
  list.word(`${path}.locale`, notification.locale, LOCALES, true);
  checkContacts(list, path, notification, context.scope);
  return type ?? 'Actual';
}

function checkThreshold(list: ProblemList, path: string, value: unknown, most: number): void {
  if (typeof value !== 'number' && !(value instanceof ExactNumber)) {
    list.add(path, isMissing(value) ? `is missing; use a percentage up to ${most}.` : 'is not a number.');
    return;
  }
  const percent = Number(value);
  if (!(percent >= 0 && percent <= most)) {
    list.add(path, `is not between 0 and ${most} percent.`);
  } else if (decimals(digitsOf(value)) > 2) {
    list.add(path, 'has more than two decimals.');
  }
}

/** How many decimals a number has; zeros at the end do not count. */
function decimals(digits: string): number {
  const [mantissa = '', exponent = '0'] = digits.toLowerCase().split('e');
  const fraction = (mantissa.split('.')[1] ?? '').replace(/0+$/, '');
  return fraction.length - Number(exponent);
}

function checkContacts(
  list: ProblemList,
  path: string,
  { contactEmails, contactGroups, contactRoles }: Record<string, unknown>,
  scope: CostScope,
): void {
  const mails = contacts(list, `${path}.contactEmails`, contactEmails, 'a mail address', /^[^\s@]+@[^\s@]+$/);
  if (isMissing(contactEmails)) {
    list.add(`${path}.contactEmails`, 'is missing; use a list of mail addresses.');
  }
  if (scope.kind === 'subscription' || scope.kind === 'resourceGroup') {
    const group = /^\/?subscriptions\/.+\/actionGroups\/[^/]+$/i;
    const groups = contacts(list, `${path}.contactGroups`, contactGroups, 'the id of an action group', group);
    contacts(list, `${path}.contactRoles`, contactRoles, 'a role', /\S/);
    if (mails === 0 && groups === 0 && !isMissing(contactEmails)) {
      list.add(`${path}.contactEmails`, 'is empty; name a mail address here or an action group in contactGroups.');
    }
    return;
  }
  if (mails === 0 && !isMissing(contactEmails)) {
    list.add(`${path}.contactEmails`, 'is empty; name at least one mail address.');
  }
  for (const [name, value] of Object.entries({ contactGroups, contactRoles })) {
    if (Array.isArray(value) ? value.length > 0 : !isMissing(value)) {
      list.add(`${path}.${name}`, 'is for subscriptions and resource groups only; leave it out.');
    }
  }
}

/** @returns how many there are; undefined where there is no usable list, which was noted then */
function contacts(list: ProblemList, path: string, value: unknown, what: string, pattern: RegExp): number | undefined {
  if (isMissing(value)) {
    return 0;
  }
  if (!Array.isArray(value)) {
    list.add(path, 'is not a list.');
    return undefined;
  }
  value.forEach((item, index) => {
    if (typeof item !== 'string' || !pattern.test(item)) {
      list.add(`${path}[${index}]`, `is ${quoted(item)}, not ${what}.`);
    }
  });
  if (value.length > MOST_CONTACTS) {
    list.add(path, `has ${value.length} entries; ${MOST_CONTACTS} are the most.`);
  }
  return value.length;
}
