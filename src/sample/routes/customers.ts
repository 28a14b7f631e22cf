import { type Answer, json, type SampleRequest } from '../answers.ts';
import type { BillingAccount, BillingProfile } from '../directory.ts';
import { listPage } from '../lists.ts';
import { projectCustomer } from '../projections/customers.ts';
import { BILLING_VERSIONS, versionOf } from '../versions.ts';
import { expandOf, type Lookups, PATHS } from './lookups.ts';
import { get, type Route } from './table.ts';

/** Customers of billing accounts and of billing profiles. */
export function customerRoutes(find: Lookups): Route[] {
  const { directory } = find.tenant;
  const page = (request: SampleRequest, owner: BillingAccount | BillingProfile): Answer => {
    const version = versionOf(request, BILLING_VERSIONS, 'billingAccounts/customers');
    const expand = expandOf(request);
    const indices = directory.customerIndices(owner);
    return listPage(request, version, directory.customersOf(owner), {
      displayName: (position) => directory.customerName(indices.at(position)),
      project: (customer) => projectCustomer(customer, version, expand),
    });
  };
  return [
    get('customers.list', `${PATHS.account}/customers`, (request, [account = '']) =>
      page(request, find.account(account)),
    ),
    get('customers.list', `${PATHS.profile}/customers`, (request, [account = '', profile = '']) =>
      page(request, find.profile(find.account(account), profile)),
    ),
    get('customers.get', `${PATHS.account}/customers/*`, (request, [account = '', customer = '']) => {
      const version = versionOf(request, BILLING_VERSIONS, 'billingAccounts/customers');
      return json(projectCustomer(find.customer(find.account(account), customer), version, expandOf(request)));
    }),
    get('customers.get', `${PATHS.profile}/customers/*`, (request, [account = '', profile = '', customer = '']) => {
      const version = versionOf(request, BILLING_VERSIONS, 'billingAccounts/billingProfiles/customers');
      const found = find.customerOfProfile(find.account(account), profile, customer);
      return json(projectCustomer(found, version, expandOf(request)));
    }),
  ];
}
