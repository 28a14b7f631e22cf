import * as vscode from 'vscode';
import type { ArmClient } from '../api/arm/armClient.ts';
import { parentPath } from '../api/arm/parent.ts';
import { everything } from '../workbench/progress.ts';
import { displayText, plainText } from '../workbench/text.ts';

export interface PickedScope {
  connection: string;
  scope: string;
  label: string;
}

/** What asking for a scope needs of the connections. */
export interface ScopeSource {
  list(): { name: string; problem?: string }[];
  arm(name: string): Promise<ArmClient>;
}

/** Asks for a connection, a billing account and one of its customers, each only when there is a choice. */
export async function pickScope(connections: ScopeSource, title = 'Open Usage'): Promise<PickedScope | undefined> {
  const names = connections.list().filter((entry) => entry.problem === undefined);
  if (names.length === 0) {
    throw new Error(
      'There is no connection yet. Run "Azure Billing: Explore the Sample Tenant" or add a connection first.',
    );
  }
  const connection = await choose(
    title,
    'Connection',
    names.map(({ name }) => ({ label: name, name })),
  );
  if (connection === undefined) {
    return undefined;
  }
  const arm = await connections.arm(connection.name);
  const { listBillingAccounts } = await import('../api/arm/billingAccounts.ts');
  const accounts = await everything('Fetching billing accounts', listBillingAccounts(arm));
  const account = await choose(
    title,
    'Billing account',
    accounts.map((item) => ({ label: nameOf(item), description: plainText(item.name), item })),
  );
  if (account === undefined) {
    return undefined;
  }
  const { name, properties } = account.item;
  const path = parentPath({ account: name });
  const whole = { label: 'Whole billing account', description: account.label, scope: path };
  if (properties.agreementType !== 'MicrosoftPartnerAgreement') {
    return { connection: connection.name, scope: path, label: account.label };
  }
  const { listCustomers } = await import('../api/arm/customers.ts');
  const customers = await everything('Fetching customers', listCustomers(arm, { account: name }));
  const scope = await choose(title, 'Customer', [
    whole,
    ...customers.map((item) => ({
      label: nameOf(item),
      description: plainText(item.name),
      scope: parentPath({ account: name, customer: item.name }),
    })),
  ]);
  return scope === undefined
    ? undefined
    : { connection: connection.name, scope: scope.scope, label: scope === whole ? account.label : scope.label };
}

function nameOf(item: { name: string; properties: { displayName?: string | null | undefined } }): string {
  return plainText(displayText(item.properties.displayName, item.name));
}

async function choose<T extends vscode.QuickPickItem>(
  title: string,
  placeHolder: string,
  items: T[],
): Promise<T | undefined> {
  if (items.length === 0) {
    throw new Error(`${placeHolder}: the service shows none to this sign-in.`);
  }
  return items.length === 1
    ? items[0]
    : vscode.window.showQuickPick(items, { title, placeHolder, matchOnDescription: true });
}
