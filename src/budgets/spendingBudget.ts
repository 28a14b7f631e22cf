import * as vscode from 'vscode';
import type { SendOptions } from '../api/http/client.ts';
import { BillingError } from '../api/http/errors.ts';
import type { PartnerCenterClient } from '../api/partnerCenter/partnerCenterClient.ts';
import { isSpendingAmount } from '../api/partnerCenter/spendingAmount.ts';
import {
  type BudgetAmount,
  ChangedBudgetError,
  getUsageBudget,
  type UsageBudget,
} from '../api/partnerCenter/usageBudget.ts';
import { type SpendingOutcome, saveSpendingBudget } from '../budgeting/spendingBudget.ts';
import type {
  NodeArgument,
  SetSpendingBudgetArgument,
  SpendingAmount,
  SpendingBudgetArgument,
} from '../contributions.ts';
import { type CommandHandlers, isTreeRow } from '../workbench/commands.ts';
import { withProgress } from '../workbench/progress.ts';
import { plainText, waitText } from '../workbench/text.ts';
import { cancelledText, notAppliedText, notWritten } from './notWritten.ts';

interface ConnectionSource {
  partnerCenter(name: string): Promise<PartnerCenterClient>;
}

/** The commands on the spending budget of a customer in Partner Center. */
export function spendingBudgetCommands(
  connections: ConnectionSource,
): Pick<CommandHandlers, 'azureBilling.getSpendingBudget' | 'azureBilling.setSpendingBudget'> {
  return {
    'azureBilling.getSpendingBudget': async (argument) => {
      const { connection, customerId } = completeArgument(argument);
      return getUsageBudget(await connections.partnerCenter(connection), customerId);
    },

    'azureBilling.setSpendingBudget': async (argument) => {
      const { connection, customerId, amount, expected } = completeArgument(argument);
      const client = await connections.partnerCenter(connection);
      if (amount !== undefined) {
        const change = expected === undefined ? { to: amount } : { from: expected, to: amount };
        return budgetOf(await saveSpendingBudget(client, customerId, change));
      }
      return changeByPerson(client, customerId, argument);
    },
  };
}

/** Checks what a plain argument or a row says of the customer and the amount. */
function completeArgument(
  argument: SetSpendingBudgetArgument | SpendingBudgetArgument | NodeArgument | undefined,
): SetSpendingBudgetArgument {
  const given: Record<string, unknown> = { ...argument };
  if (isTreeRow(argument)) {
    given.customerId = argument.customer;
  }
  const text = (field: 'connection' | 'customerId'): string => {
    const value = given[field];
    if (typeof value !== 'string' || value.trim() === '') {
      throw new BillingError('argument', `${field}: is missing.`, {
        advice: 'Call the command on a customer of Partner Center in the tree.',
      });
    }
    return value;
  };
  const amount = (field: 'amount' | 'expected'): SpendingAmount | undefined => {
    const value = given[field];
    if (value !== undefined && value !== null && typeof value !== 'number' && typeof value !== 'string') {
      throw new BillingError('argument', `${field}: is neither a number, a text of digits, nor null for no budget.`);
    }
    if (value !== undefined && value !== null && !isSpendingAmount(String(value))) {
      throw new BillingError('argument', `${field}: '${String(value).slice(0, 60)}' is no amount.`, {
        advice:
          'Give a number from 0 on such as 2500 or 99.50, with a point before the decimals, or null for no budget.',
      });
    }
    return value;
  };
  const [to, from] = [amount('amount'), amount('expected')];
  return {
    connection: text('connection'),
    customerId: text('customerId'),
    ...(to === undefined ? {} : { amount: to }),
    ...(from === undefined ? {} : { expected: from }),
  };
}

/** The budget that the service holds now. @throws what kept it from being changed */
function budgetOf(outcome: SpendingOutcome): UsageBudget {
  if (outcome.kind === 'saved') {
    return outcome.budget;
  }
  throw outcome.kind === 'changed'
    ? new ChangedBudgetError(outcome.budget)
    : notWritten('the spending budget', outcome);
}

/**
 * Asks for the amount, lets the change be confirmed, and asks again when somebody else was faster or nothing was written. Undefined:
 * nothing changed, as far as anybody knows.
 */
