import type { SendOptions } from '../api/http/client.ts';
import { BillingError } from '../api/http/errors.ts';
import { type PartnerCall, unavailable } from '../api/partnerCenter/availability.ts';
import { listAzureEntitlements } from '../api/partnerCenter/azureEntitlements.ts';
import { listPartnerCustomers } from '../api/partnerCenter/customers.ts';
import { listEntitlements } from '../api/partnerCenter/entitlements.ts';
import { getAccountBalance, listInvoiceSummaries } from '../api/partnerCenter/invoiceSummaries.ts';
import { listPartnerInvoices } from '../api/partnerCenter/invoices.ts';
import type { PartnerCenterClient } from '../api/partnerCenter/partnerCenterClient.ts';
import { getServiceCosts } from '../api/partnerCenter/serviceCosts.ts';
import { listPartnerSubscriptions } from '../api/partnerCenter/subscriptions.ts';
import { getUsageBudget } from '../api/partnerCenter/usageBudget.ts';
import { getUsageSummaryOfCustomer, type UsageSummary } from '../api/partnerCenter/usageSummaries.ts';
import type { ChildNode, ExplorerNode } from './node.ts';
import { type ChildPages, fixed, once, type PartnerSource, pageByPage, pages, startingWith } from './pages.ts';
import { accountBalance, partnerOwnCall } from './partnerCalls.ts';
import { partnerBalanceNode } from './rows/partnerBalance.ts';
import { partnerBudgetState } from './rows/partnerBudget.ts';
import { filterNode, partnerCustomerNode } from './rows/partnerCustomers.ts';
import { partnerEntitlementNode } from './rows/partnerEntitlements.ts';
import { billingRows, partnerCustomerFolders, partnerFolders, unbilledNode } from './rows/partnerFolders.ts';
import { invoiceLineNodes } from './rows/partnerInvoiceLines.ts';
import { newestFirst, partnerInvoiceNode } from './rows/partnerInvoices.ts';
import { rateCardNodes } from './rows/partnerRateCards.ts';
import { serviceCostNodes } from './rows/partnerServiceCosts.ts';
import {
  azureEntitlementNode,
  azureSubscriptionOf,
  byKind,
  partnerSubscriptionNode,
} from './rows/partnerSubscriptions.ts';

/** The source of the children of a row of Partner Center. Only opening it, page by page, sends requests. */
export async function openPartnerChildren(
  node: ExplorerNode,
  source: PartnerSource,
  locale: string,
): Promise<ChildPages> {
  const client = await source.client(node.connection);
  const { customer = '', subscription = '' } = node;
  switch (node.kind) {
    case 'partnerCenter':
      return node.customer === undefined ? fixed(partnerFolders(client)) : customerPages(node, client, []);
    case 'partnerCustomers':
      return customersPages(node, client, source);
    case 'partnerCustomer':
      return customerPages(node, client, source.billingCustomers(node.connection).get(customer.toLowerCase()) ?? []);
    case 'partnerAzurePlan':
      return pages(listAzureEntitlements(client, customer, subscription), (item) => azureEntitlementNode(item, node));
    case 'partnerLegacyAzure':
      return fixed([azureSubscriptionOf(node)]);
    case 'partnerBudget':
      return once((send) => budget(node, client, locale, send), partnerOwnCall(node, client));
    case 'partnerServiceCosts':
      return once(
        async (send) => serviceCostNodes(await getServiceCosts(client, customer, send), node, locale),
        partnerOwnCall(node, client),
      );
    case 'partnerEntitlements':
      return pages(listEntitlements(client, customer, { showExpiry: true }), partnerEntitlementNode);
    case 'partnerInvoices':
      return startingWith(
        [unbilledNode()],
        // The service has those of legacy commerce first.
        pageByPage(listPartnerInvoices(client), (items) =>
          items.toSorted(newestFirst).map((item) => partnerInvoiceNode(item, client, locale)),
        ),
      );
    case 'partnerInvoice':
      return fixed(invoiceLineNodes(node));
    case 'partnerBalance':
      return balancePages(client, locale);
    case 'partnerRateCards':
      return fixed(rateCardNodes());
    default:
      return fixed([]);
  }
}

function customersPages(node: ExplorerNode, client: PartnerCenterClient, source: PartnerSource): ChildPages {
  const text = source.filter(node.connection);
  const startsWith = text === undefined ? undefined : ({ field: 'CompanyName', text } as const);
  const abilities = servedBy(client)(['usageRecords', 'spendingBudget']);
  const customers = pageByPage(listPartnerCustomers(client, { startsWith }), (items) => {
    const billing = source.billingCustomers(node.connection);
    return items.map((item) => partnerCustomerNode(item, billing.get(item.id.toLowerCase()) ?? [], abilities));
  });
  return text === undefined ? customers : startingWith([filterNode(text)], customers);
}

function customerPages(node: ExplorerNode, client: PartnerCenterClient, billing: readonly ExplorerNode[]): ChildPages {
  const subscriptions = pageByPage(listPartnerSubscriptions(client, node.customer ?? ''), (items) =>
    items.map((item) => partnerSubscriptionNode(item, node, servedBy(client))).sort(byKind),
  );
  return startingWith([...billingRows(billing), ...partnerCustomerFolders(node, client)], subscriptions);
}

/** All currencies where the sign-in may ask for them, else the one that the service tells anybody. */
function balancePages(client: PartnerCenterClient, locale: string): ChildPages {
  const reason = unavailable('invoiceSummaries', client.cloud, client.signIn);
  return reason === undefined
    ? pages(listInvoiceSummaries(client), (item) => partnerBalanceNode(item, locale))
    : once(
        async (send) => [partnerBalanceNode(await getAccountBalance(client, send), locale, reason)],
        accountBalance(client),
      );
}

/** Which call an ability needs; what is not named here does not depend on the connection. */
const CALLS: Readonly<Record<string, PartnerCall>> = {
  usageRecords: 'usageOfSubscriptions',
  utilization: 'utilizations',
  spendingBudget: 'usageBudget',
};

/** Leaves the abilities that a connection can serve. */
function servedBy({ cloud, signIn }: PartnerCenterClient): (abilities: readonly string[]) => readonly string[] {
  return (abilities) =>
    abilities.filter((ability) => {
      const call = CALLS[ability];
      return call === undefined || unavailable(call, cloud, signIn) === undefined;
    });
}

/** The code that says: nothing was used yet, or there is no Azure at all. */
const NO_USAGE = '3000';

/** The summary has the budget and what it is compared with in one answer; the budget alone is asked where there is no summary. */
async function budget(
  node: ExplorerNode,
  client: PartnerCenterClient,
  locale: string,
  send: SendOptions,
): Promise<ChildNode[]> {
  const customer = node.customer ?? '';
  const usage =
    unavailable('usageSummaryOfCustomer', client.cloud, client.signIn) === undefined
      ? await summaryOf(client, customer, send)
      : undefined;
  return [partnerBudgetState(usage?.budget ?? (await getUsageBudget(client, customer, send)), usage, node, locale)];
}

async function summaryOf(
  client: PartnerCenterClient,
  customer: string,
  send: SendOptions,
): Promise<UsageSummary | undefined> {
  try {
    return await getUsageSummaryOfCustomer(client, customer, send);
  } catch (error) {
    if (error instanceof BillingError && error.code === NO_USAGE) {
      return undefined;
    }
    throw error;
  }
}
