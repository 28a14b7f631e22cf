import * as vscode from 'vscode';
import { type ConnectionQuota, quotaRows } from './quotaTexts.ts';
import { plainText } from './text.ts';

/** Shows the limits in use and the calls that wait as a list; choosing a row closes it. */
export async function showLimits(quotas: ConnectionQuota[]): Promise<void> {
  const rows = quotaRows(quotas, Date.now());
  if (rows.length === 0) {
    void vscode.window.showInformationMessage(
      "No call has used any of Azure's limits yet. Open something in the tree; then they are listed here.",
    );
    return;
  }
  await vscode.window.showQuickPick(
    rows.map(({ label, description, detail }) => ({ label, description, detail: plainText(detail) })),
    {
      title: "Azure's Limits",
      placeHolder: 'What is left, and who waits; calls are kept back before a limit is used up',
      matchOnDescription: true,
      matchOnDetail: true,
    },
  );
}
