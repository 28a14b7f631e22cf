import type { Money } from '../api/arm/wire.ts';

/** What a node stands for. The manifest's menus and the icons follow it. */
export type NodeKind =
  | 'connection'
  | 'account'
  | 'customers'
  | 'customer'
  | 'costPolicy'
  | 'costPolicyState'
  | 'subscriptions'
  | 'subscription'
  | 'resourceGroup'
  | 'invoices'
  | 'year'
  | 'invoice'
  | 'profiles'
  | 'profile'
  | 'priceSheet'
  | 'invoiceSections'
  | 'invoiceSection'
  /** A folder of what is looked for less often. */
  | 'more'
  | 'products'
  | 'product'
  | 'transactions'
  /** The transactions of a month, or those not billed yet. */
  | 'transactionPeriod'
  | 'transaction'
  | 'charges'
  | 'charge'
  | 'balance'
  | 'balanceAmount'
  | 'permissions'
  | 'permission'
  | 'budgets'
  | 'budget'
  | 'alerts'
  | 'alert'
  | 'exports'
  | 'export'
  | 'exportRun'
  // Rows that stand for no resource:
  | 'loadMore'
  | 'loadAll'
  | 'loading'
  | 'empty'
  | 'error';

/** Where a row is in billing: names that its children and commands are asked with. */
export interface BillingPlace {
  account?: string | undefined;
  profile?: string | undefined;
  customer?: string | undefined;
  /** Id of an Azure subscription. */
  subscription?: string | undefined;
}

/** A row of the tree: plain data. Its children, pages and errors are the model's. */
export interface ExplorerNode extends BillingPlace {
  /** From the full ancestry and the connection: unique in the tree, stable over refreshes. */
  id: string;
  kind: NodeKind;
  connection: string;
  parent: ExplorerNode | undefined;
  label: string;
  description?: string | undefined;
  /** Lines of plain text. */
  tooltip?: string | undefined;
  expandable: boolean;
  /** The resource's id as the service gave it, for "Copy ID". */
  resourceId?: string | undefined;
  /** Cost scope, where usage can be opened. */
  scope?: string | undefined;
  /** Scope path of Cost Management, where budgets, alerts and exports are kept: of rows for which that is another than `scope`. */
  costScope?: string | undefined;
  /** What a document of it is called where the label alone would not do: "Alder Mill Production" rather than "Production". */
  title?: string | undefined;
  year?: number | undefined;
  /** Of transactions: the days asked for, and whether they are on an invoice. */
  period?: { from: string; to: string; billed: boolean } | undefined;
  /** Names of an invoice, an export, the run of an export, an alert, a budget. */
  invoice?: string | undefined;
  exportName?: string | undefined;
  run?: string | undefined;
  alert?: string | undefined;
  budget?: string | undefined;
  /** What else can be done: words that the manifest's menus match. */
  abilities?: readonly string[] | undefined;
  /** A billing account under a partner agreement: the only ones with customers. */
  partner?: boolean | undefined;
  /** Month-to-date cost, an estimate: rounded for the row, with all digits for the tooltip. Outlives a refresh until the new one is there. */
  cost?: { label: string; tooltip: string } | undefined;
  /** The same, from the call that listed the row. */
  monthToDate?: readonly Money[] | undefined;
  /** Stands beside the resources of its level and is none of them: a level with nothing else is empty. */
  aside?: boolean | undefined;
  /** Of an error row: what failed. */
  error?: unknown;
  /** A state worth a colour. */
  alarm?: 'warning' | 'muted' | undefined;
}

/** The children of a node as a source gives them, before they know their place in the tree. */
export type ChildNode = Omit<ExplorerNode, 'id' | 'connection' | 'parent'> & {
  /** Unique among its siblings: the resource's name, or the kind of a folder. */
  key: string;
};
