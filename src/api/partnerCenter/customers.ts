import * as v from 'valibot';
import { refused } from '../arm/input.ts';
import type { SendOptions } from '../http/client.ts';
import type { PageWalk } from '../http/paging.ts';
import { listOf } from './collections.ts';
import { customerPath, getOne, type PartnerCenterClient, partnerCall, partnerPath } from './partnerCenterClient.ts';
import { requireSize } from './size.ts';
import { attributes, optionalFlag, optionalText } from './wire.ts';

const customer = v.looseObject({
  /** Tenant id of the customer: the id in every path. The portal calls it Microsoft ID. */
  id: v.string(),
  /** By id only. */
  commerceId: optionalText,
  companyProfile: v.nullish(v.looseObject({ tenantId: optionalText, domain: optionalText, companyName: optionalText })),
  /** By id only. There is no currency on a customer; `culture` (`en-US`) is the nearest to it. */
  billingProfile: v.nullish(v.looseObject({ culture: optionalText, attributes })),
  /** none, reseller, advisor, syndication, microsoft_support, unknown; other words pass. */
  relationshipToPartner: optionalText,
  /** By id only. */
  allowDelegatedAccess: optionalFlag,
  /** The indirect reseller; indirect providers only. */
  associatedPartnerId: optionalText,
  attributes,
});

/** A customer of the partner (REST reference: Customer resources). */
export type PartnerCustomer = v.InferOutput<typeof customer>;

export interface CustomerQuery {
  /** Customers a page, 1 to 500; left out: 500. */
  size?: number | undefined;
  /** Only customers whose field begins with a text; compared without case. */
  startsWith?: { field: CustomerField; text: string } | undefined;
}

const FIELDS = ['CompanyName', 'Domain', 'IndirectReseller', 'IndirectCloudSolutionProvider'] as const;

/** Fields that customers can be filtered by. */
export type CustomerField = (typeof FIELDS)[number];

/**
 * The customers of the partner, in no order that is promised (REST reference: Get a list of customers; Get a list of customers
 * filtered by a search field).
 *
 * @throws BillingError of kind `argument` for a size or a filter that the service does not have
 */
export function listPartnerCustomers(
  client: PartnerCenterClient,
  { size, startsWith }: CustomerQuery = {},
): PageWalk<PartnerCustomer[]> {
  requireSize(size, 500);
  const address = partnerPath('/customers', { size, filter: startsWith && filterOf(startsWith) });
  return listOf(client, partnerCall(client, 'List customers', address), customer, 'seek');
}

function filterOf({ field, text }: { field: CustomerField; text: string }): string {
  if (!FIELDS.includes(field)) {
    throw refused(
      'startsWith.field',
      `'${String(field).slice(0, 60)}' is no field to filter by; use ${FIELDS.join(', ')}.`,
    );
  }
  if (typeof text !== 'string' || text.trim() === '') {
    throw refused('startsWith.text', 'is empty.');
  }
  return JSON.stringify({ Field: field, Value: text, Operator: 'starts_with' });
}

/** One customer, with what the list leaves out. */
export function getPartnerCustomer(
  client: PartnerCenterClient,
  id: string,
  options?: SendOptions,
): Promise<PartnerCustomer> {
  return getOne(client, partnerCall(client, 'Get the customer', customerPath(id)), customer, options);
}
