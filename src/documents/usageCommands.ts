import type * as vscode from 'vscode';
import { type Scope, scopePath } from '../api/arm/scope.ts';
import { BillingError } from '../api/http/errors.ts';
import { pickPeriod } from '../choices/pickPeriod.ts';
import { pickScope, type ScopeSource } from '../choices/pickScope.ts';
import { requireConnection, requireScope, usageMetric, usagePeriod } from '../choices/usageArguments.ts';
import {
  DOCUMENT_FORMATS,
  type DocumentFormat,
  type NodeArgument,
  type OpenUsageArgument,
  type PeriodArgument,
  type UsageConditionArgument,
  type UsageMetricArgument,
} from '../contributions.ts';
import type { Period } from '../usage/period.ts';
import { checkUsageFilter, type UsageFilter } from '../usage/usageFilter.ts';
import { type CommandHandlers, isTreeRow, setting } from '../workbench/commands.ts';
import { askAboutBigJob } from './bigJob.ts';
import type { BigJobDecision } from './fetchDocument.ts';
import { openDocument } from './openDocument.ts';
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
  only: UsageFilter | undefined;
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
  only?: readonly UsageConditionArgument[];
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
  const scope = requireScope(given.scope);
  const byPerson = argument === undefined || isTreeRow(argument);
  const period = await choosePeriod(given, scope, byPerson);
  if (period === 'none') {
    return undefined;
  }
  return {
    connection: requireConnection(connections, given.connection),
    scope,
    period,
    metric: usageMetric(given.metric),
    only: given.only === undefined ? undefined : checkUsageFilter(given.only),
    format: chosenFormat(format ?? given.format),
    label: given.title ?? given.label ?? lastName(scope),
    byPerson,
  };
}

async function choosePeriod(given: GivenUsage, scope: Scope, byPerson: boolean): Promise<Period | undefined | 'none'> {
  if (given.period === undefined && byPerson && scope.kind !== 'invoice') {
    return (await pickPeriod(new Date())) ?? 'none';
  }
  return usagePeriod(given.period, scope, new Date());
}

function chosenFormat(format: DocumentFormat | undefined): DocumentFormat {
  const chosen = format ?? setting('azureBilling.documents.format');
  if (!DOCUMENT_FORMATS.includes(chosen)) {
    throw new BillingError('argument', `format: '${String(chosen)}' is not one of ${DOCUMENT_FORMATS.join(', ')}.`);
  }
  return chosen;
}

function lastName(scope: Scope): string {
  return scopePath(scope).split('/').at(-1) ?? scope.kind;
}

/** Undefined when the user backs out of a question. */
async function openUsage(documents: UsageDocuments, request: UsageRequest): Promise<vscode.Uri | undefined> {
  const { connection, scope, period, metric, only, format, label, byPerson } = request;
  const uri = usageUri({ connection, scope: scopePath(scope), period, metric, only, format }, label);
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
