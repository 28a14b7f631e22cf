import { weekday } from '../calendar.ts';
import { fraction, hash, hash2 } from '../hash.ts';
import { LEGACY_METERS, type LegacyMeter } from './legacyMeters.ts';
import type { LegacyAzure } from './subscriptions.ts';

/** One resource of a 145P subscription on one meter. In every UTC hour in which it is alive it is used a little. */
export interface MeteredResource {
  readonly key: number;
  readonly meter: LegacyMeter;
  readonly name: string;
  readonly group: string;
  readonly tags: Readonly<Record<string, string>> | undefined;
  /** Quantity of a usual hour in millionths of a unit. */
  readonly hourly: number;
  /** Hours since 1970 in which it is used: first inclusive, last exclusive. */
  readonly firstHour: number;
  readonly endHour: number;
}

export const HOURS_PER_DAY = 24;
/** Records of a usual resource in 400 days, which the number of records is told for: not all live all the time. */
const ROWS_PER_RESOURCE = 400 * HOURS_PER_DAY * 0.87;
const APPLICATIONS = ['archive', 'billing', 'catalog', 'intranet', 'reports', 'scanner', 'website'];
const LATE_EVERY = 64;
const SOON_HOURS = 6;
const LATE_HOURS = 96;

/** Most hours between the beginning of an hour of use and its report. */
export const LONGEST_LAG = 1 + HOURS_PER_DAY + LATE_HOURS;

/**
 * The resources of a subscription for about that many hourly records in 400 days: the first lives as long as the subscription,
 * one of five others was made or deleted on the way.
 */
export function meteredResources(subscription: LegacyAzure, seed: number, rows: number): MeteredResource[] {
  const count = Math.max(2, Math.ceil(rows / ROWS_PER_RESOURCE));
  return Array.from({ length: count }, (_, n) => makeResource(subscription, seed, n));
}

function makeResource(subscription: LegacyAzure, seed: number, n: number): MeteredResource {
  const key = hash(seed, 0x1456, subscription.slot, n);
  // App Service shows the old style of rows, so that every subscription has it.
  const meter = LEGACY_METERS[n === 0 ? APP_SERVICE : hash(key, 1) % LEGACY_METERS.length];
  if (!meter) throw new RangeError('no 145P meter');
  const application = APPLICATIONS[hash(key, 2) % APPLICATIONS.length] ?? '';
  const days = { from: subscription.firstUse, to: subscription.lastUse };
  const change = hash(key, 3) % 5 === 0 && n > 0;
  const changeDay = CHANGES_FROM + (hash(key, 4) % CHANGE_DAYS);
  const deleted = change && hash(key, 5) % 2 === 0;
  return {
    key,
    meter,
    name: `${meter.meter.resourcePrefix}-${application}-${String(n + 1).padStart(3, '0')}`,
    group: hash(key, 6) % 2 === 0 ? `rg-${application}` : `RG-${application.toUpperCase()}`,
    tags:
      hash(key, 7) % 3 === 0 ? undefined : { application, 'cost center': `CC-${100 + (hash(key, 8) % 40)}, shared` },
    hourly: Math.max(
      1,
      Math.round(([0.25, 0.5, 1, 1, 2][hash(key, 9) % 5] ?? 1) * (meter.meter.daily / HOURS_PER_DAY)),
    ),
    firstHour: Math.max(days.from, change && !deleted ? changeDay : 0) * HOURS_PER_DAY,
    endHour: (Math.min(days.to, deleted ? changeDay : days.to) + 1) * HOURS_PER_DAY,
  };
}

const APP_SERVICE = LEGACY_METERS.findIndex(({ meter }) => meter.category === 'Azure App Service');
const CHANGES_FROM = 20_089; // 2025-01-01
const CHANGE_DAYS = 1_000;

export function isUsedIn(resource: MeteredResource, hour: number): boolean {
  return hour >= resource.firstHour && hour < resource.endHour;
}

/** What is used in an hour (hours since 1970) in which the resource is used: millionths of a unit, at least 1, below 2^40. */
export function hourQuantity(resource: MeteredResource, hour: number): number {
  const { meter } = resource.meter;
  if (meter.rhythm === 'constant') return resource.hourly;
  let amount = resource.hourly * (0.85 + 0.3 * fraction(hash2(resource.key, hour)));
  if (meter.rhythm === 'office') {
    const dayOfWeek = weekday(Math.floor(hour / HOURS_PER_DAY));
    const hourOfDay = hour % HOURS_PER_DAY;
    if (dayOfWeek === 0 || dayOfWeek === 6) amount *= 0.25;
    else amount *= hourOfDay >= 7 && hourOfDay < 18 ? 1.7 : 0.4;
  }
  return Math.max(1, Math.floor(amount));
}

/**
 * The hour (since 1970) at whose beginning the use of an hour was reported to billing: mostly within a few hours, one of 64
 * between one and five days later.
 */
export function reportHour(resource: MeteredResource, hour: number): number {
  const chance = hash2(resource.key ^ 0x12e9, hour);
  const late = chance % LATE_EVERY === 0 ? HOURS_PER_DAY + ((chance >>> 8) % LATE_HOURS) : (chance >>> 8) % SOON_HOURS;
  return hour + 1 + late;
}
