import type { ArmClient } from '../../api/arm/armClient.ts';
import { listUsageDetails } from '../../api/arm/usageDetails.ts';
import type { SendOptions } from '../../api/http/client.ts';
import { type PageDays, pageDays } from '../pageDays.ts';
import type { Period } from '../period.ts';
import { usageDetailsQuery } from '../usageDetailsQuery.ts';
import { daysIn, daysUntil, monthsNewestFirst, splitAfter, type Unit } from './dayRanges.ts';
import type { WantedUsage } from './planReports.ts';
import type { BegunWalk } from './readPages.ts';

/** One scope of those in a file. */
export interface ScopeWork extends WantedUsage {
  arm: ArmClient;
  /** Its place among them. */
  owner: number;
}

/** The first page of a scope, which tells how much there is. */
export interface Probe {
  work: ScopeWork;
  /** What was asked for: the first days of the newest month, or all of it. */
  period: Period | undefined;
  begun: BegunWalk;
  days: PageDays;
  /** Days that were asked for and can have rows. */
  asked: number;
  /** From asking to having the page, without waits for limits. */
  seconds: number;
}

/** The least time that a page takes; what a service on this machine takes says nothing. Seconds. */
const FASTEST_PAGE = 0.05;

/**
 * Reads the first pages of scopes side by side. When one fails, the others end.
 *
 * @param lists that each scope will be read in, about: so much of it is asked for
 * @param today the current day, `YYYY-MM-DD`, UTC
 */
export async function probeAll(
  works: readonly ScopeWork[],
  lists: number,
  today: string,
  options: SendOptions,
): Promise<Probe[]> {
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
  const probes = works.map((work) => probe(work, lists, today, { ...options, signal }));
  try {
    return await Promise.all(probes);
  } finally {
    stop.abort();
    await Promise.allSettled(probes);
  }
}

async function probe(work: ScopeWork, lists: number, today: string, options: SendOptions): Promise<Probe> {
  const { clock } = work.arm.http;
  const period = lists < 2 ? work.period : firstDays(work.period, lists, today);
  const walk = listUsageDetails(work.arm, usageDetailsQuery({ ...work, period }));
  let waited = 0;
  const started = clock.now();
  const first = await walk.nextPage({
    ...options,
    onWait(wait) {
      waited += wait.milliseconds;
      options.onWait?.(wait);
    },
  });
  if (first === undefined) {
    throw new RangeError('A list that was just begun has no first page.');
  }
  return {
    work,
    period,
    begun: { walk, first },
    days: pageDays(first.value),
    asked: period === undefined ? 1 : Math.max(1, daysUntil(period, today)),
    seconds: Math.max((clock.now() - started - waited) / 1000, FASTEST_PAGE),
  };
}

/** The first days of the newest month that is not in the future: as many as each of so many lists would have. */
function firstDays(period: Period | undefined, lists: number, today: string): Period | undefined {
  const newest = period && monthsNewestFirst(period).find(({ from }) => from <= today);
  return period === undefined || newest === undefined
    ? period
    : splitAfter(newest, Math.max(1, Math.ceil(daysUntil(period, today) / lists)))[0];
}

/**
 * Rows a day, by the first page. One that does not reach its second day, or jumps between days, only tells how many there are at
 * least.
 */
function density({ days, begun, asked }: Probe): { rows: number; known: boolean } {
  if (!begun.walk.more) {
    return { rows: days.rows / asked, known: true };
  }
  const inOrder = days.changes <= 2 * days.days;
  if (inOrder && days.days > 1) {
    // Its last day goes on, on average by half.
    return { rows: days.rows / (days.days - 0.5), known: true };
  }
  return { rows: days.rows / (inOrder ? 1 : asked), known: false };
}

/** Whether the page tells how much there is, and not only how much at least. */
export function tellsAll(probe: Probe): boolean {
  return density(probe).known;
}

/** Rows that are expected of what was asked for. */
export function expectedRows(probe: Probe): number {
  return probe.begun.walk.more ? Math.max(probe.days.rows, density(probe).rows * probe.asked) : probe.days.rows;
}

/** What of a scope was not asked for, newest month first, with the rows that are expected. */
export function restOf(probe: Probe, today: string): Unit[] {
  const { work, period: asked } = probe;
  const { period, owner } = work;
  if (period === undefined || asked === undefined) {
    return [];
  }
  const isWhole = asked.from === period.from && asked.to === period.to;
  const { rows } = density(probe);
  return (isWhole ? [] : monthsNewestFirst(period)).flatMap((month): Unit[] => {
    const isProbed = month.from === asked.from;
    const rest = isProbed ? splitAfter(month, daysIn(asked))[1] : month;
    return rest === undefined ? [] : [{ period: rest, owner, whole: !isProbed, weight: rows * daysUntil(rest, today) }];
  });
}
