import * as vscode from 'vscode';
import type { NodeArgument } from '../contributions.ts';

/**
 * Asks what the usage records of a subscription shall be rows of: only an Azure plan has some for its resources. Undefined when the user
 * backs out.
 */
export async function pickUsageOf(kind: NodeArgument['subscriptionKind']): Promise<'meters' | 'resources' | undefined> {
  if (kind === 'legacyAzure') {
    return 'meters';
  }
  const picked = await vscode.window.showQuickPick(
    [
      { label: 'By meter', detail: 'A row for each meter, over all Azure subscriptions of the plan', of: 'meters' },
      {
        label: 'By resource',
        detail: 'A row for each Azure resource, with its subscription and group',
        of: 'resources',
      },
    ] as const,
    { title: 'Usage Records', placeHolder: 'Estimate of the open period, not an invoice' },
  );
  return picked?.of;
}
