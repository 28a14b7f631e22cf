import * as vscode from 'vscode';
import { parseScope, type Scope, scopePath } from '../api/arm/scope.ts';
import { BillingError } from '../api/http/errors.ts';
import type { PlainRequest } from '../api/http/requestText.ts';
import {
  type CopyRequestArgument,
  DOCUMENT_FORMATS,
  type DocumentFormat,
  type NodeArgument,
  type OpenUsageArgument,
  type PeriodArgument,
  USAGE_METRICS,
  type UsageMetricArgument,
} from '../contributions.ts';
import { type Period, resolvePeriod } from '../usage/period.ts';
import { type CommandRegistry, isTreeRow, setting } from '../workbench/commands.ts';
import type { RequestSource } from '../workbench/copyRequest.ts';
import { CompletenessNote } from './completeness.ts';
import { type BigJobDecision, fetchDocument } from './fetchDocument.ts';
import { registerFileSystem } from './fileSystem.ts';
import type { ScopeSource } from './pickScope.ts';
import { tabUris } from './tabUris.ts';
import { UsageDocuments } from './usageDocuments.ts';
import { parseUsageUri, usageUri } from './usageUri.ts';

interface ConnectionSource extends ScopeSource {
  find(name: unknown): string | undefined;
  /** Names of the connections whose service is another one now. */
  onDidChange: vscode.Event<readonly string[]>;
}

/** The file system of usage documents, the note on them, and the commands that open them. */
export function registerDocuments(
  connections: ConnectionSource,
  commands: CommandRegistry,
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
): { disposable: vscode.Disposable; requestOf: RequestSource } {
  const documents = new UsageDocuments(
    (name) => connections.arm(name),
    vscode.Uri.joinPath(context.globalStorageUri, 'large-documents'),
  );
  const note = new CompletenessNote(documents);

  const open = async (argument: OpenUsageArgument | NodeArgument | undefined, format?: DocumentFormat) => {
    const request = await completeRequest(argument, format, connections);
    return request === undefined ? undefined : openUsage(documents, request);
  };
  commands.register('azureBilling.openUsage', (argument) => open(argument));
  commands.register('azureBilling.openUsageCsv', (node) => open(node, 'csv'));
  commands.register('azureBilling.openUsageJson', (node) => open(node, 'json'));
  commands.register('azureBilling.openUsageNdjson', (node) => open(node, 'ndjson'));
  commands.register('azureBilling.showCompleteness', async () => {
    await note.show();
    return undefined;
  });

  const disposable = vscode.Disposable.from(
    note,
    documents,
    registerFileSystem(documents, log),
    connections.onDidChange((names) => documents.connectionsChanged(names)),
    vscode.window.tabGroups.onDidChangeTabs(({ closed }) => documents.tabsClosed(closed)),
  );
  return { disposable, requestOf: (argument) => requestOf(argument, connections) };
}

/** The call that brings a usage document: the one with the given address, or the one in front. */
async function requestOf(
  { id, document }: CopyRequestArgument,
  connections: ConnectionSource,
): Promise<PlainRequest | undefined> {
  const uri =
    document === undefined
      ? tabUris(vscode.window.tabGroups.activeTabGroup.activeTab)[0]
      : vscode.Uri.parse(String(document));
  const spec = id === undefined && uri !== undefined ? parseUsageUri(uri) : undefined;
  if (spec === undefined) {
    return undefined;
  }
  const [{ listUsageDetails }, { usageDetailsQuery }, arm] = await Promise.all([
    import('../api/arm/usageDetails.ts'),
    import('../usage/usageDetailsQuery.ts'),
    connections.arm(spec.connection),
  ]);
  const call = listUsageDetails(arm, usageDetailsQuery({ ...spec, scope: parseScope(spec.scope) })).first;
  return { method: call.method, url: arm.http.absolute(call.address) };
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
  const given: GivenUsage | undefined = argument ?? (await (await import('./pickScope.ts')).pickScope(connections));
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
    return (await (await import('./pickPeriod.ts')).pickPeriod(new Date())) ?? 'none';
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
    const { askAboutBigJob } = await import('./bigJob.ts');
    const answer = await askAboutBigJob(`Usage of ${label}`, size, estimate, period !== undefined, signal);
    shorter = answer === 'shorter';
    return answer === 'continue';
  };
  try {
    return await documents.hold(uri, async () => {
      const known = documents.get(uri);
      // A closed period does not change: the open tab is brought to the front without a request.
      const document =
        known?.state === 'closed' ? known : await fetchDocument(documents, uri, label, byPerson ? decide : undefined);
      const target = document.content instanceof vscode.Uri ? document.content : uri;
      // Not openTextDocument: the editor opens large files itself but gives them to no extension.
      await vscode.commands.executeCommand('vscode.open', target, { preview: false });
      return target;
    });
  } catch (error) {
    if (!shorter) {
      throw error;
    }
  }
  const other = await (await import('./pickPeriod.ts')).pickPeriod(new Date());
  return other === undefined ? undefined : openUsage(documents, { ...request, period: other });
}
