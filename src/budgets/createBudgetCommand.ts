import * as vscode from 'vscode';
import type { ArmClient } from '../api/arm/armClient.ts';
import { Findings } from '../api/arm/budgetRules/findings.ts';
import { checkName } from '../api/arm/budgetRules/nameRules.ts';
import { type Budget, listBudgets, providerOf } from '../api/arm/budgets.ts';
import type { CostScope } from '../api/arm/scope.ts';
import { BillingError } from '../api/http/errors.ts';
import { type BudgetBody, bodyOf } from '../budgeting/budgetBody.ts';
import { valueText } from '../budgeting/budgetChange.ts';
import { writeBudgetText } from '../budgeting/budgetText.ts';
import { createBudget } from '../budgeting/createBudget.ts';
import { groupedDigits } from '../budgeting/decimal.ts';
import { lastMonths } from '../budgeting/lastMonths.ts';
import { amountSuggestions, bodyAfter } from '../budgeting/suggestions.ts';
import type { CreateBudgetArgument, HeldBudget, NodeArgument } from '../contributions.ts';
import { ExactNumber } from '../json/exact.ts';
import { everything, withProgress } from '../workbench/progress.ts';
import { plainText, waitText } from '../workbench/text.ts';
import { type BudgetDesk, currencyOf, today } from './budgetDesk.ts';
import type { BudgetFiles } from './budgetFiles.ts';
import { type OpenPlace, type PlaceOfBudget, partsOf, scopeOf } from './budgetPlace.ts';
import { givenBody } from './quickSave.ts';

/**
 * `azureBilling.createBudget`: with a body it is created at once; else a person chooses what it begins as, and gets it as a document that
 * creates it when it is saved.
 *
 * @returns the budget as the service holds it; undefined for a document that is not saved yet
 */
export async function createBudgetCommand(
  desk: BudgetDesk,
  files: BudgetFiles,
  argument: CreateBudgetArgument | NodeArgument,
): Promise<HeldBudget | undefined> {
  const given = partsOf(argument ?? {});
  const where = scopeOf(given, desk.find);
  const arm = await desk.arm(where.connection);
  const place = (name: string): OpenPlace => ({ ...where, name, provider: providerOf(where, arm.versions) });
  if ('body' in argument && argument.body !== undefined) {
    return createAtOnce(desk, arm, place(nameGiven(given.name)), givenBody(argument.body));
  }
  const existing = await everything('Budgets', listBudgets(arm, where));
  const body = await askBeginning(arm, where, existing);
  if (body === undefined) {
    return undefined;
  }
  const name = given.name === undefined ? await askName(existing) : nameGiven(given.name);
  if (name === undefined) {
    return undefined;
  }
  const target = place(name);
  await files.begin(target, writeBudgetText(body));
  return undefined;
}

async function createAtOnce(desk: BudgetDesk, arm: ArmClient, place: OpenPlace, body: BudgetBody): Promise<Budget> {
  const outcome = await desk.run(`Creating budget ${place.name}`, (options) => createBudget(arm, place, body, options));
  if (outcome.kind !== 'saved') {
    return desk.refuse(place, outcome);
  }
  desk.made(place, outcome.undo, outcome.budget);
  return outcome.budget;
}

function nameGiven(name: unknown): string {
  if (typeof name !== 'string' || name === '') {
    throw new BillingError('argument', 'name: is missing.', { advice: 'Give the name of the budget.' });
  }
  return name;
}

const NOTIFICATIONS = {
  Actual_80_Percent: { enabled: true, operator: 'GreaterThanOrEqualTo', threshold: 80, contactEmails: [] },
};

/** A budget on the cost of each month from the current one on; whom it tells is for the person to say. */
function monthly(amount: string): BudgetBody {
  return {
    category: 'Cost',
    amount: new ExactNumber(amount),
    timeGrain: 'Monthly',
    timePeriod: { startDate: `${today().slice(0, 7)}-01T00:00:00Z` },
    notifications: structuredClone(NOTIFICATIONS),
  };
}

