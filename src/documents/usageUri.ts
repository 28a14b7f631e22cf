import * as vscode from 'vscode';
import { fileLabel } from '../choices/fileLabel.ts';
import { DOCUMENT_SCHEME, type DocumentFormat, USAGE_METRICS, type UsageMetricArgument } from '../contributions.ts';
import { type Period, periodLabel } from '../usage/period.ts';

/** All that is needed to build a usage document again, at any time, in any window. */
export interface UsageDocumentSpec {
  kind: 'usageDetails';
  connection: string;
  /** ARM scope path. */
  scope: string;
  /** Absent for an invoice. Days, never a name such as "month to date", which would mean something else tomorrow. */
  period: Period | undefined;
  /** Absent for what the service takes by itself: actual cost. */
  metric?: UsageMetricArgument | undefined;
  format: DocumentFormat;
}

const FORMAT_PATTERN = /\.(csv|json|ndjson)$/;

const METRIC_LABELS: Readonly<Record<UsageMetricArgument, string>> = {
  ActualCost: '',
  AmortizedCost: ' amortized',
  Usage: ' usage only',
};

/**
 * `azure-billing://<connection>/<scope path>/<label> usage <period>.<format>?from=…&to=…&metric=…`. The last part is what the tab shows and
 * carries no meaning but its ending.
 */
export function usageUri(spec: Omit<UsageDocumentSpec, 'kind'>, label: string): vscode.Uri {
  const period = spec.period === undefined ? '' : ` ${periodLabel(spec.period)}`;
  return vscode.Uri.from({
    scheme: DOCUMENT_SCHEME,
    authority: spec.connection,
    path: `${spec.scope}/${fileLabel(label)} usage${period}${METRIC_LABELS[spec.metric ?? 'ActualCost']}.${spec.format}`,
    query: [
      ...(spec.period === undefined ? [] : [`from=${spec.period.from}`, `to=${spec.period.to}`]),
      ...(spec.metric === undefined ? [] : [`metric=${spec.metric}`]),
    ].join('&'),
  });
}

/** Reads such an address; undefined when it is not one. */
export function parseUsageUri(uri: vscode.Uri): UsageDocumentSpec | undefined {
  const format = FORMAT_PATTERN.exec(uri.path)?.[1] as DocumentFormat | undefined;
  const slash = uri.path.lastIndexOf('/');
  if (uri.scheme !== DOCUMENT_SCHEME || format === undefined || slash <= 0) {
    return undefined;
  }
  const query = new URLSearchParams(uri.query);
  const from = query.get('from');
  const to = query.get('to');
  const metric = USAGE_METRICS.find((name) => name === query.get('metric'));
  // Taken for another metric, it would show other figures under the same address.
  if (query.has('metric') && metric === undefined) {
    return undefined;
  }
  return {
    kind: 'usageDetails',
    connection: uri.authority,
    scope: uri.path.slice(0, slash),
    period: from === null || to === null ? undefined : { from, to },
    metric,
    format,
  };
}
