import * as vscode from 'vscode';
import type { BudgetProvider } from '../api/arm/budgetRules/context.ts';
import { parseCostScope, scopePath } from '../api/arm/scope.ts';
import { BillingError } from '../api/http/errors.ts';
import type { BudgetPlace } from '../budgeting/saveBudget.ts';
import { BUDGET_SCHEME, type BudgetArgument, type NodeArgument } from '../contributions.ts';
import { isTreeRow } from '../workbench/commands.ts';

/** A budget in a connection. */
export interface PlaceOfBudget extends BudgetPlace {
  connection: string;
}

/** One whose provider is known, as an address needs it. */
export interface OpenPlace extends PlaceOfBudget {
  provider: BudgetProvider;
}

const NAMESPACES = { costManagement: 'Microsoft.CostManagement', consumption: 'Microsoft.Consumption' } as const;

const ENDING = '.budget.json';

/** The address of a budget's document: its resource id behind the connection, so that one budget is one document. */
export function budgetUri({ connection, scope, provider, name }: OpenPlace): vscode.Uri {
  return vscode.Uri.from({
    scheme: BUDGET_SCHEME,
    authority: connection,
    path: `${scopePath(scope)}/providers/${NAMESPACES[provider]}/budgets/${encodeURIComponent(name)}${ENDING}`,
  });
}

/** What an address names. It can come from anybody: undefined for what is no budget. */
export function placeOfUri({ scheme, authority, path }: vscode.Uri): OpenPlace | undefined {
  const [, scope, namespace, label] =
    /^(\/.+)\/providers\/Microsoft\.(CostManagement|Consumption)\/budgets\/([^/]+)\.budget\.json$/.exec(path) ?? [];
  if (scheme !== BUDGET_SCHEME || authority === '' || scope === undefined || label === undefined) {
    return undefined;
  }
  try {
    return {
      connection: authority,
      scope: parseCostScope(scope),
      provider: namespace === 'Consumption' ? 'consumption' : 'costManagement',
      name: decodeURIComponent(label),
    };
  } catch {
    return undefined;
  }
}

/** What commands on a budget are called with: a row, a plain argument, a tab's address, or nothing for the tab in front. */
export type GivenBudget = Partial<BudgetArgument> | NodeArgument | vscode.Uri | undefined;

/**
 * The budget that a command is about.
 *
 * @throws BillingError of kind `argument` that names the field
 */
export function placeOf(argument: GivenBudget, find: (name: unknown) => string | undefined): PlaceOfBudget {
  if (argument === undefined || argument instanceof vscode.Uri) {
    const uri = argument ?? vscode.window.activeTextEditor?.document.uri;
    const place = uri && placeOfUri(uri);
    if (place === undefined) {
      throw new BillingError('argument', 'There is no budget in front.', {
        advice: 'Open one from the tree, or call the command on its row.',
      });
    }
    return { ...place, connection: connectionOf(place.connection, find) };
  }
  const { name, ...rest } = partsOf(argument);
  if (typeof name !== 'string' || name === '') {
    throw new BillingError('argument', 'name: is missing.', { advice: 'Give the name of the budget.' });
  }
  return { ...scopeOf(rest, find), name };
}

/** Where a budget is created. @throws BillingError of kind `argument` that names the field */
export function scopeOf(
  given: GivenParts,
  find: (name: unknown) => string | undefined,
): Pick<PlaceOfBudget, 'connection' | 'scope' | 'provider'> {
  const { connection, scope, provider } = given;
  if (typeof scope !== 'string' || scope === '') {
    throw new BillingError('argument', 'scope: is missing.', {
      advice: 'Give the path of a billing account, billing profile, customer, subscription or resource group.',
    });
  }
  if (provider !== undefined && provider !== 'costManagement' && provider !== 'consumption') {
    throw new BillingError(
      'argument',
      `provider: '${String(provider).slice(0, 60)}' is not known; use costManagement or consumption.`,
    );
  }
  return {
    connection: connectionOf(connection, find),
    scope: parseCostScope(scope),
    ...(provider === undefined ? {} : { provider }),
  };
}

interface GivenParts {
  connection?: unknown;
  scope?: unknown;
  name?: unknown;
  provider?: unknown;
}

/** The same of a row and of a plain argument. Ids of budgets are unreliable, but tell the provider. */
export function partsOf(argument: object): GivenParts {
  if (!isTreeRow(argument)) {
    return argument;
  }
  const { connection, costScope, scope, budget, resourceId = '' } = argument;
  const provider = /\/Microsoft\.Consumption\//i.test(resourceId) ? 'consumption' : undefined;
  return { connection, scope: costScope ?? scope, name: budget, provider };
}

/** A connection by the name that was given. @throws BillingError of kind `argument` */
export function connectionOf(name: unknown, find: (name: unknown) => string | undefined): string {
  const found = find(name);
  if (found === undefined) {
    throw new BillingError(
      'argument',
      name === undefined
        ? 'connection: is missing.'
        : `connection: there is no connection '${String(name).slice(0, 60)}'.`,
    );
  }
  return found;
}
