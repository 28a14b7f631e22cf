import { amountText, percentText } from './amounts.ts';
import type { GroupSum } from './groupSums.ts';
import { type ComparedPeriods, periodWords } from './spendPeriod.ts';
import type { SpendComparison, SpendDriver } from './spendShapes.ts';

/** Smaller differences are added up in one. */
const MOST_DRIVERS = 50;

interface Difference {
  key: string;
  now: bigint;
  before: bigint;
}

/**
 * Two periods side by side: what each group added to the difference. Differences of all drivers add up to that of the totals, exactly.
 *
 * @param now the groups of the days that are compared
 * @param periods the days of both
 * @param labels of all groups of both
 * @param note which days are left out
 */
export function comparison(
  now: readonly GroupSum[],
  before: readonly GroupSum[],
  periods: ComparedPeriods,
  labels: ReadonlyMap<string, string>,
  note: string | undefined,
): SpendComparison {
  const groups = new Map<string, Difference>();
  for (const { key, total } of now) {
    groups.set(key, { key, now: total, before: 0n });
  }
  for (const { key, total } of before) {
    groups.set(key, { key, now: groups.get(key)?.now ?? 0n, before: total });
  }
  const changed = [...groups.values()].filter((group) => group.now !== group.before).sort(bySize);
  const named = changed.slice(0, MOST_DRIVERS);
  const rest = changed.slice(MOST_DRIVERS);
  const drivers = named.map((group) => driver(group, labels.get(group.key) ?? group.key));
  if (rest.length > 0) {
    drivers.push({ ...driver(sumOf(rest), `Others (${rest.length})`), others: true });
  }
  const { now: total, before: earlier } = sumOf([...groups.values()]);
  const percent = percentText(total - earlier, earlier);
  return {
    label: periodWords(periods.before),
    period: periods.before,
    total: amountText(earlier),
    days: periods.now,
    now: amountText(total),
    ...(note !== undefined && { note }),
    difference: amountText(total - earlier),
    ...(percent !== undefined && { percent }),
    drivers,
  };
}

function driver({ key, now, before }: Difference, label: string): SpendDriver {
  const kind = before === 0n ? 'new' : now === 0n ? 'gone' : now > before ? 'more' : 'less';
  return {
    key,
    label,
    now: amountText(now),
    before: amountText(before),
    difference: amountText(now - before),
    kind,
  };
}

function sumOf(groups: readonly Difference[]): Difference {
  return groups.reduce((sum, group) => ({ key: '', now: sum.now + group.now, before: sum.before + group.before }), {
    key: '',
    now: 0n,
    before: 0n,
  });
}

function bySize(one: Difference, other: Difference): number {
  const [a, b] = [sizeOf(one), sizeOf(other)];
  return a === b ? (one.key < other.key ? -1 : 1) : a > b ? -1 : 1;
}

function sizeOf({ now, before }: Difference): bigint {
  return now > before ? now - before : before - now;
}
