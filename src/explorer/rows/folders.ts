import { parentPath } from '../../api/arm/parent.ts';
import type { BillingPlace, ChildNode, ExplorerNode, NodeKind } from '../node.ts';

const LABELS = {
  customers: 'Customers',
  subscriptions: 'Subscriptions',
  invoices: 'Invoices',
  profiles: 'Billing profiles',
  priceSheet: 'Price sheet',
  invoiceSections: 'Invoice sections',
  budgets: 'Budgets',
  alerts: 'Alerts',
  exports: 'Exports',
  products: 'Products',
  transactions: 'Transactions',
  charges: 'Charges',
  balance: 'Available balance',
  permissions: 'Permissions',
} as const satisfies Partial<Record<NodeKind, string>>;

type FolderKind = keyof typeof LABELS;

const TOOLTIPS: Partial<Record<FolderKind, string>> = {
  priceSheet: 'The prices of this month as a file',
  alerts: 'What budgets and invoices raised',
  exports: 'Files of costs that Azure writes to a storage account',
  products: 'What was bought: reservations, licences, Marketplace offers',
  transactions: 'The lines that are, or will be, on an invoice',
  charges: 'Sums of each billing period, invoiced or not',
  permissions: 'What this sign-in may do here',
};

/** What the folder "More" of a scope holds. */
const MORE: Partial<Record<NodeKind, readonly FolderKind[]>> = {
  account: ['alerts', 'exports', 'products', 'transactions', 'charges', 'balance', 'permissions'],
  profile: ['alerts', 'exports', 'products', 'transactions', 'charges', 'balance', 'permissions'],
  customer: ['alerts', 'exports', 'products', 'transactions', 'charges', 'permissions'],
  subscription: ['alerts', 'exports', 'invoices'],
};

/** The rows below a billing account. */
export function accountFolders(node: ExplorerNode): ChildNode[] {
  return [
    folder(node.partner === true ? 'customers' : 'subscriptions', node),
    folder('invoices', node),
    folder('profiles', node),
    folder('budgets', node),
    more(node),
  ];
}

/** The rows below a billing profile. */
export function profileFolders(node: ExplorerNode): ChildNode[] {
  const kinds = ['customers', 'invoices', 'priceSheet', 'invoiceSections', 'budgets'] as const;
  return [...kinds.map((kind) => folder(kind, node)), more(node)];
}

/** The rows below a resource group. */
export function resourceGroupFolders(node: ExplorerNode): ChildNode[] {
  return (['budgets', 'alerts', 'exports'] as const).map((kind) => folder(kind, node));
}

/**
 * The rows of the folder "More".
 *
 * @param seed whether the connection speaks the versions of the seed: of a whole account they list the transactions, newer ones tell
 *   the balance
 */
export function moreFolders(node: ExplorerNode, seed: boolean): ChildNode[] {
  const owner = node.parent ?? node;
  const kinds = MORE[owner.kind] ?? [];
  return kinds
    .filter((kind) => owner.kind !== 'account' || kind !== (seed ? 'balance' : 'transactions'))
    .map((kind) => folder(kind, node));
}

/** Rows beside the subscriptions of a customer, or the resource groups of a subscription. */
export function asides(node: ExplorerNode): ChildNode[] {
  return [folder('budgets', node), more(node)].map((row) => ({ ...row, aside: true }));
}

/** Opened on its own: most people come for the subscriptions, and the policy is a request more. */
export function costPolicyFolder({ label, account, customer }: ExplorerNode): ChildNode {
  return {
    key: 'costPolicy',
    kind: 'costPolicy',
    label: 'Cost policy',
    tooltip: "Whether people in the customer's tenant may see charges",
    title: label,
    expandable: true,
    aside: true,
    resourceId: `${parentPath({ account: account ?? '', customer })}/policies/default`,
    account,
    customer,
  };
}

/** What rows below a row are asked with. */
export function placeOf({ account, profile, customer, subscription }: BillingPlace): BillingPlace {
  return {
    ...(account === undefined ? {} : { account }),
    ...(profile === undefined ? {} : { profile }),
    ...(customer === undefined ? {} : { customer }),
    ...(subscription === undefined ? {} : { subscription }),
  };
}

function folder(kind: FolderKind, node: ExplorerNode): ChildNode {
  const tooltip = TOOLTIPS[kind];
  const { account = '', profile } = node;
  const row = {
    ...(kind === 'balance' ? { resourceId: `${parentPath({ account, profile })}/availableBalance/default` } : {}),
    key: kind,
    kind,
    label: LABELS[kind],
    expandable: true,
    ...(tooltip === undefined ? {} : { tooltip }),
    title: node.title ?? node.label,
    costScope: node.costScope ?? node.scope,
    ...placeOf(node),
  };
  switch (kind) {
    case 'priceSheet':
      return { ...row, expandable: false, abilities: ['priceSheet'] };
    case 'transactions':
      return { ...row, abilities: ['transactions'] };
    default:
      return row;
  }
}

function more(node: ExplorerNode): ChildNode {
  const kinds = MORE[node.kind] ?? [];
  return {
    key: 'more',
    kind: 'more',
    label: 'More',
    tooltip: kinds.map((kind) => LABELS[kind]).join(', '),
    expandable: true,
    title: node.title ?? node.label,
    costScope: node.costScope ?? node.scope,
    ...placeOf(node),
  };
}
