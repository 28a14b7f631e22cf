import assert from 'node:assert/strict';
import { decimalUnits } from '../../src/sample/decimal.ts';
import { percentUsed } from '../../src/sample/partnerCenter/budgets.ts';
import { type Parts, partsOf } from '../../src/sample/partnerCenter/parts.ts';
import { type PartnerCenterSettings, PartnerSettings } from '../../src/sample/partnerCenter/settings.ts';
import type { LegacyAzure } from '../../src/sample/partnerCenter/subscriptions.ts';
import type { UtilizationCursor } from '../../src/sample/partnerCenter/utilization.ts';
import type { UtilizationWindow } from '../../src/sample/partnerCenter/utilizationWindow.ts';
import { Tenant } from '../../src/sample/tenant.ts';

const NOW = '2026-11-21T09:00:00Z';

function partsFor(
  options: { seed?: number; now?: string; customers?: number } = {},
  settings: PartnerCenterSettings = {},
): Parts {
  const { seed = 1, now = NOW, customers = 20 } = options;
  const tenant = new Tenant({ seed, customers, usageRows: 4_000, now: new Date(now) });
  return partsOf(tenant, new PartnerSettings(settings, 'off'));
}

function legacyOf(parts: Parts, slot = 0): LegacyAzure {
  const found = parts.subscriptions.allLegacy().find((subscription) => subscription.slot === slot);
  assert.ok(found, `no 145P subscription ${slot}`);
  return found;
}

const hour = (text: string): number => Date.parse(text) / 3_600_000;
const window = (start: string, end: string, more: Partial<UtilizationWindow> = {}): UtilizationWindow => ({
  startHour: hour(start),
  endHour: hour(end),
  granularity: 'Hourly',
  showDetails: true,
  size: 1000,
  ...more,
});

describe('sample Partner Center: utilization', () => {
  it('has the same rows for the same seed whatever the present moment, and others for another seed', () => {
    const rows = (options: { seed?: number; now?: string }): readonly string[] => {
      const parts = partsFor(options);
      const found = window('2026-10-01T00:00:00Z', '2026-10-02T00:00:00Z');
      return parts.utilization.page(legacyOf(parts), found, undefined).rows;
    };
    assert.ok(rows({}).length > 100);
    assert.deepEqual(rows({}), rows({ now: '2026-12-24T00:00:00Z' }));
    assert.notDeepEqual(rows({}), rows({ seed: 2 }));
  });

  it('streams a million hourly records of 400 days, a page at a time, whose sum is the truth', () => {
    const parts = partsFor({}, { utilizationRows: 1_000_000 });
    const subscription = legacyOf(parts);
    const whole = window('2025-10-15T00:00:00Z', '2026-11-19T00:00:00Z');
    const truth = parts.utilization.truth(subscription, whole);
    assert.ok(truth.rows > 950_000 && truth.rows < 1_100_000, `${truth.rows} rows`);
    let rows = 0;
    let sum = 0n;
    let cursor: UtilizationCursor | undefined;
    do {
      const page = parts.utilization.page(subscription, whole, cursor);
      rows += page.rows.length;
      for (const row of page.rows) sum += quantityIn(row);
      cursor = page.next;
    } while (cursor);
    assert.equal(rows, truth.rows);
    assert.equal(sum, decimalUnits(truth.total, 6));
  });

  it('makes any page from its cursor alone', () => {
    const parts = partsFor();
    const subscription = legacyOf(parts);
    const asked = window('2026-09-01T00:00:00Z', '2026-11-01T00:00:00Z', { size: 300 });
    const first = parts.utilization.page(subscription, asked, undefined);
    const second = parts.utilization.page(subscription, asked, first.next);
    const fresh = partsFor();
    assert.deepEqual(fresh.utilization.page(legacyOf(fresh), asked, first.next), second);
    const both = parts.utilization.page(subscription, { ...asked, size: 600 }, undefined);
    assert.deepEqual([...first.rows, ...second.rows], both.rows);
  });

  it('partitions use by any cuts of the time of report', () => {
    const parts = partsFor();
    const subscription = legacyOf(parts, 2);
    const total = (start: string, end: string): bigint =>
      decimalUnits(parts.utilization.truth(subscription, window(start, end)).total, 6);
    const cuts = ['2026-09-01T00:00:00Z', '2026-09-03T05:00:00Z', '2026-09-03T06:00:00Z', '2026-10-20T00:00:00Z'];
    const sums = cuts.slice(1).map((end, i) => total(cuts[i] ?? '', end));
    assert.equal(
      sums.reduce((sum, part) => sum + part, 0n),
      total(cuts[0] ?? '', cuts[3] ?? ''),
    );
  });

  it('ends with the last day of use, five days later by the time of report', () => {
    const parts = partsFor();
    const suspended = legacyOf(parts, 4);
    const rowsIn = (start: string, end: string): number => parts.utilization.truth(suspended, window(start, end)).rows;
    assert.ok(rowsIn('2026-02-28T00:00:00Z', '2026-03-01T00:00:00Z') > 0);
    assert.ok(rowsIn('2026-03-01T08:00:00Z', '2026-03-06T00:00:00Z') > 0, 'late rows');
    assert.equal(rowsIn('2026-03-07T00:00:00Z', '2026-11-01T00:00:00Z'), 0);
  });
});

