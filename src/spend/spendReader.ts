import type { ArmClient } from '../api/arm/armClient.ts';
import { type Budget, listBudgets } from '../api/arm/budgets.ts';
import { parseCostScope } from '../api/arm/scope.ts';
import type { SendOptions } from '../api/http/client.ts';
import { BillingError } from '../api/http/errors.ts';
import { type Period, periodState, splitMonths } from '../usage/period.ts';
import { SharedBuild } from '../usage/sharedBuild.ts';
import { readForecast, type SpendForecastRead } from './readForecast.ts';
import type { ClientSpend, SpendCache, SpendMonth } from './spendCache.ts';
import { knownLabels, labelsOf } from './spendChoices.ts';
import { comparedPeriod, monthEnd, spendGranularity, spendPeriod, utcDay } from './spendPeriod.ts';
import { monthGranularity, type SpendPart, spendParts, spreadDays } from './spendPlan.ts';
import { queryKey, readSpendRows, type SpendQuery } from './spendQuery.ts';
import type { SpendFilter, SpendQuestion } from './spendShapes.ts';

/** What was read of some days. */
export interface SpendSlice {
  period: Period;
  /** By `YYYY-MM`: each holds at least the days of the period. */
  months: ReadonlyMap<string, SpendMonth>;
  /** Months of the period that were not read yet. */
  missing: readonly string[];
  /** What is still to be chosen among the rows. */
  filters: readonly SpendFilter[];
}

/** All that a picture is made of. With months missing it is a part of it, for showing what is there. */
export interface SpendRead {
  question: SpendQuestion;
  granularity: 'daily' | 'monthly';
  /** The last day that is shown: of a forecast, else of the period. */
  until: string;
  now: SpendSlice;
  /** The period that is compared with. */
  before?: SpendSlice;
  /** The last four weeks by day, for the range of a forecast. */
  spread?: SpendSlice;
  forecast?: SpendForecastRead;
  /** Budgets of the scope, or why they could not be read. */
  budgets?: readonly Budget[];
  noBudgets?: string;
  /** More sentences that have to be known to read the figures right. */
  notes?: readonly string[];
  /** Some months are older than they should be, because asking again failed. */
  stale?: { fetchedAt: Date; why: string };
}

export interface ReadSpendOptions extends SendOptions {
  cache: SpendCache;
  /** The present moment; days are UTC. */
  now: Date;
  /** Asks anew for all that can have changed. */
  refresh?: boolean | undefined;
  /** Left out: a cumulative view of an open period has one, which is a query of its own. */
  forecast?: false | undefined;
  /** Told after each answer but the last. */
  onPart?: ((read: SpendRead) => void) | undefined;
}

/** So many requests are under way at once; the service takes four a minute of a scope. */
const SIDE_BY_SIDE = 4;

/**
 * Reads what a question needs and is not kept, the newest month first. A question whose answers are kept sends nothing.
 *
 * @throws BillingError as any query; what was read until then is kept
 */
export async function readSpend(
  arm: ArmClient,
  question: SpendQuestion,
  { cache, now, refresh, forecast, onPart, ...options }: ReadSpendOptions,
): Promise<SpendRead> {
  const kept = cache.of(arm);
  if (refresh === true) {
    kept.expire();
  }
  const labels = await labelsOf(arm, question, kept, options);
  return new Reading(arm, question, kept, now, labels, forecast !== false).read(options, onPart);
}

/**
 * How many requests {@link readSpend} would send for the months of a question; the service takes four a minute. The names of groups,
 * budgets and a forecast come on top, one each.
 */
export function spendQueries(arm: ArmClient, question: SpendQuestion, cache: SpendCache, now: Date): number {
  const kept = cache.of(arm);
  return new Reading(arm, question, kept, now, knownLabels(question, kept), true).parts().length;
}

/** A part of a query that is to be asked for. */
interface Task {
  query: SpendQuery;
  part: SpendPart;
}

/** Days that a read needs, and what brings them. */
interface Wanted {
  period: Period;
  query: SpendQuery;
  filters: readonly SpendFilter[];
}

