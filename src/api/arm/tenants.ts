import * as v from 'valibot';
import type { PageWalk } from '../http/paging.ts';
import { type ArmClient, armPath, listOf } from './armClient.ts';
import { optionalText } from './wire.ts';

const tenant = v.looseObject({
  tenantId: v.string(),
  /** Absent for tenants that the sign-in has not been to yet. */
  displayName: optionalText,
  defaultDomain: optionalText,
  /** Home, ProjectedBy, ManagedBy; other words pass. */
  tenantCategory: optionalText,
});

/** A tenant (REST reference: Tenants - List). */
export type AzureTenant = v.InferOutput<typeof tenant>;

/** The tenants that the account may sign in to; a token of any of them lists all. */
export function listTenants(arm: ArmClient): PageWalk<AzureTenant[]> {
  const address = armPath(arm, 'tenants', '/tenants');
  return listOf(arm, { operation: 'List tenants', method: 'GET', address }, tenant);
}
