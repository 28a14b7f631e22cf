import { sweepAnomalies } from '../../../src/insight/anomalies.ts';
import type { DimensionName } from '../../../src/insight/costColumns.ts';
import { DailySums } from '../../../src/insight/dailySums.ts';
import { dayNumber, dayText } from '../../../src/insight/days.ts';
import { driverTables } from '../../../src/insight/driverTables.ts';
import { forecastNodes, forecastTree } from '../../../src/insight/forecast.ts';
import { type ItemIdentity, type ItemSums, joined } from '../../../src/insight/sideItems.ts';
import { SideSums } from '../../../src/insight/sideSums.ts';
import { DecimalSum } from '../../../src/records/decimal.ts';
import type { Figure } from '../figures.ts';
import { type Bench, count } from './bench.ts';

const BY: readonly DimensionName[] = ['customer', 'service', 'resourceGroup'];
const HEADER = ['date', 'customerId', 'meterCategory', 'resourceGroup', 'cost', 'currency'];
const CUSTOMERS = 1000;
const SERVICES = 5;
const GROUPS = 4;
const DAYS = 90;
const TODAY = '2026-11-21';
/** In the short form and in the long one. */
const ITEMS = { some: 250_000, full: 1_000_000 };

/** Ratios to the floor that are good enough. */
const SWEEP = 3;
const FORECAST = 6;
const DRIVERS = 4;

/** What a sweep, a forecast and driver tables cost against adding up what they are of. */
export const insight: Bench = async ({ rounds, full }) => {
  const items = full ? ITEMS.full : ITEMS.some;
  const times: Record<'add' | 'sweep' | 'forecast' | 'plain' | 'drivers', number[]> = {
    add: [],
    sweep: [],
    forecast: [],
    plain: [],
    drivers: [],
  };
  let broken: string | undefined;
  for (let round = 1; round <= rounds; round++) {
    const timed = <Value>(name: keyof typeof times, work: () => Value): Value => {
      const before = process.cpuUsage();
      const value = work();
      const { user, system } = process.cpuUsage(before);
      times[name].push((user + system) / 1e6);
      return value;
    };
    const rows = dailyRows();
    const plain = timed('add', () => addedPlainly(rows));
    const sums = new DailySums(HEADER, BY, {
      from: dayText(dayNumber(TODAY) - DAYS),
      to: dayText(dayNumber(TODAY) - 1),
    });
    for (const row of rows) {
      sums.add(row);
    }
    const found = timed('sweep', () => sweepAnomalies(sums.series, { today: TODAY, by: BY }));
    const month = { from: '2026-11-01', to: '2026-11-30' };
    const [tree] = timed('forecast', () => forecastTree(forecastNodes(sums.series), month, { today: TODAY }));
    if (plain.size !== sums.series.length || found.length === 0 || tree?.children.length !== CUSTOMERS) {
      broken = `${sums.series.length} series, ${found.length} anomalies, ${tree?.children.length} customers`;
    }
    rows.length = 0;
    const sides = [side(0, items), side(1, items)] as const;
    const differences = timed('plain', () => subtractedPlainly(...sides));
    const tables = timed('drivers', () => driverTables(...sides));
    if (tables[0]?.rows.length !== differences.size) {
      broken = `${tables[0]?.rows.length} rows of ${differences.size}`;
    }
    console.log(
      `  ${round}/${rounds} ${Object.entries(times)
        .map(([name, seconds]) => `${name} ${seconds.at(-1)?.toFixed(2)} s`)
        .join(', ')}; ${found.length} anomalies`,
    );
  }
  const series = count(CUSTOMERS * SERVICES * GROUPS);
  const figure = (work: string, against: string, ours: number[], theirs: number[], goal: number): Figure => ({
    work,
    against,
    unit: 'CPU s',
    goal,
    ours,
    theirs,
    broken,
  });
  const floor = `adding up their ${count(CUSTOMERS * SERVICES * GROUPS * DAYS)} rows by series and day`;
  return [
    figure(`a sweep of ${series} series of ${DAYS} days for anomalies`, floor, times.sweep, times.add, SWEEP),
    figure(`a forecast of ${series} series with ranges`, floor, times.forecast, times.add, FORECAST),
    figure(
      `driver tables of ${count(items)} items`,
      'subtracting their costs, and sorting them by the difference',
      times.drivers,
      times.plain,
      DRIVERS,
    ),
  ];
};

