import { weekday } from './calendar.ts';
import type { Directory } from './directory.ts';
import { fraction, hash, hash2 } from './hash.ts';
import { METERS, type Meter, meterNamed, REGIONS, type Region } from './meters.ts';
import { isBatchMachineDay, isBeforeSubscriptionDeletion, isNewServiceDay, isSpikeDay, STORIES } from './stories.ts';

/**
 * One resource on one meter. On each UTC day on which it is alive it gives exactly one usage row. Lines are all that is
 * kept of usage: about one line for 560 rows.
 */
export interface UsageLine {
  /** Position in the tenant's order: billing account, billing profile, customer, subscription, then number. */
  readonly ordinal: number;
  readonly key: number;
  readonly profile: number;
  readonly customer: number;
  readonly subscription: number;
  readonly meter: Meter;
  readonly region: Region;
  readonly resourceName: string;
  readonly resourceGroup: string;
  readonly tags: Readonly<Record<string, string>> | null;
  /** Retail price in the region, in 1e-10 USD per unit. */
  readonly marketPrice: bigint;
  /** What the partner pays, in 1e-10 USD per unit: the retail price less 15 % where partner earned credit applies. */
  readonly price: bigint;
  readonly earnsCredit: boolean;
  /** Quantity of a usual day in millionths of a unit, and its growth over a year as a fraction. */
  readonly daily: number;
  readonly growth: number;
  readonly life: Life;
  readonly story: 'spike' | 'newService' | 'deletedResource' | undefined;
  readonly endsWithSubscription: boolean;
}

/**
 * Alive for `length` days out of each `cycle`. The dead part of a cycle is longer than the window of the tenant, so that
 * one never sees a resource come back, and the days do not depend on the present moment.
 */
interface Life {
  readonly cycle: number;
  readonly length: number;
  readonly phase: number;
}

const DEAD_DAYS = 700;
const ALWAYS: Life = { cycle: 1, length: 1, phase: 0 };
const GROWTH_ANCHOR = 20_454; // 2026-01-01
/** Days of a usual window times the average share of lines alive on a day. */
const ROWS_PER_LINE = 564 * 0.84;

/** Whether the line gives a row on that day. */
export function isAlive(line: UsageLine, day: number): boolean {
  if (line.endsWithSubscription && !isBeforeSubscriptionDeletion(day)) return false;
  if (line.story === 'newService') return isNewServiceDay(day);
  if (line.story === 'deletedResource') return isBatchMachineDay(day);
  const { cycle, length, phase } = line.life;
  return cycle === 1 || (day + phase) % cycle < length;
}

/** The quantity of a day in millionths of a unit: an integer, at least 1, below 2^40. */
export function quantity(line: UsageLine, day: number): number {
  const { meter } = line;
  let amount = line.daily;
  if (meter.rhythm !== 'constant') {
    const grown = 1 + (line.growth * (day - GROWTH_ANCHOR)) / 365;
    amount *= Math.min(3, Math.max(0.3, grown)) * (0.85 + 0.3 * fraction(hash2(line.key, day)));
    const dayOfWeek = weekday(day);
    if (meter.rhythm === 'office' && (dayOfWeek === 0 || dayOfWeek === 6)) amount *= 0.25;
  }
  if (line.story === 'spike' && isSpikeDay(day)) amount *= STORIES.spike.factor;
  return Math.max(1, Math.floor(amount / meter.grain)) * meter.grain;
}

/**
 * All lines of a tenant of about that many usage rows. Each subscription has one line before any has two, the
 * rest goes mostly to few big customers; when there are more subscriptions than lines, the last have no usage.
 */
export function usageLines(directory: Directory, seed: number, usageRows: number): UsageLine[] {
  const counts = lineCounts(directory, seed, Math.round(usageRows / ROWS_PER_LINE));
  const ordered = [...counts.keys()].sort(
    (a, b) => directory.profileOf(a).index - directory.profileOf(b).index || a - b,
  );
  const lines: UsageLine[] = [];
  for (const customer of ordered) {
    counts.get(customer)?.forEach((count, subscription) => {
      for (let n = 0; n < count; n++) lines.push(makeLine(directory, seed, lines.length, customer, subscription, n));
    });
  }
  return lines;
}

