import { type Answer, badRequest, json, jsonText, linkTo, notFound, Refusal, type SampleRequest } from './answers.ts';
import { type DayRange, firstDay, isoDay, lastDay, parseIsoDay, parseUsDay } from './calendar.ts';
import { minorDigits } from './currencies.ts';
import { COST_SCALE, roundHalfEven } from './decimal.ts';
import type { BillingAccount, BillingProfile, BillingSubscription, Customer, LazyList } from './directory.ts';
import { listOf, listPage } from './lists.ts';
import { projectBillingAccount, projectBillingProfile } from './projections/billingAccounts.ts';
import { type Charges, projectBillingSubscription } from './projections/billingSubscriptions.ts';
import { projectCustomer } from './projections/customers.ts';
import { projectInvoice } from './projections/invoices.ts';
import type { Tenant } from './tenant.ts';
import { UsagePages } from './usagePages.ts';
import { parseUsageScope } from './usageScopes.ts';
import { BILLING_VERSIONS, CONSUMPTION_VERSIONS, versionOf } from './versions.ts';

/** The names under which requests are counted. */
export type RouteName =
  | 'billingAccounts.list'
  | 'billingAccounts.get'
  | 'billingProfiles.list'
  | 'customers.list'
  | 'customers.get'
  | 'billingSubscriptions.list'
  | 'billingSubscriptions.get'
  | 'invoices.list'
  | 'invoices.get'
  | 'usageDetails.list'
  | 'unknown';

export interface Routed {
  readonly route: RouteName;
  /** Throws a Refusal to answer an error. */
  readonly answer: () => Answer;
}

type Handler = (request: SampleRequest, names: readonly string[]) => Answer;

const BILLING = 'providers/microsoft.billing/billingaccounts';
const USAGE_DETAILS = /^(.*)\/providers\/microsoft\.consumption\/usagedetails\/?$/i;
const MOST_ROWS = 1000;

/** Routes of Azure Resource Manager over a tenant. Paths are compared without case; `*` stands for a name. */
export class Routes {
  readonly #tenant: Tenant;
  readonly #pages: UsagePages;
  readonly #table: ReadonlyArray<readonly [pattern: readonly string[], route: RouteName, handler: Handler]>;

