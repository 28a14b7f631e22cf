import assert from 'node:assert/strict';
import { jobTexts, savedText } from '../../src/exports/jobTexts.ts';
import type { JobSnapshot } from '../../src/jobs/jobTypes.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');

const JOB: JobSnapshot = {
  id: 'j1',
  request: {
    connection: 'Work',
    title: 'Usage of Fabrikam 2026-10',
    source: { kind: 'usageDetails', scopes: [{ scope: '/subscriptions/s' }] },
    target: { file: '/home/me/Fabrikam usage.csv', format: 'csv', formulaGuard: true, lineEnd: '\n', bom: false },
  },
  state: 'running',
  rows: 1_234_567,
  bytes: 210_000_000,
  pieces: 10,
  piecesDone: 3,
  calls: 34,
  callsPlanned: 100,
  rowsPerSecond: 100_000,
  bytesPerSecond: 18_000_000,
  secondsLeft: 40,
  startedAt: NOW,
};

const description = (change: Partial<JobSnapshot>) => jobTexts({ ...JOB, ...change }, NOW, 'en').description;

const MANIFEST: NonNullable<JobSnapshot['manifest']> = {
  manifestVersion: 1,
  file: 'Fabrikam usage.csv',
  format: 'csv',
  bytes: 12_345,
  sha256: 'ab'.repeat(32),
  complete: true,
  rows: 1_234_567,
  rowsWithoutCost: 3,
  totals: { EUR: '-1234567.8950000001', USD: '12' },
  totalsByDay: {},
  columns: 'service',
  shareSafe: false,
  source: 'Usage Details 2023-11-01',
  why: 'it is shorter',
  period: { from: '2026-10-01', to: '2026-10-31' },
  periodState: 'closed',
  scopes: [{ scope: '/subscriptions/s', label: 'Production' }],
  pages: 100,
  requestIds: ['r1', 'r2'],
  fetchedAt: { first: '2026-11-21T11:59:00Z', last: '2026-11-21T12:00:00Z' },
  job: 'j1',
  producedBy: { name: 'x', version: '1' },
};

