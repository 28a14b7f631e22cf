import * as v from 'valibot';
import { refused } from '../arm/input.ts';
import type { PageWalk } from '../http/paging.ts';
import { collectionPages, listOf } from './collections.ts';
import { resolveLink, resourceLink } from './links.ts';
import { type PartnerCenterClient, partnerCall, partnerPath } from './partnerCenterClient.ts';
import { optionalText } from './wire.ts';

const estimateLink = v.looseObject({
  /** daily_rated_usage, non_consumption; unknown words pass. */
  type: optionalText,
  title: optionalText,
  description: optionalText,
  /** Current, Previous. */
  period: optionalText,
  link: v.nullish(resourceLink),
});

/** Where the lines of what is not invoiced yet can be had (REST reference: Get invoice estimate links). */
export type EstimateLink = v.InferOutput<typeof estimateLink>;

/**
 * The links to unbilled usage and charges in one currency.
 *
 * @throws BillingError of kind `argument` when the currency is no ISO 4217 code
 */
export function listEstimateLinks(client: PartnerCenterClient, currency: string): PageWalk<EstimateLink[]> {
  if (!/^[a-z]{3}$/i.test(currency)) {
    throw refused('currency', `'${currency.slice(0, 60)}' is not a currency; give its ISO code, such as USD.`);
  }
  const address = partnerPath('/invoices/estimates/links', { currencycode: currency });
  return listOf(client, partnerCall(client, 'List estimates', address), estimateLink);
}

/**
 * The line items that an estimate link leads to, as the bytes of each page.
 *
 * @throws BillingError of kind `argument` for a link without an address
 */
export function listEstimate(client: PartnerCenterClient, { link }: EstimateLink): PageWalk<Uint8Array> {
  const uri = link?.uri?.trim();
  if (!uri) {
    throw refused('link', 'has no address.');
  }
  return collectionPages(
    client,
    partnerCall(client, 'List unbilled line items', resolveLink(client.base, uri)),
    'seek',
  );
}
