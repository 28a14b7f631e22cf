import * as vscode from 'vscode';
import { BillingError } from '../api/http/errors.ts';
import { JSON_SCHEME, type OpenJsonArgument } from '../contributions.ts';
import type { CommandHandlers } from '../workbench/commands.ts';
import { withProgress } from '../workbench/progress.ts';
import { waitText } from '../workbench/text.ts';
import { readWholeJson } from './readWholeJson.ts';
import type { TextDocuments, TextSource } from './textDocuments.ts';
import type { ConnectionSource, JsonCallSource } from './texts.ts';
import { fileLabel } from './usageUri.ts';

/** Single resources and lists as JSON: exactly the members and digits that the service sent, a list with all its pages. */
export function jsonSource(connections: ConnectionSource): TextSource {
  return {
    async fetch(uri) {
      const { connection, address } = parse(uri);
      const arm = await connections.arm(connection);
      return withProgress(uri.path.slice(1), (report, signal) =>
        readWholeJson(arm, address, { signal, onWait: (wait) => report(waitText(wait)) }),
      );
    },
    async requestOf(uri) {
      const { connection, address } = parse(uri);
      return { method: 'GET', url: (await connections.arm(connection)).http.absolute(address) };
    },
  };
}

/** The command that opens one. */
export function jsonCommands(
  documents: TextDocuments,
  jsonCallOf: JsonCallSource,
): Pick<CommandHandlers, 'azureBilling.openJson'> {
  return { 'azureBilling.openJson': async (argument) => documents.open(await uriOf(argument, jsonCallOf)) };
}

async function uriOf(argument: OpenJsonArgument | { id: string }, jsonCallOf: JsonCallSource): Promise<vscode.Uri> {
  if ('id' in argument) {
    const found = await jsonCallOf(argument.id);
    if (found === undefined) {
      throw new BillingError('argument', 'id: no call of its own brings this row.', {
        advice: 'Open the row above it as JSON.',
      });
    }
    return uriFor(found.connection, found.call.address, found.title);
  }
  const { connection, path } = argument;
  for (const [name, value] of Object.entries({ connection, path })) {
    if (typeof value !== 'string' || value === '') {
      throw new BillingError('argument', `${name}: is missing.`);
    }
  }
  return uriFor(connection, path, path.split('?')[0]?.split('/').at(-1) ?? 'resource');
}

const ADDRESS = 'address=';

function uriFor(connection: string, address: string, title: string): vscode.Uri {
  requireBillingPath(address);
  return vscode.Uri.from({
    scheme: JSON_SCHEME,
    authority: connection,
    path: `/${fileLabel(title)}.json`,
    // As it is: the editor encodes queries itself.
    query: `${ADDRESS}${address}`,
  });
}

function parse(uri: vscode.Uri): { connection: string; address: string } {
  const address = uri.query.startsWith(ADDRESS) ? uri.query.slice(ADDRESS.length) : '';
  requireBillingPath(address);
  return { connection: uri.authority, address };
}

/** An address can be written by hand, or by somebody else: it reads billing data and nothing else that the sign-in may see. */
function requireBillingPath(address: string): void {
  const path = address.split('?')[0] ?? '';
  const billing = /^\/[^/].*\/Microsoft\.(Billing|Consumption|CostManagement)\//i.test(`${path}/`);
  if (!billing || /\/\.{1,2}(\/|$)|%2e|\\/i.test(path)) {
    throw new BillingError('argument', 'path: is not a path of Microsoft.Billing, Consumption or CostManagement.', {
      advice: "Give a path such as '/providers/Microsoft.Billing/billingAccounts?api-version=2024-04-01'.",
    });
  }
}
