import * as vscode from 'vscode';
import type { ArmClient } from '../api/arm/armClient.ts';
import { type CostPolicy, getCostPolicy, setCostPolicy, viewChargesOf } from '../api/arm/costPolicy.ts';
import { BillingError } from '../api/http/errors.ts';
import { COST_POLICY_WORDS, type CostPolicyArgument, type NodeArgument, type ViewCharges } from '../contributions.ts';
import { type CommandHandlers, isTreeRow } from '../workbench/commands.ts';
import { withProgress } from '../workbench/progress.ts';
import { plainText, waitText } from '../workbench/text.ts';

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
      const policy = await withProgress(`Cost policy of ${name}`, (report, signal) =>
        setCostPolicy(arm, names, wanted, { signal, onWait: (wait) => report(waitText(wait)) }),
      );
      if (isTreeRow(argument)) {
        await vscode.commands.executeCommand('azureBilling.refresh', argument);
      }
      return policy;
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
    { modal: true, detail: picked.detail },
    confirm,
  );
  return answer === confirm ? picked.state : undefined;
}
