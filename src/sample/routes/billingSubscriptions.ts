import { type Answer, json, notFound, type SampleRequest } from '../answers.ts';
import { firstDay, lastDay } from '../calendar.ts';
import { minorDigits } from '../currencies.ts';
import { COST_SCALE, roundHalfEven } from '../decimal.ts';
import type { BillingSubscription, LazyList } from '../directory.ts';
import { listPage } from '../lists.ts';
import { type Charges, projectBillingSubscription } from '../projections/billingSubscriptions.ts';
import type { Tenant } from '../tenant.ts';
import { BILLING_VERSIONS, versionOf } from '../versions.ts';
import { expandOf, type Lookups, PATHS } from './lookups.ts';
import { get, type Route } from './table.ts';

const TYPE = 'billingAccounts/billingSubscriptions';

/** Billing subscriptions of billing accounts, billing profiles and customers. */
export function billingSubscriptionRoutes(find: Lookups): Route[] {
  const { tenant } = find;
  const page = (request: SampleRequest, subscriptions: LazyList<BillingSubscription>): Answer => {
    const version = versionOf(request, BILLING_VERSIONS, TYPE);
    const expand = expandOf(request);
    return listPage(request, version, subscriptions, {
      displayName: (position) => subscriptions.at(position).displayName,
      project: (item) => projectBillingSubscription(item, version, expand, () => charges(tenant, item)),
      alwaysCount: true,
    });
  };
  const one = (request: SampleRequest, subscription: BillingSubscription): Answer => {
    const version = versionOf(request, BILLING_VERSIONS, TYPE);
    return json(
      projectBillingSubscription(subscription, version, expandOf(request), () => charges(tenant, subscription)),
    );
  };
  const list = (path: string, of: (names: readonly string[]) => LazyList<BillingSubscription>): Route =>
    get('billingSubscriptions.list', `${path}/billingsubscriptions`, (request, names) => page(request, of(names)));
  return [
    list(PATHS.account, ([account = '']) => tenant.directory.subscriptionsOfAll(find.account(account))),
    list(PATHS.profile, ([account = '', profile = '']) =>
      tenant.directory.subscriptionsOfAll(find.profile(find.account(account), profile)),
    ),
    list(`${PATHS.account}/customers/*`, ([account = '', customer = '']) =>
      tenant.subscriptions(find.customer(find.account(account), customer)),
    ),
    list(`${PATHS.profile}/customers/*`, ([account = '', profile = '', customer = '']) =>
      tenant.subscriptions(find.customerOfProfile(find.account(account), profile, customer)),
    ),
    get('billingSubscriptions.get', `${PATHS.account}/billingsubscriptions/*`, (request, [account = '', name = '']) =>
      one(request, find.subscription(account, name)),
    ),
    get(
      'billingSubscriptions.get',
      `${PATHS.profile}/billingsubscriptions/*`,
      (request, [account = '', profileName = '', name = '']) => {
        const profile = find.profile(find.account(account), profileName);
        const subscription = find.subscription(account, name);
        if (subscription.customer.profile !== profile) throw notFound('billing subscription', name);
        return one(request, subscription);
      },
    ),
    get(
      'billingSubscriptions.get',
      `${PATHS.account}/customers/*/billingsubscriptions/*`,
      (request, [account = '', customerName = '', name = '']) => {
        const customer = find.customer(find.account(account), customerName);
        const subscription = find.subscription(account, name);
        if (subscription.customer.index !== customer.index) throw notFound('billing subscription', name);
        return one(request, subscription);
      },
    ),
  ];
}

/** Rounded half to even on the currency's minor unit. */
function charges({ ledger }: Tenant, { customer, index }: BillingSubscription): Charges {
  const lines = ledger.linesOfSubscription(customer.index, index);
  const sum = (month: number): bigint => {
    const { cost } = ledger.sumOfLines(customer.profile, lines, { from: firstDay(month), to: lastDay(month) });
    return roundHalfEven(cost, COST_SCALE, minorDigits(customer.profile.currency));
  };
  return { lastMonth: sum(ledger.openMonth - 1), monthToDate: sum(ledger.openMonth) };
}
