import { guid, hash } from './hash.ts';
import type { Meter, Region } from './meters.ts';

/** The GUID of a meter; the same for every tenant. */
export function meterIdOf(meter: Meter): string {
  return guid(keyOf(meter), 0);
}

/** The id of the product that a meter belongs to, 16 capital letters and digits. */
export function productIdOf(meter: Meter): string {
  return `DZH318Z0${hash(keyOf(meter), 1).toString(36).toUpperCase().padStart(8, '0').slice(-8)}`;
}

/** The name of the product of a meter in a region. */
export function productNameOf(meter: Meter, region: Region): string {
  return `${meter.category} - ${meter.name} - ${region.displayName}`;
}

function keyOf(meter: Meter): number {
  return hash(0x3e7e2, ...[...meter.category, ...meter.name].map((c) => c.codePointAt(0) ?? 0));
}
