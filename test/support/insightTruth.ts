import type { DimensionName } from '../../src/insight/costColumns.ts';
import { DailySums } from '../../src/insight/dailySums.ts';
import { isoDay } from '../../src/sample/calendar.ts';
import { decimalText, USD_SCALE } from '../../src/sample/decimal.ts';
import { STORIES } from '../../src/sample/stories.ts';
import { Tenant } from '../../src/sample/tenant.ts';
import { isAlive, quantity, type UsageLine } from '../../src/sample/usageLines.ts';

export const TRUTH_BY: readonly DimensionName[] = ['customer', 'service', 'resourceGroup'];

const HEADER = [
  'date',
  'customerTenantId',
  'customerName',
  'meterCategory',
  'resourceGroup',
  'chargeType',
  'costInBillingCurrency',
  'billingCurrencyCode',
  'costInPricingCurrency',
  'pricingCurrencyCode',
];

/** A change that the sample tenant makes: use of one group begins, ends, or is many times the usual for a few days. */
export interface TrueChange {
  path: string;
  customer: string;
  story: string;
  /** Day number of its first day. */
  day: number;
  /** Its money a day, and what the group costs a day before it. */
  jump: number;
  before: number;
}

export function sampleTenant(seed: number, today: string): Tenant {
  return new Tenant({ seed, customers: 40, usageRows: 120_000, now: new Date(`${today}T00:00:00Z`) });
}

function pathOf(tenant: Tenant, line: UsageLine): string[] {
  return [tenant.directory.customer(line.customer).name, line.meter.category, line.resourceGroup];
}

/** A day's cost in the pricing currency. */
function costOf(line: UsageLine, day: number): bigint {
  return isAlive(line, day) ? BigInt(quantity(line, day)) * line.price : 0n;
}

/** Rows of the tenant over days, both inclusive, added up. */
export function sumsOf(tenant: Tenant, from: number, to: number, late = 0): DailySums {
  const sums = new DailySums(HEADER, TRUTH_BY, { from: isoDay(from), to: isoDay(to) });
  for (const line of tenant.ledger.lines) {
    const [customer = '', service = '', group = ''] = pathOf(tenant, line);
    const { displayName } = tenant.directory.customer(line.customer);
    for (let day = from; day <= to; day++) {
      const cost = costOf(line, day);
      if (cost !== 0n) {
        // Of late days only a part is reported yet.
        const text = decimalText(day > to - late ? cost / BigInt(2 + to - day) : cost, USD_SCALE);
        sums.add([isoDay(day), customer, displayName, service, group, 'Usage', text, 'USD', text, 'USD']);
      }
    }
  }
  return sums;
}

/** What changed between two days, both inclusive. */
export function trueChanges(tenant: Tenant, from: number, to: number): TrueChange[] {
  const daily = new Map<string, number>();
  const events = new Map<string, TrueChange>();
  const usual = (line: UsageLine) => (line.daily / 1e6) * (Number(line.price) / 1e10);
  for (const line of tenant.ledger.lines) {
    const path = pathOf(tenant, line);
    for (let day = from + 1; day <= to; day++) {
      const [was, is] = [isAlive(line, day - 1), isAlive(line, day)];
      const spikes = line.story === 'spike' && isoDay(day).endsWith(STORIES.spike.fromMonthDay);
      if (was === is && !spikes) {
        continue;
      }
      const jump = spikes ? usual(line) * (STORIES.spike.factor - 1) : is ? usual(line) : -usual(line);
      const key = `${path.join('|')}|${day}`;
      const story = spikes
        ? 'spike'
        : (line.story ?? (line.endsWithSubscription && !is ? 'deletedSubscription' : 'resource'));
      const event = events.get(key);
      events.set(key, {
        path: path.join('|'),
        customer: path[0] ?? '',
        story: event === undefined || event.story === 'resource' ? story : event.story,
        day,
        jump: (event?.jump ?? 0) + jump,
        before: 0,
      });
    }
    for (let day = from; day <= to; day++) {
      if (isAlive(line, day)) {
        const key = `${path.join('|')}|${day}`;
        daily.set(key, (daily.get(key) ?? 0) + usual(line));
      }
    }
  }
  return [...events.values()].map((event) => ({ ...event, before: daily.get(`${event.path}|${event.day - 1}`) ?? 0 }));
}
