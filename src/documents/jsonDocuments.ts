import * as vscode from 'vscode';
import { BillingError } from '../api/http/errors.ts';
import { partnerBillingPath } from '../api/partnerCenter/anyResource.ts';
import { partnerConnection } from '../choices/commandInput.ts';
import { fileLabel } from '../choices/fileLabel.ts';
import { JSON_SCHEME, type OpenJsonArgument } from '../contributions.ts';
import type { CommandHandlers } from '../workbench/commands.ts';
import { withProgress } from '../workbench/progress.ts';
import { waitText } from '../workbench/text.ts';
import { armJson, type JsonPages, partnerJson, readWholeJson } from './readWholeJson.ts';
import type { TextDocuments, TextSource } from './textDocuments.ts';
import type { ConnectionSource, JsonCallSource, JsonService } from './texts.ts';

/** Single resources and lists as JSON: exactly the members and digits that the service sent, a list with all its pages. */
export function jsonSource(connections: ConnectionSource): TextSource {
  const pagesOf = async ({ connection, source, address }: Place): Promise<JsonPages> =>
    source === 'partnerCenter'
      ? partnerJson(await connections.partnerCenter(connection), address)
      : armJson(await connections.arm(connection), address);
  return {
    async fetch(uri) {
      const pages = await pagesOf(parse(uri));
      return withProgress(uri.path.slice(1), (report, signal) =>
        readWholeJson(pages, { signal, onWait: (wait) => report(waitText(wait)) }),
      );
    },
    async requestOf(uri) {
      const { connection, source, address } = parse(uri);
      const client = source === 'arm' ? await connections.arm(connection) : await connections.partnerCenter(connection);
      return { method: 'GET', url: client.http.absolute(address) };
    },
  };
}

/** The command that opens one. */
export function jsonCommands(
  documents: TextDocuments,
  jsonCallOf: JsonCallSource,
  connections: ConnectionSource,
): Pick<CommandHandlers, 'azureBilling.openJson'> {
  return {
    'azureBilling.openJson': async (argument) => documents.open(await uriOf(argument, jsonCallOf, connections)),
  };
}

/** What a document holds. */
interface Place {
  connection: string;
  source: JsonService;
  /** Path and query; of Partner Center, what is behind its version. */
  address: string;
}

async function uriOf(
  argument: OpenJsonArgument | { id: string },
  jsonCallOf: JsonCallSource,
  connections: ConnectionSource,
): Promise<vscode.Uri> {
  if ('id' in argument) {
    const found = await jsonCallOf(argument.id);
    if (found === undefined) {
      throw new BillingError('argument', 'id: no call of its own brings this row.', {
        advice: 'Open the row above it as JSON.',
      });
    }
    const { connection, title, call, source = 'arm' } = found;
    return uriFor({ connection, source, address: call.address }, title);
  }
  const { connection, source = 'arm', path } = argument;
  for (const [name, value] of Object.entries({ connection, path })) {
    if (typeof value !== 'string' || value === '') {
      throw new BillingError('argument', `${name}: is missing.`);
    }
  }
  if (source !== 'arm' && source !== 'partnerCenter') {
    throw new BillingError(
      'argument',
      `source: '${String(source).slice(0, 60)}' is not known; use arm or partnerCenter.`,
    );
  }
  const named = source === 'arm' ? connection : partnerConnection(connections, connection);
  return uriFor({ connection: named, source, address: path }, path.split('?')[0]?.split('/').at(-1) ?? 'resource');
}

/** In front of the address in the query of a document: which service it is of. */
const PREFIXES: Readonly<Record<JsonService, string>> = { arm: 'address=', partnerCenter: 'partnerCenter=' };

function uriFor({ connection, source, address }: Place, title: string): vscode.Uri {
  return vscode.Uri.from({
    scheme: JSON_SCHEME,
    authority: connection,
    path: `/${fileLabel(title)}.json`,
    // As it is: the editor encodes queries itself.
    query: `${PREFIXES[source]}${billingPath(source, address)}`,
  });
}

function parse({ authority, query }: vscode.Uri): Place {
  const source = query.startsWith(PREFIXES.partnerCenter) ? 'partnerCenter' : 'arm';
  const address = query.startsWith(PREFIXES[source]) ? query.slice(PREFIXES[source].length) : '';
  return { connection: authority, source, address: billingPath(source, address) };
}

/** An address can be written by hand, or by somebody else: it reads billing data and nothing else that the sign-in may see. */
function billingPath(source: JsonService, address: string): string {
  if (source === 'partnerCenter') {
    return partnerBillingPath(address);
  }
  requireBillingPath(address);
  return address;
}

function requireBillingPath(address: string): void {
  const path = address.split('?')[0] ?? '';
  const billing = /^\/[^/].*\/Microsoft\.(Billing|Consumption|CostManagement)\//i.test(`${path}/`);
  if (!billing || /\/\.{1,2}(\/|$)|%2e|\\/i.test(path)) {
    throw new BillingError('argument', 'path: is not a path of Microsoft.Billing, Consumption or CostManagement.', {
      advice: "Give a path such as '/providers/Microsoft.Billing/billingAccounts?api-version=2024-04-01'.",
    });
  }
}