describe('sample Partner Center: billing periods', () => {
  it('run from the billing day, end on the day before the next one, and touch', () => {
    for (const [now, from, to] of [
      ['2026-11-21T09:00:00Z', '2026-11-09', '2026-12-08'],
      ['2026-11-09T09:00:00Z', '2026-10-09', '2026-11-08'],
      ['2026-11-10T00:00:00Z', '2026-11-09', '2026-12-08'],
      ['2027-01-01T00:00:00Z', '2026-12-09', '2027-01-08'],
    ] as const) {
      const { legacy } = partsFor({ now });
      const days = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);
      assert.deepEqual([days(legacy.openPeriod.from), days(legacy.openPeriod.to)], [from, to], now);
      let next = legacy.openPeriod.from;
      for (const period of legacy.closedPeriods) {
        assert.equal(period.to, next - 1);
        next = period.from;
      }
    }
  });

  it('have one invoice in each currency with charges, with a name of its own that finds it', () => {
    const { legacy } = partsFor();
    const invoices = legacy.invoices();
    assert.equal(new Set(invoices.map(({ name }) => name)).size, invoices.length);
    for (const invoice of invoices) {
      assert.match(invoice.name, /^D[0-9A-Z]{9}$/);
      assert.deepEqual(legacy.invoiceNamed(invoice.name.toLowerCase()), invoice);
      assert.ok(invoice.total > 0n);
    }
  });

  it('lack the stories that a small tenant has no customer for', () => {
    const parts = partsFor({ customers: 10 });
    assert.deepEqual(
      parts.subscriptions.allLegacy().map(({ slot }) => slot),
      [1, 2, 3, 4],
    );
    assert.ok(parts.legacy.invoices().length > 0);
  });
});

describe('sample Partner Center: percentUsed', () => {
  it('rounds to two decimals, may exceed 100, and is 0 without a budget to compare with', () => {
    const cost = (text: string): bigint => decimalUnits(text, 20);
    assert.equal(percentUsed(cost('45.6789'), '12'), '380.66');
    assert.equal(percentUsed(cost('9.87'), '35'), '28.2');
    assert.equal(percentUsed(cost('50'), '100'), '50');
    assert.equal(percentUsed(cost('50.5'), '100'), '50.5');
    assert.equal(percentUsed(cost('0.00004'), '100'), '0');
    assert.equal(percentUsed(cost('5'), undefined), '0');
    assert.equal(percentUsed(cost('5'), '0'), '0');
  });
});

/** Millionths of a unit. */
function quantityIn(row: string): bigint {
  const at = row.indexOf('"quantity":') + '"quantity":'.length;
  return decimalUnits(row.slice(at, row.indexOf(',', at)), 6);
}
