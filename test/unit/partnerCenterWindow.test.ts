import assert from 'node:assert/strict';
import { splitWindow } from '../../src/api/partnerCenter/utilizationPieces.ts';
import {
  checkWindow,
  type UtilizationWindow,
  type WindowInput,
  type WindowRules,
} from '../../src/api/partnerCenter/utilizationWindow.ts';
import { refusal } from '../support/refusal.ts';

const NOW = Date.parse('2026-11-21T12:34:56Z');
const WINDOW: WindowInput = { start: '2026-10-01T00:00:00Z', end: '2026-11-01T00:00:00Z' };

const check = (input: WindowInput, rules: Partial<WindowRules> = {}) => checkWindow(input, { now: NOW, ...rules });

const refusalOf = (input: WindowInput, rules?: Partial<WindowRules>) => refusal(() => check(input, rules)).message;

describe('utilization window', () => {
  it('on midnights in UTC stays what it is', () => {
    const expected = { start: '2026-10-01T00:00:00Z', end: '2026-11-01T00:00:00Z', granularity: 'daily' };
    const { start, end } = expected;
    assert.deepEqual(check(WINDOW), { window: expected, asked: { start, end }, notes: [] });
    assert.deepEqual(check({ start: '2026-10-01', end: '2026-11-01', granularity: 'Daily' }).window, expected);
    assert.deepEqual(
      check({ start: new Date('2026-10-01'), end: '2026-10-31T16:00:00-08:00', granularity: ' DAILY ' }).window,
      expected,
    );
  });

  it('is moved to UTC boundaries as the service does, and says so', () => {
    const daily = check({ start: '2026-10-02T10:54:34Z', end: '2026-11-02T10:54:34.5-08:00' });
    assert.deepEqual(daily.window, {
      start: '2026-10-02T00:00:00Z',
      end: '2026-11-02T00:00:00Z',
      granularity: 'daily',
    });
    assert.deepEqual(daily.asked, { start: '2026-10-02T10:54:34Z', end: '2026-11-02T18:54:34Z' });
    assert.equal(daily.notes.length, 2);
    assert.match(daily.notes[0] ?? '', /^start: 2026-10-02T10:54:34Z is no midnight.*2026-10-02T00:00:00Z/);
    assert.match(daily.notes[1] ?? '', /^end: 2026-11-02T18:54:34Z/);
    const hourly = check({
      start: '2026-10-01T10:54:34Z',
      end: '2026-10-02T12:00:00+05:30',
      granularity: 'hourly',
    });
    assert.deepEqual(hourly.window, {
      start: '2026-10-01T10:00:00Z',
      end: '2026-10-02T06:00:00Z',
      granularity: 'hourly',
    });
    assert.match(hourly.notes.join(), /full hour/);
  });

  it('is moved before its length is looked at', () => {
    assert.match(
      refusalOf({ start: '2026-10-02T10:00:00Z', end: '2026-10-02T20:00:00Z' }),
      /^end: 2026-10-02T20:00:00Z is within the same UTC day as start; use 2026-10-03T00:00:00Z or later\.$/,
    );
    assert.match(
      refusalOf({ start: '2026-10-02T10:10:00Z', end: '2026-10-02T10:50:00Z', granularity: 'hourly' }),
      /same UTC hour/,
    );
  });

  it('may be refused where it is off a boundary', () => {
    const rules = { offBoundary: 'refuse' } as const;
    assert.match(
      refusalOf({ ...WINDOW, start: '2026-10-02T10:54:34Z' }, rules),
      /^start: 2026-10-02T10:54:34Z is no midnight in UTC; use 2026-10-02T00:00:00Z or 2026-10-03T00:00:00Z\.$/,
    );
    assert.equal(check(WINDOW, rules).notes.length, 0);
  });

  const wrong: [string, WindowInput, RegExp][] = [
    ['no start', { end: WINDOW.end }, /^start: is missing; give a time in UTC/],
    ['no end', { start: WINDOW.start, end: null }, /^end: is missing/],
    ['a text that is no time', { ...WINDOW, start: 'yesterday' }, /^start: 'yesterday' is not a time/],
    ['a day that does not exist', { ...WINDOW, start: '2026-02-31' }, /^start: '2026-02-31' is not a time/],
    ['an hour that does not exist', { ...WINDOW, start: '2026-02-01T25:00:00Z' }, /is not a time/],
    ['a number', { ...WINDOW, start: 20261001 }, /^start: '20261001' is not a time/],
    ['no time zone', { ...WINDOW, end: '2026-11-01T00:00:00' }, /^end: .*does not tell its time zone; add Z/],
    [
      'reversed',
      { start: WINDOW.end, end: WINDOW.start },
      /^start: .*is not before end \(2026-10-01T00:00:00Z\); swap/,
    ],
    ['empty', { start: WINDOW.start, end: WINDOW.start }, /^start: .*is not before end/],
    [
      'the future',
      { ...WINDOW, end: '2026-12-01' },
      /^end: 2026-12-01T00:00:00Z is in the future; use 2026-11-21T00:00:00Z/,
    ],
    [
      'an unknown granularity',
      { ...WINDOW, granularity: 'weekly' },
      /^granularity: 'weekly' is not known; use daily or hourly/,
    ],
    ['a granularity that is no text', { ...WINDOW, granularity: 1 }, /^granularity: '1'/],
    ['too long', { ...WINDOW, start: '2020-01-01' }, /^end: the window is \d+ days long; use at most 1100/],
    ['before there was any', { ...WINDOW, start: '1999-01-01' }, /^start: .*before there were/],
  ];
  for (const [what, input, message] of wrong) {
    it(`${what} is refused with its field and what to do`, () => assert.match(refusalOf(input), message));
  }

  it('that ends within the last two hours is refused, or asked for when that is wanted', () => {
    const input = { start: '2026-11-21T00:00:00Z', end: '2026-11-21T11:00:00Z', granularity: 'hourly' };
    assert.match(refusalOf(input), /^end: .*less than two hours ago.*use 2026-11-21T10:00:00Z or earlier/);
    assert.equal(check(input, { recent: 'ask' }).window.end, '2026-11-21T11:00:00Z');
    assert.equal(check({ ...input, end: '2026-11-21T10:00:00Z' }).window.end, '2026-11-21T10:00:00Z');
    assert.match(refusalOf({ ...input, end: '2026-11-21T13:00:00Z' }, { recent: 'ask' }), /in the future/);
  });

  it('of 400 days is accepted', () => {
    assert.ok(check({ start: '2025-10-01', end: '2026-11-05', granularity: 'hourly' }));
  });
});

