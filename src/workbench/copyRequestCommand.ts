import * as vscode from 'vscode';
import { BillingError } from '../api/http/errors.ts';
import { REQUEST_TEXTS } from '../api/http/requestText.ts';
import { type CopyRequestArgument, REQUEST_STYLES, type RequestStyle } from '../contributions.ts';
import type { CommandHandlers } from './commands.ts';
import type { RequestSource } from './copyRequest.ts';

const STYLE_LABELS: Record<RequestStyle, { label: string; description: string }> = {
  rest: { label: 'REST', description: 'For .http files and REST clients' },
  azRest: { label: 'Azure CLI', description: 'az rest' },
  powerShell: { label: 'PowerShell', description: 'Invoke-AzRestMethod' },
  curl: { label: 'curl', description: 'The token is in $TOKEN' },
};

/** The command that copies the call behind a row or a document as text, without the token. */
export function copyRequestCommands(
  sources: readonly RequestSource[],
): Pick<CommandHandlers, 'azureBilling.copyRequest'> {
  return {
    'azureBilling.copyRequest': async (argument) => {
      // The context menu of a tab passes the address of its document.
      const given: CopyRequestArgument =
        argument instanceof vscode.Uri ? { document: argument.toString() } : (argument ?? {});
      const style = given.style ?? (await pickStyle());
      if (style === undefined) {
        return undefined;
      }
      if (!REQUEST_STYLES.includes(style)) {
        throw new BillingError('argument', `style: '${String(style)}' is not one of ${REQUEST_STYLES.join(', ')}.`);
      }
      for (const source of sources) {
        const request = await source(given);
        if (request !== undefined) {
          const text = REQUEST_TEXTS[style](request);
          await vscode.env.clipboard.writeText(text);
          vscode.window.setStatusBarMessage('Copied the request', 3000);
          return text;
        }
      }
      throw new BillingError('argument', 'There is no request to copy here.', {
        advice: 'Choose a row of the tree, or bring a usage document to the front.',
      });
    },
  };
}

async function pickStyle(): Promise<RequestStyle | undefined> {
  const items = REQUEST_STYLES.map((style) => ({ ...STYLE_LABELS[style], style }));
  return (await vscode.window.showQuickPick(items, { title: 'Copy Request', placeHolder: 'As' }))?.style;
}
