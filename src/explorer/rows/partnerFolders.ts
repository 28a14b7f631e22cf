import { type PartnerCall, unavailable } from '../../api/partnerCenter/availability.ts';
import type { PartnerCenterClient } from '../../api/partnerCenter/partnerCenterClient.ts';
import type { ChildNode, ExplorerNode } from '../node.ts';
import { ancestor } from '../node.ts';

/** Which calls a client can make. */
export type Reach = Pick<PartnerCenterClient, 'cloud' | 'signIn'>;

/** The folder of a whole connection, beside its billing accounts. */
export function partnerCenterFolder(): ChildNode {
  return {
    key: 'partnerCenter',
    kind: 'partnerCenter',
    label: 'Partner Center',
    tooltip: 'Customers, invoices and usage as Partner Center knows them',
    expandable: true,
    aside: true,
  };
}

const TENANT_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The folder below a customer of a billing account, whose name is its tenant id; none where it is not. */
export function partnerCenterFolderOf({ label, customer = '' }: ExplorerNode): ChildNode[] {
  return TENANT_ID.test(customer)
    ? [
        {
          ...partnerCenterFolder(),
          tooltip:
            'The same customer in Partner Center: subscriptions by kind, spending budget, usage of the open period',
          title: label,
          customer,
        },
      ]
    : [];
}

/** What Partner Center has besides its customers. */
export function partnerFolders(reach: Reach): ChildNode[] {
  return [
    {
      key: 'customers',
      kind: 'partnerCustomers',
      label: 'Customers',
      tooltip: 'All customers of the partner, also those that have legacy subscriptions only',
      expandable: true,
    },
    {
      key: 'invoices',
      kind: 'partnerInvoices',
      label: 'Invoices',
      tooltip: 'Invoices to the partner, of new and of legacy commerce',
      expandable: true,
    },
    {
      key: 'balance',
      kind: 'partnerBalance',
      label: 'Account balance',
      tooltip: 'Invoice summaries: what the partner owes, one for each currency',
      expandable: true,
    },
    served(reach, 'usageOfCustomers', {
      key: 'usage',
      kind: 'partnerUsage',
      label: 'Usage of all customers',
      tooltip: 'One estimate of the open billing period for each customer, with its spending budget',
      title: 'All customers',
      expandable: false,
      abilities: ['usageRecords'],
    }),
    served(reach, 'rateCards', {
      key: 'rateCards',
      kind: 'partnerRateCards',
      label: 'Rate cards',
      tooltip: 'Prices of legacy Azure (145P). Azure plans have the price sheet of a billing profile in their place.',
      expandable: true,
    }),
  ];
}

/** Rows beside the subscriptions of a customer. */
export function partnerCustomerFolders({ title, label, customer }: ExplorerNode, reach: Reach): ChildNode[] {
  const place = { title: title ?? label, customer, aside: true };
  return [
    // Opened on its own: most people come for the subscriptions, and the budget is a request more.
    served(reach, 'usageBudget', {
      ...place,
      key: 'budget',
      kind: 'partnerBudget',
      label: 'Spending budget',
      tooltip: 'What the customer should cost in a month at most, and how much of it is used. Nothing stops there.',
      expandable: true,
      abilities: ['spendingBudget'],
    }),
    served(reach, 'usageOfSubscriptions', {
      ...place,
      key: 'usage',
      kind: 'partnerUsage',
      label: 'Usage of the open period',
      tooltip: 'One estimate for each legacy Azure subscription and each Azure plan, renewed about once a day',
      expandable: false,
      abilities: ['usageRecords'],
    }),
    served(reach, 'serviceCosts', {
      ...place,
      key: 'serviceCosts',
      kind: 'partnerServiceCosts',
      label: 'Service costs',
      tooltip: 'What the customer cost in the last closed billing period, licences and purchases included',
      expandable: true,
    }),
    served(reach, 'entitlements', {
      ...place,
      key: 'entitlements',
      kind: 'partnerEntitlements',
      label: 'Entitlements',
      tooltip: 'Reservations and software that the customer bought; no Azure subscriptions',
      expandable: true,
    }),
  ];
}

/** What has no invoice yet, before the invoices. */
export function unbilledNode(): ChildNode {
  return {
    key: 'unbilled',
    kind: 'partnerUnbilled',
    label: 'Not billed yet',
    description: 'this month and the last',
    tooltip: 'Charges and daily rated usage that have no invoice yet: estimates, of all customers',
    title: 'All customers',
    expandable: false,
    abilities: ['lineItems'],
    aside: true,
  };
}

/** A customer of Partner Center is this one below billing accounts, too: a row for each of them. */
export function billingRows(rows: readonly ExplorerNode[]): ChildNode[] {
  return rows.map(({ id: _id, connection: _connection, parent: _parent, cost: _cost, ...row }) => {
    const account = accountLabel({ ...row, parent: _parent });
    return {
      ...row,
      key: `billing ${row.account}`,
      label: account,
      description: 'the same customer in this billing account',
      tooltip: [`${row.label} in ${account}`, row.tooltip].filter(Boolean).join('\n'),
      title: row.title ?? row.label,
      aside: true,
    };
  });
}

/** What people call the billing account that a row is below. */
export function accountLabel(node: Pick<ExplorerNode, 'parent' | 'account'>): string {
  return ancestor(node, 'account')?.label ?? node.account ?? 'Billing account';
}

/** The row itself, or one that says why this connection cannot have it. */
function served(reach: Reach, call: PartnerCall, row: ChildNode): ChildNode {
  const reason = unavailable(call, reach.cloud, reach.signIn);
  // Short enough to be read beside a label; the sentence is in the tooltip.
  const short = unavailable(call, reach.cloud) === undefined ? 'needs a user' : 'not in this cloud';
  return reason === undefined ? row : greyed(row, short, reason);
}

function greyed({ abilities: _, ...row }: ChildNode, short: string, reason: string): ChildNode {
  return {
    ...row,
    description: short,
    tooltip: `${row.label}: ${reason}`,
    expandable: false,
    unavailable: true,
    alarm: 'muted',
  };
}
