import type { ArmClient } from '../api/arm/armClient.ts';
import type { Invoice } from '../api/arm/invoices.ts';
import type { BillingParent } from '../api/arm/parent.ts';
import type { Call } from '../api/http/client.ts';
import { detailCall } from './detailCall.ts';
import { type ChildNode, type ExplorerNode, isOfPartnerCenter, type NodeKind } from './node.ts';
import {
  type ChildPages,
  countdown,
  endingWith,
  fixed,
  once,
  pages,
  type SourceOptions,
  startingWith,
} from './pages.ts';
import {
  accountNode,
  costPolicyState,
  customerNode,
  invoiceSectionNode,
  profileNode,
  subscriptionNode,
} from './rows/accounts.ts';
import { budgetNode } from './rows/budgets.ts';
import {
  balanceNode,
  chargeNode,
  permissionNodes,
  productNode,
  transactionNode,
  transactionPeriodNode,
} from './rows/charges.ts';
import { alertNode, exportNode, exportRunNode, resourceGroupNode } from './rows/costManagement.ts';
import {
  accountFolders,
  asides,
  costPolicyFolder,
  moreFolders,
  placeOf,
  profileFolders,
  resourceGroupFolders,
} from './rows/folders.ts';
import { invoiceNode } from './rows/invoices.ts';
import { partnerCenterFolder, partnerCenterFolderOf } from './rows/partnerFolders.ts';

/** Partner agreements start in 2019. */
const FIRST_YEAR = 2019;
const YEARS_A_PAGE = 3;
const MONTHS_A_PAGE = 12;
/** Months of charges that are shown. */
const CHARGE_MONTHS = 12;

/** The source of a node's children. Only opening it, page by page, sends requests. */
export async function openChildren(node: ExplorerNode, options: SourceOptions): Promise<ChildPages> {
  const today = options.now();
  if (isOfPartnerCenter(node) && options.partner !== undefined) {
    const { openPartnerChildren } = await import('./partnerSources.ts');
    return openPartnerChildren(node, options.partner, options.locale);
  }
  switch (node.kind) {
    case 'account':
      return fixed(accountFolders(node));
    case 'profile':
      return fixed(profileFolders(node));
    case 'resourceGroup':
      return fixed(resourceGroupFolders(node));
    case 'more':
      return fixed(moreFolders(node, (await options.arm(node.connection)).versions === 'seed'));
    case 'invoices':
      return countdown((index) => yearNode(node, today.getUTCFullYear() - index), YEARS_A_PAGE);
    case 'transactions':
      return countdown((index) => transactionPeriodNode(node, today, index), MONTHS_A_PAGE);
    default: {
      const open = REMOTE[node.kind];
      return open === undefined ? fixed([]) : open(node, await options.arm(node.connection), options);
    }
  }
}

type Opener = (node: ExplorerNode, arm: ArmClient, options: SourceOptions) => Promise<ChildPages>;

