import * as vscode from 'vscode';
import { partnerLabel } from '../choices/partnerLabels.ts';
import type { PartnerDocumentSpec } from '../choices/partnerSpecs.ts';
import { openDocument } from './openDocument.ts';
import { partnerUri } from './partnerUri.ts';
import type { UsageDocuments } from './usageDocuments.ts';

/**
 * Opens a document of Partner Center as `openDocument` does.
 *
 * @param subject what a person calls the customer, subscription or invoice, if there is such a name
 */
export function openPartnerDocument(
  documents: UsageDocuments,
  spec: PartnerDocumentSpec,
  subject: string | undefined,
): Promise<vscode.Uri> {
  const label = partnerLabel(spec, subject);
  return openDocument(documents, vscode.Uri.from(partnerUri(spec, label)), label);
}