  constructor(tenant: Tenant) {
    this.#tenant = tenant;
    this.#pages = new UsagePages(tenant);
    const account = `${BILLING}/*`;
    const profile = `${account}/billingprofiles/*`;
    const table: ReadonlyArray<readonly [string, RouteName, Handler]> = [
      [BILLING, 'billingAccounts.list', this.#listAccounts],
      [account, 'billingAccounts.get', this.#getAccount],
      [`${account}/billingprofiles`, 'billingProfiles.list', this.#listProfiles],
      [`${account}/customers`, 'customers.list', this.#listCustomers],
      [`${account}/customers/*`, 'customers.get', this.#getCustomer],
      [`${profile}/customers`, 'customers.list', this.#listCustomersOfProfile],
      [`${profile}/customers/*`, 'customers.get', this.#getCustomerOfProfile],
      [`${account}/billingsubscriptions`, 'billingSubscriptions.list', this.#listSubscriptions],
      [`${profile}/billingsubscriptions`, 'billingSubscriptions.list', this.#listSubscriptionsOfProfile],
      [`${account}/customers/*/billingsubscriptions`, 'billingSubscriptions.list', this.#listSubscriptionsOfCustomer],
      [
        `${profile}/customers/*/billingsubscriptions`,
        'billingSubscriptions.list',
        this.#listSubscriptionsOfProfileCustomer,
      ],
      [`${account}/billingsubscriptions/*`, 'billingSubscriptions.get', this.#getSubscription],
      [`${profile}/billingsubscriptions/*`, 'billingSubscriptions.get', this.#getSubscriptionOfProfile],
      [`${account}/customers/*/billingsubscriptions/*`, 'billingSubscriptions.get', this.#getSubscriptionOfCustomer],
      [`${account}/invoices`, 'invoices.list', this.#listInvoices],
      [`${profile}/invoices`, 'invoices.list', this.#listInvoicesOfProfile],
      [`${account}/billingsubscriptions/*/invoices`, 'invoices.list', this.#listInvoicesOfSubscription],
      [`${account}/invoices/*`, 'invoices.get', this.#getInvoice],
      [`${profile}/invoices/*`, 'invoices.get', this.#getInvoiceOfProfile],
      [`${account}/billingsubscriptions/*/invoices/*`, 'invoices.get', this.#getInvoiceOfSubscription],
    ];
    this.#table = table.map(([pattern, route, handler]) => [pattern.split('/'), route, handler]);
  }

  find(request: SampleRequest): Routed {
    const usage = USAGE_DETAILS.exec(request.path);
    if (usage) return guarded(request, 'usageDetails.list', () => this.#usageDetails(request, usage[1] ?? ''));
    const segments = request.path.split('/').filter(Boolean);
    for (const [pattern, route, handler] of this.#table) {
      const names = match(pattern, segments);
      if (names) return guarded(request, route, () => handler.call(this, request, names.map(decodeName)));
    }
    return {
      route: 'unknown',
      answer: () => {
        throw new Refusal(404, 'NotFound', `No resource answers at ${request.path}.`);
      },
    };
  }

  #listAccounts(request: SampleRequest): Answer {
    const version = versionOf(request, BILLING_VERSIONS, 'billingAccounts');
    const { accounts, directory } = this.#tenant;
    return listPage(request, version, listOf(accounts), {
      displayName: (position) => accounts[position]?.displayName ?? '',
      project: (account) => projectBillingAccount(account, version, expandOf(request), directory.partnerTenantId),
    });
  }

  #getAccount(request: SampleRequest, [name = '']: readonly string[]): Answer {
    const version = versionOf(request, BILLING_VERSIONS, 'billingAccounts');
    const account = this.#account(name);
    return json(projectBillingAccount(account, version, expandOf(request), this.#tenant.directory.partnerTenantId));
  }

  #listProfiles(request: SampleRequest, [name = '']: readonly string[]): Answer {
    const version = versionOf(request, BILLING_VERSIONS, 'billingAccounts/billingProfiles');
    const account = this.#account(name);
    return listPage(request, version, listOf(account.profiles), {
      displayName: (position) => account.profiles[position]?.displayName ?? '',
      project: (profile) => projectBillingProfile(account, profile, version),
    });
  }

  #listCustomers(request: SampleRequest, [name = '']: readonly string[]): Answer {
    return this.#customerPage(request, this.#account(name));
  }

  #listCustomersOfProfile(request: SampleRequest, [name = '', profileName = '']: readonly string[]): Answer {
    return this.#customerPage(request, this.#profile(this.#account(name), profileName));
  }

  #customerPage(request: SampleRequest, owner: BillingAccount | BillingProfile): Answer {
    const version = versionOf(request, BILLING_VERSIONS, 'billingAccounts/customers');
    const expand = expandOf(request);
    const { directory } = this.#tenant;
    const indices = directory.customerIndices(owner);
    return listPage(request, version, directory.customersOf(owner), {
      displayName: (position) => directory.customerName(indices.at(position)),
      project: (customer) => projectCustomer(customer, version, expand),
    });
  }

  #getCustomer(request: SampleRequest, [name = '', customerName = '']: readonly string[]): Answer {
    const version = versionOf(request, BILLING_VERSIONS, 'billingAccounts/customers');
    const customer = this.#customer(this.#account(name), customerName);
    return json(projectCustomer(customer, version, expandOf(request)));
  }

  #getCustomerOfProfile(
    request: SampleRequest,
    [name = '', profile = '', customerName = '']: readonly string[],
  ): Answer {
    const version = versionOf(request, BILLING_VERSIONS, 'billingAccounts/billingProfiles/customers');
    const customer = this.#customerOfProfile(this.#account(name), profile, customerName);
    return json(projectCustomer(customer, version, expandOf(request)));
  }

  #listSubscriptions(request: SampleRequest, [name = '']: readonly string[]): Answer {
    return this.#subscriptionPage(request, this.#tenant.directory.subscriptionsOfAll(this.#account(name)));
  }

  #listSubscriptionsOfProfile(request: SampleRequest, [name = '', profileName = '']: readonly string[]): Answer {
    const profile = this.#profile(this.#account(name), profileName);
    return this.#subscriptionPage(request, this.#tenant.directory.subscriptionsOfAll(profile));
  }

  #listSubscriptionsOfCustomer(request: SampleRequest, [name = '', customerName = '']: readonly string[]): Answer {
    const customer = this.#customer(this.#account(name), customerName);
    return this.#subscriptionPage(request, this.#tenant.subscriptions(customer));
  }

  #listSubscriptionsOfProfileCustomer(
    request: SampleRequest,
    [name = '', profile = '', customerName = '']: readonly string[],
  ): Answer {
    const customer = this.#customerOfProfile(this.#account(name), profile, customerName);
    return this.#subscriptionPage(request, this.#tenant.subscriptions(customer));
  }

  #subscriptionPage(request: SampleRequest, subscriptions: LazyList<BillingSubscription>): Answer {
    const version = versionOf(request, BILLING_VERSIONS, 'billingAccounts/billingSubscriptions');
    const expand = expandOf(request);
    return listPage(request, version, subscriptions, {
      displayName: (position) => subscriptions.at(position).displayName,
      project: (item) => projectBillingSubscription(item, version, expand, () => this.#charges(item)),
      alwaysCount: true,
    });
  }

  #getSubscription(request: SampleRequest, [name = '', subscriptionName = '']: readonly string[]): Answer {
    const subscription = this.#subscription(name, subscriptionName);
    return this.#subscriptionAnswer(request, subscription);
  }

  #getSubscriptionOfProfile(
    request: SampleRequest,
    [name = '', profileName = '', subscriptionName = '']: readonly string[],
  ): Answer {
    const profile = this.#profile(this.#account(name), profileName);
    const subscription = this.#subscription(name, subscriptionName);
    if (subscription.customer.profile !== profile) throw notFound('billing subscription', subscriptionName);
    return this.#subscriptionAnswer(request, subscription);
  }

  #getSubscriptionOfCustomer(
    request: SampleRequest,
    [name = '', customerName = '', subscriptionName = '']: readonly string[],
  ): Answer {
    const customer = this.#customer(this.#account(name), customerName);
    const subscription = this.#subscription(name, subscriptionName);
    if (subscription.customer.index !== customer.index) throw notFound('billing subscription', subscriptionName);
    return this.#subscriptionAnswer(request, subscription);
  }

  #subscriptionAnswer(request: SampleRequest, subscription: BillingSubscription): Answer {
    const version = versionOf(request, BILLING_VERSIONS, 'billingAccounts/billingSubscriptions');
    const charges = () => this.#charges(subscription);
    return json(projectBillingSubscription(subscription, version, expandOf(request), charges));
  }

  #listInvoices(request: SampleRequest, [name = '']: readonly string[]): Answer {
    return this.#invoicePage(request, this.#account(name));
  }

  #listInvoicesOfProfile(request: SampleRequest, [name = '', profileName = '']: readonly string[]): Answer {
    const account = this.#account(name);
    return this.#invoicePage(request, account, this.#profile(account, profileName));
  }

  #listInvoicesOfSubscription(request: SampleRequest, [name = '', subscriptionName = '']: readonly string[]): Answer {
    const subscription = this.#subscription(name, subscriptionName);
    const { account, profile } = subscription.customer;
    return this.#invoicePage(request, account, profile, subscription);
  }

  #invoicePage(
    request: SampleRequest,
    account: BillingAccount,
    profile?: BillingProfile,
    subscription?: BillingSubscription,
  ): Answer {
    const version = versionOf(request, BILLING_VERSIONS, 'billingAccounts/invoices');
    const period = invoicePeriod(request, version !== '2024-04-01');
    return listPage(request, version, listOf(this.#tenant.invoices(profile ?? account, period)), {
      project: (invoice) => projectInvoice(invoice, account, version, request.origin, subscription),
    });
  }

  #getInvoice(request: SampleRequest, [name = '', invoiceName = '']: readonly string[]): Answer {
    const version = versionOf(request, BILLING_VERSIONS, 'billingAccounts/invoices');
    const invoice = this.#tenant.invoiceNamed(invoiceName);
    const account = isDefault(name) ? this.#tenant.accounts[invoice?.profile.account ?? 0] : this.#account(name);
    if (!invoice || !account || invoice.profile.account !== account.index) throw notFound('invoice', invoiceName);
    return json(projectInvoice(invoice, account, version, request.origin));
  }

  #getInvoiceOfProfile(
    request: SampleRequest,
    [name = '', profileName = '', invoiceName = '']: readonly string[],
  ): Answer {
    const version = versionOf(request, BILLING_VERSIONS, 'billingAccounts/billingProfiles/invoices');
    const account = this.#account(name);
    const profile = this.#profile(account, profileName);
    const invoice = this.#tenant.invoiceNamed(invoiceName);
    if (!invoice || invoice.profile !== profile) throw notFound('invoice', invoiceName);
    return json(projectInvoice(invoice, account, version, request.origin));
  }

