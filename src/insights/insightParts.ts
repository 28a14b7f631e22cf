import type * as vscode from 'vscode';
import type { ArmClient } from '../api/arm/armClient.ts';
import type { GraphClient } from '../api/graph/graphClient.ts';
import type { PartnerCenterClient } from '../api/partnerCenter/partnerCenterClient.ts';
import type { StoredData } from '../stored/storedData.ts';

/** What insights need of the rest of the extension. */
export interface InsightParts {
  connections: {
    find(name: unknown): string | undefined;
    list(): { name: string; problem?: string }[];
    arm(name: string): Promise<ArmClient>;
    /** @throws Error when the connection has no Partner Center */
    partnerCenter(name: string): Promise<PartnerCenterClient>;
    hasGraph(name: string): boolean;
    graph(name: string): Promise<GraphClient>;
  };
  stored(): Promise<StoredData>;
  context: vscode.ExtensionContext;
  log: vscode.LogOutputChannel;
}
