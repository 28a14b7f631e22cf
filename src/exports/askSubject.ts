import * as vscode from 'vscode';
import type { ArmClient } from '../api/arm/armClient.ts';
import { refused } from '../api/arm/input.ts';
import { parseScope, scopePath } from '../api/arm/scope.ts';
import type { PartnerCenterClient } from '../api/partnerCenter/partnerCenterClient.ts';
import { type ConnectionNames, partnerConnection, rowTitle } from '../choices/commandInput.ts';
import { lineItemsSpec } from '../choices/lineItemArguments.ts';
import { ratedUsageSpec, requireCurrency, usageRecordsSpec, utilizationSpec } from '../choices/partnerArguments.ts';
import { pickInvoiceLines, pickUnbilledLines } from '../choices/pickLineItems.ts';
import { pickPeriod } from '../choices/pickPeriod.ts';
import { pickCurrency, pickRatedUsage } from '../choices/pickRatedUsage.ts';
import { pickScope } from '../choices/pickScope.ts';
import { pickUsageOf } from '../choices/pickUsageOf.ts';
import { pickWindow } from '../choices/pickWindow.ts';
import type { NodeArgument } from '../contributions.ts';
import { plainText } from '../workbench/text.ts';
import { BackedOut, parentOf } from './ask.ts';
import { requireApart } from './exportArgument.ts';
import { type ExportSubject, partnerSubject, usageSubject, utilizationSubject } from './exportSubject.ts';

/** What asking needs of the connections. */
export interface AskingConnections extends ConnectionNames {
  arm(name: string): Promise<ArmClient>;
  partnerCenter(name: string): Promise<PartnerCenterClient>;
}

const TITLE = 'Export Usage';

/** What rows of the tree can be exported as; the first is what a row is mostly for. */
const KINDS = {
  usage: { label: 'Usage details', detail: 'Cost by day, resource and meter' },
  usageRecords: { label: 'Usage records', detail: 'Estimates of the open period by Partner Center' },
  utilization: { label: 'Utilization', detail: 'Raw use of legacy Azure, without prices' },
  ratedUsage: { label: 'Rated usage', detail: 'Use with prices, by day, resource and meter' },
  lineItems: { label: 'Line items', detail: 'Lines of an invoice, or of what has none yet' },
} as const;

type Kind = keyof typeof KINDS;

/** What several rows can be exported as in one file, which tells in each row whose it is. */
const TOGETHER: readonly Kind[] = ['usage', 'utilization'];

/** Asks a person what shall be exported, from the connection on. @throws BackedOut */
export async function askSubject(connections: AskingConnections): Promise<ExportSubject> {
  const { connection, scope, label } = given(await pickScope(connections, TITLE));
  return usageSubject(connection, [{ scope, label }], given(await pickPeriod(new Date(), TITLE)), undefined);
}

/**
 * Asks a person what of some rows shall be exported, and in which period.
 *
 * @throws BackedOut; BillingError of kind `argument` when they cannot be in one file
 */
export async function askSubjectOf(
  rows: readonly NodeArgument[],
  connections: AskingConnections,
): Promise<ExportSubject> {
  const [row, ...others] = rows;
  if (row === undefined) {
    return askSubject(connections);
  }
  if (others.some(({ connection }) => connection !== row.connection)) {
    throw refused('selection', 'has rows of several connections; select rows of one.');
  }
  const kinds =
    others.length === 0 ? kindsOf(row) : TOGETHER.filter((kind) => rows.every((one) => kindsOf(one).includes(kind)));
  if (kinds.length === 0) {
    throw refused(
      'selection',
      others.length === 0
        ? 'has no usage; choose an account, profile, customer, subscription or invoice.'
        : 'has no usage of one kind; select customers or subscriptions, all of Azure or all of Partner Center.',
    );
  }
  const kind = await pickKind(kinds);
  switch (kind) {
    case 'usage':
      return usage(rows);
    case 'utilization':
      return utilization(rows, connections);
    case 'usageRecords':
      return usageRecords(row, connections);
    case 'ratedUsage':
      return ratedUsage(row, connections);
    case 'lineItems':
      return lineItems(row, connections);
  }
}

function kindsOf({ scope, abilities = [] }: NodeArgument): Kind[] {
  const kinds = Object.keys(KINDS) as Kind[];
  return kinds.filter((kind) => (kind === 'usage' ? scope !== undefined : abilities.includes(kind)));
}

async function pickKind(kinds: readonly Kind[]): Promise<Kind> {
  const [only] = kinds;
  if (only !== undefined && kinds.length === 1) {
    return only;
  }
  const items = kinds.map((what) => ({ ...KINDS[what], what }));
  return given(await vscode.window.showQuickPick(items, { title: TITLE, placeHolder: 'What of it' })).what;
}

