import * as vscode from 'vscode';
import { currency } from './partnerArguments.ts';

/** Asks for a billing currency. Undefined when the user backs out. */
export async function askCurrency(title: string): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title,
    prompt: 'ISO code of the billing currency, such as USD',
    validateInput(value) {
      try {
        currency(value);
        return undefined;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
  });
}
