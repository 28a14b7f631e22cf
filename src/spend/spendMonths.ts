import type { ArmClient } from '../api/arm/armClient.ts';
import type { SendOptions } from '../api/http/client.ts';
import { BillingError } from '../api/http/errors.ts';
import { type Period, splitMonths } from '../usage/period.ts';
import { SharedBuild } from '../usage/sharedBuild.ts';
import { readPricingRows } from './pricingRows.ts';
import type { ClientSpend, SpendMonth } from './spendCache.ts';
import { monthEnd } from './spendPeriod.ts';
import { monthGranularity, type SpendPart, spendParts } from './spendPlan.ts';
import { queryKey, readSpendRows, type SpendQuery } from './spendQuery.ts';
import type { SpendRead, SpendSlice } from './spendRead.ts';
import type { SpendFilter } from './spendShapes.ts';

/** So many requests are under way at once; the service takes four a minute of a scope. */
const SIDE_BY_SIDE = 4;

/** Days that a read needs, and what brings them. */
export interface Wanted {
  period: Period;
  query: SpendQuery;
  /** What is chosen among the rows that come. */
  filters: readonly SpendFilter[];
}

/** A part of a query that is to be asked for. */
interface Task {
  query: SpendQuery;
  part: SpendPart;
}

/** What a question takes before it is answered. */
export interface SpendEffort {
  /** Cost queries; the service takes four a minute. */
  queries: number;
  /** Months whose usage rows have to be read, and about how many calls these take, where months before tell. */
  usageRows?: { months: number; calls?: number };
}

/** The months that one reading needs: those that are kept, and the requests for the others. */
export class SpendMonths {
  readonly #arm: ArmClient;
  readonly #kept: ClientSpend;
  readonly #now: Date;
  /** What this reading has found: the cache may drop it before the end. */
  readonly #own = new Map<string, SpendMonth>();
  #stale: SpendRead['stale'];

  constructor(arm: ArmClient, kept: ClientSpend, now: Date) {
    this.#arm = arm;
    this.#kept = kept;
    this.#now = now;
  }

  /** Why some months are older than they should be; undefined when none is. */
  get stale(): SpendRead['stale'] {
    return this.#stale;
  }

