import type { Budget } from '../api/arm/budgets.ts';
import type { CostDimension } from '../api/arm/dimensions.ts';
import { OPEN_MONTH_FOR, type Period, periodState } from '../usage/period.ts';
import type { SharedBuild } from '../usage/sharedBuild.ts';
import type { AnswerStore } from './answerStore.ts';
import { monthBytes, monthOf } from './keptMonths.ts';
import type { SpendForecastRead } from './readForecast.ts';
import type { SpendRow } from './spendRows.ts';

/** One month of one kind of answer. */
export interface SpendMonth {
  /** Of whole months, by day or by month as it was asked. */
  rows: readonly SpendRow[];
  /** When the answer arrived. */
  fetchedAt: Date;
  /** Usage rows that are in no sum, because they tell no cost in the currency that is asked for; left out: none. */
  withoutCost?: number;
}

/** Forecasts, and how much of a budget is used. Milliseconds. */
const EXTRAS_FOR = 10 * 60_000;

/** About 100 MB. */
const MOST_ROWS = 400_000;

interface Kept<T> {
  value: T;
  /** Milliseconds; undefined for what does not change any more. */
  until: number | undefined;
}

/** What a client's answers were: lives as long as the client does. */
export class ClientSpend {
  /** Months by what was asked and `YYYY-MM`, the one that was put last at the end. */
  readonly #months = new Map<string, Kept<SpendMonth>>();
  #rows = 0;
  /** Months that were, or are being, looked for on the disk. */
  readonly #recalls = new Map<string, Promise<void>>();
  /** What is kept over windows. */
  answers: AnswerStore | undefined;
  /** Whose answers these are, as the last who could tell said. */
  seenBy: string | undefined;
  /** Requests that were sent and not answered, by what they ask. */
  readonly underway = new Map<string, SharedBuild<ReadonlyMap<string, SpendMonth>>>();
  /** What reading the usage rows of a month took so far, by whose they are. */
  readonly usageCalls = new Map<string, { months: number; calls: number }>();
  readonly forecasts = new Expiring<SpendForecastRead>();
  readonly budgets = new Expiring<readonly Budget[]>();
  /** By scope. What there is to group by hardly changes. */
  readonly dimensions = new Map<string, { list: readonly CostDimension[]; fetchedAt: Date }>();
  /** Keys of tags by the scope that lists them. */
  readonly tags = new Map<string, readonly string[]>();

  /** A month that needs not be asked for. */
  fresh(key: string, now: number): SpendMonth | undefined {
    const kept = this.#months.get(key);
    return kept === undefined || (kept.until !== undefined && kept.until <= now) ? undefined : kept.value;
  }

  /** A month of any age, for when asking again fails. */
  any(key: string): SpendMonth | undefined {
    return this.#months.get(key)?.value;
  }

  /** Takes months from the disk that this window has not asked for. */
  async recall(months: readonly { key: string; days: Period }[]): Promise<void> {
    const { answers } = this;
    if (answers === undefined) {
      return;
    }
    const unknown = months.filter(({ key }) => !this.#months.has(key));
    await Promise.all(
      unknown.map(({ key, days }) => {
        const recall = this.#recalls.get(key) ?? this.#recall(key, days, answers);
        this.#recalls.set(key, recall);
        return recall;
      }),
    );
  }

  async #recall(key: string, days: Period, answers: AnswerStore): Promise<void> {
    const kept = await answers.find(key, days.from.slice(0, 7));
    const value = kept && monthOf(kept.bytes, kept.fetchedAt);
    // A request of this window may have been answered meanwhile.
    if (value !== undefined && !this.#months.has(key)) {
      this.#put(key, value, periodState(days, value.fetchedAt) === 'closed', value.fetchedAt.getTime());
    }
  }

  /** @param days the whole month that it is of */
  put(key: string, days: Period, value: SpendMonth, now: Date): void {
    const closed = periodState(days, now) === 'closed';
    this.#put(key, value, closed, now.getTime());
    void this.answers?.keep(key, days.from.slice(0, 7), {
      bytes: monthBytes(value),
      // What was asked for then may lack what came until it was answered.
      fetchedAt: now,
    });
  }

  /** An estimate of the open period, which is not kept over windows. */
  putEstimate(key: string, value: SpendMonth, now: Date): void {
    this.#put(key, value, false, now.getTime() - OPEN_MONTH_FOR + EXTRAS_FOR);
  }

  #put(key: string, month: SpendMonth, closed: boolean, fetched: number): void {
    this.#drop(key);
    this.#months.set(key, { value: month, until: closed ? undefined : fetched + OPEN_MONTH_FOR });
    this.#rows += month.rows.length;
    for (const oldest of this.#months.keys()) {
      if (this.#rows <= MOST_ROWS || oldest === key) {
        break;
      }
      this.#drop(oldest);
    }
  }

  /** What goes on is asked for again; what is closed stays as it is. */
  expire(): void {
    for (const kept of this.#months.values()) {
      kept.until = kept.until === undefined ? undefined : 0;
    }
    this.forecasts.clear();
    this.budgets.clear();
  }

  #drop(key: string): void {
    this.#recalls.delete(key);
    this.#rows -= this.#months.get(key)?.value.rows.length ?? 0;
    this.#months.delete(key);
  }
}

/** Answers that are good for ten minutes. */
class Expiring<T> {
  readonly #kept = new Map<string, Kept<T>>();

  get(key: string, now: number): T | undefined {
    const kept = this.#kept.get(key);
    return kept?.until !== undefined && kept.until > now ? kept.value : undefined;
  }

  put(key: string, value: T, now: number): void {
    this.#kept.set(key, { value, until: now + EXTRAS_FOR });
  }

  clear(): void {
    this.#kept.clear();
  }
}

/**
 * Answers that need not be asked for again: closed months, the open month for some hours, everything else for ten minutes, or until
 * somebody wants it anew.
 */
export class SpendCache {
  readonly #clients = new WeakMap<object, ClientSpend>();

  /** Binds a client to what is kept for whoever is signed in now; of somebody else's answers nothing is left. */
  bind(client: object, answers: AnswerStore | undefined): void {
    const seenBy = this.#clients.get(client)?.seenBy;
    // While nobody can tell who it is, offline for example, what this window has seen stays.
    if (seenBy !== undefined && answers !== undefined && seenBy !== answers.whose) {
      this.#clients.delete(client);
    }
    const spend = this.of(client);
    spend.answers = answers;
    spend.seenBy = answers?.whose ?? spend.seenBy;
  }

  /** @param client of a connection; another client, even for the same service, may see other things */
  of(client: object): ClientSpend {
    let spend = this.#clients.get(client);
    if (spend === undefined) {
      spend = new ClientSpend();
      this.#clients.set(client, spend);
    }
    return spend;
  }
}
