import * as vscode from 'vscode';
import type { ArmClient } from '../api/arm/armClient.ts';
import { type CostPolicy, getCostPolicy, viewChargesOf } from '../api/arm/costPolicy.ts';
import { BillingError } from '../api/http/errors.ts';
import { changeCostPolicy, type PolicyOutcome } from '../budgeting/costPolicyChange.ts';
import { COST_POLICY_WORDS, type CostPolicyArgument, type NodeArgument, type ViewCharges } from '../contributions.ts';
import { type CommandHandlers, isTreeRow } from '../workbench/commands.ts';
import { withProgress } from '../workbench/progress.ts';
import { displayText, plainText, waitText } from '../workbench/text.ts';
import { cancelledText, notAppliedText, notWritten } from './notWritten.ts';

interface ConnectionSource {
  arm(name: string): Promise<ArmClient>;
}

/** The commands on the cost policy of a customer. */
export function costPolicyCommands(
  connections: ConnectionSource,
): Pick<CommandHandlers, 'azureBilling.getCostPolicy' | 'azureBilling.setCostPolicy'> {
  return {
    'azureBilling.getCostPolicy': async (argument) => {
      const { connection, account, customer } = completeArgument(argument);
      return getCostPolicy(await connections.arm(connection), { account, customer });
    },

    'azureBilling.setCostPolicy': async (argument) => {
      const { connection, account, customer, viewCharges } = completeArgument(argument);
      const arm = await connections.arm(connection);
      const names = { account, customer };
      const name = isTreeRow(argument) ? (argument.title ?? argument.label) : customer;
      const wanted = viewCharges ?? (await chooseState(name, viewChargesOf(await getCostPolicy(arm, names))));
      if (wanted === undefined) {
        return undefined;
      }
      for (;;) {
        const outcome = await withProgress(`Cost policy of ${name}`, (report, signal) => {
          report(`Turning it ${COST_POLICY_WORDS[wanted].label.toLowerCase()}…`);
          return changeCostPolicy(arm, names, wanted, { signal, onWait: (wait) => report(waitText(wait)) });
        });
        if (!isTreeRow(argument)) {
          return policyOf(outcome);
        }
        await vscode.commands.executeCommand('azureBilling.refresh', argument);
        if (!(await toldAndAgain(name, wanted, outcome))) {
          return 'policy' in outcome ? outcome.policy : undefined;
        }
      }
    },
  };
}

/** Checks what a plain argument or a row says of the customer. */
function completeArgument(argument: CostPolicyArgument | NodeArgument | undefined): CostPolicyArgument {
  const given: Partial<Record<keyof CostPolicyArgument, unknown>> = argument ?? {};
  const text = (field: 'connection' | 'account' | 'customer'): string => {
    const value = given[field];
    if (typeof value !== 'string' || value === '') {
      throw new BillingError('argument', `${field}: is missing.`, {
        advice: 'Call the command on a customer of the tree.',
      });
    }
    return value;
  };
  const { viewCharges } = given;
  if (viewCharges !== undefined && viewCharges !== 'Allowed' && viewCharges !== 'NotAllowed') {
    throw new BillingError('argument', `viewCharges: '${String(viewCharges)}' is neither Allowed nor NotAllowed.`);
  }
  return {
    connection: text('connection'),
    account: text('account'),
    customer: text('customer'),
    ...(viewCharges === undefined ? {} : { viewCharges: viewCharges as ViewCharges }),
  };
}

/** The policy that the service holds now. @throws what kept it from being changed */
function policyOf(outcome: PolicyOutcome): CostPolicy {
  if (outcome.kind === 'saved' || outcome.kind === 'unchanged') {
    return outcome.policy;
  }
  throw notWritten('the cost policy', outcome);
}

/** Shows how it is, asks how it shall be, and lets the change be confirmed. Undefined when nothing shall change. */
async function chooseState(
  customer: string,
  now: CostPolicy['properties']['viewCharges'],
): Promise<ViewCharges | undefined> {
  const items = (['Allowed', 'NotAllowed'] as const).map((state) => ({
    label: COST_POLICY_WORDS[state].label,
    description: state === now ? 'as it is now' : '',
    detail: COST_POLICY_WORDS[state].meaning,
    state,
  }));
  const picked = await vscode.window.showQuickPick(items, { title: plainText(`Cost policy of ${customer}`) });
  if (picked === undefined || picked.state === now) {
    return undefined;
  }
  const confirm = `Turn ${picked.label}`;
  const answer = await vscode.window.showWarningMessage(
    plainText(`Turn the cost policy of ${customer} ${picked.label.toLowerCase()}?`),
    { modal: true, detail: `${picked.detail}\nWhat the partner's own roles see does not change.` },
    confirm,
  );
  return answer === confirm ? picked.state : undefined;
}

/** Tells a person how the change ended. @returns whether it is to be tried again. @throws what was refused */
async function toldAndAgain(customer: string, wanted: ViewCharges, outcome: PolicyOutcome): Promise<boolean> {
  const { label, meaning } = COST_POLICY_WORDS[wanted];
  const tell = (text: string) => void vscode.window.showInformationMessage(plainText(text));
  switch (outcome.kind) {
    case 'saved':
      tell(
        `The cost policy of ${customer} is ${label.toLowerCase()} now. ${meaning}${outcome.answerLost ? ' The answer was lost; reading it again showed this.' : ''}`,
      );
      return false;
    case 'unchanged':
      tell(`The cost policy of ${customer} was ${label.toLowerCase()} already; somebody else turned it so.`);
      return false;
    case 'cancelled':
      tell(cancelledText('the cost policy', outcome));
      return false;
    case 'notApplied': {
      const again = 'Try Again';
      const state = displayText(viewChargesOf(outcome.policy), 'not told');
      const text = `${notAppliedText(`the cost policy of ${customer}`)} It is ${state}.`;
      return (await vscode.window.showWarningMessage(plainText(text), again)) === again;
    }
    case 'refused':
    case 'unknown':
      throw notWritten('the cost policy', outcome);
  }
}