  #getInvoiceOfSubscription(
    request: SampleRequest,
    [name = '', subscriptionName = '', invoiceName = '']: readonly string[],
  ): Answer {
    const version = versionOf(request, BILLING_VERSIONS, 'billingAccounts/billingSubscriptions/invoices');
    const subscription = this.#subscription(name, subscriptionName);
    const { account, profile } = subscription.customer;
    const invoice = this.#tenant.invoiceNamed(invoiceName);
    if (!invoice || invoice.profile !== profile) throw notFound('invoice', invoiceName);
    return json(projectInvoice(invoice, account, version, request.origin, subscription));
  }

  /** REST reference: Usage Details - List. Modern rows take dates, not a filter; without dates it is the open month. */
  #usageDetails(request: SampleRequest, scopePath: string): Answer {
    const version = versionOf(request, CONSUMPTION_VERSIONS, 'usageDetails');
    const scope = parseUsageScope(this.#tenant, scopePath);
    if ('error' in scope) throw new Refusal(scope.error === 'NotFound' ? 404 : 400, scope.error, scope.message);
    const { ledger } = this.#tenant;
    const open = { from: firstDay(ledger.openMonth), to: lastDay(ledger.openMonth) };
    const days = usageDays(request) ?? scope.days ?? open;
    const size = rowLimit(request.parameters.get('$top'));
    const projection = version === '2019-10-01' ? 'first' : 'extended';
    const page = this.#pages.page(scope, days, size, projection, request.parameters.get('$skiptoken'));
    if (!page) throw badRequest('The $skiptoken is not valid for this scope and period.');
    if (page.rows.length === 0 && version === '2023-11-01') return { status: 204, headers: {}, body: undefined };
    const next = page.next ? `,"nextLink":${JSON.stringify(linkTo(request, { $skiptoken: page.next }))}` : '';
    return jsonText(`{"value":[${page.rows.join(',')}]${next}}`);
  }

  #account(name: string): BillingAccount {
    const account = this.#tenant.directory.accountNamed(name);
    if (!account) throw notFound('billing account', name);
    return account;
  }

  #profile(account: BillingAccount, name: string): BillingProfile {
    const profile = this.#tenant.directory.profileNamed(account, name);
    if (!profile) throw notFound('billing profile', name);
    return profile;
  }

  #customer(account: BillingAccount, name: string): Customer {
    const customer = this.#tenant.customerNamed(account, name);
    if (!customer) throw notFound('customer', name);
    return customer;
  }

  #customerOfProfile(account: BillingAccount, profileName: string, name: string): Customer {
    const profile = this.#profile(account, profileName);
    const customer = this.#customer(account, name);
    if (customer.profile !== profile) throw notFound('customer', name);
    return customer;
  }

  /** The account may be `default`, which stands for whichever has the subscription. */
  #subscription(accountName: string, name: string): BillingSubscription {
    const account = isDefault(accountName) ? undefined : this.#account(accountName);
    const subscription = this.#tenant.directory.subscriptionNamed(name);
    if (!subscription || (account && subscription.customer.account !== account)) {
      throw notFound('billing subscription', name);
    }
    return subscription;
  }

  /** Rounded half to even on the currency's minor unit. */
  #charges(subscription: BillingSubscription): Charges {
    const { customer, index } = subscription;
    const { ledger } = this.#tenant;
    const lines = ledger.linesOfSubscription(customer.index, index);
    const sum = (month: number): bigint => {
      const { cost } = ledger.sumOfLines(customer.profile, lines, { from: firstDay(month), to: lastDay(month) });
      return roundHalfEven(cost, COST_SCALE, minorDigits(customer.profile.currency));
    };
    return { lastMonth: sum(ledger.openMonth - 1), monthToDate: sum(ledger.openMonth) };
  }
}

