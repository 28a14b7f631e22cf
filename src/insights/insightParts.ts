import type * as vscode from 'vscode';
import type { ArmClient } from '../api/arm/armClient.ts';
import type { StoredData } from '../stored/storedData.ts';

/** What insights need of the rest of the extension. */
export interface InsightParts {
  connections: { find(name: unknown): string | undefined; arm(name: string): Promise<ArmClient> };
  stored(): Promise<StoredData>;
  context: vscode.ExtensionContext;
  log: vscode.LogOutputChannel;
}
