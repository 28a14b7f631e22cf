import type { Call } from '../api/http/client.ts';
import { invoicePath } from '../api/partnerCenter/invoices.ts';
import {
  customerPath,
  idSegment,
  type PartnerCenterClient,
  partnerCall,
  subscriptionPath,
} from '../api/partnerCenter/partnerCenterClient.ts';
import { listServiceCostLineItems } from '../api/partnerCenter/serviceCosts.ts';
import { listUsageOfCustomers, listUsageOfSubscriptions } from '../api/partnerCenter/usageRecords.ts';
import type { ExplorerNode, NodeKind } from './node.ts';

type OwnCall = (client: PartnerCenterClient, node: ExplorerNode) => Call;

const OWN_CALLS: Partial<Record<NodeKind, OwnCall>> = {
  partnerCustomer: (client, { customer = '' }) => partnerCall(client, 'Get the customer', customerPath(customer)),
  partnerBudget: budget,
  partnerBudgetState: budget,
  partnerUsage: (client, { customer }) =>
    (customer === undefined ? listUsageOfCustomers(client) : listUsageOfSubscriptions(client, customer)).first,
  partnerServiceCosts: serviceCosts,
  partnerServiceCost: serviceCosts,
  partnerServiceCostLines: (client, { customer = '' }) => listServiceCostLineItems(client, customer).first,
  partnerLegacyAzure: subscription,
  partnerAzurePlan: subscription,
  partnerLicence: subscription,
  partnerAzureSubscription: (client, { customer = '', resourceId = '', parent }) => {
    const plan = subscriptionPath(customer, parent?.subscription ?? '');
    const id = idSegment('id', resourceId, 'an Azure subscription');
    return partnerCall(client, 'Get the Azure subscription of the plan', `${plan}/azureEntitlements/${id}`);
  },
  partnerInvoice: (client, { invoice = '' }) => partnerCall(client, 'Get the invoice', invoicePath(invoice)),
  partnerRateCard: (client, { shared }) =>
    partnerCall(client, 'Get the rate card', shared === true ? '/ratecards/azure-shared' : '/ratecards/azure'),
};

/** The call that brings what a row of Partner Center stands for; undefined where it is a list or nothing of its own. Nothing is sent. */
export function partnerOwnCall(node: ExplorerNode, client: PartnerCenterClient): Call | undefined {
  return OWN_CALLS[node.kind]?.(client, node);
}

/**
 * The call whose answer opens as JSON. Usage rows open their records by a click; what nothing else shows is the summary, one estimate of the
 * open period for the partner or the customer. Nothing is sent.
 */
export function partnerJsonCall(node: ExplorerNode, client: PartnerCenterClient): Call | undefined {
  if (node.kind !== 'partnerUsage' && node.kind !== 'partnerBudgetState') {
    return partnerOwnCall(node, client);
  }
  const owner = node.customer === undefined ? '' : customerPath(node.customer);
  return partnerCall(client, 'Get the usage summary', `${owner}/usagesummary`);
}

function budget(client: PartnerCenterClient, { customer = '' }: ExplorerNode): Call {
  return partnerCall(client, 'Get the spending budget', `${customerPath(customer)}/usagebudget`);
}

function serviceCosts(client: PartnerCenterClient, { customer = '' }: ExplorerNode): Call {
  return partnerCall(client, 'Get the service costs', `${customerPath(customer)}/servicecosts/mostrecent`);
}

function subscription(client: PartnerCenterClient, { customer = '', subscription = '' }: ExplorerNode): Call {
  return partnerCall(client, 'Get the subscription', subscriptionPath(customer, subscription));
}

/** The account balance in the one currency that the service tells anybody. */
export function accountBalance(client: PartnerCenterClient): Call {
  return partnerCall(client, 'Get the account balance', '/invoices/summary');
}
