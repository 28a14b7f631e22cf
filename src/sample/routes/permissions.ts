import { json } from '../answers.ts';
import { listOfTexts, member } from '../bodyMembers.ts';
import { guid, hash } from '../hash.ts';
import { jsonBody } from '../jsonBody.ts';
import { BILLING_VERSIONS, versionOf } from '../versions.ts';
import { type Lookups, PATHS } from './lookups.ts';
import { get, post, type Route } from './table.ts';

const ACTION_FAMILY = 0xac71;

/** What the sample's user, an admin agent of the partner, may do at a scope and below. */
const ACTIONS = [
  'Microsoft.Billing/billingAccounts/read',
  'Microsoft.Billing/billingAccounts/billingProfiles/read',
  'Microsoft.Billing/billingAccounts/billingProfiles/invoices/read',
  'Microsoft.Billing/billingAccounts/billingProfiles/invoiceSections/read',
  'Microsoft.Billing/billingAccounts/customers/read',
  'Microsoft.Billing/billingAccounts/customers/policies/read',
  'Microsoft.Billing/billingAccounts/customers/policies/write',
  'Microsoft.Billing/billingAccounts/transactions/read',
] as const;

/** Providers of which everything is allowed; asked one by one through checkAccess. */
const ALLOWED = /^microsoft\.(billing|consumption|costmanagement)\//i;

const SCOPES = [PATHS.account, PATHS.profile, PATHS.section, PATHS.customer, PATHS.profileCustomer] as const;

/** Rights of the caller (REST reference: Billing Permissions; Billing Permissions - Check Access, 2024-04-01 only). */
export function permissionRoutes(find: Lookups): Route[] {
  return SCOPES.flatMap((scope) => [
    get('billingPermissions.list', `${scope}/billingpermissions`, (request, names) => {
      versionOf(request, BILLING_VERSIONS, 'billingAccounts/billingPermissions');
      findScope(find, scope, names);
      // The list tells actions by their ids; only checkAccess tells them by name.
      const actions = ACTIONS.map((_, index) => guid(hash(ACTION_FAMILY), index));
      return json({ value: [{ actions, notActions: [] }] });
    }),
    post('billingPermissions.checkAccess', `${scope}/checkaccess`, (request, names) => {
      versionOf(request, ['2024-04-01'], 'billingAccounts/checkAccess');
      findScope(find, scope, names);
      const actions = listOfTexts(member(jsonBody(request), 'actions'), 'actions');
      return json(
        actions.map((action) => ({ action, accessDecision: ALLOWED.test(action) ? 'Allowed' : 'NotAllowed' })),
      );
    }),
  ]);
}

/** Answers 404 when one of the names is unknown. */
function findScope(find: Lookups, scope: (typeof SCOPES)[number], names: readonly string[]): void {
  const [accountName = '', name = '', last = ''] = names;
  const account = find.account(accountName);
  switch (scope) {
    case PATHS.account:
      return;
    case PATHS.profile:
      find.profile(account, name);
      return;
    case PATHS.section:
      find.profileOfSection(account, name, last);
      return;
    case PATHS.customer:
      find.customer(account, name);
      return;
    case PATHS.profileCustomer:
      find.customerOfProfile(account, name, last);
  }
}
