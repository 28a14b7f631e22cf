import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { type SampleOptions, type SampleService, startSampleService } from '../../src/sample/service.ts';

/** A moment in the middle of a month: October 2026 is closed, November open. */
const NOW = new Date('2026-11-21T12:00:00Z');

/** A sample service of the test's own, added as a connection. */
export interface Connected {
  name: string;
  service: SampleService;
  remove(): Promise<void>;
}

/** GB that are kept of what is fetched: tests that count requests, or want a fault to be seen, keep nothing. */
export async function keepUsage(limit: number): Promise<void> {
  const { Global } = vscode.ConfigurationTarget;
  await vscode.workspace.getConfiguration().update('azureBilling.store.limit', limit, Global);
}

// Of all suites: each file imports this one.
before(() => keepUsage(0));

let serial = 0;

/** @param also services that the connection has besides Azure Resource Manager */
export async function connectSample(
  options: SampleOptions = {},
  also: readonly ('partnerCenter' | 'graph')[] = [],
): Promise<Connected> {
  const service = await startSampleService({ now: NOW, customers: 12, usageRows: 20_000, ...options });
  const name = `Test ${++serial}`;
  await vscode.commands.executeCommand('azureBilling.addConnection', {
    name,
    cloud: 'custom',
    credential: 'none',
    endpoints: Object.fromEntries(
      (['resourceManager', ...also] as const).map((endpoint) => [endpoint, service.endpoints[endpoint]]),
    ),
  });
  return {
    name,
    service,
    async remove() {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await vscode.commands.executeCommand('azureBilling.removeConnection', { connection: name });
      await service.close();
    },
  };
}

/** Runs a command that has to be refused and gives the sentence. */
export async function refusal(command: string, argument: unknown): Promise<string> {
  try {
    await vscode.commands.executeCommand(command, argument);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return assert.fail(`${command} was accepted`);
}

export async function openUsage(argument: Record<string, unknown>): Promise<vscode.Uri> {
  const uri = await vscode.commands.executeCommand<vscode.Uri | undefined>('azureBilling.openUsage', argument);
  assert.ok(uri, 'openUsage returned nothing');
  return uri;
}

/** The label of the tab in front, once it shows the address. */
export async function activeTab(uri: vscode.Uri): Promise<vscode.Tab> {
  return eventually(() => {
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    return tab?.input instanceof vscode.TabInputText && tab.input.uri.toString() === uri.toString() ? tab : undefined;
  });
}

/** Waits for a tab in front whose title is so: panels get theirs a moment after they open. */
export async function tabNamed(title: RegExp): Promise<void> {
  await eventually(() => {
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    return title.test(tab?.label ?? '') ? tab : undefined;
  });
}

export async function eventually<T>(read: () => T | undefined, milliseconds = 10_000): Promise<T> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const value = read();
    if (value !== undefined) {
      return value;
    }
    assert.ok(Date.now() < deadline, 'it did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export async function contentOf(uri: vscode.Uri): Promise<string> {
  return Buffer.from(await vscode.workspace.fs.readFile(uri)).toString('utf8');
}
