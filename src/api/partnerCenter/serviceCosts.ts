import * as v from 'valibot';
import type { SendOptions } from '../http/client.ts';
import type { PageWalk } from '../http/paging.ts';
import { collectionPages } from './collections.ts';
import { customerPath, getOne, type PartnerCenterClient, partnerCall } from './partnerCenterClient.ts';
import { attributes, optionalNumber, optionalText } from './wire.ts';

const sums = {
  /** The second is the last day or the day behind it, as the service likes. */
  billingStartDate: optionalText,
  billingEndDate: optionalText,
  pretaxTotal: optionalNumber,
  tax: optionalNumber,
  afterTaxTotal: optionalNumber,
  /** ISO 4217; the whole may lack it where its parts have it. */
  currencyCode: optionalText,
  currencySymbol: optionalText,
  customerId: optionalText,
};

const serviceCosts = v.looseObject({
  ...sums,
  details: v.nullish(
    v.array(
      v.looseObject({
        /** Recurring, OneTime. */
        invoiceType: optionalText,
        summary: v.nullish(v.looseObject(sums)),
      }),
    ),
  ),
  attributes,
});

/** What a customer cost in the last closed period (REST reference: Get a customer's service costs summary). */
export type ServiceCosts = v.InferOutput<typeof serviceCosts>;

/** The sums of the last closed period; the service has no other. Needs a user. */
export function getServiceCosts(
  client: PartnerCenterClient,
  customer: string,
  options?: SendOptions,
): Promise<ServiceCosts> {
  return getOne(client, partnerCall(client, 'Get the service costs', servicePath(customer)), serviceCosts, options);
}

/** The lines behind {@link getServiceCosts} as the bytes of each page. Needs a user. */
export function listServiceCostLineItems(client: PartnerCenterClient, customer: string): PageWalk<Uint8Array> {
  const address = `${servicePath(customer)}/lineitems`;
  return collectionPages(client, partnerCall(client, 'List the line items of service costs', address), 'link');
}

function servicePath(customer: string): string {
  return `${customerPath(customer)}/servicecosts/mostrecent`;
}
