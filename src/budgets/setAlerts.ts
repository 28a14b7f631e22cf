import * as vscode from 'vscode';
import { checkBudget } from '../api/arm/budgetRules/checkBudget.ts';
import type { Budget } from '../api/arm/budgets.ts';
import { isObject } from '../api/arm/problems.ts';
import type { BudgetBody, NotificationBody } from '../budgeting/budgetBody.ts';
import { valueText } from '../budgeting/budgetChange.ts';
import { contextOf } from '../budgeting/saveBudget.ts';
import type { HeldBudget } from '../contributions.ts';
import { digitsOf, ExactNumber } from '../json/exact.ts';
import { calledByPerson } from '../workbench/commands.ts';
import { plainText } from '../workbench/text.ts';
import { type BudgetDesk, today } from './budgetDesk.ts';
import { type GivenBudget, placeOf } from './budgetPlace.ts';
import { givenBody, quickSave, readForEdit, withMembers } from './quickSave.ts';
import { mailsIn } from './typedInput.ts';

type Notifications = Record<string, NotificationBody>;

/** Says what is wrong with the notifications, as a sentence; undefined for nothing. */
type Check = (notifications: Notifications) => string | undefined;

/** `azureBilling.setBudgetAlerts`: who is told at which percentage. */
export async function setBudgetAlerts(desk: BudgetDesk, argument: GivenBudget): Promise<HeldBudget | undefined> {
  const given = argument !== undefined && 'notifications' in argument ? argument.notifications : undefined;
  const { arm, place } = await desk.reach(placeOf(argument, desk.find));
  const budget = await readForEdit(desk, arm, place);
  const check: Check = (notifications) => {
    const findings = checkBudget(withMembers(budget, { notifications }), contextOf(arm, place, today(), budget));
    return findings.find(({ severity, pointer }) => severity === 'error' && pointer.startsWith('/notifications'))
      ?.message;
  };
  const notifications =
    given === undefined
      ? await askNotifications(place.name, budget, check)
      : (givenBody(given, 'notifications') as Notifications);
  if (notifications === undefined) {
    return undefined;
  }
  const edited: BudgetBody = withMembers(budget, { notifications });
  return quickSave(desk, arm, place, budget, edited, calledByPerson(argument));
}

async function askNotifications(name: string, budget: Budget, check: Check): Promise<Notifications | undefined> {
  const now = (budget.properties.notifications ?? {}) as Notifications;
  const title = plainText(`Alerts of budget '${name}'`);
  const rows = shownIn(now).map(([key, one]) => ({
    label: plainText(conditionText(one)),
    description: plainText(one.enabled === false ? `${key}, switched off` : key),
    detail: plainText(`to ${contactsText(one)}`),
    key,
  }));
  const add = { label: '$(add) Add an alert…', key: undefined };
  const picked = await vscode.window.showQuickPick<{ label: string; key: string | undefined }>([...rows, add], {
    title,
    placeHolder: rows.length === 0 ? 'Nobody is told yet' : 'Which one shall change?',
  });
  if (picked === undefined) {
    return undefined;
  }
  const { key } = picked;
  return key === undefined ? addOne(title, now, check) : changeOne(title, now, key, check);
}

async function addOne(title: string, now: Notifications, check: Check): Promise<Notifications | undefined> {
  const type = await vscode.window.showQuickPick(
    [
      { label: 'Actual', detail: 'When that much is spent' },
      { label: 'Forecasted', detail: 'When the service foresees that much for the period' },
    ],
    { title, placeHolder: 'What is compared with the threshold?' },
  );
  if (type === undefined) {
    return undefined;
  }
  const others = shownIn(now);
  const made = (threshold: string, mails: readonly string[]): Notifications => {
    const one = {
      enabled: true,
      operator: 'GreaterThanOrEqualTo',
      threshold: new ExactNumber(threshold),
      ...(type.label === 'Forecasted' && { thresholdType: 'Forecasted' }),
      contactEmails: [...mails],
    };
    return { ...now, [freeName(now, `${type.label}_${threshold.replaceAll(/\D/g, '_')}_Percent`)]: one };
  };
  const threshold = await askThreshold(title, '80', (text) => check(made(text, ['nobody@example.com'])));
  const known = [...new Set(others.flatMap(([, one]) => textsOf(one.contactEmails)))];
  if (threshold === undefined) {
    return undefined;
  }
  const mails = await askMails(title, known, (list) => check(made(threshold, list)));
  return mails && made(threshold, mails);
}

