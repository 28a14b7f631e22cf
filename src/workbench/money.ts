import type { Money } from '../api/arm/wire.ts';
import { digitsOf } from '../json/exact.ts';

/**
 * An amount for people: the digits the service sent, grouped as the locale writes numbers, with the currency's code. Nothing is
 * rounded; decimals are filled up to the currency's usual number (2 for USD, 0 for JPY, 3 for KWD).
 */
export function formatMoney(money: Money | null | undefined, locale: string): string | undefined {
  if (money?.value === undefined || money.value === null) {
    return undefined;
  }
  const digits = digitsOf(money.value);
  const currency = money.currency ?? '';
  const [, fraction = '', exponent = '0'] = /^[^.e]*(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(digits) ?? [];
  const sent = fraction.length - Number(exponent);
  const decimals = Math.min(Math.max(sent, usualDecimals(currency)), 100);
  const format = new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return `${format.format(digits as `${number}`)} ${currency}`.trim();
}

/**
 * An estimate at a glance: three significant digits, `5.38K USD`, short enough for a narrow side bar, where a long amount would be cut
 * in the middle. Undefined when there is no amount.
 */
export function formatGlance(money: Money, locale: string): string | undefined {
  if (money.value === undefined || money.value === null) {
    return undefined;
  }
  const format = new Intl.NumberFormat(locale, { notation: 'compact', maximumSignificantDigits: 3 });
  return `${format.format(digitsOf(money.value) as `${number}`)} ${money.currency ?? ''}`.trim();
}

function usualDecimals(currency: string): number {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().minimumFractionDigits ?? 2;
  } catch {
    return 2; // not a currency code
  }
}
