import { hash } from './hash.ts';

/** The currencies of the sample's billing profiles: two, zero and three minor digits are all exercised. */
export type Currency = 'USD' | 'EUR' | 'JPY' | 'KWD';

interface CurrencyFacts {
  /** Decimals of the minor unit (ISO 4217). */
  readonly minorDigits: number;
  /** Lowest rate and spread, in 1/10000 of the currency per USD. */
  readonly rate: readonly [lowest: number, spread: number];
}

const FACTS: Readonly<Record<Currency, CurrencyFacts>> = {
  USD: { minorDigits: 2, rate: [10_000, 0] },
  EUR: { minorDigits: 2, rate: [8_500, 900] },
  JPY: { minorDigits: 0, rate: [1_430_000, 120_000] },
  KWD: { minorDigits: 3, rate: [3_040, 50] },
};

export function minorDigits(currency: Currency): number {
  return FACTS[currency].minorDigits;
}

/** What one USD is in the currency during a whole month, in 1/10000; 10000 for USD. */
export function exchangeRate(seed: number, currency: Currency, month: number): bigint {
  const [lowest, spread] = FACTS[currency].rate;
  return BigInt(spread === 0 ? lowest : lowest + (hash(seed, 0x7a7e, lowest, month) % spread));
}
