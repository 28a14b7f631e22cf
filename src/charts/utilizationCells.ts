import type { UtilizationWindow } from '../api/partnerCenter/utilizationWindow.ts';
import { DecimalSum } from '../records/decimal.ts';
import { QuantitySeries } from './quantitySeries.ts';

/** What of a utilization record a heat map needs. */
export interface UtilizationEntry {
  /** When the use began, milliseconds since 1970, UTC; undefined when the record does not tell. */
  start: number | undefined;
  /** Quantity as the service wrote it; empty when there is none. */
  digits: string;
  unit: string;
  meter: Named;
  /** What used it; undefined in rows of whole meters, and where it does not matter. */
  resource: Named | undefined;
}

/** Something with a name for people. Equal keys are the same thing. */
export interface Named {
  key: string;
  label: string;
}

const HOUR = 3_600_000;
export const HOURS_PER_DAY = 24;
/** Milliseconds. */
export const DAY = HOURS_PER_DAY * HOUR;

/**
 * Days before the window that are drawn. Use is reported hours or days late; a stray record of last year shall not make a year of
 * empty columns.
 */
const DAYS_BEFORE = 31;

/** The quantities of one meter in one unit, of each of its resources. */
export interface MeterCells {
  label: string;
  resources: Map<string, { label: string; series: QuantitySeries }>;
}

/** Records that are in the totals and have no place in the map. */
export interface Undrawn {
  records: number;
  quantity: DecimalSum;
}

/**
 * Utilization by hour or day of use. Takes records in any order; units are never added together. Memory goes with the slices of time of
 * each meter, and in daily rows of each resource.
 */
export class UtilizationCells {
  readonly granularity: UtilizationWindow['granularity'];
  /** First day of the window, days since 1970. */
  readonly windowDay: number;
  readonly #units = new Map<string, Map<string, MeterCells>>();
  readonly #undrawn = new Map<string, Undrawn>();
  readonly #earliest: number;
  readonly #latest: number;

  constructor({ granularity, start, end }: UtilizationWindow) {
    this.granularity = granularity;
    this.windowDay = Math.floor(Date.parse(start) / DAY);
    this.#earliest = (this.windowDay - DAYS_BEFORE) * DAY;
    // Nothing is reported before it is used.
    this.#latest = Date.parse(end);
  }

  /** @throws RangeError when the quantity is no number */
  add({ start, digits, unit, meter, resource }: UtilizationEntry): void {
    if (digits === '') {
      return;
    }
    if (start === undefined || start < this.#earliest || start >= this.#latest) {
      const undrawn = this.#undrawn.get(unit) ?? { records: 0, quantity: new DecimalSum() };
      undrawn.records++;
      undrawn.quantity.add(digits);
      this.#undrawn.set(unit, undrawn);
      return;
    }
    const hourly = this.granularity === 'hourly';
    const meters = orSet(this.#units, unit, () => new Map<string, MeterCells>());
    const { resources } = orSet(meters, meter.key, () => ({ label: meter.label, resources: new Map() }));
    const named = resource ?? { key: '', label: meter.label };
    const { series } = orSet(resources, named.key, () => ({ label: named.label, series: new QuantitySeries() }));
    series.add(Math.floor(start / (hourly ? HOUR : DAY)), digits);
  }

  /** Unit → meter → quantities. */
  get units(): ReadonlyMap<string, ReadonlyMap<string, MeterCells>> {
    return this.#units;
  }

  /** By unit. */
  get undrawn(): ReadonlyMap<string, Undrawn> {
    return this.#undrawn;
  }

  /** First and last day of use with anything to draw, days since 1970; undefined when there is nothing. */
  get span(): readonly [first: number, last: number] | undefined {
    const slices = this.granularity === 'hourly' ? HOURS_PER_DAY : 1;
    let first = Number.POSITIVE_INFINITY;
    let last = Number.NEGATIVE_INFINITY;
    for (const meters of this.#units.values()) {
      for (const { resources } of meters.values()) {
        for (const { series } of resources.values()) {
          first = Math.min(first, series.span[0]);
          last = Math.max(last, series.span[1]);
        }
      }
    }
    return first > last ? undefined : [Math.floor(first / slices), Math.floor(last / slices)];
  }
}

function orSet<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
