import { type Answer, badRequest, json, notFound, type SampleRequest } from '../answers.ts';
import { isoDay, parseIsoDay, parseUsDay } from '../calendar.ts';
import type { BillingAccount, BillingProfile, BillingSubscription } from '../directory.ts';
import { listOf, listPage } from '../lists.ts';
import { projectInvoice } from '../projections/invoices.ts';
import { BILLING_VERSIONS, versionOf } from '../versions.ts';
import { isDefault, type Lookups, PATHS } from './lookups.ts';
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
    const period = invoicePeriod(request, version !== '2024-04-01');
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
    const invoice = tenant.invoiceNamed(name);
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
      const invoice = tenant.invoiceNamed(name);
      const account = isDefault(accountName)
        ? tenant.accounts[invoice?.profile.account ?? 0]
        : find.account(accountName);
      if (!invoice || !account || invoice.profile.account !== account.index) throw notFound('invoice', name);
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

/** Days of `periodStartDate` and `periodEndDate`, in either spelling of a date; both are needed up to 2020-05-01. */
function invoicePeriod(request: SampleRequest, required: boolean): { from?: number; to?: number } {
  const read = (field: string): number | undefined => {
    const text = request.parameters.get(field.toLowerCase());
    if (!text) {
      if (required) throw badRequest(`The query parameter ${field} is required.`);
      return undefined;
    }
    const day = parseIsoDay(text) ?? parseUsDay(text);
    if (day === undefined) throw badRequest(`The value '${text}' of ${field} is not a date such as 2026-10-31.`);
    return day;
  };
  const from = read('periodStartDate');
  const to = read('periodEndDate');
  if (from !== undefined && to !== undefined && from > to) {
    throw badRequest(`periodStartDate ${isoDay(from)} is after periodEndDate ${isoDay(to)}.`);
  }
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}
