import * as vscode from 'vscode';
import type { ArmClient } from '../api/arm/armClient.ts';
import { readStored } from '../store/readStored.ts';
import type { StoredUsage } from '../store/readTypes.ts';
import { OPEN_MONTH_FOR, type Period, resolvePeriod } from '../usage/period.ts';
import { withProgress } from '../workbench/progress.ts';
import { waitText } from '../workbench/text.ts';
import type { StoredData } from './storedData.ts';

/** Usage of one scope or several that do not lie within each other. */
export interface UsageWanted {
  connection: string;
  scopes: readonly string[];
  /** Days; the months that they lie in are read as wholes. */
  period: Period;
  metric?: 'ActualCost' | 'AmortizedCost' | undefined;
}

/**
 * The months of usage as files that an engine reads, with progress that can be cancelled: from the disk where they are kept, all others
 * fetched first. Release it when the files are no longer read.
 *
 * @throws BillingError as any fetch; the reason of a cancellation
 */
export async function readUsage(
  stored: StoredData,
  arm: ArmClient,
  { connection, scopes, period, metric }: UsageWanted,
  { signal: outer }: { signal?: AbortSignal | undefined } = {},
): Promise<StoredUsage> {
  const { store, asker } = await stored.anyStoreFor(connection);
  const now = new Date();
  const source = {
    kind: 'usageDetails' as const,
    scopes: scopes.map((scope) => ({ scope })),
    period: wholeMonths(period, now),
    ...(metric && { metric }),
  };
  const usage = await withProgress('Reading usage', (report, signal) =>
    readStored(store, asker, source, { arm }, now, {
      signal: AbortSignal.any([signal, ...(outer === undefined ? [] : [outer])]),
      onWait: (wait) => report(waitText(wait)),
      onProgress: ({ rows }) => report(`${rows.toLocaleString(vscode.env.language)} rows`),
    }),
  );
  if (usage === undefined) {
    throw new RangeError('period: these months cannot be read as wholes.');
  }
  const { freshness } = usage;
  if (freshness !== undefined && freshness.state !== 'closed' && freshness.age > OPEN_MONTH_FOR) {
    const fetchedAt = freshness.fetchedAt.toLocaleString(vscode.env.language);
    void vscode.window.showWarningMessage(`Azure could not be reached: usage is as it was fetched at ${fetchedAt}.`);
  }
  return usage;
}

function wholeMonths({ from, to }: Period, now: Date): Period {
  return { from: `${from.slice(0, 7)}-01`, to: resolvePeriod(to.slice(0, 7), now).to };
}
