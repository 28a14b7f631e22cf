import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

const KEY = 'azureBilling.pseudonymKey';

const BYTES = 32;

/** The key that makes the pseudonyms of share-safe exports: of this machine's editor alone, made when it is first needed. */
export async function pseudonymKey(secrets: vscode.SecretStorage): Promise<Uint8Array> {
  const kept = Buffer.from((await secrets.get(KEY)) ?? '', 'base64');
  if (kept.length === BYTES) {
    return kept;
  }
  const made = randomBytes(BYTES);
  await secrets.store(KEY, made.toString('base64'));
  return made;
}

/**
 * Forgets the key after asking, so that what is exported from then on has other pseudonyms.
 *
 * @returns whether it is forgotten; undefined when the user backs out
 */
export async function resetPseudonyms(secrets: vscode.SecretStorage): Promise<boolean | undefined> {
  const reset = 'Reset';
  const answer = await vscode.window.showWarningMessage(
    'Give everybody new pseudonyms in share-safe exports?',
    {
      modal: true,
      detail:
        'The same customer then has another pseudonym than in the files exported before, so those no longer join with new ones. An unfinished share-safe export begins anew.',
    },
    reset,
  );
  if (answer !== reset) {
    return undefined;
  }
  await secrets.delete(KEY);
  void vscode.window.showInformationMessage('Share-safe exports have new pseudonyms from now on.');
  return true;
}
