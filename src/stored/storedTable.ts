import * as vscode from 'vscode';
import { BillingError } from '../api/http/errors.ts';
import type { ScopeSource } from '../choices/pickScope.ts';
import type { CommandId, NodeArgument, OpenTableArgument, ShownTable, StoredTableArgument } from '../contributions.ts';
import type { Period } from '../usage/period.ts';
import { isTreeRow } from '../workbench/commands.ts';
import { type EngineParts, requireEngine } from '../workbench/sharedEngine.ts';
import { givenUsage } from './givenUsage.ts';
import { readUsage } from './readUsage.ts';
import type { StoredData } from './storedData.ts';
import { aboutOf, usageFacts } from './usageFacts.ts';
import { anewWanted, usageWanted } from './usageWanted.ts';

/** `azureBilling.openStoredTable`: usage of whole months, or of an invoice, as a table. Its files stay for as long as the window lives. */
export async function openStoredTable(
  stored: StoredData,
  parts: EngineParts & { connections: ScopeSource & { find(name: unknown): string | undefined } },
  argument: StoredTableArgument | NodeArgument | undefined,
): Promise<ShownTable | undefined> {
  const { connections } = parts;
  const given = await givenUsage(parts, argument, 'Open Usage as Table');
  if (given === undefined) {
    return undefined;
  }
  const wanted = usageWanted(given, connections, new Date());
  const anew = anewWanted(given);
  await requireEngine(parts);
  const { show }: Pick<StoredTableArgument, 'show'> = isTreeRow(given) ? {} : (given as StoredTableArgument);
  const usage = await readUsage(stored, await connections.arm(wanted.connection), wanted, { anew });
  const files = usage.tables.filter(({ facts }) => facts.rows > 0).map(({ file }) => file);
  if (files.length === 0) {
    await usage.release();
    throw wanted.period === undefined
      ? new BillingError('argument', 'scope: this invoice has no usage.', { advice: 'Choose another invoice.' })
      : new BillingError('argument', 'period: these months have no usage.', { advice: 'Choose an earlier period.' });
  }
  const label =
    'label' in given
      ? ((isTreeRow(given) ? given.title : undefined) ?? given.label)
      : (wanted.scopes[0]?.split('/').at(-1) ?? '');
  const words = [label, 'usage', wanted.period && monthsText(wanted.period)];
  const { connection, scopes, period, metric } = wanted;
  const about = aboutOf(usageFacts(wanted, usage.freshness, vscode.env.language));
  if (show === false) {
    stored.hold(usage);
    return { files, columns: [], ...about };
  }
  const table: OpenTableArgument = {
    files,
    title: words.filter((word) => word !== undefined).join(' '),
    ...about,
    // The months stay these, whenever they are read again.
    stored: { connection, scope: scopes, ...(period && { period }), ...(metric && { metric }) },
  };
  try {
    const shown = await vscode.commands.executeCommand<ShownTable>('azureBilling.openTable' satisfies CommandId, table);
    stored.hold(usage);
    return shown;
  } catch (error) {
    await usage.release();
    throw error;
  }
}

function monthsText({ from, to }: Period): string {
  return [...new Set([from.slice(0, 7), to.slice(0, 7)])].join(' to ');
}
