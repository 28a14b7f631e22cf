import { type Answer, json, notFound, type SampleRequest } from '../answers.ts';
import type { BillingAccount, BillingProfile, BillingSubscription } from '../directory.ts';
import { listOf, listPage } from '../lists.ts';
import { periodOf } from '../periods.ts';
import { projectInvoice } from '../projections/invoices.ts';
import { BILLING_VERSIONS, versionOf } from '../versions.ts';
import { type Lookups, PATHS } from './lookups.ts';
import { get, type Route } from './table.ts';

/** Invoices of billing accounts, billing profiles and billing subscriptions. */
export function invoiceRoutes(find: Lookups): Route[] {
  const { tenant } = find;
  const page = (
    request: SampleRequest,
    account: BillingAccount,
    profile?: BillingProfile,
    subscription?: BillingSubscription,
  ): Answer => {
    const version = versionOf(request, BILLING_VERSIONS, 'billingAccounts/invoices');
    const period = periodOf(request, ['periodStartDate', 'periodEndDate'], version !== '2024-04-01');
    return listPage(request, version, listOf(tenant.invoices(profile ?? account, period)), {
      project: (invoice) => projectInvoice(invoice, account, version, request.origin, subscription),
    });
  };
  /** One invoice, if it is the billing profile's. */
  const one = (
    request: SampleRequest,
    resourceType: string,
    account: BillingAccount,
    profile: BillingProfile,
    name: string,
    subscription?: BillingSubscription,
  ): Answer => {
    const version = versionOf(request, BILLING_VERSIONS, resourceType);
    const invoice = find.invoice(name);
    if (!invoice || invoice.profile !== profile) throw notFound('invoice', name);
    return json(projectInvoice(invoice, account, version, request.origin, subscription));
  };
  return [
    get('invoices.list', `${PATHS.account}/invoices`, (request, [account = '']) =>
      page(request, find.account(account)),
    ),
    get('invoices.list', `${PATHS.profile}/invoices`, (request, [name = '', profile = '']) => {
      const account = find.account(name);
      return page(request, account, find.profile(account, profile));
    }),
    get('invoices.list', `${PATHS.account}/billingsubscriptions/*/invoices`, (request, [account = '', name = '']) => {
      const subscription = find.subscription(account, name);
      return page(request, subscription.customer.account, subscription.customer.profile, subscription);
    }),
    get('invoices.get', `${PATHS.account}/invoices/*`, (request, [accountName = '', name = '']) => {
      const version = versionOf(request, BILLING_VERSIONS, 'billingAccounts/invoices');
      const { invoice, account } = find.invoiceOfAccount(accountName, name);
      return json(projectInvoice(invoice, account, version, request.origin));
    }),
    get('invoices.get', `${PATHS.profile}/invoices/*`, (request, [accountName = '', profile = '', name = '']) => {
      const account = find.account(accountName);
      return one(request, 'billingAccounts/billingProfiles/invoices', account, find.profile(account, profile), name);
    }),
    get(
      'invoices.get',
      `${PATHS.account}/billingsubscriptions/*/invoices/*`,
      (request, [accountName = '', subscriptionName = '', name = '']) => {
        const subscription = find.subscription(accountName, subscriptionName);
        const { account, profile } = subscription.customer;
        return one(request, 'billingAccounts/billingSubscriptions/invoices', account, profile, name, subscription);
      },
    ),
  ];
}
