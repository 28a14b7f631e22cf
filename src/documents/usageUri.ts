import * as vscode from 'vscode';
import { fileLabel } from '../choices/fileLabel.ts';
import { DOCUMENT_SCHEME, type DocumentFormat, USAGE_METRICS, type UsageMetricArgument } from '../contributions.ts';
import { type Period, periodLabel } from '../usage/period.ts';
import { checkUsageFilter, type UsageFilter } from '../usage/usageFilter.ts';

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
  /** Which rows are kept; absent: all. */
  only?: UsageFilter | undefined;
  format: DocumentFormat;
}

const FORMAT_PATTERN = /\.(csv|json|ndjson)$/;

const METRIC_LABELS: Readonly<Record<UsageMetricArgument, string>> = {
  ActualCost: '',
  AmortizedCost: ' amortized',
  Usage: ' usage only',
};

/**
 * `azure-billing://<connection>/<scope path>/<label> usage <period>.<format>?from=…&to=…&metric=…&only=…`. The last part is what the tab shows and
 * carries no meaning but its ending.
 */
export function usageUri(spec: Omit<UsageDocumentSpec, 'kind'>, label: string): vscode.Uri {
  const period = spec.period === undefined ? '' : ` ${periodLabel(spec.period)}`;
  return vscode.Uri.from({
    scheme: DOCUMENT_SCHEME,
    authority: spec.connection,
    path: `${spec.scope}/${fileLabel(label)} usage${period}${METRIC_LABELS[spec.metric ?? 'ActualCost']}${filterLabel(spec.only)}.${spec.format}`,
    query: [
      ...(spec.period === undefined ? [] : [`from=${spec.period.from}`, `to=${spec.period.to}`]),
      ...(spec.metric === undefined ? [] : [`metric=${spec.metric}`]),
      ...(spec.only === undefined ? [] : [`only=${encodeURIComponent(JSON.stringify(spec.only))}`]),
    ].join('&'),
  });
}

/** Characters of what tells documents with different filters apart. */
const LONGEST_FILTER = 60;

function filterLabel(only: UsageFilter = []): string {
  const words = only.map(
    ({ values, not }) => `${not === true ? 'not ' : ''}${values.map((value) => value || 'none').join(' or ')}`,
  );
  return words.length === 0 ? '' : ` ${fileLabel(words.join(', '), LONGEST_FILTER)}`;
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
  const only = readFilter(query.get('only'));
  if (only === 'unreadable') {
    return undefined;
  }
  return {
    kind: 'usageDetails',
    connection: uri.authority,
    scope: uri.path.slice(0, slash),
    period: from === null || to === null ? undefined : { from, to },
    metric,
    ...(only === undefined ? {} : { only }),
    format,
  };
}

function readFilter(text: string | null): UsageFilter | undefined | 'unreadable' {
  try {
    return text === null ? undefined : checkUsageFilter(JSON.parse(text));
  } catch {
    return 'unreadable';
  }
}
