import { type Answer, json } from '../../answers.ts';
import type { Currency } from '../../currencies.ts';
import { exactNumber, PRICE_SCALE } from '../../decimal.ts';
import { guid } from '../../hash.ts';
import type { PartnerCall } from '../call.ts';
import { currencyNamed, currencyOfMarket } from '../currencyLocale.ts';
import { invalidInput } from '../errors.ts';
import { LEGACY_METERS, LEGACY_RATE_SCALE, legacyRate } from '../legacyMeters.ts';
import type { Parts } from '../parts.ts';
import type { PartnerRoute } from '../routeTable.ts';

/** Prices of 145P (Partner Center REST reference: get prices for Microsoft Azure): every meter at once, without pages. */
export function rateCardRoutes({ tenant }: Parts): PartnerRoute[] {
  const card = (call: PartnerCall): Answer => {
    const currency = currencyAsked(call);
    const { ledger, directory } = tenant;
    const profile = directory.profiles.find((p) => p.currency === currency);
    if (!profile) throw new RangeError(`no billing profile in ${currency}`);
    const exchange = ledger.rate(profile, ledger.openMonth);
    const meters = LEGACY_METERS.map((meter) => ({
      id: meter.id,
      name: meter.meter.name,
      rates: { '0': exactNumber(legacyRate(meter, exchange), LEGACY_RATE_SCALE) },
      tags: [],
      category: meter.meter.category,
      subcategory: meter.meter.subCategory,
      region: meter.region.displayName,
      unit: meter.meter.unit,
      includedQuantity: 0,
      effectiveDate: EFFECTIVE,
    }));
    const language = call.header('x-locale')?.replaceAll('"', '') || 'en-US';
    return json({
      locale: language,
      currency,
      isTaxIncluded: false,
      meters: [...meters, tieredMeter(exchange)],
      offerTerms: [
        // Holds for use beyond a commitment only, which no subscription of the sample has.
        { name: 'Overage discount', discount: 0.15, excludedMeterIds: [TIERED], effectiveDate: '2014-01-01T00:00:00' },
      ],
      attributes: { objectType: 'AzureRateCard' },
    });
  };
  return ['azure', 'azure-shared'].map((name) => ({
    name: `partnerCenter.rateCards.${name}`,
    path: `ratecards/${name}`,
    signIn: 'any',
    area: 'rateCards',
    methods: { GET: card },
  }));
}

const EFFECTIVE = '2019-01-01T00:00:00Z';
const TIERED = guid(0x7137, 0);

/** Has tiers and an included quantity, and is used by nobody. */
function tieredMeter(exchange: bigint): object {
  const rate = (price: bigint): unknown => exactNumber(price * exchange, LEGACY_RATE_SCALE);
  const cents = 10n ** BigInt(PRICE_SCALE - 2);
  return {
    id: TIERED,
    name: 'Archive Data Retrieval',
    rates: { '0': rate(0n), '5': rate(12n * cents), '10240': rate(9n * cents) },
    tags: [],
    category: 'Storage',
    subcategory: 'Archive',
    region: '',
    unit: '1 GB',
    includedQuantity: 5,
    effectiveDate: EFFECTIVE,
  };
}

/** The parameter, else the market that was asked for, else that of the header X-Locale, else dollars. */
function currencyAsked(call: PartnerCall): Currency {
  const text = call.parameters.get('currency');
  const region = call.parameters.get('region') ?? call.header('x-locale')?.replaceAll('"', '');
  const currency = text ? currencyNamed(text) : region ? currencyOfMarket(region) : 'USD';
  if (currency) return currency;
  throw invalidInput(
    text
      ? `The value '${text}' of currency is not a currency in which this partner is billed.`
      : `The market '${region}' is not one in which this partner sells.`,
  );
}
