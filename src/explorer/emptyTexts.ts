import type { ExplorerNode } from './node.ts';

/** What a level without rows says. */
export interface EmptyText {
  label: string;
  reason?: string;
}

/** By the kind of the level's parent. */
const EMPTY_TEXTS: Partial<Record<ExplorerNode['kind'], EmptyText>> = {
  connection: { label: 'No billing accounts', reason: 'the sign-in sees none in this tenant' },
  customers: { label: 'No customers', reason: 'this billing account has none' },
  customer: { label: 'No subscriptions', reason: 'the customer bought none, or they were moved away' },
  subscriptions: { label: 'No subscriptions', reason: 'this billing account has none' },
  subscription: { label: 'No costs this month', reason: 'nothing was used yet, or its costs are still to come' },
  year: { label: 'No invoices in this year' },
  invoice: { label: 'No lines', reason: 'they can take some days after the invoice' },
  profiles: { label: 'No billing profiles' },
  invoiceSections: { label: 'No invoice sections', reason: 'customers of partners have none' },
  products: { label: 'No products', reason: 'nothing was bought besides subscriptions' },
  transactionPeriod: { label: 'No transactions in this time' },
  charges: { label: 'No charges in the last twelve months' },
  permissions: { label: 'No permissions', reason: 'this sign-in has no role here' },
  budgets: { label: 'No budgets' },
  alerts: { label: 'No alerts' },
  exports: { label: 'No exports' },
  export: { label: 'No runs yet' },
  partnerCustomers: { label: 'No customers', reason: 'this partner has none' },
  partnerCenter: { label: 'No subscriptions', reason: 'the customer bought none through Partner Center' },
  partnerCustomer: { label: 'No subscriptions', reason: 'the customer bought none through Partner Center' },
  partnerAzurePlan: { label: 'No Azure subscriptions', reason: 'nothing was created in this plan yet' },
  partnerEntitlements: { label: 'No entitlements', reason: 'the customer has no reservations and no software' },
  partnerBalance: { label: 'No invoice summaries', reason: 'there is no invoice yet' },
  partnerInvoices: { label: 'No invoices', reason: 'the first one comes after the first billing period' },
};

/**
 * What a level without rows says.
 *
 * @param filter what names of customers of Partner Center have to begin with
 */
export function emptyText({ kind }: ExplorerNode, filter: string | undefined): EmptyText {
  if (kind === 'partnerCustomers' && filter !== undefined) {
    return { label: 'No customers', reason: `no name begins with '${filter}'` };
  }
  return EMPTY_TEXTS[kind] ?? { label: 'Nothing here' };
}