async function changeByPerson(
  client: PartnerCenterClient,
  customerId: string,
  argument: SetSpendingBudgetArgument | NodeArgument,
): Promise<UsageBudget | undefined> {
  const row = isTreeRow(argument) ? argument : undefined;
  const customer = row?.title ?? row?.label ?? customerId;
  const title = `Spending budget of ${customer}`;
  const shown = row?.spendingBudget ?? {
    amount: amountOf(await runWithProgress(title, (options) => getUsageBudget(client, customerId, options))),
    currency: undefined,
  };
  const wanted = await askAmount(title, shown.amount, shown.currency);
  const words = (amount: string | null | undefined) => amountText(amount, shown.currency);
  if (wanted === undefined || !(await confirmed(customer, words(shown.amount), words(wanted), wanted))) {
    return undefined;
  }
  let from: BudgetAmount = shown.amount ?? null;
  for (;;) {
    const change = { from, to: wanted };
    const outcome = await runWithProgress(title, (options) => saveSpendingBudget(client, customerId, change, options));
    if (row !== undefined) {
      // Whatever is told, the row says what the service holds.
      await vscode.commands.executeCommand('azureBilling.refresh', row);
    }
    switch (outcome.kind) {
      case 'saved': {
        const lost = outcome.answerLost ? ' The answer was lost; reading it again showed this.' : '';
        tell(`The spending budget of ${customer} is ${words(amountOf(outcome.budget))} now.${lost}`);
        return outcome.budget;
      }
      case 'changed': {
        const now = amountOf(outcome.budget);
        if (!(await confirmedAnyway(customer, words(now), words(from === null ? null : String(from)), words(wanted)))) {
          return undefined;
        }
        from = now ?? null;
        break;
      }
      case 'notApplied': {
        const now = amountOf(outcome.budget);
        const text = `${notAppliedText(`the spending budget of ${customer}`)} It is ${words(now)}.`;
        const again = 'Try Again';
        if ((await vscode.window.showWarningMessage(plainText(text), again)) !== again) {
          return undefined;
        }
        from = now ?? null;
        break;
      }
      case 'cancelled':
        tell(cancelledText('the spending budget', outcome));
        return undefined;
      case 'refused':
      case 'unknown':
        throw notWritten('the spending budget', outcome);
    }
  }
}

function tell(text: string): void {
  void vscode.window.showInformationMessage(plainText(text));
}

function runWithProgress<T>(title: string, run: (options: SendOptions) => Promise<T>): Promise<T> {
  return withProgress(title, (report, signal) => run({ signal, onWait: (wait) => report(waitText(wait)) }));
}

function amountOf({ amount }: UsageBudget): string | undefined {
  return amount === undefined || amount === null ? undefined : String(amount);
}

function amountText(amount: string | null | undefined, currency: string | undefined): string {
  return amount === undefined || amount === null ? 'no budget' : [amount, currency].filter(Boolean).join(' ');
}

/** Undefined when nothing shall change, null for no budget. */
async function askAmount(
  title: string,
  shown: string | undefined,
  currency: string | undefined,
): Promise<string | null | undefined> {
  const text = await vscode.window.showInputBox({
    title: plainText(title),
    prompt: plainText(
      `The amount of a month ${currency === undefined ? "in the currency of the customer's usage" : `in ${currency}`}. Leave it empty for no budget.`,
    ),
    value: shown ?? '',
    validateInput: (value) =>
      value.trim() === '' || isSpendingAmount(value)
        ? undefined
        : 'Write a number from 0 on, such as 2500 or 99.50, with a point before the decimals.',
  });
  if (text === undefined || text.trim() === (shown ?? '')) {
    return undefined;
  }
  return text.trim() || null;
}

async function confirmed(customer: string, before: string, after: string, wanted: string | null): Promise<boolean> {
  const button = wanted === null ? 'Remove Budget' : 'Change Budget';
  const answer = await vscode.window.showWarningMessage(
    plainText(`Change the spending budget of ${customer} from ${before} to ${after}?`),
    { modal: true, detail: 'It is what the partner is notified by; nothing is stopped when it is reached.' },
    button,
  );
  return answer === button;
}

async function confirmedAnyway(customer: string, now: string, before: string, after: string): Promise<boolean> {
  const button = 'Change Anyway';
  const answer = await vscode.window.showWarningMessage(
    plainText(`The spending budget of ${customer} is ${now} by now, not ${before}.`),
    { modal: true, detail: plainText(`Somebody else changed it since it was shown. Change it to ${after} anyway?`) },
    button,
  );
  return answer === button;
}
