import * as vscode from 'vscode';
import { parseScope } from '../api/arm/scope.ts';
import { listUsageDetails } from '../api/arm/usageDetails.ts';
import type { PlainRequest } from '../api/http/requestText.ts';
import type { CopyRequestArgument } from '../contributions.ts';
import { usageDetailsQuery } from '../usage/usageDetailsQuery.ts';
import type { ClientSource } from './documentBuild.ts';
import { parseDocumentUri } from './documentSpec.ts';
import { tabUris } from './tabUris.ts';

/** The call that brings a document of usage: the one with the given address, or the one in front. */
export async function requestOf(
  { id, document }: CopyRequestArgument,
  clients: ClientSource,
): Promise<PlainRequest | undefined> {
  const uri =
    document === undefined
      ? tabUris(vscode.window.tabGroups.activeTabGroup.activeTab)[0]
      : vscode.Uri.parse(String(document));
  const spec = id === undefined && uri !== undefined ? parseDocumentUri(uri) : undefined;
  if (spec === undefined) {
    return undefined;
  }
  if (spec.kind !== 'usageDetails') {
    return (await import('./partnerBuild.ts')).partnerRequestOf(spec, clients);
  }
  const arm = await clients.arm(spec.connection);
  const call = listUsageDetails(arm, usageDetailsQuery({ ...spec, scope: parseScope(spec.scope) })).first;
  return { method: call.method, url: arm.http.absolute(call.address) };
}