async function usage(rows: readonly NodeArgument[]): Promise<ExportSubject> {
  const scopes = rows.map((row) => ({ scope: scopePath(parseScope(row.scope ?? '')), label: rowTitle(row) }));
  const invoices = scopes.filter(({ scope }) => parseScope(scope).kind === 'invoice').length;
  if (invoices !== 0 && invoices !== scopes.length) {
    throw refused('selection', 'has invoices beside others; an invoice has its own period, so export them apart.');
  }
  requireNoParents(rows);
  requireApart(scopes);
  const period = invoices > 0 ? undefined : given(await pickPeriod(new Date(), TITLE));
  return usageSubject(rows[0]?.connection ?? '', scopes, period, undefined);
}

/** A row below another one of the selection has its rows in the file already, whatever their scopes are called. */
function requireNoParents(rows: readonly NodeArgument[]): void {
  for (const row of rows) {
    for (let above = parentOf(row); above !== undefined; above = parentOf(above)) {
      if (rows.some(({ id }) => id === above?.id)) {
        throw refused(
          'selection',
          `'${rowTitle(row)}' is part of '${rowTitle(above)}'; its rows would be in the file twice.`,
        );
      }
    }
  }
}

async function utilization(rows: readonly NodeArgument[], connections: AskingConnections): Promise<ExportSubject> {
  const window = given(await pickWindow(Date.now()));
  const chosen = rows.map((row) => {
    const connection = partnerConnection(connections, row.connection);
    const ids = { customerId: row.customer, subscriptionId: row.subscription };
    return { row, spec: utilizationSpec({ ...ids, ...window }, connection, 'csv', { now: Date.now() }) };
  });
  const [first, second] = chosen;
  if (first === undefined) {
    throw new BackedOut();
  }
  return second === undefined
    ? partnerSubject(first.spec, rowTitle(first.row))
    : utilizationSubject(
        first.spec,
        chosen.map(({ row, spec: { customer, subscription } }) => ({ customer, subscription, label: rowTitle(row) })),
      );
}

async function usageRecords(row: NodeArgument, connections: AskingConnections): Promise<ExportSubject> {
  const { customer: customerId, subscription: subscriptionId, subscriptionKind } = row;
  const connection = partnerConnection(connections, row.connection);
  const of = subscriptionId === undefined ? undefined : given(await pickUsageOf(subscriptionKind));
  const spec = usageRecordsSpec({ customerId, subscriptionId, of }, connection, 'csv');
  return partnerSubject(spec, spec.of === 'customers' ? undefined : rowTitle(row));
}

async function ratedUsage(row: NodeArgument, connections: AskingConnections): Promise<ExportSubject> {
  const { customer: customerId, subscription: subscriptionId, invoice, currency } = row;
  const connection = partnerConnection(connections, row.connection);
  const owner = { customer: customerId, plan: subscriptionId };
  const picked =
    invoice === undefined
      ? given(await pickRatedUsage(await connections.partnerCenter(connection), owner))
      : { invoice, currency };
  const spec = ratedUsageSpec({ customerId, subscriptionId, ...picked }, connection, 'csv');
  if (spec.invoice === undefined && spec.currency === undefined) {
    spec.currency = given(await pickCurrency(await connections.partnerCenter(connection), owner));
  }
  return partnerSubject(requireCurrency(spec), rowTitle(row));
}

async function lineItems(row: NodeArgument, connections: AskingConnections): Promise<ExportSubject> {
  const { invoice, lineProvider: provider, lineType: type, currency } = row;
  const connection = partnerConnection(connections, row.connection);
  const picked =
    invoice === undefined
      ? given(await pickUnbilledLines())
      : provider !== undefined && type !== undefined
        ? { invoice, provider, type, currency }
        : given(await pickInvoiceLines(await connections.partnerCenter(connection), invoice));
  return partnerSubject(requireCurrency(lineItemsSpec(picked, connection, 'csv')), undefined);
}

/** The same question again after a person found it too big: another period, where there is one. @throws BackedOut */
export async function askNarrower(subject: ExportSubject): Promise<ExportSubject> {
  const { connection, source } = subject;
  if (source.kind !== 'usageDetails') {
    throw new BackedOut();
  }
  const period = given(await pickPeriod(new Date(), plainText(subject.title)));
  const { anew } = subject;
  return { ...usageSubject(connection, source.scopes, period, source.metric), ...(anew === undefined ? {} : { anew }) };
}

function given<T>(answer: T | undefined): T {
  if (answer === undefined) {
    throw new BackedOut();
  }
  return answer;
}
