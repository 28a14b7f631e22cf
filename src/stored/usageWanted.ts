import { refused } from '../api/arm/input.ts';
import { parseScope, scopePath } from '../api/arm/scope.ts';
import { BillingError } from '../api/http/errors.ts';
import type { NewSqlSheetArgument, NodeArgument, PeriodArgument } from '../contributions.ts';
import { type Period, resolvePeriod } from '../usage/period.ts';
import { firstShared } from '../usage/sameRows.ts';

/** Usage of one scope or several that do not lie within each other, or of invoices. */
export interface UsageWanted {
  connection: string;
  /** Paths; either all of them are invoices, or none is. */
  scopes: readonly string[];
  /** Days; the months that they lie in are read as wholes. Left out of invoices: each has its own. */
  period?: Period | undefined;
  metric?: 'ActualCost' | 'AmortizedCost' | undefined;
}

/** Usage of months. */
export type MonthsWanted = UsageWanted & { period: Period };

/** Finds the name of a connection as the settings have it. */
interface ConnectionNames {
  find(name: unknown): string | undefined;
}

/** The last three months, the running one included. */
function recentPeriod(now: Date): Period {
  const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 2, 1));
  return { from: first.toISOString().slice(0, 10), to: now.toISOString().slice(0, 10) };
}

/**
 * What an argument means.
 *
 * @throws BillingError of kind `argument` that names the field
 */
export function usageWanted(
  argument: NewSqlSheetArgument | NodeArgument,
  connections: ConnectionNames,
  now: Date,
): UsageWanted {
  const given: Record<string, unknown> = { ...argument };
  const connection = namedConnection(given.connection, connections);
  const scopes = [given.scope].flat();
  if (scopes.length === 0 || scopes.some((scope) => typeof scope !== 'string')) {
    throw new BillingError('argument', 'scope: is missing.', {
      advice: 'Give the ARM path of what the usage belongs to, or several.',
    });
  }
  const parsed = scopes.map((scope) => parseScope(String(scope)));
  const invoices = parsed.filter(({ kind }) => kind === 'invoice').length;
  if (invoices > 0 && invoices < parsed.length) {
    throw new BillingError('argument', 'scope: an invoice has its own period, the other scopes have months.', {
      advice: 'Give invoices alone, or none.',
    });
  }
  const shared = firstShared(parsed);
  if (shared !== undefined) {
    throw new BillingError('argument', `scope: ${scopes[shared]} may hold the same rows as a scope before it.`, {
      advice: 'Name scopes that have no rows in common, so that none is counted twice.',
    });
  }
  // What a row of the tree calls its period is of its own list.
  const { period, metric } = 'parent' in given ? {} : given;
  if (invoices > 0 && period !== undefined) {
    throw new BillingError('argument', 'period: an invoice has its own period.', { advice: 'Leave the period out.' });
  }
  const days = period === undefined ? recentPeriod(now) : resolvePeriod(period as PeriodArgument, now);
  return {
    connection,
    scopes: parsed.map(scopePath),
    ...(invoices === 0 && { period: days }),
    metric: costMetric(metric),
  };
}

/**
 * The same for what needs months.
 *
 * @throws BillingError of kind `argument` that names the field; for invoices, too
 */
export function monthsWanted(
  argument: NewSqlSheetArgument | NodeArgument,
  connections: ConnectionNames,
  now: Date,
): MonthsWanted {
  const wanted = usageWanted(argument, connections, now);
  const { period } = wanted;
  if (period === undefined) {
    throw new BillingError('argument', 'scope: an invoice has no months.', {
      advice: 'Use its billing account, profile or customer.',
    });
  }
  return { ...wanted, period };
}

/**
 * Whether months that are not closed are fetched, however young what is kept of them is.
 *
 * @param argument plain, or a row of the tree, which never asks for that
 * @throws BillingError of kind `argument`
 */
export function anewWanted(argument: object): boolean {
  const { anew = false }: { anew?: unknown } = argument;
  if (typeof anew !== 'boolean') {
    throw refused('anew', 'is neither true nor false.');
  }
  return anew;
}

/** @throws BillingError of kind `argument` when there is no connection of that name */
export function namedConnection(name: unknown, connections: ConnectionNames): string {
  const connection = connections.find(name);
  if (connection === undefined) {
    throw new BillingError('argument', `connection: there is no connection '${String(name).slice(0, 60)}'.`, {
      advice: 'Add it, or use the name of one in the tree.',
    });
  }
  return connection;
}

function costMetric(metric: unknown): UsageWanted['metric'] {
  if (metric !== undefined && metric !== 'ActualCost' && metric !== 'AmortizedCost') {
    throw new BillingError(
      'argument',
      `metric: '${String(metric).slice(0, 60)}' is neither ActualCost nor AmortizedCost.`,
    );
  }
  return metric;
}
