import { DecimalSum } from './decimal.ts';

/** What {@link CurrencySums} hold, as plain JSON. */
export interface SumsSnapshot {
  withoutCost: number;
  /** Currency → day → exact amount; the day is '' where none was told. */
  sums: Record<string, Record<string, string>>;
}

/** Exact sums per currency and day. Currencies are never added together. */
export class CurrencySums {
  readonly #sums = new Map<string, Map<string, DecimalSum>>();
  /** How many records had no cost: null, empty or absent. They are in no total, so somebody has to say so. */
  withoutCost = 0;

  /**
   * @param digits empty where the record has no cost
   * @param day `YYYY-MM-DD`, '' where none is told
   * @throws RangeError when the cost is no number: a total that leaves one out would look complete
   */
  add(digits: string, currency: string, day = ''): void {
    if (digits === '') {
      this.withoutCost++;
    } else {
      this.sumOf(currency, day).add(digits);
    }
  }

  /** The sum of a currency on a day, to add to. */
  sumOf(currency: string, day: string): DecimalSum {
    const days = entryOf(this.#sums, currency, () => new Map<string, DecimalSum>());
    return entryOf(days, day, () => new DecimalSum());
  }

  /** Adds what others held: a part of the same document, an earlier run. */
  merge({ withoutCost, sums }: SumsSnapshot): void {
    this.withoutCost += withoutCost;
    for (const [currency, days] of Object.entries(sums)) {
      for (const [day, digits] of Object.entries(days)) {
        this.sumOf(currency, day).add(digits);
      }
    }
  }

  snapshot(): SumsSnapshot {
    return {
      withoutCost: this.withoutCost,
      sums: sorted(this.#sums, (days) => sorted(days, String)),
    };
  }

  /** Currency code → exact amount as plain digits, by code. */
  result(): Record<string, string> {
    return sorted(this.#sums, (days) => {
      const total = new DecimalSum();
      for (const sum of days.values()) {
        total.add(String(sum));
      }
      return String(total);
    });
  }

  /** Day (UTC) → currency code → exact amount, by day and code; records that tell no day stand under ''. */
  days(): Record<string, Record<string, string>> {
    const days = new Map<string, Map<string, DecimalSum>>();
    for (const [currency, sums] of this.#sums) {
      for (const [day, sum] of sums) {
        entryOf(days, day, () => new Map<string, DecimalSum>()).set(currency, sum);
      }
    }
    return sorted(days, (sums) => sorted(sums, String));
  }
}

export function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

function sorted<V, R>(map: ReadonlyMap<string, V>, read: (value: V) => R): Record<string, R> {
  return Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => [key, read(value)]));
}
