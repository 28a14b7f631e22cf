import { json } from '../answers.ts';
import { guid } from '../hash.ts';
import type { Tenant } from '../tenant.ts';
import { versionOf } from '../versions.ts';
import { get, type Route } from './table.ts';

const VERSIONS = ['2020-01-01', '2022-12-01'] as const;

/** The tenants of the caller: that of the partner, and one where they are a guest and have not been yet, which has no name. */
export function tenantRoutes({ directory }: Tenant): Route[] {
  const home = directory.partnerTenantId;
  const guest = guid(0x7e4a, 1);
  const tenants = [
    {
      id: `/tenants/${home}`,
      tenantId: home,
      countryCode: 'DE',
      displayName: 'Harbourlight Cloud Partners',
      domains: ['harbourlight.example', 'harbourlight.onmicrosoft.example'],
      tenantCategory: 'Home',
      defaultDomain: 'harbourlight.example',
      tenantType: 'AAD',
    },
    { id: `/tenants/${guest}`, tenantId: guest, tenantCategory: 'ManagedBy' },
  ];
  return [
    get('tenants.list', 'tenants', (request) => {
      versionOf(request, VERSIONS, 'tenants');
      return json({ value: tenants });
    }),
  ];
}
