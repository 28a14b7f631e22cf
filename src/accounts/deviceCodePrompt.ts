import * as vscode from 'vscode';
import type { UserCode } from '../signIn/credentialSpec.ts';
import { plainText } from '../workbench/text.ts';

/**
 * Shows a device code and where to enter it until the sign-in has ended; a notification would stay behind it, or go before it.
 *
 * @throws AbortError when the person closes it, which gives the sign-in up
 */
export function showDeviceCode(connection: string, { code, address }: UserCode, ended: AbortSignal): Promise<void> {
  const pick = vscode.window.createQuickPick<vscode.QuickPickItem & { open: boolean }>();
  pick.title = plainText(`Sign In: ${connection}`);
  pick.placeholder = plainText(`Waiting until the code ${code} is entered`);
  // Whatever is typed here by mistake, the code stays readable.
  const item = { alwaysShow: true };
  pick.items = [
    { ...item, label: plainText(`Copy the code ${code} and open the page`), detail: plainText(address), open: true },
    { ...item, label: plainText(`Copy the code ${code}`), detail: 'To enter it in another browser.', open: false },
  ];
  pick.busy = true;
  // The code is entered in another window.
  pick.ignoreFocusOut = true;
  pick.onDidAccept(async () => {
    const [chosen] = pick.selectedItems;
    await vscode.env.clipboard.writeText(code);
    if (chosen?.open === true) {
      await vscode.env.openExternal(vscode.Uri.parse(address, true));
    }
  });
  return new Promise<void>((resolve, reject) => {
    ended.addEventListener('abort', () => resolve(), { once: true });
    pick.onDidHide(() => reject(new DOMException('The sign-in was given up.', 'AbortError')));
    pick.show();
  }).finally(() => pick.dispose());
}
