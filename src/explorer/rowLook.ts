import * as vscode from 'vscode';
import { BUDGET_STATE_SCHEME } from '../contributions.ts';
import { needsSignIn } from '../workbench/failures.ts';
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
  partnerCenter: 'cloud',
  partnerCustomers: 'organization',
  partnerFilter: 'filter',
  partnerCustomer: 'briefcase',
  partnerBudget: 'target',
  partnerBudgetState: 'dash',
  partnerUsage: 'graph',
  partnerLegacyAzure: 'key',
  partnerAzurePlan: 'layers',
  partnerLicence: 'package',
  partnerAzureSubscription: 'key',
  partnerInvoices: 'folder-library',
  partnerInvoice: 'note',
  partnerUnbilled: 'calendar',
  partnerInvoiceLines: 'list-unordered',
  partnerEntitlements: 'package',
  partnerEntitlement: 'package',
  partnerServiceCosts: 'history',
  partnerServiceCost: 'dash',
  partnerServiceCostLines: 'list-unordered',
  partnerBalance: 'law',
  partnerBalanceAmount: 'dash',
  partnerRateCards: 'tag',
  partnerRateCard: 'tag',
  loadMore: 'ellipsis',
  loadAll: 'fold-down',
  loading: 'loading~spin',
  empty: 'circle-slash',
  error: 'error',
};

const ALARM_COLORS = {
  error: 'list.errorForeground',
  warning: 'list.warningForeground',
  muted: 'disabledForeground',
} as const;

/** What a row shows besides words: its icon in the colour of its state, and what its badge goes by. */
export function dressRow(item: vscode.TreeItem, node: ExplorerNode): void {
  item.iconPath = icon(node);
  if (node.decoration !== undefined) {
    item.resourceUri = vscode.Uri.from({ scheme: BUDGET_STATE_SCHEME, path: node.decoration });
  }
}

function icon(node: ExplorerNode): vscode.ThemeIcon {
  if (needsSignIn(node.error)) {
    return new vscode.ThemeIcon('sign-in');
  }
  const color = node.kind === 'error' ? 'list.errorForeground' : node.alarm && ALARM_COLORS[node.alarm];
  return new vscode.ThemeIcon(ICONS[node.kind], color === undefined ? undefined : new vscode.ThemeColor(color));
}

/** How far a budget is spent, as the address says it: `/near/94 %`. Undefined for addresses that are none of ours. */
export function budgetDecoration({ path }: vscode.Uri): vscode.FileDecoration | undefined {
  const [, level = '', percent = ''] = path.split('/');
  const known = LEVELS.get(level);
  return known && new vscode.FileDecoration(known.badge, known.tooltip(percent), new vscode.ThemeColor(known.color));
}

const LEVELS = new Map(
  Object.entries({
    over: { badge: '!!', color: ALARM_COLORS.error, tooltip: (percent: string) => `${percent} of the budget is spent` },
    near: {
      badge: '!',
      color: ALARM_COLORS.warning,
      tooltip: (percent: string) => `${percent} of the budget is spent`,
    },
    foreseen: {
      badge: '↗',
      color: ALARM_COLORS.warning,
      tooltip: (percent: string) => `${percent} of the budget is foreseen`,
    },
    expired: { badge: undefined, color: ALARM_COLORS.muted, tooltip: () => 'The budget has expired' },
  }),
);
