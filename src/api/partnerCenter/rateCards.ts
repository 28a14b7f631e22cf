import * as v from 'valibot';
import { refused } from '../arm/input.ts';
import type { SendOptions } from '../http/client.ts';
import { getOne, type PartnerCenterClient, partnerCall, partnerPath } from './partnerCenterClient.ts';
import { attributes, optionalFlag, optionalNumber, optionalText, wireNumber } from './wire.ts';

const meter = v.looseObject({
  /** The `resource.id` of utilization records. */
  id: v.string(),
  name: optionalText,
  /** Price of a unit by the lower bound of its tier, a number as text. Tiers count the month, not a row. */
  rates: v.record(v.string(), wireNumber),
  tags: v.nullish(v.array(v.string())),
  category: optionalText,
  subcategory: optionalText,
  region: optionalText,
  unit: optionalText,
  /** Free units in a month. */
  includedQuantity: optionalNumber,
  effectiveDate: optionalText,
});

const offerTerm = v.looseObject({
  name: optionalText,
  /** 0.15 is 15 %. */
  discount: optionalNumber,
  excludedMeterIds: v.nullish(v.array(v.string())),
  effectiveDate: optionalText,
});

const rateCard = v.looseObject({
  locale: optionalText,
  /** ISO 4217, of all prices. */
  currency: optionalText,
  isTaxIncluded: optionalFlag,
  meters: v.array(meter),
  offerTerms: v.nullish(v.array(offerTerm)),
  attributes,
});

/** Prices of legacy Azure (REST reference: Get prices for Microsoft Azure). Azure plans have price sheets instead. */
export type RateCard = v.InferOutput<typeof rateCard>;

export interface RateCardQuery {
  /** Prices of the Partner Shared Services in place of those for customers. */
  shared?: boolean | undefined;
  /** ISO 4217 and ISO 3166, both or none; without them the client's locale decides, with them it decides the language only. */
  market?: { currency: string; region: string } | undefined;
}

/**
 * The rate card of Azure: some megabytes in one answer.
 *
 * @throws BillingError of kind `argument` for a market that is none
 */
export function getRateCard(
  client: PartnerCenterClient,
  { shared, market }: RateCardQuery = {},
  options?: SendOptions,
): Promise<RateCard> {
  if (market !== undefined) {
    requireCode('market.currency', market.currency, /^[a-z]{3}$/i, 'the ISO code of a currency, such as USD');
    requireCode('market.region', market.region, /^[a-z]{2}$/i, 'the ISO code of a country, such as US');
  }
  const address = partnerPath(`/ratecards/${shared === true ? 'azure-shared' : 'azure'}`, { ...market });
  return getOne(client, partnerCall(client, 'Get the rate card', address), rateCard, options);
}

function requireCode(field: string, value: string, pattern: RegExp, what: string): void {
  if (typeof value !== 'string' || !pattern.test(value)) {
    throw refused(field, `'${String(value).slice(0, 60)}' is not known; give ${what}.`);
  }
}
