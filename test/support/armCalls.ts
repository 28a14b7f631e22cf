import path from 'node:path';
import { dismissAlert, getAlert, listAlerts } from '../../src/api/arm/alerts.ts';
import { type ArmClient, armPath } from '../../src/api/arm/armClient.ts';
import { getAvailableBalance } from '../../src/api/arm/availableBalance.ts';
import { getBillingAccount, listBillingAccounts } from '../../src/api/arm/billingAccounts.ts';
import { checkAccess, listBillingPermissions } from '../../src/api/arm/billingPermissions.ts';
import { getBillingProfile, listBillingProfiles } from '../../src/api/arm/billingProfiles.ts';
import {
  getBillingProperty,
  getBillingSubscription,
  listBillingSubscriptions,
} from '../../src/api/arm/billingSubscriptions.ts';
import { type Budget, deleteBudget, getBudget, listBudgets, putBudget } from '../../src/api/arm/budgets.ts';
import { listCharges } from '../../src/api/arm/charges.ts';
import { type CostDetailsReport, generateCostDetails, resumeCostDetails } from '../../src/api/arm/costDetails.ts';
import { getCostPolicy, getSubscriptionPolicy, setCostPolicy } from '../../src/api/arm/costPolicy.ts';
import { type CostQuery, queryCost, queryCostPages } from '../../src/api/arm/costQuery.ts';
import { readCostTable, type WholeCostTable } from '../../src/api/arm/costTable.ts';
import { getCustomer, listCustomers } from '../../src/api/arm/customers.ts';
import {
  type DetailedCostReport,
  generateDetailedCostReport,
  getDetailedCostReportStatus,
  resumeDetailedCostReport,
} from '../../src/api/arm/detailedCostReport.ts';
import { discoverDimensions, listDimensions } from '../../src/api/arm/dimensions.ts';
import {
  type CostExport,
  createExport,
  deleteExport,
  getExport,
  listExportRuns,
  listExports,
  runExport,
  updateExport,
} from '../../src/api/arm/exports.ts';
import { type CostForecast, forecastCost } from '../../src/api/arm/forecast.ts';
import {
  type InvoiceDocument,
  invoiceDocuments,
  prepareDocument,
  prepareDocumentUrls,
  prepareInvoiceDocument,
  prepareInvoiceSummary,
} from '../../src/api/arm/invoiceDocuments.ts';
import { getInvoiceSection, listInvoiceSections } from '../../src/api/arm/invoiceSections.ts';
import { getInvoice, listInvoices } from '../../src/api/arm/invoices.ts';
import { preparePriceSheet, priceSheetAddress } from '../../src/api/arm/priceSheet.ts';
import { getProduct, listProducts } from '../../src/api/arm/products.ts';
import { scopePath } from '../../src/api/arm/scope.ts';
import {
  getStorageAccount,
  parseStorageAccountId,
  readContainerSas,
  type StorageAccountName,
} from '../../src/api/arm/storageAccounts.ts';
import { listTags } from '../../src/api/arm/tags.ts';
import { listTenants } from '../../src/api/arm/tenants.ts';
import {
  getTransactionSummary,
  invoiceTransactionPages,
  listInvoiceTransactions,
  listTransactions,
  transactionPages,
} from '../../src/api/arm/transactions.ts';
import { listUsageDetails } from '../../src/api/arm/usageDetails.ts';
import type { VersionSet } from '../../src/api/arm/versions.ts';
import type { SendOptions } from '../../src/api/http/client.ts';
import type { PageWalk } from '../../src/api/http/paging.ts';
import { parseJson } from '../../src/json/parseJson.ts';
import { BUDGET_STORIES } from '../../src/sample/budgetStories.ts';
import { EXPORT_STORIES } from '../../src/sample/exportStories.ts';
import type { SampleService } from '../../src/sample/service.ts';
import { STORIES } from '../../src/sample/stories.ts';

/** The moment of the sample tenant that the calls are made for. */
const CALLS_NOW = new Date('2026-11-21T12:00:00Z');

/** Small, with enough of everything for two pages where a list has pages at all. */
export const CALLS_TENANT = { customers: 60, usageRows: 2_200, now: CALLS_NOW } as const;

const TODAY = '2026-11-21';
const LONG = { from: '2025-05-01', to: '2026-11-30' };
const NOTIFICATION = {
  enabled: true,
  operator: 'GreaterThan',
  threshold: 80,
  contactEmails: ['team@harbourlight.example'],
};
const REPORTED = { start: '2026-10-01', end: '2026-10-31' };
const OCTOBER = { from: '2026-10-01', to: '2026-10-31' };

