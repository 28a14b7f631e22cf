import { json } from '../answers.ts';
import { listOfTexts, member } from '../bodyMembers.ts';
import type { Caller, Right } from '../callers.ts';
import { guid, hash } from '../hash.ts';
import { jsonBody } from '../jsonBody.ts';
import { BILLING_VERSIONS, versionOf } from '../versions.ts';
import { type Lookups, PATHS } from './lookups.ts';
import { get, post, type Route } from './table.ts';

const ACTION_FAMILY = 0xac71;

/** What the partner's admin agents may do at a scope and below; readers have the actions that only read. */
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
export function permissionRoutes(find: Lookups, caller: Caller): Route[] {
  return SCOPES.flatMap((scope) => [
    get('billingPermissions.list', `${scope}/billingpermissions`, (request, names) => {
      versionOf(request, BILLING_VERSIONS, 'billingAccounts/billingPermissions');
      findScope(find, scope, names);
      // The list tells actions by their ids; only checkAccess tells them by name.
      const actions = ACTIONS.flatMap((action, index) =>
        caller.may(rightOf(action)) ? [guid(hash(ACTION_FAMILY), index)] : [],
      );
      return json({ value: actions.length === 0 ? [] : [{ actions, notActions: [] }] });
    }),
    post('billingPermissions.checkAccess', `${scope}/checkaccess`, (request, names) => {
      versionOf(request, ['2024-04-01'], 'billingAccounts/checkAccess');
      findScope(find, scope, names);
      const actions = listOfTexts(member(jsonBody(request), 'actions'), 'actions');
      return json(
        actions.map((action) => ({
          action,
          accessDecision: ALLOWED.test(action) && caller.may(rightOf(action)) ? 'Allowed' : 'NotAllowed',
        })),
      );
    }),
  ]);
}

function rightOf(action: string): Right {
  if (/\/policies\//i.test(action)) return 'policy';
  return /\/(read|action)$/i.test(action) ? 'read' : 'write';
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
