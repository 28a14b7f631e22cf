import { type Answer, json, type SampleRequest } from '../answers.ts';
import { listOf, listPage } from '../lists.ts';
import { projectAvailableBalance } from '../projections/availableBalance.ts';
import { projectBillingProfile } from '../projections/billingProfiles.ts';
import { projectInvoiceSection } from '../projections/invoiceSections.ts';
import { BILLING_VERSIONS, versionOf } from '../versions.ts';
import { expandOf, type Lookups, PATHS } from './lookups.ts';
import { get, type Route } from './table.ts';

const TYPE = 'billingAccounts/billingProfiles';

/** Billing profiles, their invoice sections and their balances. */
export function billingProfileRoutes(find: Lookups): Route[] {
  const { tenant } = find;
  const balance = (request: SampleRequest, name: string, profileName?: string): Answer => {
    const type = profileName === undefined ? 'billingAccounts/availableBalance' : `${TYPE}/availableBalance`;
    const version = versionOf(request, profileName === undefined ? ['2024-04-01'] : BILLING_VERSIONS, type);
    const account = find.account(name);
    const profile = profileName === undefined ? undefined : find.profile(account, profileName);
    return json(projectAvailableBalance(tenant, account, profile, version));
  };
  return [
    get('billingProfiles.list', `${PATHS.account}/billingprofiles`, (request, [name = '']) => {
      const version = versionOf(request, BILLING_VERSIONS, TYPE);
      const account = find.account(name);
      return listPage(request, version, listOf(account.profiles), {
        displayName: (position) => account.profiles[position]?.displayName ?? '',
        project: (profile) => projectBillingProfile(account, profile, version, expandOf(request)),
      });
    }),
    get('billingProfiles.get', PATHS.profile, (request, [name = '', profile = '']) => {
      const version = versionOf(request, BILLING_VERSIONS, TYPE);
      const account = find.account(name);
      return json(projectBillingProfile(account, find.profile(account, profile), version, expandOf(request)));
    }),
    get('invoiceSections.list', `${PATHS.profile}/invoicesections`, (request, [name = '', profileName = '']) => {
      const version = versionOf(request, BILLING_VERSIONS, `${TYPE}/invoiceSections`);
      const account = find.account(name);
      const profile = find.profile(account, profileName);
      return listPage(request, version, listOf([profile]), {
        displayName: () => profile.displayName,
        project: (of) => projectInvoiceSection(account, of, version),
      });
    }),
    get('invoiceSections.get', PATHS.section, (request, [name = '', profile = '', section = '']) => {
      const version = versionOf(request, BILLING_VERSIONS, `${TYPE}/invoiceSections`);
      const account = find.account(name);
      return json(projectInvoiceSection(account, find.profileOfSection(account, profile, section), version));
    }),
    get('availableBalance.get', `${PATHS.profile}/availablebalance/default`, (request, [name = '', profile = '']) =>
      balance(request, name, profile),
    ),
    get('availableBalance.get', `${PATHS.account}/availablebalance/default`, (request, [name = '']) =>
      balance(request, name),
    ),
  ];
}
