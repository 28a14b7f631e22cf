import * as vscode from 'vscode';
import type { ArmClient } from '../api/arm/armClient.ts';
import type { Budget } from '../api/arm/budgets.ts';
import { BillingError } from '../api/http/errors.ts';
import { bodyOf } from '../budgeting/budgetBody.ts';
import { changeOf } from '../budgeting/budgetChange.ts';
import { divideDigits, groupedDigits } from '../budgeting/decimal.ts';
import { lastMonths, type MonthCost } from '../budgeting/lastMonths.ts';
import type { HeldBudget } from '../contributions.ts';
import { digitsOf, ExactNumber } from '../json/exact.ts';
import { calledByPerson } from '../workbench/commands.ts';
import { plainText } from '../workbench/text.ts';
import { type BudgetDesk, currencyOf, today } from './budgetDesk.ts';
import { type GivenBudget, type OpenPlace, placeOf } from './budgetPlace.ts';
import { quickSave, readForEdit, withMembers } from './quickSave.ts';
import { readAmount } from './typedInput.ts';

const FORM = 'Write digits with a point before the decimals, such as 1250.00.';

/** `azureBilling.setBudgetAmount`: the amount alone, asked for beside what the last months cost. */
export async function setBudgetAmount(desk: BudgetDesk, argument: GivenBudget): Promise<HeldBudget | undefined> {
  const given = amountGiven(argument);
  const { arm, place } = await desk.reach(placeOf(argument, desk.find));
  const budget = await readForEdit(desk, arm, place);
  const person = calledByPerson(argument);
  const amount = given ?? (await askAmount(place, budget, recentCost(arm, place, currencyOf(place, budget))));
  if (amount === undefined) {
    return undefined;
  }
  return quickSave(desk, arm, place, budget, withMembers(budget, { amount: new ExactNumber(amount) }), person);
}

function amountGiven(argument: GivenBudget): string | undefined {
  const amount: unknown = argument !== undefined && 'amount' in argument ? argument.amount : undefined;
  if (amount === undefined) {
    return undefined;
  }
  const digits = typeof amount === 'number' || typeof amount === 'string' ? readAmount(String(amount)) : undefined;
  if (digits === undefined) {
    throw new BillingError('argument', `amount: '${String(amount).slice(0, 60)}' is no amount above 0.`, {
      advice: FORM,
    });
  }
  return digits;
}

/** What the last three months cost, as one line; where that cannot be told, why. */
async function recentCost(arm: ArmClient, place: OpenPlace, currency: string | undefined): Promise<string> {
  try {
    const months = await lastMonths(arm, place.scope, today());
    return monthsLine(months, currency);
  } catch {
    return 'What the last months cost could not be read.';
  }
}

/** `Last months: 2026-08 812.40, 2026-09 900.11 EUR`, of the budget's currency where there are several. */
function monthsLine(months: readonly MonthCost[], currency: string | undefined): string {
  const wanted = months.some((month) => month.currency === currency) ? currency : months[0]?.currency;
  if (wanted === undefined) {
    return 'The last three months cost nothing.';
  }
  const told = months
    .filter((month) => month.currency === wanted)
    .map(({ month, cost }) => `${month} ${groupedDigits(divideDigits(cost, '1', 2))}`);
  return `Last months: ${told.join(', ')} ${wanted}`;
}

/** Asks for the amount. Undefined when a person backs out. */
function askAmount(place: OpenPlace, budget: Budget, recent: Promise<string>): Promise<string | undefined> {
  const { amount, timeGrain } = budget.properties;
  const currency = currencyOf(place, budget);
  const shown = amount === undefined || amount === null ? '' : digitsOf(amount);
  const unit = [currency, timeGrain?.toLowerCase()].filter((word) => word !== undefined).join(', ');
  const box = vscode.window.createInputBox();
  box.title = plainText(`Amount of budget '${place.name}'${unit === '' ? '' : ` (${unit})`}`);
  box.value = shown;
  box.valueSelection = [0, shown.length];
  box.ignoreFocusOut = true;
  box.busy = true;
  let months = 'Reading what the last months cost…';
  box.prompt = months;
  const check = (): string | undefined => {
    const digits = readAmount(box.value);
    if (digits === undefined) {
      box.validationMessage = `This is no amount above 0. ${FORM}`;
      return undefined;
    }
    const { fields } = changeOf(bodyOf(budget), withMembers(budget, { amount: new ExactNumber(digits) }), currency);
    const [field] = fields;
    box.validationMessage =
      field === undefined
        ? undefined
        : {
            message: plainText(`${field.sentence}. Enter saves it. ${months}`),
            severity: vscode.InputBoxValidationSeverity.Info,
          };
    return digits;
  };
  void recent.then((line) => {
    months = line;
    box.prompt = plainText(line);
    box.busy = false;
    if (box.value !== shown) {
      check();
    }
  });
  return new Promise((resolve) => {
    box.onDidChangeValue(check);
    box.onDidAccept(() => {
      const digits = check();
      if (digits !== undefined) {
        resolve(digits);
        box.hide();
      }
    });
    box.onDidHide(() => {
      resolve(undefined);
      box.dispose();
    });
    box.show();
  });
}
