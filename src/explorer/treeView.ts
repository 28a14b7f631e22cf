import * as vscode from 'vscode';
import { BUDGET_STATE_SCHEME } from '../contributions.ts';
import { needsSignIn } from '../workbench/failures.ts';
import { rowLabel } from '../workbench/text.ts';
import { hasExplanation } from './explainable.ts';
import type { ExplorerModel } from './model.ts';
import type { ExplorerNode, NodeKind } from './node.ts';

/** By then the editor has taken in what it was given. Milliseconds. */
const SETTLED = 1_000;

/** Shows the model's nodes as rows. */
export class ExplorerTree implements vscode.TreeDataProvider<ExplorerNode>, vscode.Disposable {
  readonly #model: ExplorerModel;
  /** Nodes whose last rows said that others are still to come. */
  readonly #loading = new Set<ExplorerNode>();
  readonly #changed = new vscode.EventEmitter<ExplorerNode | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #decorations = vscode.window.registerFileDecorationProvider({
    provideFileDecoration: async (uri) =>
      uri.scheme === BUDGET_STATE_SCHEME ? (await import('./rowLook.ts')).budgetDecoration(uri) : undefined,
  });

  constructor(model: ExplorerModel) {
    this.#model = model;
    model.onDidChange((node) => {
      this.#changed.fire(node);
      // A change that is told while the "loading" row is still on its way to the window is lost there, and the row would stay for good.
      if (node !== undefined && this.#loading.delete(node)) {
        setTimeout(() => this.#changed.fire(node), SETTLED);
      }
    });
  }

  async getChildren(node?: ExplorerNode): Promise<ExplorerNode[]> {
    const rows = await this.#model.children(node);
    if (node !== undefined && rows.some(({ kind }) => kind === 'loading')) {
      this.#loading.add(node);
    }
    return rows;
  }

  getParent(node: ExplorerNode): ExplorerNode | undefined {
    return node.parent;
  }

  async getTreeItem(node: ExplorerNode): Promise<vscode.TreeItem> {
    // Loaded with the first row: none is drawn while the editor starts.
    const { dressRow } = await import('./rowLook.ts');
    const state = node.expandable ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None;
    const item = new vscode.TreeItem(rowLabel(node.label), state);
    item.id = node.id;
    item.contextValue = contextValue(node);
    dressRow(item, node);
    // Else a screen reader is told the tooltip.
    item.accessibilityInformation = { label: [node.label, describe(node)].filter(Boolean).join(', ') };
    const tooltip = [node.tooltip, node.cost?.tooltip].filter(Boolean).join('\n');
    if (tooltip !== '') {
      item.tooltip = tooltip;
    }
    const description = describe(node);
    if (description !== '') {
      item.description = description;
    }
    const command = rowCommand(node);
    if (command !== undefined) {
      item.command = command;
    }
    return item;
  }

  dispose(): void {
    this.#changed.dispose();
    this.#decorations.dispose();
  }
}

/** Beside the label: the cost first, since that is what people look for. */
function describe(node: ExplorerNode): string {
  return [node.cost?.label, node.description].filter(Boolean).join(' · ');
}

/** What Enter or a click does on rows that stand for no resource, or for a document. */
function rowCommand(node: ExplorerNode): vscode.Command | undefined {
  switch (node.kind) {
    case 'loadMore':
      return { command: 'azureBilling.loadMore', title: 'Load More', arguments: [node] };
    case 'loadAll':
      return { command: 'azureBilling.loadAll', title: 'Load All', arguments: [node] };
    case 'budget':
      return { command: 'azureBilling.editBudget', title: 'Edit Budget', arguments: [node] };
    case 'costPolicyState':
      return { command: 'azureBilling.setCostPolicy', title: 'Change Cost Policy', arguments: [node] };
    case 'partnerBudgetState':
      return { command: 'azureBilling.setSpendingBudget', title: 'Change Spending Budget', arguments: [node] };
    case 'partnerFilter':
      return {
        command: 'azureBilling.filterCustomers',
        title: 'Show All Customers',
        arguments: [{ connection: node.connection, text: '' }],
      };
    case 'partnerUsage':
      return node.unavailable
        ? undefined
        : { command: 'azureBilling.openUsageRecords', title: 'Open Usage Records', arguments: [node] };
    case 'partnerUnbilled':
    case 'partnerInvoiceLines':
      return { command: 'azureBilling.openLineItems', title: 'Open Line Items', arguments: [node] };
    case 'partnerServiceCostLines':
    case 'partnerRateCard':
      return { command: 'azureBilling.openJson', title: 'Open as JSON', arguments: [node] };
    case 'error':
      if (needsSignIn(node.error)) {
        return { command: 'azureBilling.signIn', title: 'Sign In', arguments: [node] };
      }
      return node.parent === undefined
        ? { command: 'workbench.action.openSettings', title: 'Open Settings', arguments: ['azureBilling.connections'] }
        : { command: 'azureBilling.showLog', title: 'Show Log' };
    default:
      return undefined;
  }
}

/** Rows that no call of their own brings. */
const NO_REQUEST = new Set<NodeKind>([
  'more',
  'invoices',
  'transactions',
  'transaction',
  'charge',
  'permission',
  'costPolicyState',
  'exportRun',
  'partnerFilter',
  'partnerUnbilled',
  'partnerInvoiceLines',
  'partnerEntitlement',
  'partnerBalanceAmount',
  'partnerRateCards',
  'loadMore',
  'loadAll',
  'loading',
  'empty',
  'error',
]);

/** Scopes of Cost Management, which invoices are not. */
const HAS_COSTS = new Set<NodeKind>(['account', 'profile', 'customer', 'subscription', 'resourceGroup']);

function hasRequest({ kind, unavailable, customer, parent }: ExplorerNode): boolean {
  // Partner Center as a whole is a folder; that of a customer is a list.
  const folder = kind === 'partnerCenter' && customer === undefined;
  // Partner Center brings the Azure subscriptions in a plan only.
  const foreign = kind === 'partnerAzureSubscription' && parent?.kind !== 'partnerAzurePlan';
  return !NO_REQUEST.has(kind) && unavailable !== true && !folder && !foreign;
}

/** `kind` and then what can be done: the manifest's menus match words of it. */
function contextValue(node: ExplorerNode): string {
  return [
    node.kind,
    ...(node.scope === undefined ? [] : ['usage']),
    // An invoice has a period of its own.
    ...(node.scope === undefined || node.kind === 'invoice' ? [] : ['months']),
    ...(HAS_COSTS.has(node.kind) && (node.scope ?? node.costScope) !== undefined ? ['costs'] : []),
    ...(node.resourceId === undefined ? [] : ['id']),
    ...(hasRequest(node) ? ['request'] : []),
    ...(hasRequest(node) && node.kind !== 'priceSheet' ? ['json'] : []),
    ...(node.abilities ?? []),
    ...(hasExplanation(node) ? ['explain'] : []),
    ...(node.expandable || (node.kind === 'error' && node.parent !== undefined) ? ['refresh'] : []),
  ].join(' ');
}
