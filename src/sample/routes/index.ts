import type { Tenant } from '../tenant.ts';
import { billingAccountRoutes } from './billingAccounts.ts';
import { billingSubscriptionRoutes } from './billingSubscriptions.ts';
import { customerRoutes } from './customers.ts';
import { invoiceRoutes } from './invoices.ts';
import { Lookups } from './lookups.ts';
import { RouteTable } from './table.ts';
import { usageDetailsRoutes } from './usageDetails.ts';

/** Everything the service answers, one file per resource. */
export function routesOf(tenant: Tenant): RouteTable {
  const find = new Lookups(tenant);
  return new RouteTable([
    ...usageDetailsRoutes(tenant),
    ...billingAccountRoutes(find),
    ...customerRoutes(find),
    ...billingSubscriptionRoutes(find),
    ...invoiceRoutes(find),
  ]);
}
