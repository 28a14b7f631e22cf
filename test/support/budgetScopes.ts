import type { CostScope } from '../../src/api/arm/scope.ts';
import type { SampleService } from '../../src/sample/service.ts';

/** Path of a scope of each kind of the sample tenant. */
export function budgetScopes({ tenant }: SampleService): Record<CostScope['kind'], string> {
  const [account] = tenant.accounts;
  const billingAccount = `/providers/Microsoft.Billing/billingAccounts/${account?.name}`;
  const customer = tenant.directory.customer(0);
  const subscription = `/subscriptions/${tenant.subscriptions(customer).at(0).name}`;
  const group = tenant.ledger.line(tenant.ledger.linesOfSubscription(0, 0).from).resourceGroup;
  return {
    billingAccount,
    billingProfile: `${billingAccount}/billingProfiles/${account?.profiles[0]?.name}`,
    customer: `${billingAccount}/customers/${customer.name}`,
    subscription,
    resourceGroup: `${subscription}/resourceGroups/${group}`,
  };
}
