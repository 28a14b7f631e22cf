import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import type { HostCall, HostReply } from './control.ts';
import { TestProvider } from './provider.ts';

/** Registers the provider, and does what the test says on a port of this machine that it writes into the file named for it. */
export function activate(context: vscode.ExtensionContext): void {
  const provider = new TestProvider();
  context.subscriptions.push(
    vscode.authentication.registerAuthenticationProvider('abx-test', 'Test Accounts', provider, {
      supportsMultipleAccounts: true,
    }),
  );
  const { ABX_CONTROL_FILE: file } = process.env;
  if (file === undefined) {
    return;
  }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const reply = await answer(JSON.parse(Buffer.concat(chunks).toString('utf8')) as HostCall, provider);
    response.end(JSON.stringify(reply));
  });
  server.listen(0, '127.0.0.1', () => writeFileSync(file, String((server.address() as AddressInfo).port)));
  context.subscriptions.push(new vscode.Disposable(() => server.close()));
}

async function answer(call: HostCall, provider: TestProvider): Promise<HostReply> {
  try {
    switch (call.do) {
      case 'command':
        return { value: await vscode.commands.executeCommand(call.id, ...call.arguments) };
      case 'next':
        provider.next = call.account;
        return { value: undefined };
      case 'signOut':
        provider.signOut(call.account);
        return { value: undefined };
      case 'asked':
        return { value: provider.asked };
      case 'setting':
        return { value: vscode.workspace.getConfiguration().get(call.name) };
    }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
