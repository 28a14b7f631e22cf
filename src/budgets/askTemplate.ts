import * as vscode from 'vscode';
import type { ArmClient } from '../api/arm/armClient.ts';
import { checkBudget } from '../api/arm/budgetRules/checkBudget.ts';
import type { BudgetFinding } from '../api/arm/budgetRules/findings.ts';
import { grainStart } from '../api/arm/budgetRules/periodRules.ts';
import { type Budget, listBudgets } from '../api/arm/budgets.ts';
import { parseCostScope } from '../api/arm/scope.ts';
import { type BudgetBody, bodyOf, type NotificationBody } from '../budgeting/budgetBody.ts';
import type { BudgetTemplate, PlanTarget } from '../budgeting/bulkPlan.ts';
import { groupedDigits } from '../budgeting/decimal.ts';
import { bodyAfter } from '../budgeting/suggestions.ts';
import { digitsOf, ExactNumber } from '../json/exact.ts';
import { everything } from '../workbench/progress.ts';
import { plainText } from '../workbench/text.ts';
import { count } from './tableTexts.ts';
import { amountProblem, mailsIn } from './typedInput.ts';

const TITLE = 'Apply Budget to Many';

/** Asks which budget many scopes are to have: one that a scope has, or a few answers. Undefined when the user backs out. */
export async function askTemplate(
  arm: ArmClient,
  targets: readonly PlanTarget[],
  today: string,
): Promise<BudgetTemplate | undefined> {
  const fresh = { label: '$(add) A new budget', detail: 'Asks for amount, thresholds and mail addresses.' };
  const like = {
    label: '$(copy) A budget that one of them has',
    detail: 'Asks which; all of it but its start is taken.',
  };
  const picked = await vscode.window.showQuickPick([fresh, like], {
    title: `${TITLE}: ${count(targets.length, 'scope')}`,
    placeHolder: 'What they are to have',
  });
  if (picked === undefined) {
    return undefined;
  }
  return picked === fresh ? askNew(arm, targets, today) : askLike(arm, targets, today);
}

/** A template after a budget that is there. */
export function templateOf(budget: Budget, today: string, scope: string): BudgetTemplate {
  return {
    name: budget.name,
    body: bodyAfter(bodyOf(budget), { scope: parseCostScope(scope), today }),
    currency: budget.properties.currentSpend?.unit ?? undefined,
    provider: undefined,
  };
}

