/** ISO 4217 → the regions (ISO 3166) whose currency it is, among those that partners sell in. */
const REGIONS: Readonly<Record<string, string>> = {
  AED: 'AE',
  ARS: 'AR',
  AUD: 'AU CC CX KI NR TV',
  BRL: 'BR',
  CAD: 'CA',
  CHF: 'CH LI',
  CLP: 'CL',
  CNY: 'CN',
  COP: 'CO',
  CRC: 'CR',
  CZK: 'CZ',
  DKK: 'DK FO GL',
  EGP: 'EG',
  EUR: 'AD AT AX BE BL CY DE EE ES FI FR GF GP GR HR IE IT LT LU LV MC ME MF MQ MT NL PM PT RE SI SK SM VA XK YT',
  GBP: 'GB GG IM JE',
  GEL: 'GE',
  HKD: 'HK',
  HUF: 'HU',
  IDR: 'ID',
  ILS: 'IL PS',
  INR: 'IN',
  ISK: 'IS',
  JPY: 'JP',
  KES: 'KE',
  KRW: 'KR',
  KWD: 'KW',
  KZT: 'KZ',
  MAD: 'MA',
  MXN: 'MX',
  MYR: 'MY',
  NGN: 'NG',
  NOK: 'NO SJ BV',
  NZD: 'NZ CK NU TK',
  PEN: 'PE',
  PHP: 'PH',
  PKR: 'PK',
  PLN: 'PL',
  QAR: 'QA',
  RON: 'RO',
  RSD: 'RS',
  RUB: 'RU',
  SAR: 'SA',
  SEK: 'SE',
  SGD: 'SG',
  THB: 'TH',
  TRY: 'TR',
  TWD: 'TW',
  UAH: 'UA',
  USD: 'US AS EC FM GU MH MP PR PW SV TL UM VG VI',
  UYU: 'UY',
  VND: 'VN',
  ZAR: 'ZA',
};

const CURRENCY_BY_REGION = new Map(
  Object.entries(REGIONS).flatMap(([currency, regions]) => regions.split(' ').map((region) => [region, currency])),
);

/** The money members of a usage record or summary. */
export interface UsageMoney {
  currencyCode?: string | null | undefined;
  currencyLocale?: string | null | undefined;
}

/**
 * The currency of a usage record: the ISO 4217 code of Azure plans, or what the culture of legacy Azure means (`fr-FR` is EUR). A
 * culture of a region that is not known stays what it is, e.g. `xx-YY`, so that nobody takes it for another currency.
 */
export function usageCurrency({ currencyCode, currencyLocale }: UsageMoney): string | undefined {
  const code = currencyCode?.trim();
  if (code) {
    return code.toUpperCase();
  }
  const locale = currencyLocale?.trim() ?? '';
  const region = /[-_]([a-z]{2})$/i.exec(locale)?.[1]?.toUpperCase();
  return (region === undefined ? undefined : CURRENCY_BY_REGION.get(region)) ?? (locale || undefined);
}
