import type * as vscode from 'vscode';
import type { GraphClient } from '../api/graph/graphClient.ts';
import type { ExportUsageArgument } from '../contributions.ts';
import type { KeptUsage } from '../usage/plan/exportSource.ts';
import type { AskingConnections } from './askSubject.ts';

/** What exports need of the rest of the extension. */
export interface ExportParts {
  connections: AskingConnections & {
    graph(name: string): Promise<GraphClient>;
    /** Nothing is loaded or sent. */
    hasGraph(name: string): boolean;
  };
  /** What was fetched before, to be read in place of a fetch. */
  keptOf(connection: string): Promise<KeptUsage>;
  /** What a usage document holds, as an argument of `exportUsage`; undefined for what is no such document. */
  argumentOf(document: vscode.Uri): Promise<ExportUsageArgument | undefined>;
  context: Pick<vscode.ExtensionContext, 'globalStorageUri' | 'globalState' | 'secrets' | 'extension'>;
  log: vscode.LogOutputChannel;
}
