import assert from 'node:assert/strict';
import { type DayRange, isoDay } from '../../src/sample/calendar.ts';
import type { ExportSchedule } from '../../src/sample/exportModel.ts';
import { daysOfExport, folderOfDays, nextRun, pastRuns } from '../../src/sample/exportPeriods.ts';

const text = ({ from, to }: DayRange) => `${isoDay(from)}/${isoDay(to)}`;
const time = (moment: number | undefined) => (moment === undefined ? undefined : new Date(moment).toISOString());
const schedule = (recurrence: string, from: string, to?: string): ExportSchedule => ({
  status: 'Active',
  recurrence,
  period: { from: Date.parse(from), ...(to === undefined ? {} : { to: Date.parse(to) }) },
});

describe('days of an export', () => {
  const now = new Date('2026-11-18T12:00:00Z');
  const cases: [timeframe: string, days: string, folder: string][] = [
    ['MonthToDate', '2026-11-01/2026-11-18', '2026-11-01/2026-11-30'],
    ['BillingMonthToDate', '2026-11-01/2026-11-18', '2026-11-01/2026-11-30'],
    ['TheLastMonth', '2026-10-01/2026-10-31', '2026-10-01/2026-10-31'],
    ['TheLastBillingMonth', '2026-10-01/2026-10-31', '2026-10-01/2026-10-31'],
    ['WeekToDate', '2026-11-15/2026-11-18', '2026-11-15/2026-11-21'],
    ['TheCurrentMonth', '2026-11-01/2026-11-30', '2026-11-01/2026-11-30'],
  ];
  for (const [timeframe, expected, folder] of cases) {
    it(`knows ${timeframe}, and the folder it belongs to`, () => {
      const days = daysOfExport({ type: 'ActualCost', timeframe, granularity: 'Daily' }, now);
      assert.equal(text(days), expected);
      assert.equal(text(folderOfDays(timeframe, days)), folder);
    });
  }
});

describe('runs of a schedule', () => {
  const at = (iso: string) => Date.parse(iso);

  it('begin at the first moment, keep the time of day, and end with the period', () => {
    const daily = schedule('Daily', '2026-11-10T06:30:00Z', '2026-11-12T00:00:00Z');
    assert.equal(time(nextRun(daily, at('2026-01-01T00:00:00Z'))), '2026-11-10T06:30:00.000Z');
    assert.equal(time(nextRun(daily, at('2026-11-10T06:30:00Z'))), '2026-11-11T06:30:00.000Z');
    assert.equal(time(nextRun(daily, at('2026-11-11T06:30:00Z'))), undefined);
  });

  it('follow weeks, months and years, and the last day where a month is short', () => {
    const next = (recurrence: string, from: string, now: string) => time(nextRun(schedule(recurrence, from), at(now)));
    assert.equal(next('Weekly', '2026-11-02T00:00:00Z', '2026-11-21T00:00:00Z'), '2026-11-23T00:00:00.000Z');
    assert.equal(next('Monthly', '2026-01-31T08:00:00Z', '2026-02-01T00:00:00Z'), '2026-02-28T08:00:00.000Z');
    assert.equal(next('Monthly', '2026-01-31T08:00:00Z', '2026-03-01T00:00:00Z'), '2026-03-31T08:00:00.000Z');
    assert.equal(next('Annually', '2024-02-29T00:00:00Z', '2025-01-01T00:00:00Z'), '2025-02-28T00:00:00.000Z');
  });

  it('are none for schedules that are off', () => {
    for (const status of ['Inactive', 'SystemSuspended'] as const) {
      assert.equal(
        nextRun({ ...schedule('Daily', '2026-01-01T00:00:00Z'), status }, at('2026-11-01T00:00:00Z')),
        undefined,
      );
    }
    assert.equal(nextRun({ status: 'Active', recurrence: 'Daily' }, 0), undefined);
    assert.equal(nextRun(undefined, 0), undefined);
  });

  it('lie behind, newest first, none after now or the end', () => {
    const past = (s: ExportSchedule, now: string, most = 3) => pastRuns(s, at(now), most).map(time);
    const monthly = schedule('Monthly', '2026-01-31T08:00:00Z', '2026-04-30T09:00:00Z');
    assert.deepEqual(past(monthly, '2026-03-31T07:59:59Z'), ['2026-02-28T08:00:00.000Z', '2026-01-31T08:00:00.000Z']);
    assert.deepEqual(past(monthly, '2030-01-01T00:00:00Z', 1), ['2026-04-30T08:00:00.000Z']);
    assert.deepEqual(past(monthly, '2026-01-01T00:00:00Z'), []);
    const daily = schedule('Daily', '1990-01-01T00:00:00Z');
    assert.deepEqual(past(daily, '2026-11-21T00:00:00Z', 2), ['2026-11-21T00:00:00.000Z', '2026-11-20T00:00:00.000Z']);
  });
});
