import * as v from 'valibot';
import type { SendOptions } from '../http/client.ts';
import type { PageWalk } from '../http/paging.ts';
import { type ArmClient, armPath, getOne, listOf } from './armClient.ts';
import { type ListOptions, listQuery } from './listOptions.ts';
import { type BillingParent, customerAtAccount, parentPath } from './parent.ts';
import { nameSegment } from './scope.ts';
import { sinceNewest } from './sinceNewest.ts';
import { money, optionalNumber, optionalText, resource } from './wire.ts';

const product = v.looseObject({
  ...resource,
  properties: v.looseObject({
    displayName: optionalText,
    productType: optionalText,
    productTypeId: optionalText,
    /** Active, Inactive, PastDue, Expiring, Expired, Disabled, Cancelled, AutoRenew; 2024-04-01 also Canceled, Deleted, … */
    status: optionalText,
    /** ISO date-times, UTC. */
    purchaseDate: optionalText,
    endDate: optionalText,
    lastChargeDate: optionalText,
    lastCharge: v.nullish(money),
    quantity: optionalNumber,
    /** OneTime, Monthly, UsageBased. */
    billingFrequency: optionalText,
    skuId: optionalText,
    skuDescription: optionalText,
    customerId: optionalText,
    customerDisplayName: optionalText,
    billingProfileId: optionalText,
    billingProfileDisplayName: optionalText,
    invoiceSectionId: optionalText,
    reseller: v.nullish(v.looseObject({ resellerId: optionalText, description: optionalText })),
  }),
});

/** Something bought that is not an Azure subscription: a reservation, a Marketplace offer (REST reference: Products). */
export type Product = v.InferOutput<typeof product>;

/** The products of a billing account, billing profile, invoice section or customer. */
export function listProducts(arm: ArmClient, parent: BillingParent, options: ListOptions = {}): PageWalk<Product[]> {
  const path = `${parentPath(customerAtAccount(parent))}/products`;
  const atProfile =
    parent.profile !== undefined && parent.customer === undefined && parent.invoiceSection === undefined;
  // The seed version has no list at a billing profile.
  const client = atProfile ? sinceNewest(arm) : arm;
  const address = armPath(client, 'billing', path, listQuery(client, options));
  return listOf(client, { operation: 'List products', method: 'GET', address }, product);
}

/**
 * One product by its name. From 2020-05-01 on it is found below its account, which is all that is needed then; the seed
 * version finds it below the customer or invoice section that its id names.
 */
export function getProduct(
  arm: ArmClient,
  parent: BillingParent,
  name: string,
  options?: SendOptions,
): Promise<Product> {
  const nested = parent.customer !== undefined || parent.invoiceSection !== undefined;
  const client = nested ? arm : sinceNewest(arm);
  const anchor = client.versions === 'newest' ? { account: parent.account } : customerAtAccount(parent);
  const address = armPath(client, 'billing', `${parentPath(anchor)}/products/${nameSegment('product', name)}`);
  return getOne(client, { operation: 'Get the product', method: 'GET', address }, product, options);
}
