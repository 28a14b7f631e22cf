import { type Period, wholeMonths } from '../usage/period.ts';
import { isFresh } from './freshness.ts';
import type { Asker, StoredSource } from './readTypes.ts';
import { sourceMonths } from './sourceMonths.ts';
import type { Store } from './store.ts';
import type { StoredTable } from './storeTypes.ts';

/** Whole months, of which some days are wanted. Release it when it is no longer read. */
export interface KeptPart {
  /** Newest month first. */
  tables: readonly StoredTable[];
  days: Period;
  release(): Promise<void>;
}

/**
 * The months around some days when all of them are kept, and fresh. Nothing is fetched: a few days are asked for faster than their months.
 *
 * The service finds rows by their `date` (REST reference: Usage Details - List, Cost Details), so the rows of those days are those that it
 * would send. That holds for months in which each row tells a day of the month; others are no answer.
 *
 * @param anew takes months alone that do not change any more
 * @returns undefined when the service has to be asked, also when nothing is kept of those days
 * @throws BillingError when a scope or the period is none
 */
export async function keptPart(
  store: Store,
  { connection, origin }: Asker,
  source: StoredSource,
  now: Date,
  { anew = false }: { anew?: boolean } = {},
): Promise<KeptPart | undefined> {
  if (source.kind !== 'usageDetails' || source.period === undefined) {
    return undefined;
  }
  const days = source.period;
  const months = sourceMonths({ ...source, period: wholeMonths(days, now) }, now) ?? [];
  const tables: StoredTable[] = [];
  const release = async () => {
    await Promise.all(tables.map((table) => table.release()));
  };
  let isKept = false;
  try {
    for (const { scope, month, dataset } of months) {
      const table = await store.findTable({ connection, origin, scope, month, dataset });
      if (table === undefined) {
        return undefined;
      }
      tables.push(table);
      const { freshness } = table;
      if (!isFresh(freshness) || (anew && freshness.state !== 'closed') || !tellsDays(table)) {
        return undefined;
      }
    }
    isKept = tables.some(({ facts }) => Object.keys(facts.days).some((day) => day >= days.from && day <= days.to));
    return isKept ? { tables, days, release } : undefined;
  } finally {
    if (!isKept) {
      await release();
    }
  }
}

/** Whether each row tells its day, which is one of the month. Days are known of rows with a cost alone. */
function tellsDays({ facts }: StoredTable): boolean {
  return facts.rowsWithoutCost === 0 && Object.keys(facts.days).every((day) => day.startsWith(`${facts.month}-`));
}
