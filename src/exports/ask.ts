import * as vscode from 'vscode';
import type { ArmClient } from '../api/arm/armClient.ts';
import type { NodeArgument } from '../contributions.ts';
import { everything } from '../workbench/progress.ts';
import { displayText, plainText } from '../workbench/text.ts';
import type { ConnectionSource } from './connectionSource.ts';

/** The user backed out of a question: the command ends without a word. */
export class BackedOut extends Error {
  override readonly name = 'AbortError';
}

export interface Choice<T> {
  label: string;
  description?: string | undefined;
  value: T;
}

/** Asks for one of some things, when there is a choice; their texts may come from the service. */
export async function choose<T>(title: string, what: string, choices: readonly Choice<T>[]): Promise<T> {
  const [only] = choices;
  if (only === undefined) {
    throw new Error(`${what}: the service shows none to this sign-in.`);
  }
  if (choices.length === 1) {
    return only.value;
  }
  const items = choices.map(({ label, description, value }) => ({
    label: plainText(label),
    description: plainText(description ?? ''),
    value,
  }));
  const picked = await vscode.window.showQuickPick(items, { title, placeHolder: what, matchOnDescription: true });
  if (picked === undefined) {
    throw new BackedOut();
  }
  return picked.value;
}

/** Asks for a connection, unless it is given. */
export async function askConnection(
  connections: ConnectionSource,
  given: string | undefined,
  title: string,
): Promise<string> {
  if (given !== undefined) {
    return given;
  }
  const names = connections.list().filter(({ problem }) => problem === undefined);
  if (names.length === 0) {
    throw new Error(
      'There is no connection yet. Run "Azure Billing: Explore the Sample Tenant" or add a connection first.',
    );
  }
  return choose(
    title,
    'Connection',
    names.map(({ name }) => ({ label: name, value: name })),
  );
}

/** Asks for a billing account, unless it is given. */
export async function askAccount(arm: ArmClient, given: string | undefined, title: string): Promise<string> {
  if (given !== undefined) {
    return given;
  }
  const { listBillingAccounts } = await import('../api/arm/billingAccounts.ts');
  const accounts = await everything('Fetching billing accounts', listBillingAccounts(arm));
  return choose(title, 'Billing account', accounts.map(named));
}

/** Asks for a billing profile, unless it is given. */
export async function askProfile(
  arm: ArmClient,
  account: string,
  given: string | undefined,
  title: string,
): Promise<string> {
  if (given !== undefined) {
    return given;
  }
  const { listBillingProfiles } = await import('../api/arm/billingProfiles.ts');
  const profiles = await everything('Fetching billing profiles', listBillingProfiles(arm, account));
  return choose(title, 'Billing profile', profiles.map(named));
}

/** The row that a row of the tree is below. */
export function parentOf(row: NodeArgument & { parent?: NodeArgument | undefined }): NodeArgument | undefined {
  return row.parent;
}

/** A resource by the name that people know. */
export function named({
  name,
  properties,
}: {
  name: string;
  properties: { displayName?: string | null | undefined };
}): Choice<string> {
  return { label: displayText(properties.displayName, name), description: name, value: name };
}
