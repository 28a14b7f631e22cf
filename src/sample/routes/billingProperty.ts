import { json } from '../answers.ts';
import { projectBillingProperty } from '../projections/billingProperty.ts';
import { BILLING_VERSIONS, versionOf } from '../versions.ts';
import type { Lookups } from './lookups.ts';
import { get, type Route } from './table.ts';

/** From a subscription back to its customer, profile and account (REST reference: Billing Property - Get). */
export function billingPropertyRoutes(find: Lookups): Route[] {
  const path = 'subscriptions/*/providers/microsoft.billing/billingproperty/default';
  return [
    get('billingProperty.get', path, (request, [name = '']) => {
      const version = versionOf(request, BILLING_VERSIONS, 'billingProperty');
      const { partnerTenantId } = find.tenant.directory;
      const withCountry = request.parameters.get('includebillingcountry')?.toLowerCase() === 'true';
      return json(projectBillingProperty(find.subscription('default', name), version, partnerTenantId, withCountry));
    }),
  ];
}
