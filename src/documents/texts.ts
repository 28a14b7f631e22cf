import * as vscode from 'vscode';
import type { ArmClient } from '../api/arm/armClient.ts';
import type { Call } from '../api/http/client.ts';
import type { PartnerCenterClient } from '../api/partnerCenter/partnerCenterClient.ts';
import type { ConnectionNames } from '../choices/commandInput.ts';
import { COSTS_SCHEME, JSON_SCHEME, type OpenJsonArgument } from '../contributions.ts';
import type { CommandRegistry } from '../workbench/commands.ts';
import type { RequestSource } from '../workbench/copyRequest.ts';
import { TextDocuments } from './textDocuments.ts';

export interface ConnectionSource extends ConnectionNames {
  arm(name: string): Promise<ArmClient>;
  /** Fails where a connection has none. */
  partnerCenter(name: string): Promise<PartnerCenterClient>;
}

/** Which service JSON is of. */
export type JsonService = NonNullable<OpenJsonArgument['source']>;

/** The call that brings a row of the tree as JSON. */
export type JsonCallSource = (
  id: string,
) => Promise<{ connection: string; title: string; call: Call; source?: JsonService } | undefined>;

/** Documents small enough to be texts: resources and lists as JSON, and tables of costs. Their code is loaded with the first one. */
export function registerTexts(
  connections: ConnectionSource,
  jsonCallOf: JsonCallSource,
  commands: CommandRegistry,
  log: vscode.LogOutputChannel,
): { disposable: vscode.Disposable; requestsOf: RequestSource[] } {
  const json = new TextDocuments(
    JSON_SCHEME,
    async () => (await import('./jsonDocuments.ts')).jsonSource(connections),
    log,
  );
  const costs = new TextDocuments(
    COSTS_SCHEME,
    async () => (await import('./costDocuments.ts')).costSource(connections),
    log,
  );
  commands.registerLazily(['azureBilling.openJson'], async () =>
    (await import('./jsonDocuments.ts')).jsonCommands(json, jsonCallOf, connections),
  );
  commands.registerLazily(['azureBilling.openCosts'], async () =>
    (await import('./costDocuments.ts')).costCommands(costs, connections),
  );
  return { disposable: vscode.Disposable.from(json, costs), requestsOf: [json.requestOf, costs.requestOf] };
}