  /** Takes what is kept on the disk; to be called before it is told what has to be asked for. */
  recall(wanted: readonly Wanted[]): Promise<void> {
    const kinds = ['daily', 'monthly'] as const;
    return this.#kept.recall(
      wanted.flatMap(({ period, query }) =>
        splitMonths(period).flatMap(({ from }) => {
          const month = from.slice(0, 7);
          return kinds.map((kind) => ({ key: keyOf(query, kind, month), days: wholeMonth(month) }));
        }),
      ),
    );
  }

  /** What has to be asked for, in the order of the needs; what one brings is not asked for again for another. */
  tasks(wanted: readonly Wanted[]): Task[] {
    const planned = new Set<string>();
    return wanted.flatMap(({ period, query }) => {
      const has = (granularity: 'daily' | 'monthly', month: string) => {
        const key = keyOf(query, granularity, month);
        return planned.has(key) || this.#kept.fresh(key, this.#now.getTime()) !== undefined;
      };
      const parts = spendParts(period, query.granularity, this.#now, has);
      for (const { granularity, months } of parts) {
        for (const month of months) {
          planned.add(keyOf(query, granularity, month));
        }
      }
      return parts.map((part) => ({ query, part }));
    });
  }

  /** What it takes to ask for what is not kept. Nothing is sent. */
  effort(wanted: readonly Wanted[]): SpendEffort {
    const tasks = this.tasks(wanted);
    const [first] = tasks;
    if (first?.query.source !== 'usageRows') {
      return { queries: tasks.length };
    }
    const known = this.#kept.usageCalls.get(rowsKey(first.query));
    const months = tasks.length;
    return {
      queries: 0,
      usageRows: { months, ...(known && { calls: Math.ceil((known.calls / known.months) * months) }) },
    };
  }

  /**
   * Asks for what is not kept: four queries at a time, or the usage rows of one month.
   *
   * @param tell is called after each answer but the last
   * @throws BillingError as any query, unless older figures can stand in; what was read until then is kept
   */
  async ask(wanted: readonly Wanted[], options: SendOptions, tell: () => void): Promise<void> {
    const queue = this.tasks(wanted);
    const abort = new AbortController();
    const signal = options.signal === undefined ? abort.signal : AbortSignal.any([options.signal, abort.signal]);
    let left = queue.length;
    const lanes = queue[0]?.query.source === 'usageRows' ? 1 : Math.min(SIDE_BY_SIDE, queue.length);
    const work = async () => {
      for (let task = queue.shift(); task !== undefined; task = queue.shift()) {
        await this.#askOne(task, { ...options, signal });
        left--;
        if (left > 0) {
          tell();
        }
      }
    };
    try {
      await Promise.all(Array.from({ length: lanes }, work));
    } catch (error) {
      // The others would go on to ask for what nobody gets to see.
      abort.abort();
      throw error;
    }
  }

  /** What is there of some days. What it finds stays with this reading. */
  slice({ period, query, filters }: Wanted): SpendSlice {
    const months = new Map<string, SpendMonth>();
    const missing: string[] = [];
    for (const days of splitMonths(period)) {
      const month = days.from.slice(0, 7);
      const known = this.#month(query, days);
      if (known === undefined) {
        missing.push(month);
      } else {
        months.set(month, known);
      }
    }
    return { period, months, missing, filters };
  }

  async #askOne(task: Task, options: SendOptions): Promise<void> {
    const { query, part } = task;
    try {
      // Whoever sent the request, its answer is newer than what this reading may hold on to.
      for (const [key, month] of await this.#fetched(task, options).join(options)) {
        this.#own.set(key, month);
      }
    } catch (error) {
      const old = part.months.map((month) => this.#kept.any(keyOf(query, part.granularity, month)));
      const [first] = old;
      if (options.signal?.aborted === true || !(error instanceof BillingError) || old.includes(undefined) || !first) {
        throw error;
      }
      this.#stale = { fetchedAt: first.fetchedAt, why: error.message };
    }
  }

  /** The request under way for a part, begun when there is none: a panel and the side bar may ask the same at once. */
  #fetched(task: Task, { priority }: SendOptions): SharedBuild<ReadonlyMap<string, SpendMonth>> {
    const { underway } = this.#kept;
    const key = JSON.stringify([queryKey({ ...task.query, granularity: task.part.granularity }), task.part.period]);
    const running = underway.get(key);
    if (running !== undefined && !running.abandoned) {
      return running;
    }
    const shared: SharedBuild<ReadonlyMap<string, SpendMonth>> = new SharedBuild(async ({ signal, onWait }) => {
      try {
        return await this.#fetch(task, { signal, onWait, priority });
      } finally {
        if (underway.get(key) === shared) {
          underway.delete(key);
        }
      }
    });
    underway.set(key, shared);
    return shared;
  }

  async #fetch(
    { query, part: { granularity, months, period } }: Task,
    options: SendOptions,
  ): Promise<ReadonlyMap<string, SpendMonth>> {
    const { rows, ...facts } =
      query.source === 'usageRows'
        ? await this.#readUsageRows(query, period, options)
        : await readSpendRows(this.#arm, { ...query, granularity }, period, options);
    const found = new Map<string, SpendMonth>();
    for (const month of months) {
      const own = { ...facts, rows: rows.filter(({ day }) => day.startsWith(month)) };
      const key = keyOf(query, granularity, month);
      found.set(key, own);
      this.#kept.put(key, wholeMonth(month), own, this.#now);
    }
    return found;
  }

  async #readUsageRows(query: SpendQuery, period: Period, options: SendOptions): Promise<SpendMonth> {
    const { rows, fetchedAt, withoutCost, calls } = await readPricingRows(this.#arm, query, period, options);
    const { usageCalls } = this.#kept;
    const key = rowsKey(query);
    const before = usageCalls.get(key) ?? { months: 0, calls: 0 };
    usageCalls.set(key, { months: before.months + 1, calls: before.calls + calls });
    return { rows, fetchedAt, ...(withoutCost > 0 && { withoutCost }) };
  }

  /** A month of any age that holds the days: what should be newer was asked for before. */
  #month(query: SpendQuery, days: Period): SpendMonth | undefined {
    const month = days.from.slice(0, 7);
    const by = (granularity: 'daily' | 'monthly') => {
      const key = keyOf(query, granularity, month);
      const found = this.#own.get(key) ?? this.#kept.any(key);
      if (found !== undefined) {
        this.#own.set(key, found);
      }
      return found;
    };
    return monthGranularity(days, query.granularity, this.#now) === 'monthly'
      ? newer(by('monthly'), by('daily'))
      : by('daily');
  }
}

/** Whose usage rows they are: each group and filter reads the same ones. */
function rowsKey({ scope, metric }: SpendQuery): string {
  return JSON.stringify([scope.toLowerCase(), metric]);
}

function newer(one: SpendMonth | undefined, other: SpendMonth | undefined): SpendMonth | undefined {
  return other === undefined || (one !== undefined && one.fetchedAt >= other.fetchedAt) ? one : other;
}

function wholeMonth(month: string): Period {
  return { from: `${month}-01`, to: monthEnd(`${month}-01`) };
}

function keyOf(query: SpendQuery, granularity: 'daily' | 'monthly', month: string): string {
  return `${queryKey({ ...query, granularity })} ${month}`;
}