function guarded(request: SampleRequest, route: RouteName, answer: () => Answer): Routed {
  if (request.method === 'GET') return { route, answer };
  return {
    route,
    answer: () => {
      throw new Refusal(405, 'MethodNotAllowed', `The method ${request.method} is not allowed at ${request.path}.`);
    },
  };
}

function match(pattern: readonly string[], segments: readonly string[]): string[] | undefined {
  if (pattern.length !== segments.length) return undefined;
  const names: string[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const segment = segments[i] ?? '';
    if (pattern[i] === '*') names.push(segment);
    else if (pattern[i] !== segment.toLowerCase()) return undefined;
  }
  return names;
}

function decodeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    throw badRequest(`The path segment ${name} is not percent-encoded correctly.`);
  }
}

function isDefault(accountName: string): boolean {
  return accountName.toLowerCase() === 'default';
}

/** The words of `expand` or `$expand`, in lower case; of `billingProfiles/invoiceSections` the first part too. */
function expandOf(request: SampleRequest): ReadonlySet<string> {
  const text = request.parameters.get('$expand') ?? request.parameters.get('expand') ?? '';
  return new Set(
    text
      .toLowerCase()
      .split(',')
      .map((word) => word.trim().replace(/^properties\//, '')),
  );
}

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

function usageDays(request: SampleRequest): DayRange | undefined {
  const start = request.parameters.get('startdate');
  const end = request.parameters.get('enddate');
  if (start === undefined && end === undefined) return undefined;
  const read = (field: string, text: string | undefined): number => {
    if (text === undefined) throw badRequest(`The query parameter ${field} is required when the other date is given.`);
    const day = parseIsoDay(text);
    if (day === undefined) throw badRequest(`The value '${text}' of ${field} is not a date such as 2026-10-31.`);
    return day;
  };
  const range = { from: read('startDate', start), to: read('endDate', end) };
  if (range.from > range.to) throw badRequest(`startDate ${start} is after endDate ${end}.`);
  return range;
}

function rowLimit(text: string | undefined): number {
  if (text === undefined) return MOST_ROWS;
  const value = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= MOST_ROWS) return value;
  throw badRequest(`The value '${text}' of $top is not valid: it must be a whole number from 1 to ${MOST_ROWS}.`);
}
