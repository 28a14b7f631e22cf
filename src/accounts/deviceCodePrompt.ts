import * as vscode from 'vscode';
import type { UserCode } from '../signIn/credentialSpec.ts';
import { plainText } from '../workbench/text.ts';

const OPEN = 'Copy Code and Open Page';

/** Shows a device code, and that its entry is waited for, until the sign-in has ended. Cancelling ends the sign-in. */
export async function showDeviceCode(connection: string, code: UserCode, ended: AbortSignal): Promise<void> {
  void offerPage(connection, code);
  await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: plainText(`Waiting until the code ${code.code} is entered at ${code.address}`),
      cancellable: true,
    },
    (_, token) =>
      new Promise<void>((resolve, reject) => {
        ended.addEventListener('abort', () => resolve(), { once: true });
        token.onCancellationRequested(() => reject(new DOMException('The sign-in was given up.', 'AbortError')));
      }),
  );
}

async function offerPage(connection: string, { code, address }: UserCode): Promise<void> {
  const text = plainText(`To sign in to '${connection}', enter the code ${code} at ${address}.`);
  if ((await vscode.window.showInformationMessage(text, OPEN)) === OPEN) {
    await vscode.env.clipboard.writeText(code);
    await vscode.env.openExternal(vscode.Uri.parse(address, true));
  }
}
