import * as vscode from 'vscode';
import type { ArmClient } from '../api/arm/armClient.ts';
import { readStored } from '../store/readStored.ts';
import type { StoredSource, StoredUsage } from '../store/readTypes.ts';
import { OPEN_MONTH_FOR, wholeMonths } from '../usage/period.ts';
import type { ExportClients } from '../usage/plan/exportSource.ts';
import { withProgress } from '../workbench/progress.ts';
import { waitText } from '../workbench/text.ts';
import type { StoredData } from './storedData.ts';
import type { UsageWanted } from './usageWanted.ts';

interface ReadOptions {
  /** Months that are not closed are fetched, however young what is kept is. */
  anew?: boolean | undefined;
  /** Ends the reading as the person's own cancellation does. */
  signal?: AbortSignal | undefined;
}

/**
 * The months of usage, or invoices, as files that an engine reads: see {@link readSource}.
 *
 * @throws BillingError as any fetch; the reason of a cancellation
 */
export function readUsage(
  stored: StoredData,
  arm: ArmClient,
  { connection, scopes, period, metric }: UsageWanted,
  options: ReadOptions = {},
): Promise<StoredUsage> {
  const source = {
    kind: 'usageDetails' as const,
    scopes: scopes.map((scope) => ({ scope })),
    ...(period && { period: wholeMonths(period, new Date()) }),
    ...(metric && { metric }),
  };
  return readSource(stored, connection, source, { arm }, options);
}

/**
 * What is kept of a source, or fetched into the store first, as files that an engine reads, with progress that can be cancelled. Release
 * it when the files are no longer read.
 *
 * @throws BillingError as any fetch; the reason of a cancellation
 */
export async function readSource(
  stored: StoredData,
  connection: string,
  source: StoredSource,
  clients: ExportClients,
  { anew, signal: outer }: ReadOptions = {},
): Promise<StoredUsage> {
  const { store, asker } = await stored.anyStoreFor(connection);
  const now = new Date();
  const usage = await withProgress('Reading usage', (report, signal) =>
    readStored(store, asker, source, clients, now, {
      anew,
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
