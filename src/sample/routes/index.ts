import type { ServiceState } from '../state.ts';
import type { Tenant } from '../tenant.ts';
import { alertRoutes } from './alerts.ts';
import { billingAccountRoutes } from './billingAccounts.ts';
import { billingProfileRoutes } from './billingProfiles.ts';
import { billingPropertyRoutes } from './billingProperty.ts';
import { billingSubscriptionRoutes } from './billingSubscriptions.ts';
import { budgetRoutes } from './budgets.ts';
import { chargesRoutes } from './charges.ts';
import { costDetailsRoutes } from './costDetails.ts';
import { costQueryRoutes } from './costQuery.ts';
import { customerRoutes } from './customers.ts';
import { dimensionRoutes } from './dimensions.ts';
import { exportRoutes } from './exports.ts';
import { invoiceDocumentRoutes } from './invoiceDocuments.ts';
import { invoiceRoutes } from './invoices.ts';
import { Lookups } from './lookups.ts';
import { operationRoutes } from './operations.ts';
import { permissionRoutes } from './permissions.ts';
import { policyRoutes } from './policies.ts';
import { priceSheetRoutes } from './priceSheets.ts';
import { productRoutes } from './products.ts';
import { storageAccountRoutes } from './storageAccounts.ts';
import { RouteTable } from './table.ts';
import { tagRoutes } from './tags.ts';
import { tenantRoutes } from './tenants.ts';
import { transactionRoutes } from './transactions.ts';
import { usageDetailsRoutes } from './usageDetails.ts';

/** Everything the service answers, one file per resource. */
export function routesOf(tenant: Tenant, state: ServiceState): RouteTable {
  const find = new Lookups(tenant);
  return new RouteTable([
    ...tenantRoutes(tenant),
    ...usageDetailsRoutes(tenant),
    ...billingAccountRoutes(find),
    ...customerRoutes(find),
    ...billingSubscriptionRoutes(find),
    ...invoiceRoutes(find),
    ...budgetRoutes(tenant, state.budgets),
    ...costQueryRoutes(tenant),
    ...costDetailsRoutes(tenant, state),
    ...dimensionRoutes(tenant),
    ...tagRoutes(tenant),
    ...alertRoutes(tenant, state.budgets, state.alerts),
    ...billingProfileRoutes(find),
    ...billingPropertyRoutes(find),
    ...productRoutes(find),
    ...transactionRoutes(find),
    ...permissionRoutes(find, state.caller),
    ...policyRoutes(find, state),
    ...chargesRoutes(find),
    ...invoiceDocumentRoutes(find, state.operations),
    ...exportRoutes(tenant, state.exports),
    ...storageAccountRoutes(tenant, state),
    ...priceSheetRoutes(find, state),
    ...operationRoutes(state.operations),
  ]);
}
