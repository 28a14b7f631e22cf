import * as v from 'valibot';
import type { SendOptions } from '../http/client.ts';
import type { PageWalk } from '../http/paging.ts';
import { type ArmClient, armPath, getOne, listOf } from './armClient.ts';
import { type BillingParent, parentPath } from './parent.ts';
import { optionalText, resource } from './wire.ts';

const customer = v.looseObject({
  ...resource,
  properties: v.looseObject({
    displayName: optionalText,
    /** 2024-04-01: Active, Pending, Disabled, Warned, Deleted, UnderReview, Other. */
    status: optionalText,
    billingProfileId: optionalText,
    billingProfileDisplayName: optionalText,
  }),
});

/**
 * A customer of a partner (REST reference: Customers). The id is nested under a billing profile in 2024-04-01 and not before;
 * use `parseScope` for a cost scope.
 */
export type Customer = v.InferOutput<typeof customer>;

/** The customers of a billing account, or of one billing profile of it. */
export function listCustomers(arm: ArmClient, parent: BillingParent): PageWalk<Customer[]> {
  const address = armPath(arm, 'billing', `${parentPath(parent)}/customers`);
  return listOf(arm, { operation: 'List customers', method: 'GET', address }, customer);
}

/** One customer by its name, which for partners is typically the customer's tenant id. */
export function getCustomer(
  arm: ArmClient,
  parent: BillingParent,
  name: string,
  options?: SendOptions,
): Promise<Customer> {
  const address = armPath(arm, 'billing', parentPath({ ...parent, customer: name }));
  return getOne(arm, { operation: 'Get the customer', method: 'GET', address }, customer, options);
}
