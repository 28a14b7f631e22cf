import { json } from '../answers.ts';
import { listOf, listPage } from '../lists.ts';
import { projectBillingAccount } from '../projections/billingAccounts.ts';
import { BILLING_VERSIONS, versionOf } from '../versions.ts';
import { expandOf, type Lookups, PATHS } from './lookups.ts';
import { get, type Route } from './table.ts';

/** Billing accounts. */
export function billingAccountRoutes(find: Lookups): Route[] {
  const { tenant } = find;
  const partner = tenant.directory.partnerTenantId;
  return [
    get('billingAccounts.list', PATHS.accounts, (request) => {
      const version = versionOf(request, BILLING_VERSIONS, 'billingAccounts');
      return listPage(request, version, listOf(tenant.accounts), {
        displayName: (position) => tenant.accounts[position]?.displayName ?? '',
        project: (account) => projectBillingAccount(account, version, expandOf(request), partner),
      });
    }),
    get('billingAccounts.get', PATHS.account, (request, [name = '']) => {
      const version = versionOf(request, BILLING_VERSIONS, 'billingAccounts');
      return json(projectBillingAccount(find.account(name), version, expandOf(request), partner));
    }),
  ];
}