/** What a new budget begins as. Undefined when a person backs out. */
async function askBeginning(
  arm: ArmClient,
  where: Pick<PlaceOfBudget, 'connection' | 'scope' | 'provider'>,
  existing: readonly Budget[],
): Promise<BudgetBody | undefined> {
  const picked = await vscode.window.showQuickPick(
    [
      {
        label: 'From what the last months cost',
        detail: 'An amount from the cost of the last three months',
        from: 'spend',
      },
      { label: 'From another budget', detail: 'A copy that begins with the running period', from: 'other' },
      { label: 'From scratch', detail: 'A monthly budget of 1,000', from: 'scratch' },
    ] as const,
    { title: 'New budget', placeHolder: 'What shall it begin as?' },
  );
  switch (picked?.from) {
    case 'scratch':
      return monthly('1000');
    case 'spend':
      return askAmountFromSpend(arm, where.scope);
    case 'other':
      return askOther(arm, where, existing);
    default:
      return undefined;
  }
}

async function askAmountFromSpend(arm: ArmClient, scope: CostScope): Promise<BudgetBody | undefined> {
  const months = await withProgress('What the last months cost', (report, signal) =>
    lastMonths(arm, scope, today(), 3, { signal, onWait: (wait) => report(waitText(wait)) }),
  );
  const [first] = months;
  const ofOne = months.filter(({ currency }) => currency === first?.currency);
  const items = amountSuggestions(ofOne, 'Monthly').map(({ amount, currency, why }) => ({
    label: plainText(`${groupedDigits(amount)} ${currency}`),
    description: plainText(why),
    amount,
  }));
  if (items.length === 0) {
    const scratch = 'From Scratch';
    const answer = await vscode.window.showInformationMessage(
      'The last three months cost nothing here, so there is nothing to begin with.',
      scratch,
    );
    return answer === scratch ? monthly('1000') : undefined;
  }
  const picked = await vscode.window.showQuickPick(items, {
    title: 'New budget',
    placeHolder: 'The amount of a month; it can be changed before it is saved',
  });
  return picked && monthly(picked.amount);
}

async function askOther(
  arm: ArmClient,
  where: Pick<PlaceOfBudget, 'connection' | 'scope' | 'provider'>,
  existing: readonly Budget[],
): Promise<BudgetBody | undefined> {
  const { scope } = where;
  // Budgets of the account are what others of the partner are made after.
  const above: CostScope | undefined =
    scope.kind === 'customer' || scope.kind === 'billingProfile'
      ? { kind: 'billingAccount', account: scope.account }
      : undefined;
  const others = above === undefined ? [] : await everything('Budgets', listBudgets(arm, { scope: above }));
  const items = [
    ...existing.map((budget) => otherItem(budget, scope, 'here')),
    ...others.map((budget) => otherItem(budget, above ?? scope, 'of the billing account')),
  ];
  if (items.length === 0) {
    void vscode.window.showInformationMessage(
      'There is no other budget to begin with, here or at the billing account.',
    );
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(items, {
    title: 'New budget',
    placeHolder: 'After which budget?',
    matchOnDescription: true,
  });
  return picked && bodyAfter(bodyOf(picked.budget), { scope, today: today() });
}

function otherItem(budget: Budget, scope: CostScope, where: string) {
  const { amount, timeGrain } = budget.properties;
  const name = budget.name ?? '';
  const unit = currencyOf({ scope, name, connection: '' }, budget);
  return {
    label: plainText(name || 'Unnamed'),
    description: plainText(
      [valueText(amount ?? undefined, unit), timeGrain?.toLowerCase(), where].filter(Boolean).join(', '),
    ),
    budget,
  };
}

async function askName(existing: readonly Budget[]): Promise<string | undefined> {
  const taken = new Set(existing.map(({ name }) => name?.toLowerCase()));
  return vscode.window.showInputBox({
    title: 'New budget',
    prompt: 'Its name: letters, digits, dashes and underscores. It cannot be changed later.',
    ignoreFocusOut: true,
    validateInput: (name) => {
      const findings = new Findings();
      checkName(findings, name);
      const [wrong] = findings.list;
      return wrong === undefined
        ? taken.has(name.toLowerCase())
          ? `There is a budget '${name}' here already.`
          : undefined
        : name === ''
          ? 'Write a name.'
          : plainText(wrong.message);
    },
  });
}
