import * as vscode from 'vscode';
import { parseCostScope } from '../api/arm/scope.ts';
import { BillingError } from '../api/http/errors.ts';
import { costQuestion } from '../choices/costArguments.ts';
import { fileLabel } from '../choices/fileLabel.ts';
import { pickCosts } from '../choices/pickCosts.ts';
import { COSTS_SCHEME, type ExportUsageArgument, type NodeArgument, type OpenCostsArgument } from '../contributions.ts';
import { type CostQuestion, costCall, readCosts } from '../spend/costTables.ts';
import { type Period, periodLabel } from '../usage/period.ts';
import { type CommandHandlers, isTreeRow } from '../workbench/commands.ts';
import { withProgress } from '../workbench/progress.ts';
import { waitText } from '../workbench/text.ts';
import type { TextDocuments, TextSource } from './textDocuments.ts';
import type { ConnectionSource } from './texts.ts';

interface CostDocument extends CostQuestion {
  connection: string;
  format: 'csv' | 'json';
}

/** Costs of a scope by up to two dimensions as CSV or JSON: one cost query, every digit as the service sent it. */
export function costSource(connections: ConnectionSource): TextSource {
  return {
    async fetch(uri) {
      const { connection, format, ...question } = parseUri(uri);
      const arm = await connections.arm(connection);
      return withProgress(uri.path.slice(uri.path.lastIndexOf('/') + 1), (report, signal) =>
        readCosts(arm, question, format, { signal, onWait: (wait) => report(waitText(wait)) }),
      );
    },
    async requestOf(uri) {
      const { connection, format: _format, ...question } = parseUri(uri);
      const arm = await connections.arm(connection);
      const call = costCall(arm, question);
      return { ...call, url: arm.http.absolute(call.address) };
    },
  };
}

/** The command that opens one. */
export function costCommands(
  documents: TextDocuments,
  connections: ConnectionSource,
): Pick<CommandHandlers, 'azureBilling.openCosts'> {
  return {
    'azureBilling.openCosts': async (argument) => {
      const row = isTreeRow(argument);
      const document = row ? await ask(argument, connections) : complete(argument as OpenCostsArgument);
      const label = row ? (argument.title ?? argument.label) : (argument as OpenCostsArgument).label;
      return document && documents.open(uriFor(document, label));
    },
  };
}

function complete(given: OpenCostsArgument): CostDocument {
  const { connection, format = 'csv' } = given;
  if (typeof connection !== 'string' || connection === '') {
    throw new BillingError('argument', 'connection: is missing.');
  }
  if (format !== 'csv' && format !== 'json') {
    throw new BillingError('argument', `format: '${String(format)}' is not one of csv, json.`);
  }
  return { ...costQuestion(given, new Date()), connection, format };
}

/** Asks for period, dimensions (those that this scope has) and granularity. */
async function ask(node: NodeArgument, connections: ConnectionSource): Promise<CostDocument | undefined> {
  const scope = node.costScope ?? node.scope ?? '';
  const arm = await connections.arm(node.connection);
  const picked = await pickCosts(arm, parseCostScope(scope), 'Open Costs');
  return picked && complete({ connection: node.connection, scope, ...picked });
}

function uriFor({ connection, scope, period, groupBy, granularity, format }: CostDocument, label?: string): vscode.Uri {
  const name = fileLabel(label ?? scope.split('/').at(-1) ?? '');
  const by = groupBy.length === 0 ? '' : ` by ${fileLabel(groupBy.join(' and '))}`;
  const query = new URLSearchParams([
    ['from', period.from],
    ['to', period.to],
    ['granularity', granularity],
    ...groupBy.map((group): [string, string] => ['groupBy', group]),
  ]);
  return vscode.Uri.from({
    scheme: COSTS_SCHEME,
    authority: connection,
    path: `${scope}/${name} costs ${periodLabel(period)}${by}.${format}`,
    query: query.toString(),
  });
}

function parseUri(uri: vscode.Uri): CostDocument {
  const query = new URLSearchParams(uri.query);
  const slash = uri.path.lastIndexOf('/');
  const period: Period = { from: query.get('from') ?? '', to: query.get('to') ?? '' };
  return complete({
    connection: uri.authority,
    scope: uri.path.slice(0, slash),
    period,
    groupBy: query.getAll('groupBy'),
    granularity: (query.get('granularity') ?? 'None') as CostQuestion['granularity'],
    format: uri.path.endsWith('.json') ? 'json' : 'csv',
  });
}

/** What a table of costs holds, as `exportUsage` takes it. @throws BillingError of kind `argument` for an address that is none */
export function costExportArgument(uri: vscode.Uri): ExportUsageArgument {
  const label = /^(.+?) costs /.exec(uri.path.slice(uri.path.lastIndexOf('/') + 1))?.[1];
  return { ...parseUri(uri), ...(label === undefined ? {} : { label }) };
}
