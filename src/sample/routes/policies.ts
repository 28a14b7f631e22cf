import { type Answer, json, notFound, type SampleRequest } from '../answers.ts';
import { member, oneOf } from '../bodyMembers.ts';
import type { Customer } from '../directory.ts';
import { jsonBody } from '../jsonBody.ts';
import type { ViewCharges } from '../policies.ts';
import { policyId, projectPolicy, projectSubscriptionPolicy } from '../projections/policies.ts';
import type { ServiceState } from '../state.ts';
import { isCostPolicySlow } from '../stories.ts';
import { BILLING_VERSIONS, type BillingVersion, versionOf } from '../versions.ts';
import { type Lookups, PATHS } from './lookups.ts';
import { get, type Route } from './table.ts';

const NEWEST = ['2024-04-01'] as const;

/**
 * The cost policy of customers (REST reference: Policies). In 2024-04-01 a change for some customers is a long-running
 * operation: 201 with Location, and the policy is the old one until a poll has found the operation ended.
 */
export function policyRoutes(find: Lookups, { policies, operations }: ServiceState): Route[] {
  const read = (customer: Customer, version: BillingVersion): Answer =>
    json(projectPolicy(customer, policies.viewCharges(customer.index), version, 'Succeeded'));

  const write = (request: SampleRequest, customer: Customer, version: BillingVersion): Answer => {
    const asked = viewChargesIn(request);
    if (version !== '2024-04-01' || !isCostPolicySlow(customer.index)) {
      policies.set(customer.index, asked);
      return read(customer, version);
    }
    const headers = operations.follow(request, policyId(customer, version), 'policy', () => {
      policies.set(customer.index, asked);
      return read(customer, version);
    });
    const answer = json(projectPolicy(customer, asked, version, 'Pending'), 201);
    return { ...answer, headers: { ...answer.headers, ...headers } };
  };

  const routes = (
    path: string,
    versions: readonly BillingVersion[],
    type: string,
    customerOf: (names: readonly string[]) => Customer,
  ): Route => {
    const found = (request: SampleRequest, names: readonly string[]) => {
      const version = versionOf(request, versions, type);
      const customer = customerOf(names);
      const name = names.at(-1) ?? '';
      if (name.toLowerCase() !== 'default') throw notFound('policy', name);
      return { version, customer };
    };
    return {
      name: 'policies',
      path: `${path}/policies/*`,
      methods: {
        GET: (request, names) => {
          const { customer, version } = found(request, names);
          return read(customer, version);
        },
        PUT: (request, names) => {
          const { customer, version } = found(request, names);
          return write(request, customer, version);
        },
      },
    };
  };

  return [
    routes(PATHS.customer, BILLING_VERSIONS, 'billingAccounts/customers/policies', ([account = '', customer = '']) =>
      find.customer(find.account(account), customer),
    ),
    routes(
      PATHS.profileCustomer,
      NEWEST,
      'billingAccounts/billingProfiles/customers/policies',
      ([account = '', profile = '', customer = '']) => find.customerOfProfile(find.account(account), profile, customer),
    ),
    get(
      'policies.getBySubscription',
      'subscriptions/*/providers/microsoft.billing/policies/default',
      (request, [name = '']) => {
        versionOf(request, NEWEST, 'policies');
        const subscription = find.subscription('default', name);
        return json(projectSubscriptionPolicy(subscription, policies.viewCharges(subscription.customer.index)));
      },
    ),
  ];
}

function viewChargesIn(request: SampleRequest): ViewCharges {
  const asked = member(member(jsonBody(request), 'properties'), 'viewCharges');
  return oneOf(asked, ['Allowed', 'NotAllowed'], 'properties.viewCharges') === 'Allowed' ? 'Allowed' : 'NotAllowed';
}
