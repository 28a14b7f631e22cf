import * as vscode from 'vscode';
import { needsSignIn } from '../workbench/failures.ts';
import { rowLabel } from '../workbench/text.ts';
import { hasExplanation } from './explainable.ts';
import type { ExplorerModel } from './model.ts';
import type { ExplorerNode, NodeKind } from './node.ts';

const ICONS: Record<NodeKind, string> = {
  connection: 'plug',
  account: 'credit-card',
  customers: 'organization',
  customer: 'briefcase',
  costPolicy: 'shield',
  costPolicyState: 'dash',
  subscriptions: 'key',
  subscription: 'key',
  invoices: 'folder-library',
  year: 'calendar',
  invoice: 'note',
  resourceGroup: 'symbol-namespace',
  profiles: 'notebook',
  profile: 'notebook',
  priceSheet: 'tag',
  invoiceSections: 'layers',
  invoiceSection: 'layers',
  more: 'more',
  products: 'package',
  product: 'package',
  transactions: 'list-unordered',
  transactionPeriod: 'calendar',
  transaction: 'symbol-numeric',
  charges: 'graph',
  charge: 'graph',
  balance: 'law',
  balanceAmount: 'dash',
  permissions: 'lock',
  permission: 'lock',
  budgets: 'target',
  budget: 'target',
  alerts: 'bell',
  alert: 'bell-dot',
  exports: 'cloud-upload',
  export: 'cloud-upload',
  exportRun: 'history',
  loadMore: 'ellipsis',
  loadAll: 'fold-down',
  loading: 'loading~spin',
  empty: 'circle-slash',
  error: 'error',
};

const ALARM_COLORS = { warning: 'list.warningForeground', muted: 'disabledForeground' } as const;

/** Shows the model's nodes as rows. */
export class ExplorerTree implements vscode.TreeDataProvider<ExplorerNode>, vscode.Disposable {
  readonly #model: ExplorerModel;
  readonly #changed = new vscode.EventEmitter<ExplorerNode | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(model: ExplorerModel) {
    this.#model = model;
    model.onDidChange((node) => this.#changed.fire(node));
  }

  getChildren(node?: ExplorerNode): Promise<ExplorerNode[]> {
    return this.#model.children(node);
  }

  getParent(node: ExplorerNode): ExplorerNode | undefined {
    return node.parent;
  }

  getTreeItem(node: ExplorerNode): vscode.TreeItem {
    const state = node.expandable ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None;
    const item = new vscode.TreeItem(rowLabel(node.label), state);
    item.id = node.id;
    item.contextValue = contextValue(node);
    item.iconPath = icon(node);
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
  }
}

/** Beside the label: the cost first, since that is what people look for. */
function describe(node: ExplorerNode): string {
  return [node.cost?.label, node.description].filter(Boolean).join(' · ');
}

/** What Enter or a click does on rows that stand for no resource. */
function rowCommand(node: ExplorerNode): vscode.Command | undefined {
  switch (node.kind) {
    case 'loadMore':
      return { command: 'azureBilling.loadMore', title: 'Load More', arguments: [node] };
    case 'loadAll':
      return { command: 'azureBilling.loadAll', title: 'Load All', arguments: [node] };
    case 'costPolicyState':
      return { command: 'azureBilling.setCostPolicy', title: 'Change Cost Policy', arguments: [node] };
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
  'loadMore',
  'loadAll',
  'loading',
  'empty',
  'error',
]);

/** Scopes of Cost Management, which invoices are not. */
const HAS_COSTS = new Set<NodeKind>(['account', 'profile', 'customer', 'subscription', 'resourceGroup']);

/** `kind` and then what can be done: the manifest's menus match words of it. */
function contextValue(node: ExplorerNode): string {
  return [
    node.kind,
    ...(node.scope === undefined ? [] : ['usage']),
    ...(HAS_COSTS.has(node.kind) && (node.scope ?? node.costScope) !== undefined ? ['costs'] : []),
    ...(node.resourceId === undefined ? [] : ['id']),
    ...(NO_REQUEST.has(node.kind) ? [] : ['request']),
    ...(NO_REQUEST.has(node.kind) || node.kind === 'priceSheet' ? [] : ['json']),
    ...(node.abilities ?? []),
    ...(hasExplanation(node) ? ['explain'] : []),
    ...(node.expandable || (node.kind === 'error' && node.parent !== undefined) ? ['refresh'] : []),
  ].join(' ');
}

function icon(node: ExplorerNode): vscode.ThemeIcon {
  if (needsSignIn(node.error)) {
    return new vscode.ThemeIcon('sign-in');
  }
  const color = node.kind === 'error' ? 'list.errorForeground' : node.alarm && ALARM_COLORS[node.alarm];
  return new vscode.ThemeIcon(ICONS[node.kind], color === undefined ? undefined : new vscode.ThemeColor(color));
}
