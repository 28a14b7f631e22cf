import { decimalText, QUANTITY_SCALE } from '../decimal.ts';
import {
  HOURS_PER_DAY,
  hourQuantity,
  isUsedIn,
  LONGEST_LAG,
  type MeteredResource,
  meteredResources,
  reportHour,
} from './meteredResources.ts';
import type { LegacyAzure } from './subscriptions.ts';
import { UtilizationRows } from './utilizationRows.ts';
import type { UtilizationWindow } from './utilizationWindow.ts';

/** Where a page begins: a time of use (an hour or a day since 1970), and a position among resources or meters. */
export interface UtilizationCursor {
  readonly slice: number;
  readonly position: number;
}

interface UtilizationPage {
  /** Row texts, each one JSON object. */
  readonly rows: readonly string[];
  /** Undefined on the last page. */
  readonly next: UtilizationCursor | undefined;
}

/** What the rows of a window add up to. */
export interface UtilizationTruth {
  readonly rows: number;
  /** Meter id → exact decimal text of the sum of quantities. */
  readonly quantities: ReadonlyMap<string, string>;
  /** Exact decimal text of the sum over all meters: a check, not a quantity. */
  readonly total: string;
}

/** Resources that share a row: one of them, or all on one meter when no details are asked for. */
type RowGroup = readonly [MeteredResource, ...MeteredResource[]];

/**
 * Utilization of 145P subscriptions. Nothing but the resources is kept: rows are computed from the cursor on, so that a window of
 * any length and size streams. Rows are selected by the time of report and grouped by the time of use, in the order of use. A
 * day whose late hours fall into another window has a row in each; no hour is ever in two windows that do not overlap.
 */
export class Utilization {
  readonly #seed: number;
  readonly #rowCount: () => number;
  readonly #resources = new Map<string, readonly MeteredResource[]>();
  readonly #rows = new UtilizationRows();

  /** `rowCount`: about how many hourly records a subscription has in 400 days. */
  constructor(seed: number, rowCount: () => number) {
    this.#seed = seed;
    this.#rowCount = rowCount;
  }

  resources(subscription: LegacyAzure): readonly MeteredResource[] {
    const count = this.#rowCount();
    const key = `${subscription.slot}/${count}`;
    let resources = this.#resources.get(key);
    if (!resources) {
      resources = meteredResources(subscription, this.#seed, count);
      this.#resources.set(key, resources);
    }
    return resources;
  }

  page(subscription: LegacyAzure, window: UtilizationWindow, start: UtilizationCursor | undefined): UtilizationPage {
    const groups = groupsOf(this.resources(subscription), window.showDetails);
    const hours = window.granularity === 'Daily' ? HOURS_PER_DAY : 1;
    const rows: string[] = [];
    const firstHour = Math.max(window.startHour - LONGEST_LAG, subscription.firstUse * HOURS_PER_DAY);
    const lastSlice = Math.floor((Math.min(window.endHour, (subscription.lastUse + 1) * HOURS_PER_DAY) - 1) / hours);
    let position = start?.position ?? 0;
    for (let slice = start?.slice ?? Math.floor(firstHour / hours); slice <= lastSlice; slice++) {
      for (; position < groups.length; position++) {
        const group = groups[position];
        const units = group ? unitsOf(group, window, slice * hours, hours) : 0;
        if (!group || units === 0) continue;
        if (rows.length === window.size) return { rows, next: { slice, position } };
        rows.push(this.#rows.row(subscription, group[0], window.showDetails, slice * hours, hours, units));
      }
      position = 0;
    }
    return { rows, next: undefined };
  }

  /** Rows and quantities of a window, added up resource by resource. */
  truth(subscription: LegacyAzure, window: Omit<UtilizationWindow, 'size'>): UtilizationTruth {
    const hours = window.granularity === 'Daily' ? HOURS_PER_DAY : 1;
    const slices = new Set<string>();
    const quantities = new Map<string, bigint>();
    let rows = 0;
    let total = 0n;
    for (const resource of this.resources(subscription)) {
      let sum = 0;
      let lastSlice = -1;
      for (let hour = Math.max(0, window.startHour - LONGEST_LAG); hour < window.endHour; hour++) {
        if (!isReportedIn(resource, window, hour)) continue;
        sum += hourQuantity(resource, hour);
        const slice = Math.floor(hour / hours);
        if (slice === lastSlice) continue;
        lastSlice = slice;
        if (window.showDetails) rows++;
        else slices.add(`${resource.meter.id}/${slice}`);
      }
      if (sum === 0) continue;
      quantities.set(resource.meter.id, (quantities.get(resource.meter.id) ?? 0n) + BigInt(sum));
      total += BigInt(sum);
    }
    const text = (units: bigint): string => decimalText(units, QUANTITY_SCALE);
    return {
      rows: rows + slices.size,
      quantities: new Map([...quantities].map(([meter, units]) => [meter, text(units)])),
      total: text(total),
    };
  }
}

function groupsOf(resources: readonly MeteredResource[], showDetails: boolean): readonly RowGroup[] {
  if (showDetails) return resources.map((resource) => [resource]);
  const groups = new Map<string, [MeteredResource, ...MeteredResource[]]>();
  for (const resource of resources) {
    const group = groups.get(resource.meter.id);
    if (group) group.push(resource);
    else groups.set(resource.meter.id, [resource]);
  }
  return [...groups.values()];
}

function unitsOf(group: RowGroup, window: UtilizationWindow, firstHour: number, hours: number): number {
  let units = 0;
  for (const resource of group) {
    for (let hour = firstHour; hour < firstHour + hours; hour++) {
      if (isReportedIn(resource, window, hour)) units += hourQuantity(resource, hour);
    }
  }
  return units;
}

function isReportedIn(
  resource: MeteredResource,
  window: { startHour: number; endHour: number },
  hour: number,
): boolean {
  if (!isUsedIn(resource, hour)) return false;
  const reported = reportHour(resource, hour);
  return reported >= window.startHour && reported < window.endHour;
}
