import { type DayRange, firstDay, intersect, lastDay, monthOf } from './calendar.ts';
import { CostFacts, roundingMonths } from './costFacts.ts';
import type { CostScope } from './costScopes.ts';
import { COST_SCALE, QUANTITY_SCALE, USD_SCALE } from './decimal.ts';
import type { BillingProfile } from './directory.ts';
import type { Tenant } from './tenant.ts';
import { isAlive, quantity, type UsageLine } from './usageLines.ts';

export type Granularity = 'None' | 'Daily' | 'Monthly';

/** What to add up. */
export interface CostQuestion {
  /** Days, inclusive; clipped to the tenant's window. */
  readonly days: DayRange;
  readonly granularity: Granularity;
  /** Values that a group shares. */
  readonly keys: (facts: CostFacts, month: number) => ReadonlyArray<string | null>;
  readonly includes: (facts: CostFacts, month: number) => boolean;
  /** Whether `keys` or `includes` look at the month; else they are asked once a line. */
  readonly monthly: boolean;
  /** Whether a group holds one billing currency only. */
  readonly byCurrency: boolean;
}

/** One group in one bucket of time; there is none without rows. */
export interface CostSum {
  /** The day (Daily), the month (Monthly) or 0 (None). */
  readonly bucket: number;
  readonly keys: ReadonlyArray<string | null>;
  /** The billing currency, or USD when the question does not separate currencies. */
  readonly currency: string;
  /** In billing currency and in USD, both in units of 10^-20; `cost` means nothing across currencies. */
  readonly cost: bigint;
  readonly usd: bigint;
  /** In millionths of the units of measure. */
  readonly quantity: bigint;
}

interface Bucket {
  cost: bigint;
  usd: bigint;
  quantity: bigint;
}

interface Group {
  readonly keys: ReadonlyArray<string | null>;
  readonly currency: string;
  readonly buckets: Map<number, Bucket>;
}

const USD_TO_COST_SCALE = 10n ** BigInt(COST_SCALE - USD_SCALE);
const ONE_UNIT = 10n ** BigInt(QUANTITY_SCALE);

/**
 * Adds up the costs of a scope by group, from usage lines and without making rows: whole months are the ledger's
 * kept sums, and only parts of months and days are computed. The sums are those of the usage details rows, exactly. Sorted by
 * time, then keys, then currency.
 */
export function sumCosts(tenant: Tenant, scope: CostScope, question: CostQuestion): CostSum[] {
  const range = intersect(question.days, tenant.ledger.window);
  if (range.from > range.to) return [];
  const groups = new Groups(question);
  for (const { profile, lines } of scope.parts) {
    const months = monthsOf(tenant, profile, range);
    for (const line of lines) addLine(tenant, profile, line, months, question, groups);
    if (!scope.withRounding) continue;
    const facts = new CostFacts(tenant, profile);
    for (const month of roundingMonths(tenant, profile, range)) {
      const group = groups.of(facts, month);
      if (!group) continue;
      const { rounding } = tenant.ledger.profileMonth(profile, month);
      add(group, bucketOf(question.granularity, month, lastDay(month)), {
        cost: rounding,
        usd: (rounding * 10_000n) / tenant.ledger.rate(profile, month),
        quantity: ONE_UNIT,
      });
    }
  }
  return groups.sums();
}

interface MonthPart {
  readonly month: number;
  readonly days: DayRange;
  readonly isWhole: boolean;
  readonly rate: bigint;
}

function monthsOf({ ledger }: Tenant, profile: BillingProfile, range: DayRange): MonthPart[] {
  const parts: MonthPart[] = [];
  for (let month = monthOf(range.from); firstDay(month) <= range.to; month++) {
    const all = intersect(ledger.window, { from: firstDay(month), to: lastDay(month) });
    const days = intersect(range, all);
    const isWhole = days.from === all.from && days.to === all.to;
    parts.push({ month, days, isWhole, rate: ledger.rate(profile, month) });
  }
  return parts;
}

function addLine(
  tenant: Tenant,
  profile: BillingProfile,
  line: UsageLine,
  months: readonly MonthPart[],
  question: CostQuestion,
  groups: Groups,
): void {
  const facts = new CostFacts(tenant, profile, line);
  const always = question.monthly ? undefined : groups.of(facts, 0);
  if (!question.monthly && !always) return;
  for (const { month, days, isWhole, rate } of months) {
    const group = question.monthly ? groups.of(facts, month) : always;
    if (!group) continue;
    const addUnits = (bucket: number, units: number): void => {
      const count = BigInt(units);
      const usd = count * line.price;
      add(group, bucket, { cost: usd * rate, usd: usd * USD_TO_COST_SCALE, quantity: count });
    };
    if (question.granularity === 'Daily') {
      for (let day = days.from; day <= days.to; day++) {
        if (isAlive(line, day)) addUnits(day, quantity(line, day));
      }
      continue;
    }
    const units = isWhole ? tenant.ledger.quantityOfMonth(line, month) : unitsOf(line, days);
    // A row's quantity is at least one millionth, so that no units mean no rows.
    if (units > 0) addUnits(bucketOf(question.granularity, month, 0), units);
  }
}

function unitsOf(line: UsageLine, days: DayRange): number {
  let units = 0;
  for (let day = days.from; day <= days.to; day++) {
    if (isAlive(line, day)) units += quantity(line, day);
  }
  return units;
}

function bucketOf(granularity: Granularity, month: number, day: number): number {
  return granularity === 'None' ? 0 : granularity === 'Monthly' ? month : day;
}

function add({ buckets }: Group, at: number, more: Bucket): void {
  const bucket = buckets.get(at);
  if (!bucket) {
    buckets.set(at, more);
    return;
  }
  bucket.cost += more.cost;
  bucket.usd += more.usd;
  bucket.quantity += more.quantity;
}

class Groups {
  readonly #question: CostQuestion;
  readonly #groups = new Map<string, Group>();

  constructor(question: CostQuestion) {
    this.#question = question;
  }

  of(facts: CostFacts, month: number): Group | undefined {
    const { keys, includes, byCurrency } = this.#question;
    if (!includes(facts, month)) return undefined;
    const values = keys(facts, month);
    const currency = byCurrency ? facts.profile.currency : 'USD';
    const name = JSON.stringify([values, currency]);
    let group = this.#groups.get(name);
    if (!group) {
      group = { keys: values, currency, buckets: new Map() };
      this.#groups.set(name, group);
    }
    return group;
  }

  sums(): CostSum[] {
    const result: CostSum[] = [];
    const named = [...this.#groups].sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [, { keys, currency, buckets }] of named) {
      for (const [bucket, amounts] of buckets) result.push({ bucket, keys, currency, ...amounts });
    }
    return result.sort((a, b) => a.bucket - b.bucket);
  }
}