const DAILY_BY_SERVICE: CostQuery = {
  type: 'Usage',
  timeframe: 'MonthToDate',
  dataset: {
    granularity: 'Daily',
    aggregation: { total: { name: 'Cost', function: 'Sum' } },
    grouping: [{ type: 'Dimension', name: 'ServiceName' }],
  },
};

/** Names of the sample tenant. */
export interface CallNames {
  account: string;
  profile: string;
  customer: string;
  subscription: string;
  invoice: string;
  slow: { profile: string; customer: string };
}

export function callNames({ tenant }: SampleService): CallNames {
  const customer = tenant.directory.customer(BUDGET_STORIES.healthy.customer);
  const [invoice] = tenant.invoices(customer.profile);
  const slow = tenant.directory.customer(STORIES.costPolicy.slow);
  return {
    account: tenant.accounts[0]?.name ?? '',
    profile: customer.profile.name,
    customer: customer.name,
    subscription: tenant.subscriptions(customer).at(0).name,
    invoice: invoice?.name ?? '',
    slow: { profile: slow.profile.name, customer: slow.name },
  };
}

/** One call of the client with arguments that the sample tenant answers. */
export interface ArmCall {
  /** The column of versions that has the call, where the other one has another call for it. */
  only?: VersionSet;
  /** What the call needs to know beforehand, asked without faults. */
  prepare?(arm: ArmClient, names: CallNames): Promise<unknown>;
  /** The whole result, all pages of it; `prepared` is what `prepare` gave. */
  run(arm: ArmClient, names: CallNames, send: SendOptions, prepared: unknown): Promise<unknown>;
}

async function whole<T>(walk: PageWalk<T[]>, send: SendOptions): Promise<T[]> {
  const items: T[] = [];
  for await (const { value } of walk.rest(send)) {
    items.push(...value);
  }
  return items;
}

/** The bytes of all pages as values; a byte order mark is not part of them. */
async function parsed(walk: PageWalk<Uint8Array>, send: SendOptions): Promise<unknown[]> {
  const pages: unknown[] = [];
  for await (const { value } of walk.rest(send)) {
    pages.push(parseJson(new TextDecoder().decode(value)));
  }
  return pages;
}

/** The rows of a list that comes as bytes. */
async function rowsOf(walk: PageWalk<Uint8Array>, send: SendOptions): Promise<unknown[]> {
  return (await parsed(walk, send)).flatMap((page) => (page as { value: unknown[] }).value);
}

/** Ids and times of the answers are new each time. */
function tableOf({ columns, rows, pages }: WholeCostTable): Pick<WholeCostTable, 'columns' | 'rows' | 'pages'> {
  return { columns, rows, pages };
}

/** Where a download is; its signature holds for an hour from now and is another one each time. */
const place = ({ url }: { url: string }): string => new URL(url).pathname;

/** Older versions list all types in one. */
const billed = ({ versions }: ArmClient) => (versions === 'newest' ? 'Billed' : undefined);

const customerScope = ({ account, customer }: CallNames) => ({ kind: 'customer', account, customer }) as const;

const anyName = (prepared: unknown): string => String((prepared as { name: string }).name);

const firstOf = async (walk: PageWalk<{ name: string }[]>): Promise<unknown> => (await whole(walk, {}))[0];

function documentUrls(documents: unknown): string[] {
  return (documents as { url?: string }[] | undefined)?.flatMap(({ url }) => url ?? []) ?? [];
}

const getDailyExport = (arm: ArmClient, { account }: CallNames): Promise<CostExport> =>
  getExport(arm, { kind: 'billingAccount', account }, EXPORT_STORIES.account.daily);

/** What the tenant's daily export says of storage, for one that fits every version. */
function exportBody(daily: unknown): Record<string, unknown> {
  const { deliveryInfo } = (daily as CostExport).properties;
  return {
    properties: {
      format: 'Csv',
      deliveryInfo,
      definition: { type: 'ActualCost', timeframe: 'TheLastMonth', dataSet: { granularity: 'Daily' } },
    },
  };
}

function storageOf(daily: unknown): { account: StorageAccountName; container: string } {
  const { resourceId, container } = (daily as CostExport).properties.deliveryInfo?.destination ?? {};
  return { account: parseStorageAccountId(resourceId ?? ''), container: container ?? '' };
}

