import type * as vscode from 'vscode';
import type { PartnerDocumentSpec } from '../choices/partnerSpecs.ts';
import { isPartnerPath, parsePartnerUri } from './partnerUri.ts';
import { parseUsageUri, type UsageDocumentSpec } from './usageUri.ts';

/** All that is needed to build a document of the `azure-billing:` file system again, whatever kind it is. */
export type DocumentSpec = UsageDocumentSpec | PartnerDocumentSpec;

/** Reads the address of a document; undefined when it is not one of ours. */
export function parseDocumentUri(uri: vscode.Uri): DocumentSpec | undefined {
  return isPartnerPath(uri.path) ? parsePartnerUri(uri) : parseUsageUri(uri);
}
