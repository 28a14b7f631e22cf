import type * as vscode from 'vscode';
import type { UsageEstimate } from '../usage/estimate.ts';
import { pickUntil } from '../workbench/pickUntil.ts';
import { plainText } from '../workbench/text.ts';

export type BigJobAnswer = 'continue' | 'shorter' | 'cancel';

/**
 * Asks a person whether a job that takes long should go on.
 *
 * @param size what it takes, in words
 * @param canShorten whether there is a period to choose another of
 * @param signal the answer does not matter any more; then it is `cancel`
 */
export async function askAboutBigJob(
  title: string,
  size: string,
  { source, why }: UsageEstimate,
  canShorten: boolean,
  signal: AbortSignal,
): Promise<BigJobAnswer> {
  const items: (vscode.QuickPickItem & { answer: BigJobAnswer })[] = [
    {
      label: 'Continue',
      ...(source === 'costDetails' ? { detail: `With Cost Details, because ${why}` } : {}),
      answer: 'continue',
    },
    ...(canShorten ? [{ label: 'Choose a Shorter Period…', answer: 'shorter' as const }] : []),
    { label: 'Cancel', answer: 'cancel' },
  ];
  const picked = await pickUntil(signal, items, {
    title: plainText(title),
    placeHolder: `This takes ${size}. Continue?`,
  });
  return picked?.answer ?? 'cancel';
}
