import type { Budget } from '../api/arm/budgets.ts';
import type { CostDimension } from '../api/arm/dimensions.ts';
import type { SharedBuild } from '../usage/sharedBuild.ts';
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

/** Figures of a month that goes on change a few times a day ("Manage costs with automation"). */
const OPEN_FOR = 10 * 60_000;

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
  /** Requests that were sent and not answered, by what they ask. */
  readonly underway = new Map<string, SharedBuild<ReadonlyMap<string, SpendMonth>>>();
  /** What reading the usage rows of a month took so far, by whose they are. */
  readonly usageCalls = new Map<string, { months: number; calls: number }>();
  readonly forecasts = new Expiring<SpendForecastRead>();
  readonly budgets = new Expiring<readonly Budget[]>();
  /** By scope. What there is to group by hardly changes. */
  readonly dimensions = new Map<string, readonly CostDimension[]>();
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

  put(key: string, month: SpendMonth, closed: boolean, now: number): void {
    this.#drop(key);
    this.#months.set(key, { value: month, until: closed ? undefined : now + OPEN_FOR });
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
    this.#kept.set(key, { value, until: now + OPEN_FOR });
  }

  clear(): void {
    this.#kept.clear();
  }
}

/**
 * Answers that need not be asked for again: closed months for as long as the window lives, everything else for ten minutes or until
 * somebody wants it anew.
 */
export class SpendCache {
  readonly #clients = new WeakMap<object, ClientSpend>();

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
