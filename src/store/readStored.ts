import { BillingError } from '../api/http/errors.ts';
import type { UsageEstimate } from '../usage/estimate.ts';
import type { ExportClients } from '../usage/plan/exportSource.ts';
import { planExport } from '../usage/plan/planExport.ts';
import type { UsageProgress } from '../usage/writeUsage.ts';
import { oldestOf } from './freshness.ts';
import type { Asker, ReadStoredOptions, StoredSource, StoredUsage } from './readTypes.ts';
import { type SourceMonth, sourceMonths } from './sourceMonths.ts';
import type { Store } from './store.ts';
import type { EntryKey, StoredTable } from './storeTypes.ts';
import type { TableWriter } from './tableWriter.ts';

/**
 * The months of a source: those that are kept from the disk, all others through a plan of theirs. Closed months are fetched once; others
 * when what is kept is older than four hours.
 *
 * @param clients needed unless `onlyKept`
 * @param now the present; the store's clock tells how old entries are
 * @returns undefined when the source begins or ends within a month that is over, which is not kept; or when only what is kept was asked for
 *   and a month of it is not
 * @throws BillingError when a month cannot be fetched, or its rows may be of more accounts than one; the signal's reason; Error with a sentence for the user when the disk fails
 */
export async function readStored(
  store: Store,
  asker: Asker,
  source: StoredSource,
  clients: ExportClients | undefined,
  now: Date,
  options: ReadStoredOptions = {},
): Promise<StoredUsage | undefined> {
  const months = sourceMonths(source, now);
  if (months === undefined) {
    return undefined;
  }
  const tables: StoredTable[] = [];
  const release = async () => {
    await Promise.all(tables.map((table) => table.release()));
  };
  let fetched = 0;
  let rows = 0;
  let pages = 0;
  const onProgress = (progress: UsageProgress) =>
    options.onProgress?.({ ...progress, rows: rows + progress.rows, pages: pages + progress.pages });
  try {
    for (const [at, month] of months.entries()) {
      const onEstimate: ReadMonthOptions['onEstimate'] = (estimate) =>
        options.onEstimate?.(estimate, months.length - at);
      const read = await readMonth(store, asker, month, clients, { ...options, onProgress, onEstimate });
      if (read === undefined) {
        await release();
        return undefined;
      }
      tables.push(read.table);
      fetched += read.fetched ? 1 : 0;
      rows += read.table.facts.rows;
      pages += read.table.facts.pages;
    }
  } catch (error) {
    await release();
    throw error;
  }
  return { tables, fetched, freshness: oldestOf(tables), release };
}

interface ReadMonthOptions extends Omit<ReadStoredOptions, 'onEstimate'> {
  onEstimate(estimate: UsageEstimate): Promise<void> | undefined;
}

async function readMonth(
  store: Store,
  { connection, origin, sameness }: Asker,
  { scope, month, dataset, source, isPassing }: SourceMonth,
  clients: ExportClients | undefined,
  { onlyKept, anew, onProgress, onEstimate, ...send }: ReadMonthOptions,
): Promise<{ table: StoredTable; fetched: boolean } | undefined> {
  const key: EntryKey = { connection, origin, scope, month, dataset };
  return store.readTable(
    key,
    async (begin) => {
      if (clients === undefined) {
        throw new RangeError('There is nobody to fetch it.');
      }
      const plan = await planExport(source, { ...clients, kept: undefined }, send);
      await onEstimate(plan.estimate);
      send.signal?.throwIfAborted();
      const writer = await begin(plan);
      for (const piece of plan.pieces) {
        writer.beginPiece();
        for await (const chunk of piece.read(send)) {
          await writer.take(chunk);
          onProgress?.(progressOf(writer, plan.estimate.source));
        }
      }
      // No token is used from here on: who it is now has seen all of it.
      const now = await sameness();
      if (now !== 'same') {
        throw now === 'another' ? accountChanged(connection) : accountUnknown(connection);
      }
      return writer;
    },
    { onlyKept: onlyKept === true || clients === undefined, anew, signal: send.signal, isPassing },
  );
}

function accountChanged(connection: string): BillingError {
  return new BillingError('signIn', `The account of the connection '${connection}' changed while usage was fetched.`, {
    code: 'accountChanged',
    advice: 'Nothing was kept, so that no month has rows of two accounts; try again.',
  });
}

function accountUnknown(connection: string): BillingError {
  return new BillingError('signIn', `Nobody can tell any more who is signed in to the connection '${connection}'.`, {
    code: 'accountUnknown',
    advice: 'Nothing was kept: sign in and try again.',
  });
}

function progressOf({ rows, answers }: TableWriter, source: UsageProgress['source']): UsageProgress {
  return { rows, pages: answers, source };
}