/** Nodes whose children come from the service. Modules of the API are loaded when the first such node is opened. */
const REMOTE: Partial<Record<NodeKind, Opener>> = {
  async connection(node, arm, options) {
    const { listBillingAccounts } = await import('../api/arm/billingAccounts.ts');
    const accounts = pages(listBillingAccounts(arm), accountNode);
    return hasPartnerCenter(node, options) ? endingWith(accounts, [partnerCenterFolder()]) : accounts;
  },
  async customers(node, arm) {
    const { listCustomers } = await import('../api/arm/customers.ts');
    const { account } = billingParent(node);
    return pages(listCustomers(arm, billingParent(node)), (item) => customerNode(item, account));
  },
  async customer(node, arm, options) {
    const partner = hasPartnerCenter(node, options) ? partnerCenterFolderOf(node) : [];
    return startingWith([costPolicyFolder(node), ...partner, ...asides(node)], await subscriptions(node, arm));
  },
  subscriptions,
  async costPolicy(node, arm) {
    const { getCostPolicy, viewChargesOf } = await import('../api/arm/costPolicy.ts');
    const { account = '', customer = '' } = node;
    return once(async (send) => [
      costPolicyState(node, viewChargesOf(await getCostPolicy(arm, { account, customer }, send))),
    ]);
  },
  async subscription(node, arm) {
    const [{ monthToDateByPart, monthToDateQuery }, { parseCostScope }] = await Promise.all([
      import('../spend/monthToDate.ts'),
      import('../api/arm/scope.ts'),
    ]);
    const scope = parseCostScope(node.scope ?? '');
    // What was used names the groups; a list of all groups would need a role in the subscription.
    const groups = once(
      async (send) => {
        const costs = await monthToDateByPart(arm, scope, 'ResourceGroupName', { ...send, priority: 1 });
        return [...costs].map(([name, sums]) => resourceGroupNode(name, sums, node));
      },
      monthToDateQuery(arm, scope, 'ResourceGroupName').first,
    );
    return startingWith(asides(node), groups);
  },
  async year(node, arm, { locale }) {
    const [{ invoiceScope, listInvoices }, { scopePath }] = await Promise.all([
      import('../api/arm/invoices.ts'),
      import('../api/arm/scope.ts'),
    ]);
    const scopeOrNone = (item: Invoice): string | undefined => {
      try {
        return scopePath(invoiceScope(item));
      } catch {
        return undefined; // shown all the same: one odd id must not hide a page of invoices
      }
    };
    const { account = '', profile, subscription } = node;
    const parent = { account, ...(subscription === undefined ? { profile } : { subscription }) };
    const period = { from: `${node.year}-01-01`, to: `${node.year}-12-31` };
    return pages(listInvoices(arm, parent, period), (item) => invoiceNode(item, node, scopeOrNone(item), locale));
  },
  async invoice(node, arm, { locale }) {
    const { listInvoiceTransactions } = await import('../api/arm/transactions.ts');
    const { account = '', profile, invoice = '' } = node;
    return pages(listInvoiceTransactions(arm, { account, profile }, invoice), (item) =>
      transactionNode(item, node, locale),
    );
  },
  async profiles(node, arm) {
    const { listBillingProfiles } = await import('../api/arm/billingProfiles.ts');
    const { account } = billingParent(node);
    return pages(listBillingProfiles(arm, account), (item) => profileNode(item, account));
  },
  async invoiceSections(node, arm) {
    const { listInvoiceSections } = await import('../api/arm/invoiceSections.ts');
    return pages(listInvoiceSections(arm, node.account ?? '', node.profile ?? ''), invoiceSectionNode);
  },
  async products(node, arm, { locale }) {
    const { listProducts } = await import('../api/arm/products.ts');
    return pages(listProducts(arm, billingParent(node)), (item) => productNode(item, node, locale));
  },
  async transactionPeriod(node, arm, { locale }) {
    const { listTransactions } = await import('../api/arm/transactions.ts');
    const { from = '', to = '', billed = true } = node.period ?? {};
    const query = { period: { from, to }, type: billed ? 'Billed' : 'Unbilled' } as const;
    return pages(listTransactions(arm, billingParent(node), query), (item) => transactionNode(item, node, locale));
  },
  async charges(node, arm, { locale, now }) {
    const { listCharges } = await import('../api/arm/charges.ts');
    const { account, profile, customer } = billingParent(node);
    const scope =
      customer !== undefined
        ? ({ kind: 'customer', account, customer } as const)
        : profile !== undefined
          ? ({ kind: 'billingProfile', account, profile } as const)
          : ({ kind: 'billingAccount', account } as const);
    const today = now();
    const from = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 1 - CHARGE_MONTHS, 1));
    const period = { from: isoDay(from), to: isoDay(today) };
    return pages(listCharges(arm, { scope, period }), (item) => chargeNode(item, locale));
  },
  async balance(node, arm, { locale }) {
    const { getAvailableBalance } = await import('../api/arm/availableBalance.ts');
    const { account = '', profile } = node;
    return once(async (send) => [balanceNode(await getAvailableBalance(arm, { account, profile }, send), locale)]);
  },
  async permissions(node, arm) {
    const { listBillingPermissions } = await import('../api/arm/billingPermissions.ts');
    return pages(listBillingPermissions(arm, billingParent(node)), permissionNodes);
  },
  async budgets(node, arm, { locale, now }) {
    const [{ listBudgets }, scope] = await Promise.all([import('../api/arm/budgets.ts'), costScopeOf(node)]);
    return pages(listBudgets(arm, { scope }), (item) => budgetNode(item, node, isoDay(now()), locale));
  },
  async alerts(node, arm, { locale }) {
    const [{ listAlerts }, scope] = await Promise.all([import('../api/arm/alerts.ts'), costScopeOf(node)]);
    return pages(listAlerts(arm, scope), (item) => alertNode(item, node, locale));
  },
  async exports(node, arm) {
    const [{ listExports }, scope] = await Promise.all([import('../api/arm/exports.ts'), costScopeOf(node)]);
    return pages(listExports(arm, scope), (item) => exportNode(item, node));
  },
  async export(node, arm) {
    const [{ listExportRuns }, scope] = await Promise.all([import('../api/arm/exports.ts'), costScopeOf(node)]);
    return pages(listExportRuns(arm, scope, node.exportName ?? ''), (item) => exportRunNode(item, node));
  },
};

