import type { ArmClient } from '../api/arm/armClient.ts';
import { refused } from '../api/arm/input.ts';
import type { BillingParent } from '../api/arm/parent.ts';
import { nameSegment, scopePath } from '../api/arm/scope.ts';
import { type ConnectionNames, givenLabel, partnerConnection } from '../choices/commandInput.ts';
import { costQuestion } from '../choices/costArguments.ts';
import { lineItemsSpec } from '../choices/lineItemArguments.ts';
import { ratedUsageSpec, requireCurrency, usageRecordsSpec, utilizationSpec } from '../choices/partnerArguments.ts';
import { requireConnection, requireScope, usageMetric, usagePeriod } from '../choices/usageArguments.ts';
import {
  COST_GRANULARITIES,
  type OpenCostsArgument,
  type OpenLineItemsArgument,
  type OpenRatedUsageArgument,
  type OpenUsageRecordsArgument,
  type OpenUtilizationArgument,
  type PeriodArgument,
} from '../contributions.ts';
import { costQueryOf } from '../spend/costTables.ts';
import { resolvePeriod } from '../usage/period.ts';
import type { LabelledScope, TransactionsSource } from '../usage/plan/exportSource.ts';
import {
  costsSubject,
  type ExportSubject,
  partnerSubject,
  transactionsSubject,
  usageSubject,
} from './exportSubject.ts';
import { type Given, givenFlag, givenText } from './given.ts';

/** What checking an argument needs of the connections. Nothing is sent. */
export interface ArgumentConnections extends ConnectionNames {
  arm(name: string): Promise<Pick<ArmClient, 'versions'>>;
}

/**
 * What a plain argument asks for, told by its fields as the commands take them that open the same as a document.
 *
 * @throws BillingError of kind `argument` that names the field
 */
export async function subjectOf(given: Given, connections: ArgumentConnections, now: Date): Promise<ExportSubject> {
  const anew = givenFlag(given, 'anew') === true;
  // Formats of documents are fewer; the one of the file is checked by itself.
  const { format: _, anew: __, ...plain } = given;
  const subject = await askedFor(plain, connections, now);
  return anew ? { ...subject, anew } : subject;
}

async function askedFor(given: Given, connections: ArgumentConnections, now: Date): Promise<ExportSubject> {
  const label = givenLabel(given.label);
  if (given.scope !== undefined || given.scopes !== undefined) {
    const connection = requireConnection(connections, given.connection);
    return isCostQuery(given)
      ? costs(connection, given, label, connections, now)
      : usage(connection, given, label, now);
  }
  if (given.account !== undefined) {
    return transactions(requireConnection(connections, given.connection), given, label, now);
  }
  const kind = partnerKind(given);
  if (kind === undefined) {
    requireConnection(connections, given.connection);
    throw refused('scope', 'is missing; give the ARM path of what the usage belongs to.');
  }
  const connection = partnerConnection(connections, given.connection);
  switch (kind) {
    case 'utilization': {
      const rules = { now: now.getTime(), offBoundary: 'refuse' } as const;
      return partnerSubject(
        utilizationSpec(given as Partial<OpenUtilizationArgument>, connection, 'csv', rules),
        label,
      );
    }
    case 'lineItems':
      return partnerSubject(
        requireCurrency(lineItemsSpec(given as Partial<OpenLineItemsArgument>, connection, 'csv')),
        label,
      );
    case 'ratedUsage':
      return partnerSubject(
        requireCurrency(ratedUsageSpec(given as Partial<OpenRatedUsageArgument>, connection, 'csv')),
        label,
      );
    case 'usageRecords':
      return partnerSubject(usageRecordsSpec(given as Partial<OpenUsageRecordsArgument>, connection, 'csv'), label);
  }
}

/** A cost query is told from usage details by what only it has. */
function isCostQuery({ groupBy, granularity }: Given): boolean {
  return groupBy !== undefined || COST_GRANULARITIES.some((known) => known === granularity);
}

function partnerKind(given: Given): 'utilization' | 'lineItems' | 'ratedUsage' | 'usageRecords' | undefined {
  const has = (...fields: string[]) => fields.some((field) => given[field] !== undefined);
  if (has('start', 'end')) {
    return 'utilization';
  }
  if (has('provider', 'type')) {
    return 'lineItems';
  }
  if (has('invoice', 'currency', 'period', 'fragment')) {
    return 'ratedUsage';
  }
  return has('of', 'customerId', 'subscriptionId') ? 'usageRecords' : undefined;
}

