import * as vscode from 'vscode';
import type { ArmClient } from '../api/arm/armClient.ts';
import { parseScope, scopePath } from '../api/arm/scope.ts';
import { BillingError } from '../api/http/errors.ts';
import type {
  CommandId,
  NewSqlSheetArgument,
  NodeArgument,
  OpenTableArgument,
  PeriodArgument,
  ShownTable,
} from '../contributions.ts';
import { type Period, resolvePeriod } from '../usage/period.ts';
import { firstShared } from '../usage/sameRows.ts';
import { isTreeRow } from '../workbench/commands.ts';
import { readUsage, type UsageWanted } from './readUsage.ts';
import type { StoredData } from './storedData.ts';

/** What reading usage by a command needs of the connections. */
export interface UsageConnections {
  find(name: unknown): string | undefined;
  arm(name: string): Promise<ArmClient>;
}

/** The last three months, the running one included. */
export function recentPeriod(now: Date): Period {
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
  connections: Pick<UsageConnections, 'find'>,
  now: Date,
): UsageWanted {
  const given: Record<string, unknown> = { ...argument };
  const connection = connections.find(given.connection);
  if (connection === undefined) {
    throw new BillingError(
      'argument',
      `connection: there is no connection '${String(given.connection).slice(0, 60)}'.`,
      {
        advice: 'Add it, or use the name of one in the tree.',
      },
    );
  }
  const scopes = [given.scope].flat();
  if (scopes.length === 0 || scopes.some((scope) => typeof scope !== 'string')) {
    throw new BillingError('argument', 'scope: is missing.', {
      advice: 'Give the ARM path of what the usage belongs to, or several.',
    });
  }
  const parsed = scopes.map((scope) => parseScope(String(scope)));
  if (parsed.some(({ kind }) => kind === 'invoice')) {
    throw new BillingError('argument', 'scope: an invoice has no months.', {
      advice: 'Use its billing account, profile or customer.',
    });
  }
  const shared = firstShared(parsed);
  if (shared !== undefined) {
    throw new BillingError('argument', `scope: ${scopes[shared]} may hold the same rows as a scope before it.`, {
      advice: 'Name scopes that have no rows in common, so that none is counted twice.',
    });
  }
  const { period, metric } = isTreeRow(argument) ? {} : given;
  if (metric !== undefined && metric !== 'ActualCost' && metric !== 'AmortizedCost') {
    throw new BillingError(
      'argument',
      `metric: '${String(metric).slice(0, 60)}' is neither ActualCost nor AmortizedCost.`,
    );
  }
  return {
    connection,
    scopes: parsed.map(scopePath),
    period: period === undefined ? recentPeriod(now) : resolvePeriod(period as PeriodArgument, now),
    metric,
  };
}

/** `azureBilling.openStoredTable`: usage of whole months as a table. Its files stay for as long as the window lives. */
export async function openStoredTable(
  stored: StoredData,
  connections: UsageConnections,
  argument: NewSqlSheetArgument | NodeArgument | undefined,
): Promise<ShownTable | undefined> {
  if (typeof argument !== 'object' || argument === null) {
    throw new BillingError('argument', 'connection: is missing.', {
      advice: 'Choose a row of the tree that has usage, or give the name of a connection and a scope.',
    });
  }
  const wanted = usageWanted(argument, connections, new Date());
  const usage = await readUsage(stored, await connections.arm(wanted.connection), wanted);
  const files = usage.tables.filter(({ facts }) => facts.rows > 0).map(({ file }) => file);
  if (files.length === 0) {
    await usage.release();
    throw new BillingError('argument', 'period: these months have no usage.', { advice: 'Choose an earlier period.' });
  }
  const { from, to } = wanted.period;
  const label = isTreeRow(argument) ? (argument.title ?? argument.label) : (wanted.scopes[0]?.split('/').at(-1) ?? '');
  const months = [...new Set([from.slice(0, 7), to.slice(0, 7)])].join(' to ');
  const table: OpenTableArgument = { files, title: `${label} usage ${months}` };
  try {
    const shown = await vscode.commands.executeCommand<ShownTable>('azureBilling.openTable' satisfies CommandId, table);
    stored.hold(usage);
    return shown;
  } catch (error) {
    await usage.release();
    throw error;
  }
}