class Reading {
  readonly #arm: ArmClient;
  readonly #question: SpendQuestion;
  readonly #kept: ClientSpend;
  readonly #date: Date;
  readonly #wantsForecast: boolean;
  readonly #now: Wanted;
  readonly #before: Wanted | undefined;
  #spread: Wanted | undefined;
  #forecast: SpendForecastRead | undefined;
  #budgets: Pick<SpendRead, 'budgets' | 'noBudgets'> = {};
  #stale: SpendRead['stale'];
  /** What this read has found: the cache may drop it before the end. */
  readonly #own = new Map<string, SpendMonth>();

  constructor(
    arm: ArmClient,
    question: SpendQuestion,
    kept: ClientSpend,
    now: Date,
    labels: string | undefined,
    wantsForecast: boolean,
  ) {
    this.#wantsForecast = wantsForecast;
    this.#arm = arm;
    this.#question = question;
    this.#kept = kept;
    this.#date = now;
    const { scope, metric, groupBy, compareWith } = question;
    const period = spendPeriod(question, now);
    // A filter of the groups that are shown is chosen among what is kept: changing it costs nothing.
    const filters = question.filters.filter(({ by }) => by !== groupBy);
    const local = question.filters.filter(({ by }) => by === groupBy);
    const granularity = spendGranularity(question, period);
    const query: SpendQuery = { scope, metric, granularity, groupBy, labels, filters };
    this.#now = { period, query, filters: local };
    this.#before =
      compareWith === undefined
        ? undefined
        : { period: comparedPeriod(period, compareWith, now), query, filters: local };
  }