describe('pieces of a utilization window', () => {
  function assertJoined(window: UtilizationWindow, pieces: UtilizationWindow[]): void {
    assert.equal(pieces[0]?.start, window.start);
    assert.equal(pieces.at(-1)?.end, window.end);
    pieces.forEach((piece, position) => {
      assert.ok(piece.start < piece.end);
      assert.equal(piece.granularity, window.granularity);
      assert.deepEqual(check(piece, { offBoundary: 'refuse' }).window, piece, 'it can be asked for as it is');
      if (position > 0) {
        assert.equal(piece.start, pieces[position - 1]?.end, 'no gap and nothing twice');
        assert.match(piece.start, /T00:00:00Z$/);
      }
    });
  }

  it('join without a gap or a row twice, whatever the window', () => {
    for (const granularity of ['daily', 'hourly'] as const) {
      for (const end of [
        '2025-10-02T00:00:00Z',
        '2025-11-01T00:00:00Z',
        '2026-03-31T00:00:00Z',
        '2026-11-05T00:00:00Z',
      ]) {
        for (const days of [1, 7, 30, 31, 500]) {
          const window: UtilizationWindow = { start: '2025-10-01T00:00:00Z', end, granularity };
          assertJoined(window, splitWindow(window, days));
        }
      }
    }
    const odd: UtilizationWindow = {
      start: '2026-10-24T17:00:00Z',
      end: '2026-11-02T05:00:00Z',
      granularity: 'hourly',
    };
    assertJoined(odd, splitWindow(odd, 2));
  });

  it('are as long as asked for, and shorter at the ends', () => {
    const window: UtilizationWindow = {
      start: '2026-10-24T17:00:00Z',
      end: '2026-10-28T05:00:00Z',
      granularity: 'hourly',
    };
    assert.deepEqual(
      splitWindow(window, 2).map(({ start, end }) => `${start.slice(5, 13)}–${end.slice(5, 13)}`),
      ['10-24T17–10-26T00', '10-26T00–10-28T00', '10-28T00–10-28T05'],
    );
    assert.equal(splitWindow({ ...window, start: '2025-10-01T00:00:00Z', end: '2026-11-05T00:00:00Z' }).length, 58);
  });

  it('of no length are refused', () => {
    const window: UtilizationWindow = {
      start: '2026-10-01T00:00:00Z',
      end: '2026-10-02T00:00:00Z',
      granularity: 'daily',
    };
    for (const days of [0, -1, 1.5, Number.NaN]) {
      assert.throws(() => splitWindow(window, days), { kind: 'argument', message: /^days: / });
    }
  });
});
