import type * as vscode from 'vscode';
import { parseScope, type Scope, scopePath } from '../api/arm/scope.ts';
import { BillingError } from '../api/http/errors.ts';
import {
  DOCUMENT_FORMATS,
  type DocumentFormat,
  type NodeArgument,
  type OpenUsageArgument,
  type PeriodArgument,
  USAGE_METRICS,
  type UsageMetricArgument,
} from '../contributions.ts';
import { type Period, resolvePeriod } from '../usage/period.ts';
import { type CommandHandlers, isTreeRow, setting } from '../workbench/commands.ts';
import { askAboutBigJob } from './bigJob.ts';
import type { BigJobDecision } from './fetchDocument.ts';
import { openDocument } from './openDocument.ts';
import { pickPeriod } from './pickPeriod.ts';
import { pickScope, type ScopeSource } from './pickScope.ts';
import type { UsageDocuments } from './usageDocuments.ts';
import { usageUri } from './usageUri.ts';

interface ConnectionSource extends ScopeSource {
  find(name: unknown): string | undefined;
}

/** The commands that open usage details. */
export function usageCommands(
  documents: UsageDocuments,
  connections: ConnectionSource,
): Pick<
  CommandHandlers,
  'azureBilling.openUsage' | 'azureBilling.openUsageCsv' | 'azureBilling.openUsageJson' | 'azureBilling.openUsageNdjson'
> {
  const open = async (argument: OpenUsageArgument | NodeArgument | undefined, format?: DocumentFormat) => {
    const request = await completeRequest(argument, format, connections);
    return request === undefined ? undefined : openUsage(documents, request);
  };
  return {
    'azureBilling.openUsage': (argument) => open(argument),
    'azureBilling.openUsageCsv': (node) => open(node, 'csv'),
    'azureBilling.openUsageJson': (node) => open(node, 'json'),
    'azureBilling.openUsageNdjson': (node) => open(node, 'ndjson'),
  };
}

interface UsageRequest {
  connection: string;
  scope: Scope;
  period: Period | undefined;
  metric: UsageMetricArgument | undefined;
  format: DocumentFormat;
  label: string;
  /** Asked for by a person, who can be asked back. */
  byPerson: boolean;
}

/** What of a request is there already: a plain argument may leave things out, a tree node has no period and format. */
interface GivenUsage {
  connection?: string;
  scope?: string | undefined;
  period?: PeriodArgument;
  metric?: UsageMetricArgument;
  format?: DocumentFormat;
  label?: string;
  title?: string | undefined;
}

/** Checks what was given and asks for what is missing. Undefined when the user backs out of a question. */
async function completeRequest(
  argument: OpenUsageArgument | NodeArgument | undefined,
  format: DocumentFormat | undefined,
  connections: ConnectionSource,
): Promise<UsageRequest | undefined> {
  const given: GivenUsage | undefined = argument ?? (await pickScope(connections));
  if (given === undefined) {
    return undefined;
  }
  if (given.label !== undefined && typeof given.label !== 'string') {
    throw new BillingError('argument', 'label: has to be a text.');
  }
  if (typeof given.scope !== 'string') {
    throw new BillingError('argument', 'scope: is missing.', {
      advice: 'Give the ARM path of what the usage belongs to.',
    });
  }
  const scope = parseScope(given.scope);
  const byPerson = argument === undefined || isTreeRow(argument);
  const period = await choosePeriod(given, scope, byPerson);
  if (period === 'none') {
    return undefined;
  }
  const connection = connections.find(given.connection);
  if (connection === undefined) {
    throw new BillingError('argument', `connection: there is no connection '${String(given.connection)}'.`, {
      advice: `Use one of: ${
        connections
          .list()
          .map(({ name }) => name)
          .join(', ') || 'none yet'
      }.`,
    });
  }
  return {
    connection,
    scope,
    period,
    metric: chosenMetric(given.metric),
    format: chosenFormat(format ?? given.format),
    label: given.title ?? given.label ?? lastName(scope),
    byPerson,
  };
}

async function choosePeriod(given: GivenUsage, scope: Scope, byPerson: boolean): Promise<Period | undefined | 'none'> {
  if (scope.kind === 'invoice') {
    if (given.period !== undefined) {
      throw new BillingError('argument', 'period: an invoice has its own period.', { advice: 'Leave the period out.' });
    }
    return undefined;
  }
  if (given.period === undefined && byPerson) {
    return (await pickPeriod(new Date())) ?? 'none';
  }
  return resolvePeriod(given.period ?? 'MonthToDate', new Date());
}

function chosenFormat(format: DocumentFormat | undefined): DocumentFormat {
  const chosen = format ?? setting('azureBilling.documents.format');
  if (!DOCUMENT_FORMATS.includes(chosen)) {
    throw new BillingError('argument', `format: '${String(chosen)}' is not one of ${DOCUMENT_FORMATS.join(', ')}.`);
  }
  return chosen;
}

function chosenMetric(metric: unknown): UsageMetricArgument | undefined {
  if (metric === undefined) {
    return undefined;
  }
  const known = USAGE_METRICS.find((name) => name.toLowerCase() === String(metric).toLowerCase());
  if (known === undefined) {
    throw new BillingError(
      'argument',
      `metric: '${String(metric).slice(0, 60)}' is not one of ${USAGE_METRICS.join(', ')}.`,
    );
  }
  return known;
}

function lastName(scope: Scope): string {
  return scopePath(scope).split('/').at(-1) ?? scope.kind;
}

/** Undefined when the user backs out of a question. */
async function openUsage(documents: UsageDocuments, request: UsageRequest): Promise<vscode.Uri | undefined> {
  const { connection, scope, period, metric, format, label, byPerson } = request;
  const uri = usageUri({ connection, scope: scopePath(scope), period, metric, format }, label);
  let shorter = false;
  const decide: BigJobDecision = async (size, estimate, signal) => {
    const answer = await askAboutBigJob(`Usage of ${label}`, size, estimate, period !== undefined, signal);
    shorter = answer === 'shorter';
    return answer === 'continue';
  };
  try {
    return await openDocument(documents, uri, `Usage of ${label}`, byPerson ? decide : undefined);
  } catch (error) {
    if (!shorter) {
      throw error;
    }
  }
  const other = await pickPeriod(new Date());
  return other === undefined ? undefined : openUsage(documents, { ...request, period: other });
}