/** Not below a customer of Partner Center: that one has it already. */
function hasPartnerCenter({ connection, parent }: ExplorerNode, { partner }: SourceOptions): boolean {
  return partner?.has(connection) === true && parent?.kind !== 'partnerCustomer';
}

async function subscriptions(node: ExplorerNode, arm: ArmClient): Promise<ChildPages> {
  const { listBillingSubscriptions, subscriptionStatus } = await import('../api/arm/billingSubscriptions.ts');
  const { account = '', customer } = node;
  return pages(listBillingSubscriptions(arm, { account, customer }), (item) =>
    subscriptionNode(item, node, subscriptionStatus(item), arm.versions === 'seed'),
  );
}

async function costScopeOf({ costScope = '' }: ExplorerNode) {
  return (await import('../api/arm/scope.ts')).parseCostScope(costScope);
}

/** What lists of Microsoft.Billing hang below. */
function billingParent({ account = '', profile, customer }: ExplorerNode): BillingParent {
  return { account, profile, customer };
}

function yearNode(node: ExplorerNode, year: number): ChildNode | undefined {
  return year < FIRST_YEAR
    ? undefined
    : { key: String(year), kind: 'year', label: String(year), expandable: true, year, ...placeOf(node) };
}

function isoDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/**
 * The call behind a node: that of its children's first page where they come from the service, else the one that brings the
 * resource or, where there is none, its usage (in the month to date). Nothing is sent.
 */
export async function firstCall(node: ExplorerNode, options: SourceOptions): Promise<Call | undefined> {
  const listed = node.expandable ? (await openChildren(node, options)).first : undefined;
  if (isOfPartnerCenter(node)) {
    return listed ?? (await partnerCalls(node, options))?.own;
  }
  return node.kind === 'priceSheet'
    ? preparationOf(node, options)
    : (listed ?? (await detailCall(node, options)) ?? (await usageCall(node, options)));
}

async function preparationOf(node: ExplorerNode, options: SourceOptions): Promise<Call> {
  const [{ priceSheetCall }, arm] = await Promise.all([
    import('../api/arm/priceSheet.ts'),
    options.arm(node.connection),
  ]);
  return priceSheetCall(arm, { account: node.account ?? '', profile: node.profile ?? '' });
}

async function usageCall(node: ExplorerNode, options: SourceOptions): Promise<Call | undefined> {
  if (node.scope === undefined) {
    return undefined;
  }
  const [{ listUsageDetails }, { parseScope }, arm] = await Promise.all([
    import('../api/arm/usageDetails.ts'),
    import('../api/arm/scope.ts'),
    options.arm(node.connection),
  ]);
  const scope = parseScope(node.scope);
  const today = isoDay(options.now());
  const period = scope.kind === 'invoice' ? {} : { from: `${today.slice(0, 8)}01`, to: today };
  return listUsageDetails(arm, { scope, ...period }).first;
}

/** The call that brings a node as JSON: the resource itself, or the list of its children. Nothing is sent. */
export async function jsonCall(node: ExplorerNode, options: SourceOptions): Promise<Call | undefined> {
  const own = isOfPartnerCenter(node) ? (await partnerCalls(node, options))?.json : await detailCall(node, options);
  const call = own ?? (node.expandable ? (await openChildren(node, options)).first : undefined);
  return call?.method === 'GET' ? call : undefined;
}

/** Of a row of Partner Center: the call that brings what it stands for, and the one that opens as JSON. */
async function partnerCalls(
  node: ExplorerNode,
  { partner }: SourceOptions,
): Promise<{ own: Call | undefined; json: Call | undefined } | undefined> {
  const [{ partnerJsonCall, partnerOwnCall }, client] = await Promise.all([
    import('./partnerCalls.ts'),
    partner?.client(node.connection),
  ]);
  return client && { own: partnerOwnCall(node, client), json: partnerJsonCall(node, client) };
}
