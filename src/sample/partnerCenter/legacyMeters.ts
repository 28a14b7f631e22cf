import { guid, hash } from '../hash.ts';
import { meterIdOf } from '../meterIds.ts';
import { METERS, type Meter, REGIONS, type Region } from '../meters.ts';

/** A meter of 145P: one for each region, because the price is the meter's. */
export interface LegacyMeter {
  /** The GUID that rate card, utilization and invoices share. */
  readonly id: string;
  readonly meter: Meter;
  readonly region: Region;
  /** Retail price in 1e-10 USD a unit. */
  readonly price: bigint;
}

/** Every meter in every region. */
export const LEGACY_METERS: readonly LegacyMeter[] = METERS.flatMap((meter) =>
  REGIONS.map((region, position) => ({
    id: guid(hash(0x145, ...Buffer.from(meterIdOf(meter))), position),
    meter,
    region,
    price: (meter.price * region.factor) / 10_000n,
  })),
);

/** Decimals of a rate: price (10) and exchange rate (4). */
export const LEGACY_RATE_SCALE = 14;

/** The price in a currency, in 1e-14; `exchange` is 1e-4 of the currency for one USD. */
export function legacyRate({ price }: LegacyMeter, exchange: bigint): bigint {
  return price * exchange;
}

/** The SKU of a meter on 145P invoices. */
export function legacySku({ id }: LegacyMeter): string {
  const digits = hash(0x57, ...Buffer.from(id));
  return `${digits.toString(36).toUpperCase().slice(0, 3)}-${String(digits % 100_000).padStart(5, '0')}`;
}