async function changeOne(
  title: string,
  now: Notifications,
  key: string,
  check: Check,
): Promise<Notifications | undefined> {
  const one = now[key] ?? {};
  const threshold = isNumber(one.threshold) ? digitsOf(one.threshold) : '';
  const mails = textsOf(one.contactEmails);
  const off = one.enabled === false;
  const picked = await vscode.window.showQuickPick(
    [
      { label: 'Threshold…', description: `${threshold} %`, what: 'threshold' },
      { label: 'Mail addresses…', description: plainText(mails.join(', ')), what: 'mails' },
      { label: off ? 'Switch on' : 'Switch off', description: '', what: 'enabled' },
      { label: 'Remove', description: '', what: 'remove' },
    ] as const,
    { title, placeHolder: plainText(`${conditionText(one)}: what shall change?`) },
  );
  const withOne = (members: Partial<NotificationBody>): Notifications => ({ ...now, [key]: { ...one, ...members } });
  switch (picked?.what) {
    case 'threshold': {
      const wanted = await askThreshold(title, threshold, (text) =>
        check(withOne({ threshold: new ExactNumber(text) })),
      );
      return wanted === undefined ? undefined : withOne({ threshold: new ExactNumber(wanted) });
    }
    case 'mails': {
      const wanted = await askMails(title, mails, (list) => check(withOne({ contactEmails: list })));
      return wanted && withOne({ contactEmails: wanted });
    }
    case 'enabled':
      return withOne({ enabled: off });
    case 'remove':
      return Object.fromEntries(Object.entries(now).filter(([name]) => name !== key));
    default:
      return undefined;
  }
}

async function askThreshold(
  title: string,
  value: string,
  check: (digits: string) => string | undefined,
): Promise<string | undefined> {
  const text = await vscode.window.showInputBox({
    title,
    value,
    prompt: 'Percent of the amount',
    validateInput: (typed) =>
      /^\d{1,6}(\.\d+)?$/.test(typed.trim())
        ? plainSentence(check(plainDigits(typed)))
        : 'Write a percentage such as 80.',
  });
  return text === undefined ? undefined : plainDigits(text);
}

async function askMails(
  title: string,
  known: readonly string[],
  check: (mails: string[]) => string | undefined,
): Promise<string[] | undefined> {
  const text = await vscode.window.showInputBox({
    title,
    value: known.join(', '),
    prompt: 'Mail addresses with commas between',
    validateInput: (typed) => plainSentence(check(mailsIn(typed))),
  });
  return text === undefined ? undefined : mailsIn(text);
}

function plainDigits(text: string): string {
  return text.trim().replace(/^0+(?=\d)/, '');
}

function plainSentence(sentence: string | undefined): string | undefined {
  return sentence === undefined ? undefined : plainText(sentence);
}

/** Values that are no notifications were seen: they are kept, and not shown. */
function shownIn(notifications: Notifications): [string, NotificationBody][] {
  return Object.entries(notifications).filter(([, one]) => isObject(one));
}

const OPERATOR_WORDS: Readonly<Record<string, string>> = {
  equalto: 'exactly',
  greaterthan: 'more than',
  greaterthanorequalto: 'from',
  lessthan: 'less than',
};

/** `Actual cost from 80 %`. */
function conditionText({ operator = '', threshold, thresholdType = 'Actual' }: NotificationBody): string {
  const words = OPERATOR_WORDS[operator.toLowerCase()] ?? operator;
  return `${thresholdType} cost ${words} ${valueText(threshold, '%')}`;
}

function contactsText({ contactEmails, contactRoles, contactGroups }: NotificationBody): string {
  const groups = textsOf(contactGroups).map((id) => id.split('/').at(-1) ?? id);
  return [...textsOf(contactEmails), ...textsOf(contactRoles), ...groups].join(', ') || 'nobody';
}

function textsOf(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : [];
}

function isNumber(value: unknown): value is number | ExactNumber {
  return typeof value === 'number' || value instanceof ExactNumber;
}

function freeName(now: Notifications, wanted: string): string {
  let name = wanted;
  for (let count = 2; Object.hasOwn(now, name); count++) {
    name = `${wanted}_${count}`;
  }
  return name;
}