function usage(connection: string, given: Given, label: string | undefined, now: Date): ExportSubject {
  const scopes = given.scopes === undefined ? [oneScope(given.scope, label)] : manyScopes(given);
  const [first, ...others] = scopes.map(({ scope }) => requireScope(scope));
  if (first === undefined) {
    throw refused('scopes', 'is empty; give the path of at least one scope.');
  }
  if (others.some(({ kind }) => (kind === 'invoice') !== (first.kind === 'invoice'))) {
    throw refused('scopes', 'has invoices beside others; an invoice has its own period, so export them apart.');
  }
  requireApart(scopes);
  const period = usagePeriod(given.period as PeriodArgument | undefined, first, now);
  return usageSubject(connection, scopes, period, usageMetric(given.metric));
}

function oneScope(value: unknown, label: string | undefined): LabelledScope {
  return { scope: scopePath(requireScope(value)), ...(label === undefined ? {} : { label }) };
}

function manyScopes({ scope, scopes }: Given): LabelledScope[] {
  if (scope !== undefined) {
    throw refused('scopes', 'and scope are both there; give one of them.');
  }
  if (!Array.isArray(scopes)) {
    throw refused('scopes', 'is no list; give the paths of scopes.');
  }
  return scopes.map((entry: unknown, index) => {
    const field = `scopes[${index}]`;
    if (typeof entry !== 'object' || entry === null) {
      return { scope: scopePath(requireScope(entry, field)) };
    }
    const { scope: path, label } = entry as Given;
    if (label !== undefined && typeof label !== 'string') {
      throw refused(`${field}.label`, 'has to be a text.');
    }
    return { scope: scopePath(requireScope(path, `${field}.scope`)), ...(label === undefined ? {} : { label }) };
  });
}

/**
 * Scopes of one file must not share rows, or a sum over it would count them twice. What only the service knows (whose a subscription is)
 * cannot be told from paths.
 *
 * @throws BillingError of kind `argument` that names both
 */
export function requireApart(scopes: readonly LabelledScope[]): void {
  const paths = scopes.map(({ scope }) => `${scope.toLowerCase()}/`);
  for (const [inner, path] of paths.entries()) {
    const outer = paths.findIndex((other, index) => index !== inner && path.startsWith(other));
    if (outer >= 0) {
      const name = (index: number) => scopes[index]?.label ?? scopes[index]?.scope ?? '';
      throw refused('scopes', `'${name(inner)}' is part of '${name(outer)}'; its rows would be in the file twice.`);
    }
  }
}

async function costs(
  connection: string,
  given: Given,
  label: string | undefined,
  connections: ArgumentConnections,
  now: Date,
): Promise<ExportSubject> {
  if (given.scopes !== undefined) {
    throw refused('scopes', 'costs are asked of one scope at a time; give scope.');
  }
  const question = costQuestion(given as unknown as OpenCostsArgument, now);
  const { versions } = await connections.arm(connection);
  const name = label ?? question.scope.split('/').at(-1) ?? '';
  return costsSubject(connection, question, costQueryOf(question, versions), name);
}

function transactions(connection: string, given: Given, label: string | undefined, now: Date): ExportSubject {
  const parent: BillingParent = { account: requireName(given, 'account') };
  for (const field of ['profile', 'customer'] as const) {
    if (given[field] !== undefined) {
      parent[field] = requireName(given, field);
    }
  }
  const invoice = given.invoice === undefined ? undefined : requireName(given, 'invoice');
  const name = label ?? parent.customer ?? parent.profile ?? parent.account;
  if (invoice !== undefined) {
    if (given.period !== undefined) {
      throw refused('period', 'an invoice has its own period; leave it out.');
    }
    return transactionsSubject(connection, { kind: 'transactions', parent, invoice }, name);
  }
  const source: TransactionsSource = {
    kind: 'transactions',
    parent,
    period: resolvePeriod((given.period as PeriodArgument | undefined) ?? 'MonthToDate', now),
    type: transactionType(given.type),
  };
  return transactionsSubject(connection, source, name);
}

function requireName(given: Given, field: string): string {
  const name = givenText(given, field) ?? '';
  // Checked here, so that the sentence comes before anything is planned.
  nameSegment(field, name);
  return name;
}

function transactionType(value: unknown): 'Billed' | 'Unbilled' | 'Other' {
  const types = ['Billed', 'Unbilled', 'Other'] as const;
  const found = value === undefined ? 'Billed' : types.find((type) => type === value);
  if (found === undefined) {
    throw refused('type', `'${String(value).slice(0, 60)}' is not one of ${types.join(', ')}.`);
  }
  return found;
}