describe('what the list of exports says', () => {
  it('of one that runs: share, rows, bytes, rate, time left', () => {
    assert.equal(jobTexts(JOB, NOW, 'en').label, 'Fabrikam usage.csv');
    assert.equal(description({}), '34 % · 40 s left · 1.2M rows · 210.0 MB · 18.0 MB/s');
    assert.equal(description({ secondsLeft: 200 }), '34 % · 3 min left · 1.2M rows · 210.0 MB · 18.0 MB/s');
    assert.match(description({ elsewhere: true }), /^34 % · 40 s left · in another window · /);
  });

  it('long names are shortened in the middle, so that the rest can be read', () => {
    const file = '/home/me/3 customers usage 2025-09-01 to 2026-11-01.csv';
    const request = { ...JOB.request, target: { ...JOB.request.target, file } };
    const { label, name } = jobTexts({ ...JOB, request }, NOW, 'en');
    assert.equal(label, '3 customers…2026-11-01.csv');
    assert.equal(name, '3 customers usage 2025-09-01 to 2026-11-01.csv');
  });

  it('never all of it before it is whole, nor a share that nobody knows', () => {
    assert.match(description({ calls: 120 }), /^99 % /);
    const { callsPlanned: _, ...unplanned } = JOB;
    assert.match(jobTexts(unplanned, NOW, 'en').description, /^30 % /);
    assert.match(
      jobTexts({ ...unplanned, pieces: 0, piecesDone: 0 }, NOW, 'en').description,
      /^40 s left · 1\.2M rows/,
    );
  });

  it('a wait in seconds that are left of it, in place of the time left', () => {
    const wait = { until: NOW + 37_200, operation: 'List usage details' };
    assert.equal(description({ wait }), "34 % · waiting 38 s for Azure's limit · 1.2M rows · 210.0 MB");
    assert.match(description({ wait: { ...wait, until: NOW - 5 } }), /waiting 1 s/);
  });

  it('of one that stopped: why, in words', () => {
    assert.equal(description({ state: 'paused', rows: 1 }), 'paused · 34 % · 1 row · 210.0 MB');
    assert.equal(description({ state: 'interrupted', rows: 9999 }), 'interrupted · 9,999 rows · 210.0 MB');
    assert.equal(description({ state: 'cancelled' }), 'cancelled');
    const error = { message: 'The disk is full.', advice: 'Make room, then resume.' };
    assert.equal(description({ state: 'failed', error }), 'failed: The disk is full.');
    assert.match(
      jobTexts({ ...JOB, state: 'failed', error }, NOW, 'en').tooltip,
      /^The disk is full\. Make room, then resume\.$/m,
    );
  });

  it('of one that is done: rows and totals, cut digits marked, currencies apart', () => {
    const done = { state: 'done', manifest: MANIFEST } as const;
    assert.equal(description(done), 'done · 1.2M rows · EUR -1,234,567.89…, USD 12');
    const totals = { EUR: '1', GBP: '2', SEK: '3', USD: '4' };
    assert.match(description({ state: 'done', manifest: { ...MANIFEST, totals } }), /EUR 1, GBP 2, 2 more$/);
  });

  it('quantities with their unit behind them', () => {
    const manifest = { ...MANIFEST, rows: 3, totals: { '1': '3.499944', '1 GB': '60.5' } };
    assert.equal(description({ state: 'done', manifest }), 'done · 3 rows · 3.49… × 1, 60.5 × 1 GB');
  });

  it('of one whose period goes on: that its totals are not the last word', () => {
    for (const periodState of ['open', 'settling'] as const) {
      const text = description({ state: 'done', manifest: { ...MANIFEST, totals: { EUR: '1.5' }, periodState } });
      assert.equal(text, 'done · 1.2M rows · EUR 1.5 so far');
    }
  });

  it('everything that is known in the tooltip, with every digit', () => {
    const { tooltip } = jobTexts({ ...JOB, state: 'done', manifest: MANIFEST }, NOW, 'en');
    assert.deepEqual(tooltip.split('\n'), [
      'Usage of Fabrikam 2026-10',
      'Complete',
      'File: /home/me/Fabrikam usage.csv',
      'Format: csv',
      'Connection: Work',
      'Scope: Production',
      'Period: 2026-10-01 to 2026-10-31 (UTC, inclusive)',
      'Rows: 1,234,567',
      'Size: 12.3 KB',
      'Total: EUR -1234567.8950000001',
      'Total: USD 12',
      'Rows without a cost: 3',
      'Source: Usage Details 2023-11-01, because it is shorter',
      'Request ids: 2, in the manifest',
      `SHA-256: ${'ab'.repeat(32)}`,
    ]);
  });

  it('of figures that were stored: how old they are, at the end and in the tooltip', () => {
    const asOf = new Date(2026, 10, 21, 14, 5).toISOString();
    const saved = { file: '/home/me/Fabrikam usage.csv', bytes: 1, complete: true, totals: {}, manifest: '' } as const;
    assert.equal(savedText({ ...saved, rows: 1234 }, 'en-GB'), 'Saved 1,234 rows to Fabrikam usage.csv.');
    assert.equal(
      savedText({ ...saved, rows: 1, asOf }, 'en-GB'),
      'Saved 1 row to Fabrikam usage.csv, as of 21 Nov 2026, 14:05.',
    );
    const { tooltip } = jobTexts({ ...JOB, state: 'done', manifest: { ...MANIFEST, asOf } }, NOW, 'en-GB');
    assert.match(tooltip, /^Read from stored data, as of 21 Nov 2026, 14:05$/m);
  });

  it('no more scopes than anybody reads', () => {
    const scopes = Array.from({ length: 13 }, (_, n) => ({ scope: `/subscriptions/${n}` }));
    const { tooltip } = jobTexts({ ...JOB, state: 'done', manifest: { ...MANIFEST, scopes } }, NOW, 'en');
    assert.equal(tooltip.split('\n').filter((line) => line.startsWith('Scope: ')).length, 10);
    assert.match(tooltip, /^and 3 more scopes$/m);
  });
});
