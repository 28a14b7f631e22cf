import type * as vscode from 'vscode';
import { BillingError } from '../api/http/errors.ts';
import { COSTS_SCHEME, type ExportUsageArgument } from '../contributions.ts';
import type { DocumentSpec } from './documentSpec.ts';
import { parseDocumentUri } from './documentSpec.ts';
import type { UsageDocuments } from './usageDocuments.ts';

/**
 * What a document holds, as `exportUsage` takes it; undefined for what is none of ours.
 *
 * @throws BillingError of kind `argument` for a document with some of the rows: exports take all of them
 */
export async function exportArgument(
  uri: vscode.Uri,
  documents: UsageDocuments,
): Promise<ExportUsageArgument | undefined> {
  if (uri.scheme === COSTS_SCHEME) {
    return (await import('./costDocuments.ts')).costExportArgument(uri);
  }
  // The address of a large document is that of a file; what it holds is known while it is open.
  const spec = documents.get(uri)?.spec ?? parseDocumentUri(uri);
  return spec && argumentOf(spec, labelOf(uri));
}

function argumentOf(spec: DocumentSpec, label: string | undefined): ExportUsageArgument {
  const { connection, format } = spec;
  const common = { connection, format, ...(label === undefined ? {} : { label }) };
  if (spec.kind === 'usageDetails') {
    const { scope, period, metric, only } = spec;
    if (only !== undefined) {
      throw new BillingError('argument', 'document: it shows some of the rows, and exports take all of them.', {
        advice: 'Save the tab as a file, or export the whole usage from the tree.',
      });
    }
    return {
      ...common,
      scope,
      ...(period === undefined ? {} : { period }),
      ...(metric === undefined ? {} : { metric }),
    };
  }
  const { customer, subscription } = spec;
  const ids = {
    ...common,
    ...(customer === undefined ? {} : { customerId: customer }),
    ...(subscription === undefined ? {} : { subscriptionId: subscription }),
  };
  switch (spec.kind) {
    case 'usageRecords':
      return { ...ids, of: spec.of };
    case 'utilization': {
      const { start, end, granularity, showDetails, size } = spec;
      const window = { start, end, granularity, showDetails, ...(size === undefined ? {} : { size }) };
      return { ...ids, ...window, customerId: spec.customer, subscriptionId: spec.subscription };
    }
    case 'ratedUsage':
    case 'lineItems': {
      const { invoice, period, currency, fragment } = spec;
      const lines = {
        ...ids,
        ...(invoice === undefined ? {} : { invoice }),
        ...(period === undefined ? {} : { period }),
        ...(currency === undefined ? {} : { currency }),
        ...(fragment === undefined ? {} : { fragment }),
      };
      return spec.kind === 'ratedUsage' ? lines : { ...lines, provider: spec.provider, type: spec.type };
    }
  }
}

/** What the tab calls whose usage it is: the part of its name before what it is. */
function labelOf({ path }: vscode.Uri): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return /^(.+?) (?:usage|utilization|rated usage) /.exec(name)?.[1];
}
