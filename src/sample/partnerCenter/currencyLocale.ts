import type { Currency } from '../currencies.ts';

/** What 145P answers and billing profiles tell of a currency. */
interface CurrencyLocale {
  /** A culture, from whose region the currency follows. */
  readonly locale: string;
  readonly country: string;
  readonly symbol: string;
}

export const CURRENCY_LOCALES: Readonly<Record<Currency, CurrencyLocale>> = {
  USD: { locale: 'en-US', country: 'US', symbol: '$' },
  EUR: { locale: 'fr-FR', country: 'FR', symbol: '€' },
  JPY: { locale: 'ja-JP', country: 'JP', symbol: '¥' },
  KWD: { locale: 'ar-KW', country: 'KW', symbol: 'د.ك' },
};

/** Compared without case. */
export function currencyNamed(text: string): Currency | undefined {
  return (Object.keys(CURRENCY_LOCALES) as Currency[]).find((currency) => currency === text.toUpperCase());
}

/** The currency of a culture or of a market such as `FR`; undefined for one that the sample does not sell in. */
export function currencyOfMarket(text: string): Currency | undefined {
  const country = text.split('-').at(-1)?.toUpperCase();
  return (Object.keys(CURRENCY_LOCALES) as Currency[]).find((c) => CURRENCY_LOCALES[c].country === country);
}