  /** What has to be asked for the months. */
  parts(): Task[] {
    return [this.#now, this.#before].flatMap((wanted) => (wanted === undefined ? [] : this.#tasks(wanted)));
  }

  async read(options: SendOptions, onPart: ((read: SpendRead) => void) | undefined): Promise<SpendRead> {
    const isCumulative = this.#question.view === 'cumulative';
    const tell = () => onPart?.(this.#result());
    // Holds on to what is kept.
    this.#result();
    await this.#ask(this.parts(), options, tell);
    if (isCumulative) {
      this.#budgets = await this.#readBudgets(options);
      if (this.#expectsForecast) {
        tell();
        this.#forecast = await this.#readForecast(options);
        if (this.#forecast.none === undefined) {
          this.#spread = this.#wantedSpread();
          await this.#ask(this.#tasks(this.#spread), options, tell);
        }
      }
    }
    return this.#result();
  }

  /** A period that goes on ends today or later. */
  get #expectsForecast(): boolean {
    return this.#wantsForecast && this.#now.period.to >= utcDay(this.#date);
  }

  get #until(): string {
    const { to } = this.#now.period;
    const end = monthEnd(utcDay(this.#date));
    return this.#question.view === 'cumulative' && this.#expectsForecast && to < end ? end : to;
  }

  /** By day, the months that are shown hold most of it already; by month, one sum a day is enough. */
  #wantedSpread(): Wanted {
    const { query, filters } = this.#now;
    const period = spreadDays(this.#date);
    if (query.granularity === 'daily') {
      return { period, query, filters };
    }
    const { labels: _none, ...rest } = query;
    return {
      period,
      query: { ...rest, granularity: 'daily', groupBy: '', filters: this.#question.filters },
      filters: [],
    };
  }

  #tasks({ period, query }: Wanted): Task[] {
    const has = (granularity: 'daily' | 'monthly', month: string) =>
      this.#kept.fresh(keyOf(query, granularity, month), this.#date.getTime()) !== undefined;
    return spendParts(period, query.granularity, this.#date, has).map((part) => ({ query, part }));
  }

  async #ask(tasks: readonly Task[], options: SendOptions, tell: () => void): Promise<void> {
    const abort = new AbortController();
    const signal = options.signal === undefined ? abort.signal : AbortSignal.any([options.signal, abort.signal]);
    const queue = [...tasks];
    let left = tasks.length;
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
      await Promise.all(Array.from({ length: Math.min(SIDE_BY_SIDE, queue.length) }, work));
    } catch (error) {
      // The others would go on to ask for what nobody gets to see.
      abort.abort();
      throw error;
    }
  }

  async #askOne(task: Task, options: SendOptions): Promise<void> {
    const { query, part } = task;
    try {
      await this.#fetched(task, options).join(options);
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
  #fetched(task: Task, { priority }: SendOptions): SharedBuild<void> {
    const { underway } = this.#kept;
    const key = JSON.stringify([queryKey({ ...task.query, granularity: task.part.granularity }), task.part.period]);
    const running = underway.get(key);
    if (running !== undefined && !running.abandoned) {
      return running;
    }
    const shared: SharedBuild<void> = new SharedBuild(async ({ signal, onWait }) => {
      try {
        await this.#fetch(task, { signal, onWait, priority });
      } finally {
        if (underway.get(key) === shared) {
          underway.delete(key);
        }
      }
    });
    underway.set(key, shared);
    return shared;
  }

  async #fetch({ query, part: { granularity, months, period } }: Task, options: SendOptions): Promise<void> {
    const { rows, fetchedAt } = await readSpendRows(this.#arm, { ...query, granularity }, period, options);
    for (const month of months) {
      const own = { rows: rows.filter(({ day }) => day.startsWith(month)), fetchedAt };
      const days = { from: `${month}-01`, to: monthEnd(`${month}-01`) };
      const key = keyOf(query, granularity, month);
      this.#own.set(key, own);
      this.#kept.put(key, own, periodState(days, this.#date) === 'closed', this.#date.getTime());
    }
  }

  async #readBudgets(options: SendOptions): Promise<Pick<SpendRead, 'budgets' | 'noBudgets'>> {
    const { scope } = this.#question;
    const now = this.#date.getTime();
    const known = this.#kept.budgets.get(scope, now);
    if (known !== undefined) {
      return { budgets: known };
    }
    try {
      const of = parseCostScope(scope);
      const budgets: Budget[] = [];
      for await (const { value } of listBudgets(this.#arm, { scope: of, category: 'Cost' }).rest(options)) {
        // The list of an account has those of its profiles too.
        budgets.push(...value.filter(({ id }) => of.kind !== 'billingAccount' || !/\/billingProfiles\//i.test(id)));
      }
      this.#kept.budgets.put(scope, budgets, now);
      return { budgets };
    } catch (error) {
      return { noBudgets: `Budgets could not be read: ${reasonOf(error, options)}` };
    }
  }

  async #readForecast(options: SendOptions): Promise<SpendForecastRead> {
    const { scope, metric, currency, filters } = this.#question;
    const period = { from: utcDay(this.#date), to: this.#until };
    const key = JSON.stringify([scope, metric, currency, filters, period]);
    const now = this.#date.getTime();
    const known = this.#kept.forecasts.get(key, now);
    if (known !== undefined) {
      return known;
    }
    try {
      const forecast = await readForecast(this.#arm, this.#question, period, options);
      this.#kept.forecasts.put(key, forecast, now);
      return forecast;
    } catch (error) {
      return { none: `There is no forecast: ${reasonOf(error, options)}` };
    }
  }

  #result(): SpendRead {
    return {
      question: this.#question,
      granularity: this.#now.query.granularity,
      until: this.#until,
      now: this.#slice(this.#now),
      ...(this.#before && { before: this.#slice(this.#before) }),
      ...(this.#spread && { spread: this.#slice(this.#spread) }),
      ...(this.#forecast && { forecast: this.#forecast }),
      ...this.#budgets,
      ...(this.#stale && { stale: this.#stale }),
    };
  }

  #slice({ period, query, filters }: Wanted): SpendSlice {
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
    return monthGranularity(days, query.granularity, this.#date) === 'monthly'
      ? newer(by('monthly'), by('daily'))
      : by('daily');
  }
}

/** What went wrong with a part that a picture can do without; what ends the reading is thrown on. */
function reasonOf(error: unknown, { signal }: SendOptions): string {
  if (signal?.aborted === true || !(error instanceof BillingError)) {
    throw error;
  }
  return error.message;
}

function newer(one: SpendMonth | undefined, other: SpendMonth | undefined): SpendMonth | undefined {
  return other === undefined || (one !== undefined && one.fetchedAt >= other.fetchedAt) ? one : other;
}

function keyOf(query: SpendQuery, granularity: 'daily' | 'monthly', month: string): string {
  return `${queryKey({ ...query, granularity })} ${month}`;
}
