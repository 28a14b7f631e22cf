import type { Money } from '../api/arm/wire.ts';
import type { LineItemProvider, LineItemType } from '../api/partnerCenter/lineItemRules.ts';

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
  // Partner Center; every kind of it begins with its name, and no other does:
  /** Everything of Partner Center, or what it has of one customer. */
  | 'partnerCenter'
  | 'partnerCustomers'
  /** What the customers are narrowed down to. */
  | 'partnerFilter'
  | 'partnerCustomer'
  | 'partnerBudget'
  | 'partnerBudgetState'
  | 'partnerUsage'
  | 'partnerLegacyAzure'
  | 'partnerAzurePlan'
  /** A subscription that is no Azure: licences, software, Marketplace. */
  | 'partnerLicence'
  | 'partnerAzureSubscription'
  | 'partnerEntitlements'
  | 'partnerEntitlement'
  | 'partnerServiceCosts'
  | 'partnerServiceCost'
  /** The lines behind service costs, or one kind of lines of an invoice: documents. */
  | 'partnerServiceCostLines'
  | 'partnerInvoices'
  | 'partnerInvoice'
  /** What is on no invoice yet. */
  | 'partnerUnbilled'
  | 'partnerInvoiceLines'
  | 'partnerBalance'
  | 'partnerBalanceAmount'
  | 'partnerRateCards'
  | 'partnerRateCard'
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
  /**
   * Id of an Azure subscription; on rows of Partner Center the id that it has there: the Commerce id of a legacy Azure subscription,
   * the id of an Azure plan.
   */
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
  /** What that id is, where a row could have several: "Commerce subscription id". */
  idName?: string | undefined;
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
  /** Of an invoice: its day, `YYYY-MM-DD`, UTC. */
  invoiceDate?: string | undefined;
  exportName?: string | undefined;
  run?: string | undefined;
  alert?: string | undefined;
  budget?: string | undefined;
  /** Which kind of Azure a subscription of Partner Center is. */
  subscriptionKind?: 'legacyAzure' | 'azurePlan' | undefined;
  /** ISO 4217, of an invoice of Partner Center. */
  currency?: string | undefined;
  /** The kinds of lines that an invoice of Partner Center has, in the words of requests. */
  lines?: readonly { provider: LineItemProvider; type: LineItemType }[] | undefined;
  /** Of a row that stands for one of those kinds. */
  lineProvider?: LineItemProvider | undefined;
  lineType?: LineItemType | undefined;
  /** Of a rate card: that of the Partner Shared Services. */
  shared?: boolean | undefined;
  /** Of a legacy Azure subscription of Partner Center: the id of the Azure subscription itself. */
  entitlement?: string | undefined;
  /** Of the spending budget of a customer: the amount as it was shown, digits as they were sent; none without a budget. */
  spendingBudget?: { amount: string | undefined; currency: string | undefined } | undefined;
  /** The cloud or the sign-in of the connection cannot serve it; the description says why. */
  unavailable?: boolean | undefined;
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
  alarm?: 'error' | 'warning' | 'muted' | undefined;
  /** Of a budget near or over its limit: the path of the address that its badge and colour go by. */
  decoration?: string | undefined;
}

/** The children of a node as a source gives them, before they know their place in the tree. */
export type ChildNode = Omit<ExplorerNode, 'id' | 'connection' | 'parent'> & {
  /** Unique among its siblings: the resource's name, or the kind of a folder. */
  key: string;
};

/** Whether a row is of Partner Center, and not of Azure Resource Manager. */
export function isOfPartnerCenter({ kind }: Pick<ExplorerNode, 'kind'>): boolean {
  return kind.startsWith('partner');
}

/** The nearest row of a kind that a row is below. */
export function ancestor({ parent }: Pick<ExplorerNode, 'parent'>, kind: NodeKind): ExplorerNode | undefined {
  return parent === undefined || parent.kind === kind ? parent : ancestor(parent, kind);
}