function lineCounts(directory: Directory, seed: number, budget: number): Map<number, number[]> {
  const counts = new Map<number, number[]>();
  let left = budget;
  const add = (customer: number, subscription: number): void => {
    let ofCustomer = counts.get(customer);
    if (!ofCustomer) {
      ofCustomer = new Array<number>(directory.subscriptionCount(customer)).fill(0);
      counts.set(customer, ofCustomer);
    }
    ofCustomer[subscription] = (ofCustomer[subscription] ?? 0) + 1;
    left--;
  };
  // The stories first, and a customer of every profile, so that even the smallest tenant has them.
  for (const story of [STORIES.newService, STORIES.deletedResource]) {
    add(story.customer, 0);
    add(story.customer, 0);
  }
  for (const profile of directory.profiles) {
    const first = directory.customerIndices(profile).at(0);
    if (directory.subscriptionCount(first) > 0) add(first, 0);
  }
  const deletion = STORIES.deletedSubscription.customer;
  add(deletion, directory.subscriptionCount(deletion) - 1);

  const firstPass = left - Math.floor(budget * 0.3);
  const stopAt = left - firstPass;
  for (let customer = 0; customer < directory.customerCount && left > stopAt; customer++) {
    if (directory.isStory(customer, STORIES.noUsage.customer)) continue;
    for (let k = 0; k < directory.subscriptionCount(customer); k++) {
      if (!counts.get(customer)?.[k]) add(customer, k);
    }
  }
  const served = [...counts.keys()];
  for (let n = 0; left > 0; n++) {
    const rank = fraction(hash(seed, 0x11e, n));
    const customer = served[Math.floor(rank * rank * rank * served.length)] ?? 0;
    add(customer, hash(seed, 0x11f, n) % directory.subscriptionCount(customer));
  }
  return counts;
}

const APPLICATIONS = [
  'orders',
  'portal',
  'ledger',
  'fleet',
  'intake',
  'search',
  'catalog',
  'payroll',
  'sensors',
  'mail',
];
const ENVIRONMENTS = ['prod', 'prod', 'prod', 'test', 'dev'];

function makeLine(
  directory: Directory,
  seed: number,
  ordinal: number,
  customer: number,
  subscription: number,
  n: number,
): UsageLine {
  const key = hash(seed, 0x11e5, customer, subscription, n);
  const story = storyOf(directory, customer, subscription, n);
  const meter = storyMeter(story) ?? pick(METERS, hash(key, 1));
  const region = pick(REGIONS, hash(key, 2) % 3 === 0 ? hash(key, 3) : hash(seed, 0x2e6, customer));
  const application = pick(APPLICATIONS, hash(key, 4));
  const environment = pick(ENVIRONMENTS, hash(key, 5));
  const marketPrice = (meter.price * region.factor) / 10_000n;
  const earnsCredit = meter.earnsCredit && hash(key, 6) % 8 !== 0;
  const size = [0.5, 1, 1, 1, 2, 2, 4, 8][hash(key, 7) % 8] ?? 1;
  const deletion = STORIES.deletedSubscription.customer;
  return {
    ordinal,
    key,
    profile: directory.profileOf(customer).index,
    customer,
    subscription,
    meter,
    region,
    resourceName:
      story === 'deletedResource'
        ? STORIES.deletedResource.resource
        : `${meter.resourcePrefix}-${application}-${environment}-${String(n + 1).padStart(2, '0')}`,
    resourceGroup: `rg-${application}-${environment}`,
    tags: hash(key, 8) % 4 === 0 ? null : { application, environment, costCenter: `CC-${100 + (hash(key, 9) % 40)}` },
    marketPrice,
    price: earnsCredit ? (marketPrice * 85n) / 100n : marketPrice,
    earnsCredit,
    daily: meter.daily * (story === 'spike' ? 8 : size),
    growth: -0.15 + 0.75 * fraction(hash(seed, 0x96, customer)),
    // The first line of a customer never ends, so that no profile is ever without usage.
    life: story || (subscription === 0 && n === 0) ? ALWAYS : lifeOf(key),
    story,
    endsWithSubscription:
      directory.isStory(customer, deletion) && subscription === directory.subscriptionCount(customer) - 1,
  };
}

function storyOf(directory: Directory, customer: number, subscription: number, n: number): UsageLine['story'] {
  if (subscription !== 0 || n !== 0) return undefined;
  if (directory.isStory(customer, STORIES.spike.customer)) return 'spike';
  if (directory.isStory(customer, STORIES.newService.customer)) return 'newService';
  return directory.isStory(customer, STORIES.deletedResource.customer) ? 'deletedResource' : undefined;
}

function storyMeter(story: UsageLine['story']): Meter | undefined {
  if (story === 'newService') return meterNamed(STORIES.newService.service);
  return story === undefined ? undefined : meterNamed('Virtual Machines', 'E8bds v5');
}

function lifeOf(key: number): Life {
  // The first line of a profile would make a poor sample if it were dead, so seven of ten live for ever.
  if (hash(key, 10) % 10 < 7) return ALWAYS;
  const length = 120 + (hash(key, 11) % 780);
  const cycle = length + DEAD_DAYS;
  return { cycle, length, phase: hash(key, 12) % cycle };
}

function pick<T>(from: readonly T[], h: number): T {
  const item = from[h % from.length];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}