/** Chance that is the same in each run, from 0 to 1. */
function chance(a: number, b: number): number {
  const mixed = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x7f4a7c15, 0xc2b2ae35);
  return ((Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) >>> 8) & 0xffff) / 0x10000;
}

/** Costs with twenty decimals; one series of a hundred changes its level, and half rest at weekends. */
function dailyRows(): string[][] {
  const rows: string[][] = [];
  for (let day = 0; day < DAYS; day++) {
    const date = dayText(dayNumber(TODAY) - DAYS + day);
    for (let at = 0; at < CUSTOMERS * SERVICES * GROUPS; at++) {
      const level = 1 + 99 * chance(at, 1);
      const weekday = at % 2 === 0 && [0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay()) ? 0.25 : 1;
      const shift = at % 100 === 7 && day > 40 ? 3 : 1;
      const cost = level * weekday * shift * (0.85 + 0.3 * chance(at, day + 2));
      rows.push([
        date,
        `customer-${Math.floor(at / (SERVICES * GROUPS))}`,
        `service-${Math.floor(at / GROUPS) % SERVICES}`,
        `rg-${at % GROUPS}`,
        `${cost.toFixed(10)}${String(at * 7919 + day).padStart(10, '3')}`,
        'EUR',
      ]);
    }
  }
  return rows;
}

function addedPlainly(rows: readonly string[][]): Map<string, Map<string, DecimalSum>> {
  const sums = new Map<string, Map<string, DecimalSum>>();
  for (const [day = '', customer = '', service = '', group = '', cost = ''] of rows) {
    const key = joined([customer, service, group]);
    const days = sums.get(key) ?? new Map<string, DecimalSum>();
    sums.set(key, days);
    const sum = days.get(day) ?? new DecimalSum();
    days.set(day, sum);
    sum.add(cost);
  }
  return sums;
}

/** Items of which a tenth is on one side alone, and the others changed in quantity, price and rate. */
function side(which: number, items: number): SideSums {
  const sums = new SideSums({ label: `side ${which}` }, ['resource']);
  const amount = (value: number, at: number) => BigInt(Math.round(value * 1e7)) * 10n ** 23n + BigInt(at) * 10n ** 10n;
  for (let at = 0; at < items; at++) {
    if (at % 20 === which) {
      continue;
    }
    const quantity = 1 + 99 * chance(at, which);
    const price = 0.5 + (at % 3 === 0 ? which * chance(at, 5) : 0);
    const identity: ItemIdentity = {
      values: [`/subscriptions/s-${at % 97}/resourceGroups/rg-${at % 1009}/providers/Microsoft.Compute/vm-${at}`],
      labels: [`vm-${at}`],
      meter: `meter-${at % 211}`,
      meterLabel: 'D2s v5',
      location: 'EU West',
      chargeType: 'Usage',
      unit: '1 Hour',
      currency: 'EUR',
      pricingCurrency: 'USD',
    };
    const own: ItemSums = {
      rows: 30,
      cost: amount(quantity * price * (0.9 + which * 0.03), at),
      pricingCost: amount(quantity * price, at),
      pricingRows: 30,
      quantity: amount(quantity, at),
      quantityRows: 30,
      lowPrice: 1n,
      highPrice: 1n,
    };
    sums.add(identity, own);
  }
  return sums;
}

function subtractedPlainly(before: SideSums, after: SideSums): Map<string, bigint> {
  const differences = new Map<string, bigint>();
  for (const { key, cost } of before.items.values()) {
    differences.set(key, -cost);
  }
  for (const { key, cost } of after.items.values()) {
    differences.set(key, (differences.get(key) ?? 0n) + cost);
  }
  const size = (value: bigint) => (value < 0n ? -value : value);
  return new Map([...differences].sort(([, a], [, b]) => (size(b) > size(a) ? 1 : -1)));
}
