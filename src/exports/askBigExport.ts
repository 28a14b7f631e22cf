import type * as vscode from 'vscode';
import { estimateText, type UsageEstimate } from '../usage/estimate.ts';
import { pickUntil } from '../workbench/pickUntil.ts';
import { plainText } from '../workbench/text.ts';

export type BigExportAnswer = 'all' | 'background' | 'narrow' | 'cancel';

/**
 * Asks a person whether an export that takes long should go on, and how.
 *
 * @param canNarrow whether there is a period to choose another of
 * @param signal the answer does not matter any more; then it is `cancel`
 */
export async function askBigExport(
  title: string,
  estimate: UsageEstimate,
  canNarrow: boolean,
  signal: AbortSignal,
): Promise<BigExportAnswer> {
  const why = estimate.why === undefined ? {} : { detail: plainText(`Because ${estimate.why}`) };
  const items: (vscode.QuickPickItem & { answer: BigExportAnswer })[] = [
    { label: 'Export All', ...why, answer: 'all' },
    { label: 'Run in Background', detail: 'The list of exports shows how far it is', answer: 'background' },
    ...(canNarrow ? [{ label: 'Narrow the Period…', answer: 'narrow' as const }] : []),
    { label: 'Cancel', answer: 'cancel' },
  ];
  const picked = await pickUntil(signal, items, {
    title: plainText(title),
    placeHolder: `This takes ${estimateText(estimate)} at the present quota. Go on?`,
  });
  return picked?.answer ?? 'cancel';
}
