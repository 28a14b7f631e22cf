import type { ArmClient } from '../api/arm/armClient.ts';
import type { SendOptions } from '../api/http/client.ts';
import type { Period } from '../usage/period.ts';
import { labelsOf, recalledLabels } from './groupDimensions.ts';
import type { ClientSpend, SpendCache } from './spendCache.ts';
import { keptBudgets, keptForecast } from './spendExtras.ts';
import { type SpendEffort, SpendMonths, type Wanted } from './spendMonths.ts';
import { comparedPeriods, monthEnd, spendGranularity, spendPeriod, utcDay } from './spendPeriod.ts';
import { spreadDays } from './spendPlan.ts';
import type { SpendQuery } from './spendQuery.ts';
import type { SpendRead } from './spendRead.ts';
import type { SpendQuestion } from './spendShapes.ts';

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
  const labels = await labelsOf(arm, question, kept, now, options);
  const reading = new Reading(arm, question, kept, now, labels, forecast !== false);
  await reading.recall();
  if (refresh === true) {
    kept.expire();
  }
  return reading.read(options, onPart);
}

/**
 * What {@link readSpend} would send for the months of a question. The names of groups, budgets and a forecast come on top, one request
 * each.
 */
export async function spendEffort(
  arm: ArmClient,
  question: SpendQuestion,
  cache: SpendCache,
  now: Date,
): Promise<SpendEffort> {
  const kept = cache.of(arm);
  const reading = new Reading(arm, question, kept, now, await recalledLabels(question, kept), true);
  await reading.recall();
  return reading.effort;
}

const NO_FORECAST = 'Azure forecasts costs in the billing currency and in US dollars, not in a pricing currency.';

class Reading {
  readonly #arm: ArmClient;
  readonly #question: SpendQuestion;
  readonly #kept: ClientSpend;
  readonly #date: Date;
  readonly #wantsForecast: boolean;
  readonly #months: SpendMonths;
  readonly #granularity: 'daily' | 'monthly';
  readonly #now: Wanted;
  readonly #compared: { now: Wanted; before: Wanted } | undefined;
  #spread: Wanted | undefined;
  /** What came beside the costs. */
  #extras: Pick<SpendRead, 'budgets' | 'noBudgets' | 'forecast'> = {};

  constructor(
    arm: ArmClient,
    question: SpendQuestion,
    kept: ClientSpend,
    now: Date,
    labels: string | undefined,
    wantsForecast: boolean,
  ) {
    this.#arm = arm;
    this.#question = question;
    this.#kept = kept;
    this.#date = now;
    this.#wantsForecast = wantsForecast && question.currency !== 'pricing';
    this.#months = new SpendMonths(arm, kept, now);
    const { scope, metric, groupBy, compareWith } = question;
    const period = spendPeriod(question, now);
    // A filter of the groups that are shown is chosen among what is kept: changing it costs nothing.
    const filters = question.filters.filter(({ by }) => by !== groupBy);
    const local = question.filters.filter(({ by }) => by === groupBy);
    this.#granularity = spendGranularity(question, period);
    const source = question.currency === 'pricing' ? 'usageRows' : 'costs';
    // Each usage row has its day: what adds up by day does so by month.
    const granularity = source === 'usageRows' ? 'daily' : this.#granularity;
    const query: SpendQuery = { scope, source, metric, granularity, groupBy, labels, filters };
    const wanted = (days: Period): Wanted => ({ period: days, query, filters: local });
    this.#now = wanted(period);
    const compared = compareWith && comparedPeriods(period, compareWith, now);
    this.#compared = compared && { now: wanted(compared.now), before: wanted(compared.before) };
  }

  get effort(): SpendEffort {
    return this.#months.effort(this.#wanted);
  }

  /** Takes what is kept of it over windows. */
  recall(): Promise<void> {
    return this.#months.recall(this.#wanted);
  }

  async read(options: SendOptions, onPart: ((read: SpendRead) => void) | undefined): Promise<SpendRead> {
    const tell = () => onPart?.(this.#result());
    // Holds on to what is kept.
    this.#result();
    await this.#months.ask(this.#wanted, options, tell);
    if (this.#question.view === 'cumulative') {
      await this.#readExtras(options, tell);
    }
    return this.#result();
  }

  /** Days of the open month that are compared are asked for by day, and so serve the whole of it as well. */
  get #wanted(): Wanted[] {
    if (this.#compared === undefined) {
      return [this.#now];
    }
    const { now, before } = this.#compared;
    const isSameMonth = now.period.to.slice(0, 7) === this.#now.period.to.slice(0, 7);
    return isSameMonth ? [now, this.#now, before] : [this.#now, now, before];
  }

  async #readExtras(options: SendOptions, tell: () => void): Promise<void> {
    const { scope, currency } = this.#question;
    if (currency === 'pricing') {
      this.#extras = {
        noBudgets: 'Budgets are in the billing currency: they are not drawn beside costs in a pricing currency.',
        ...(this.#isOpen && { forecast: { none: NO_FORECAST } }),
      };
      return;
    }
    this.#extras = await keptBudgets(this.#arm, scope, this.#kept, this.#date, options);
    if (!this.#expectsForecast) {
      return;
    }
    tell();
    const days = { from: utcDay(this.#date), to: this.#until };
    const forecast = await keptForecast(this.#arm, this.#question, days, this.#kept, this.#date, options);
    this.#extras.forecast = forecast;
    if (forecast.none === undefined) {
      this.#spread = this.#wantedSpread();
      await this.#months.recall([this.#spread]);
      await this.#months.ask([this.#spread], options, tell);
    }
  }

  /** A period that goes on ends today or later. */
  get #expectsForecast(): boolean {
    return this.#wantsForecast && this.#isOpen;
  }

  get #isOpen(): boolean {
    return this.#now.period.to >= utcDay(this.#date);
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

  #result(): SpendRead {
    const months = this.#months;
    return {
      question: this.#question,
      granularity: this.#granularity,
      until: this.#until,
      now: months.slice(this.#now),
      ...(this.#compared && {
        compared: { now: months.slice(this.#compared.now), before: months.slice(this.#compared.before) },
      }),
      ...(this.#spread && { spread: months.slice(this.#spread) }),
      ...this.#extras,
      ...(months.stale && { stale: months.stale }),
    };
  }
}
