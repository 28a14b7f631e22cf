import { BillingError } from '../http/errors.ts';
import type { ArmClient, Query } from './armClient.ts';

/** What the service can do to a list before it sends it (REST reference: list operations of Microsoft.Billing). */
export interface ListOptions {
  /**
   * E.g. `properties/date gt '2026-10-01'`. Operators eq, lt, gt, le, ge and `and`; there is no ne, or, not in versions
   * before 2024-04-01.
   */
  filter?: string | undefined;
  /** E.g. `properties/date desc`; 2024-04-01 only. */
  orderBy?: string | undefined;
  /** Words to look for; 2024-04-01 only. */
  search?: string | undefined;
}

/**
 * Query parameters of the options. Until 2020-05-01 the filter is written `$filter`, and there is no other option.
 *
 * @throws BillingError of kind `argument` for an option that the version would silently ignore
 */
export function listQuery(arm: ArmClient, { filter, orderBy, search }: ListOptions): Query {
  if (arm.versions === 'newest') {
    return { filter, orderBy, search };
  }
  for (const [name, value] of Object.entries({ orderBy, search })) {
    if (value !== undefined) {
      throw new BillingError('argument', `${name}: the api-version of this connection does not have it.`, {
        advice: `Leave ${name} out, or use the newest api-versions.`,
      });
    }
  }
  return { $filter: filter };
}