async function askLike(
  arm: ArmClient,
  targets: readonly PlanTarget[],
  today: string,
): Promise<BudgetTemplate | undefined> {
  const items = targets.map(({ label, scope, currency }) => ({
    label: plainText(label),
    description: currency ?? '',
    scope,
  }));
  const from =
    items.length === 1
      ? items[0]
      : await vscode.window.showQuickPick(items, { title: TITLE, placeHolder: 'Whose budget' });
  if (from === undefined) {
    return undefined;
  }
  const budgets = await everything('Fetching budgets', listBudgets(arm, { scope: parseCostScope(from.scope) }));
  const choices = budgets.map((budget) => ({
    label: plainText(budget.name),
    description: plainText(amountOf(budget)),
    budget,
  }));
  if (choices.length === 0) {
    void vscode.window.showInformationMessage(plainText(`${from.label} has no budget.`));
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(choices, { title: TITLE, placeHolder: 'Budget' });
  return picked && templateOf(picked.budget, today, from.scope);
}

function amountOf({ properties: { amount, currentSpend, timeGrain } }: Budget): string {
  const digits = amount === undefined || amount === null ? 'no amount' : groupedDigits(digitsOf(amount));
  return [digits, currentSpend?.unit, timeGrain?.toLowerCase()].filter(Boolean).join(' ');
}

async function askNew(
  arm: ArmClient,
  targets: readonly PlanTarget[],
  today: string,
): Promise<BudgetTemplate | undefined> {
  const start: BudgetBody = {
    category: 'Cost',
    timeGrain: 'Monthly',
    timePeriod: { startDate: `${grainStart(today, 1)}T00:00:00Z` },
  };
  /** The rules of the first scope; the preview has those of each. */
  const problem = (body: BudgetBody, name: string, of: (finding: BudgetFinding) => boolean): string | undefined => {
    const scope = parseCostScope(targets[0]?.scope ?? '');
    const context = { scope, name, provider: 'costManagement', versions: arm.versions, today } as const;
    const findings = checkBudget(body, { ...context, current: undefined });
    return findings.find((finding) => finding.severity === 'error' && of(finding))?.message;
  };
  const name = await ask('Name of the budget, in every scope', 'monthly-budget', (text) =>
    problem({ ...start, amount: 1 }, text, ({ code }) => code === 'name'),
  );
  const currency = name === undefined ? undefined : await askCurrency(targets);
  if (name === undefined || currency === undefined) {
    return undefined;
  }
  const unit = currency === '' ? 'in what each scope is billed in' : `in ${currency}`;
  const amount = await ask(`Amount of a month, ${unit}`, '', amountProblem);
  const thresholds = amount && (await ask('Tell at these percentages of it', '80, 100', thresholdProblem));
  const withMails = (text: string): BudgetBody => ({
    ...start,
    amount: new ExactNumber(amount ?? '1'),
    notifications: notificationsOf(thresholds || '100', text),
  });
  const mails =
    thresholds &&
    (await ask('Mail addresses to tell, with commas between', '', (text) =>
      mailsIn(text).length === 0
        ? 'Write at least one mail address.'
        : problem(withMails(text), name, ({ pointer }) => pointer.startsWith('/notifications')),
    ));
  return mails ? { name, body: withMails(mails), currency: currency || undefined, provider: undefined } : undefined;
}

/** A currency; an empty text: that of each scope. Undefined when the user backs out. */
async function askCurrency(targets: readonly PlanTarget[]): Promise<string | undefined> {
  const counts = new Map<string, number>();
  for (const { currency } of targets) {
    if (currency !== undefined) {
      counts.set(currency, (counts.get(currency) ?? 0) + 1);
    }
  }
  const [only] = counts.keys();
  if (counts.size < 2) {
    return only ?? '';
  }
  const each = [...counts].map(([code, scopes]) => ({
    label: code,
    detail: `For ${count(scopes, 'scope')}; the others are left out, or get an amount of their own in the preview.`,
    code,
  }));
  const same = { label: 'The same number in every currency', detail: 'Each in what it is billed in.', code: '' };
  const placeHolder = 'The scopes are billed in several currencies: what is the amount in?';
  return (await vscode.window.showQuickPick([...each, same], { title: TITLE, placeHolder }))?.code;
}

async function ask(
  prompt: string,
  value: string,
  validateInput: (text: string) => string | undefined,
): Promise<string | undefined> {
  const text = await vscode.window.showInputBox({ title: TITLE, prompt, value, validateInput, ignoreFocusOut: true });
  return text?.trim() || undefined;
}

function thresholdProblem(text: string): string | undefined {
  const all = listOf(text);
  const wrong = all.find((one) => !/^\d{1,4}(\.\d{1,2})?$/.test(one) || Number(one) <= 0 || Number(one) > 1000);
  return all.length === 0 || all.length > 5 || wrong !== undefined
    ? 'Write one to five percentages up to 1000, with commas between, such as 80, 100.'
    : undefined;
}

function notificationsOf(thresholds: string, mails: string): Record<string, NotificationBody> {
  return Object.fromEntries(
    listOf(thresholds).map((threshold) => [
      `Actual_${threshold.replace('.', '_')}_Percent`,
      {
        enabled: true,
        operator: 'GreaterThanOrEqualTo',
        threshold: new ExactNumber(threshold),
        thresholdType: 'Actual',
        contactEmails: mailsIn(mails),
      },
    ]),
  );
}

function listOf(text: string): string[] {
  return [...new Set(text.split(/[\s,;%]+/).filter((part) => part !== ''))];
}
