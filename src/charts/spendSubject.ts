import * as vscode from 'vscode';
import { BillingError } from '../api/http/errors.ts';
import { type ConnectionNames, givenLabel, partnerConnection, rowTitle } from '../choices/commandInput.ts';
import { pickScope, type ScopeSource } from '../choices/pickScope.ts';
import { requireConnection } from '../choices/usageArguments.ts';
import { COSTS_SCHEME, DOCUMENT_SCHEME, type NodeArgument, type ShowSpendArgument } from '../contributions.ts';
import { checkSpendQuestion, isPartnerScope, spendIdentity } from '../spend/spendQuestion.ts';
import type { SpendQuestion } from '../spend/spendShapes.ts';
import { isTreeRow } from '../workbench/commands.ts';
import { shortName } from './names.ts';

/** What a panel shows, and what it is called. */
export interface SpendSubject {
  connection: string;
  /** Name of the scope, for people; empty where nobody gave one. */
  label: string;
  question: SpendQuestion;
}

/** What subjects need of the connections. */
export type SubjectSource = ConnectionNames & ScopeSource;

/**
 * What an argument of a command means; asks for the scope where there is none. Undefined when the user backs out.
 *
 * @throws BillingError of kind `argument` whose message starts with the field
 */
export async function spendSubject(
  argument: ShowSpendArgument | NodeArgument | vscode.Uri | undefined,
  connections: SubjectSource,
  now: Date,
): Promise<SpendSubject | undefined> {
  if (argument instanceof vscode.Uri) {
    return checkedSubject(ofDocument(argument), connections, now);
  }
  if (isTreeRow(argument)) {
    return checkedSubject(ofRow(argument), connections, now);
  }
  const given = argument ?? (await pickScope(connections, 'Show Spend'));
  return given && checkedSubject(given, connections, now);
}

/**
 * A subject from plain data: a caller's argument, a view file, what a panel kept.
 *
 * @throws BillingError of kind `argument` whose message starts with the field
 */
export function checkedSubject(given: unknown, connections: ConnectionNames, now: Date): SpendSubject {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new BillingError('argument', 'connection: is missing.', {
      advice: 'Give the name of a connection and a scope.',
    });
  }
  const { connection, label, ...rest } = given as Record<string, unknown>;
  const question = checkSpendQuestion(rest, now);
  const find = isPartnerScope(question.scope) ? partnerConnection : requireConnection;
  return { connection: find(connections, connection), label: givenLabel(label) ?? '', question };
}

/** The same as plain data, members in the order that view files have them. */
export function plainSubject({ connection, label, question }: SpendSubject): ShowSpendArgument {
  const { scope, period, granularity, groupBy, filters, metric, currency, code, compareWith, top, view } = question;
  return {
    connection,
    scope,
    ...(label === '' ? {} : { label }),
    period,
    granularity,
    groupBy,
    filters,
    metric,
    currency,
    ...(code === undefined ? {} : { code }),
    ...(compareWith === undefined ? {} : { compareWith }),
    top,
    view,
  };
}

/**
 * What a row of the tree would be for a subject: a command that is called with it was called by a person, who sees a failure in the panel
 * and not a second time in a notification.
 */
export function subjectRow({
  connection,
  label,
  question: { scope },
}: SpendSubject): NodeArgument & { parent: undefined } {
  return { id: '', connection, label, scope, parent: undefined };
}

/** Equal for subjects that show the same, whatever they are called. */
export function subjectIdentity({ connection, question }: SpendSubject): string {
  return `${connection.toLowerCase()} ${spendIdentity(question)}`;
}

/** Name of the scope as people read it: one short line. */
export function scopeName({ label, question: { scope } }: SpendSubject): string {
  return shortName(label, scope.split('/').at(-1) ?? scope);
}

function ofRow(row: NodeArgument): ShowSpendArgument {
  const partner = row.customer === undefined ? '' : `/partnerCenter/customers/${row.customer}`;
  return { connection: row.connection, scope: row.costScope ?? row.scope ?? partner, label: rowTitle(row) };
}

/** Documents of usage and of costs have scope, days and groups in their address. */
function ofDocument({ scheme, authority, path, query }: vscode.Uri): ShowSpendArgument {
  const given = new URLSearchParams(query);
  const [from, to, groupBy] = [given.get('from'), given.get('to'), given.get('groupBy')];
  if (scheme !== DOCUMENT_SCHEME && scheme !== COSTS_SCHEME) {
    throw new BillingError('argument', 'scope: this document is none of usage or costs.', {
      advice: 'Choose a row of the tree, or a document of usage.',
    });
  }
  const slash = path.lastIndexOf('/');
  const name = /^(.+?) (?:usage|costs) /.exec(path.slice(slash + 1))?.[1];
  return {
    connection: authority,
    scope: path.slice(0, slash),
    ...(name === undefined ? {} : { label: name }),
    ...(from === null || to === null ? {} : { period: { from, to } }),
    ...(groupBy === null ? {} : { groupBy }),
  };
}
