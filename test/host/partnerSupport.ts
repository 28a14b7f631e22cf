import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { DecimalSum } from '../../src/records/decimal.ts';
import type { Connected } from './support.ts';

interface Collection {
  items: unknown[];
  links?: { next?: { uri: string; headers: { key: string; value: string }[] } };
}

/** All items of a list as the service has them, and the text of its pages, in which digits can be read. */
export async function listed<T = Record<string, unknown>>(
  { service }: Connected,
  path: string,
): Promise<{ items: T[]; text: string }> {
  const items: unknown[] = [];
  let text = '';
  let headers = {};
  for (let next: string | undefined = path; next !== undefined; ) {
    const address = `${service.endpoints.partnerCenter}/v1/${next.replace(/^\/?(v1\/)?/, '')}`;
    const page = await (await fetch(address, { headers })).text();
    const { items: some, links } = JSON.parse(page) as Collection;
    assert.ok(some, page);
    items.push(...some);
    text += page;
    next = links?.next?.uri;
    headers = Object.fromEntries(links?.next?.headers.map(({ key, value }) => [key, value]) ?? []);
  }
  return { items: items as T[], text };
}

/** The digits of a member of every record, in order, as they are written. */
export function digits(text: string, member: string): string[] {
  return [...text.matchAll(new RegExp(`"${member}": ?"?(-?[\\d.]+)`, 'g'))].map(([, found = '']) => found);
}

export function sum(amounts: readonly string[]): string {
  const all = new DecimalSum();
  for (const amount of amounts) {
    all.add(amount);
  }
  return all.toString();
}

/** A row of the tree as a menu hands it to a command. */
export function row(connected: Connected, fields: object): object {
  return { id: 'row', parent: undefined, label: 'Row', connection: connected.name, ...fields };
}

/** Calls a command that asks, and takes the first of every choice, or what an input box proposes, until it is done. */
export async function takingTheFirst<T>(command: string, argument: unknown): Promise<T | undefined> {
  let done = false;
  const result = Promise.resolve(vscode.commands.executeCommand<T>(command, argument)).finally(() => {
    done = true;
  });
  while (!done) {
    await new Promise((resolve) => setTimeout(resolve, 150));
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
  }
  return result;
}