/** Starts a report and gives its link, as somebody has it who closed the editor meanwhile. */
function begin(arm: ArmClient, names: CallNames, action: string, link = 'location'): Promise<unknown> {
  const address = `${scopePath(customerScope(names))}/providers/Microsoft.CostManagement/${action}`;
  const body = { metric: 'ActualCost', timePeriod: REPORTED };
  const call = { operation: 'Begin', method: 'POST', address: armPath(arm, 'costDetails', address), body } as const;
  return arm.http.send(call, ({ headers }) => headers[link]);
}

/** The folder has the name of the operation, and an answer that was lost makes another operation of it. */
const fileName = (url: string): string => path.posix.basename(place({ url }));

const file = (report: DetailedCostReport | undefined): string => fileName(report?.properties?.downloadUrl ?? '');

const files = ({ blobs }: CostDetailsReport) =>
  blobs.map(({ blobLink, byteCount }) => ({ file: fileName(blobLink), byteCount }));

/** Every call of `src/api/arm` by the name of its function; a test proves that none is missing. */
export const ARM_CALLS: Readonly<Record<string, ArmCall>> = {
  listTenants: { run: (arm, _, send) => whole(listTenants(arm), send) },
  listBillingAccounts: { run: (arm, _, send) => whole(listBillingAccounts(arm), send) },
  getBillingAccount: { run: (arm, { account }, send) => getBillingAccount(arm, account, send) },
  listBillingProfiles: { run: (arm, { account }, send) => whole(listBillingProfiles(arm, account), send) },
  getBillingProfile: { run: (arm, { account, profile }, send) => getBillingProfile(arm, account, profile, send) },
  getAvailableBalance: {
    run: (arm, { account, profile }, send) => getAvailableBalance(arm, { account, profile }, send),
  },
  listInvoiceSections: {
    run: (arm, { account, profile }, send) => whole(listInvoiceSections(arm, account, profile), send),
  },
  // Partners have none: the right answer is that it is not there.
  getInvoiceSection: {
    run: (arm, { account, profile }, send) => getInvoiceSection(arm, account, profile, 'SECTION', send),
  },
  listCustomers: { run: (arm, { account }, send) => whole(listCustomers(arm, { account }), send) },
  getCustomer: { run: (arm, { account, customer }, send) => getCustomer(arm, { account }, customer, send) },
  listBillingSubscriptions: {
    run: (arm, { account }, send) => whole(listBillingSubscriptions(arm, { account }), send),
  },
  getBillingSubscription: {
    run: (arm, { account, subscription }, send) => getBillingSubscription(arm, { account }, subscription, send),
  },
  getBillingProperty: { run: (arm, { subscription }, send) => getBillingProperty(arm, subscription, send) },
  listBillingPermissions: {
    run: (arm, { account, profile, customer }, send) =>
      whole(listBillingPermissions(arm, { account, profile, customer }), send),
  },
  checkAccess: {
    run: (arm, { account, profile, customer }, send) =>
      checkAccess(arm, { account, profile, customer }, ['Microsoft.Billing/billingAccounts/read'], send),
  },
  getCostPolicy: {
    run: (arm, { account, profile, customer }, send) => getCostPolicy(arm, { account, profile, customer }, send),
  },
  // Of a customer whose policy takes a while to change, in the newest version.
  setCostPolicy: {
    run: (arm, { account, slow }, send) => setCostPolicy(arm, { account, ...slow }, 'NotAllowed', send),
  },
  getSubscriptionPolicy: { run: (arm, { subscription }, send) => getSubscriptionPolicy(arm, subscription, send) },
  listInvoices: { run: (arm, { account }, send) => whole(listInvoices(arm, { account }, LONG), send) },
  getInvoice: { run: (arm, { account, invoice }, send) => getInvoice(arm, { account }, invoice, send) },
  prepareInvoiceDocument: {
    only: 'newest',
    run: async (arm, { account, invoice }, send) =>
      place(await prepareInvoiceDocument(arm, account, invoice, undefined, send)),
  },
  prepareDocument: {
    prepare: async (arm, { account, profile, invoice }) => {
      const [document] = invoiceDocuments(await getInvoice(arm, { account, profile }, invoice));
      return document;
    },
    run: async (arm, { account, profile, invoice }, send, document) =>
      place(await prepareDocument(arm, { account, profile }, invoice, document as InvoiceDocument, send)),
  },
  // Enrolments only: a partner is told so.
  prepareInvoiceSummary: {
    only: 'newest',
    run: (arm, { account, invoice }, send) => prepareInvoiceSummary(arm, account, invoice, send),
  },
  prepareDocumentUrls: {
    only: 'seed',
    // Addresses with tokens in them come with the older versions only.
    prepare: async (arm, { account, profile }) => {
      const invoices = await whole(listInvoices({ ...arm, versions: 'seed' }, { account, profile }, OCTOBER), {});
      return invoices.flatMap(({ properties }) => documentUrls(properties.documents));
    },
    run: async (arm, { account, profile }, send, urls) =>
      place(await prepareDocumentUrls({ ...arm, versions: 'seed' }, { account, profile }, urls as string[], send)),
  },
  listProducts: { run: (arm, { account }, send) => whole(listProducts(arm, { account }), send) },
  getProduct: {
    prepare: (arm, { account }) => firstOf(listProducts(arm, { account })),
    run: (arm, { account }, send, product) => getProduct(arm, { account }, anyName(product), send),
  },
  listTransactions: {
    run: (arm, { account, profile }, send) =>
      whole(listTransactions(arm, { account, profile }, { period: LONG, type: billed(arm) }), send),
  },
  listInvoiceTransactions: {
    run: (arm, { account, profile, invoice }, send) =>
      whole(listInvoiceTransactions(arm, { account, profile }, invoice), send),
  },
  transactionPages: {
    run: (arm, { account, profile }, send) =>
      rowsOf(transactionPages(arm, { account, profile }, { period: LONG, type: billed(arm) }), send),
  },
  invoiceTransactionPages: {
    run: (arm, { account, profile, invoice }, send) =>
      rowsOf(invoiceTransactionPages(arm, { account, profile }, invoice), send),
  },
  getTransactionSummary: {
    run: (arm, { account, invoice }, send) => getTransactionSummary(arm, account, invoice, {}, send),
  },
  listCharges: {
    run: (arm, { account }, send) =>
      whole(
        listCharges(arm, { scope: { kind: 'billingAccount', account }, period: OCTOBER, groupBy: 'customer' }),
        send,
      ),
  },
  listUsageDetails: {
    run: (arm, names, send) => rowsOf(listUsageDetails(arm, { scope: customerScope(names), ...OCTOBER, top: 7 }), send),
  },
  queryCost: {
    run: async (arm, { account }, send) =>
      tableOf(
        await readCostTable(queryCost(arm, { kind: 'billingAccount', account }, DAILY_BY_SERVICE, { top: 30 }), send),
      ),
  },
  queryCostPages: {
    run: async (arm, { account }, send) => {
      const pages = await parsed(
        queryCostPages(arm, { kind: 'billingAccount', account }, DAILY_BY_SERVICE, { top: 30 }),
        send,
      );
      return pages.flatMap((page) => (page as { properties: { rows: unknown[] } }).properties.rows);
    },
  },
  forecastCost: {
    run: async (arm, names, send) => {
      const forecast: CostForecast = {
        type: 'Usage',
        timeframe: 'Custom',
        timePeriod: { from: '2026-11-01', to: '2026-12-31' },
        dataset: { granularity: 'Daily', aggregation: { total: { name: 'Cost', function: 'Sum' } } },
      };
      return tableOf(await readCostTable(forecastCost(arm, customerScope(names), forecast), send));
    },
  },
  listDimensions: {
    run: (arm, names, send) =>
      whole(listDimensions(arm, customerScope(names), { category: 'ResourceId', values: true, top: 3 }), send),
  },
  listTags: {
    run: (arm, { account }, send) => whole(listTags(arm, { kind: 'billingAccount', account }), send),
  },
  discoverDimensions: { run: (arm, names, send) => discoverDimensions(arm, customerScope(names), {}, send) },
  listAlerts: { run: (arm, { account }, send) => whole(listAlerts(arm, { kind: 'billingAccount', account }), send) },
  getAlert: {
    prepare: (arm, { account }) => firstOf(listAlerts(arm, { kind: 'billingAccount', account })),
    run: (arm, { account }, send, alert) => getAlert(arm, { kind: 'billingAccount', account }, anyName(alert), send),
  },
  dismissAlert: {
    prepare: (arm, { account }) => firstOf(listAlerts(arm, { kind: 'billingAccount', account })),
    run: (arm, { account }, send, alert) =>
      dismissAlert(arm, { kind: 'billingAccount', account }, anyName(alert), send),
  },
  listBudgets: { run: (arm, names, send) => whole(listBudgets(arm, { scope: customerScope(names) }), send) },
  getBudget: {
    run: (arm, names, send) => getBudget(arm, { scope: customerScope(names) }, BUDGET_STORIES.healthy.name, send),
  },
  putBudget: {
    prepare: (arm, names) => getBudget(arm, { scope: customerScope(names) }, BUDGET_STORIES.healthy.name),
    run: (arm, names, send, prepared) => {
      const current = prepared as Budget;
      const { category, timeGrain, timePeriod } = current.properties;
      const properties = { category, timeGrain, timePeriod, amount: 1200.5, notifications: { first: NOTIFICATION } };
      const body = { eTag: current.eTag, properties };
      return putBudget(arm, { scope: customerScope(names) }, BUDGET_STORIES.healthy.name, body, TODAY, current, send);
    },
  },
  deleteBudget: {
    run: (arm, names, send) => deleteBudget(arm, { scope: customerScope(names) }, BUDGET_STORIES.healthy.name, send),
  },
  listExports: {
    run: (arm, { account }, send) =>
      whole(listExports(arm, { kind: 'billingAccount', account }, { withRuns: true }), send),
  },
  getExport: {
    run: (arm, { account }, send) =>
      getExport(arm, { kind: 'billingAccount', account }, EXPORT_STORIES.account.daily, { withRuns: true }, send),
  },
  listExportRuns: {
    run: (arm, { account }, send) =>
      whole(listExportRuns(arm, { kind: 'billingAccount', account }, EXPORT_STORIES.account.daily), send),
  },
  createExport: {
    prepare: getDailyExport,
    run: async (arm, { account }, send, prepared) =>
      createExport(arm, { kind: 'billingAccount', account }, 'own', exportBody(prepared), send),
  },
  updateExport: {
    prepare: getDailyExport,
    run: (arm, { account }, send, prepared) => {
      const { eTag } = prepared as CostExport;
      const body = { ...exportBody(prepared), eTag };
      return updateExport(arm, { kind: 'billingAccount', account }, EXPORT_STORIES.account.daily, body, send);
    },
  },
  runExport: {
    run: (arm, { account }, send) =>
      runExport(arm, { kind: 'billingAccount', account }, EXPORT_STORIES.account.daily, undefined, send),
  },
  deleteExport: {
    run: (arm, { account }, send) =>
      deleteExport(arm, { kind: 'billingAccount', account }, EXPORT_STORIES.account.daily, send),
  },
  getStorageAccount: {
    prepare: getDailyExport,
    run: (arm, _, send, prepared) => getStorageAccount(arm, storageOf(prepared).account, send),
  },
  readContainerSas: {
    prepare: getDailyExport,
    run: async (arm, _, send, prepared) => {
      const { account, container } = storageOf(prepared);
      const sas = await readContainerSas(arm, account, container, new Date('2026-11-21T13:00:00Z'), send);
      return new URLSearchParams(sas).get('sp');
    },
  },
  generateCostDetails: {
    run: async (arm, names, send) =>
      files(
        await generateCostDetails(
          arm,
          customerScope(names),
          { metric: 'ActualCost', timePeriod: REPORTED },
          TODAY,
          send,
        ),
      ),
  },
  resumeCostDetails: {
    prepare: (arm, names) => begin(arm, names, 'generateCostDetailsReport'),
    run: async (arm, _, send, link) => files(await resumeCostDetails(arm, String(link), send)),
  },
  generateDetailedCostReport: {
    run: async (arm, names, send) =>
      file(
        await generateDetailedCostReport(
          arm,
          customerScope(names),
          { metric: 'ActualCost', timePeriod: REPORTED },
          send,
        ),
      ),
  },
  resumeDetailedCostReport: {
    prepare: (arm, names) => begin(arm, names, 'generateDetailedCostReport'),
    run: async (arm, _, send, link) => file(await resumeDetailedCostReport(arm, String(link), send)),
  },
  getDetailedCostReportStatus: {
    prepare: (arm, names) => begin(arm, names, 'generateDetailedCostReport', 'azure-asyncoperation'),
    // Each ask brings the operation on, so the status depends on how often it was asked.
    run: async (arm, _, send, link) => (await getDetailedCostReportStatus(arm, String(link), send)).type,
  },
  preparePriceSheet: {
    run: async (arm, { account, profile }, send) =>
      path.extname(place({ url: priceSheetAddress(await preparePriceSheet(arm, { account, profile }, send)) })),
  },
};
