import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { PageChoice, PageColumn } from '../../src/tables/tableContract.ts';
import {
  filterText,
  firstChoice,
  groupFilters,
  groupOrderedBy,
  restoredChoice,
  sortedBy,
} from '../../src/tables/webview/choice.ts';
import { amountText, groupedDigits, sumsText } from '../../src/tables/webview/numbers.ts';
import { barOfTop, mostTop, rowsInSight, scrollLength, topOfBar } from '../../src/tables/webview/scrollScale.ts';
import { moved, rectangle, sizeOf } from '../../src/tables/webview/selection.ts';

const COLUMNS: PageColumn[] = [
  { name: 'Date', kind: 'date' },
  { name: 'Service', kind: 'text' },
  { name: 'Cost', kind: 'decimal' },
];

describe('how rows are scrolled', () => {
  const heights = fc.record({
    rows: fc.integer({ min: 1, max: 50_000_000 }),
    row: fc.integer({ min: 18, max: 40 }),
    room: fc.integer({ min: 50, max: 3_000 }),
  });

  it('is never longer than browsers can lay out, and the ends of the bar are the ends of the rows', () => {
    fc.assert(
      fc.property(heights, (given) => {
        const length = scrollLength(given);
        assert.ok(length <= 8_000_000 && length >= given.room);
        assert.equal(topOfBar(0, given), 0);
        assert.ok(Math.abs(topOfBar(length - given.room, given) - mostTop(given)) < 0.01);
      }),
    );
  });

  it('comes back to the same rows from a place of the bar', () => {
    fc.assert(
      fc.property(heights, fc.double({ min: 0, max: 1, noNaN: true }), (given, part) => {
        const top = mostTop(given) * part;
        assert.ok(Math.abs(topOfBar(barOfTop(top, given), given) - top) < 0.01);
      }),
    );
  });

  it('shows the rows that fill the window, and the last one at the end', () => {
    fc.assert(
      fc.property(heights, fc.double({ min: 0, max: 1, noNaN: true }), (given, part) => {
        const top = mostTop(given) * part;
        const { first, count } = rowsInSight(top, given);
        assert.ok(first >= 0 && first + count <= given.rows && count >= 1);
        assert.ok(first * given.row <= top);
        assert.ok((first + count) * given.row >= Math.min(top + given.room, given.rows * given.row));
      }),
    );
    assert.deepEqual(rowsInSight(0, { rows: 0, row: 22, room: 500 }), { first: 0, count: 0 });
  });
});

describe('keys and selections of a grid', () => {
  const size = { rows: 100, columns: 5, page: 20 };

  it('move within the rows and up to the header', () => {
    const from = (key: string, far = false, place = { row: 10, column: 2 }) => moved(place, { key, far }, size);
    assert.deepEqual(from('ArrowUp', false, { row: 0, column: 2 }), { row: -1, column: 2 });
    assert.deepEqual(from('ArrowDown', false, { row: 99, column: 2 }), { row: 99, column: 2 });
    assert.deepEqual(from('PageDown'), { row: 30, column: 2 });
    assert.deepEqual(from('PageUp'), { row: 0, column: 2 });
    assert.deepEqual(from('End'), { row: 10, column: 4 });
    assert.deepEqual(from('End', true), { row: 99, column: 4 });
    assert.deepEqual(from('Home', true), { row: 0, column: 0 });
    assert.equal(from('x'), undefined);
  });

  it('count cells between two corners, whichever they are, without the header', () => {
    const one = { row: 4, column: 3 };
    const other = { row: 1, column: 1 };
    assert.deepEqual(rectangle(one, other), rectangle(other, one));
    assert.deepEqual(sizeOf(rectangle(one, other)), { rows: 4, columns: 3 });
    assert.deepEqual(sizeOf(rectangle({ row: -1, column: 0 }, { row: -1, column: 0 })), { rows: 0, columns: 1 });
  });
});

describe('what is shown of a table', () => {
  it('turns the order of a column from up to down to that of the file', () => {
    const up = sortedBy([], 'Cost', false);
    const down = sortedBy(up, 'Cost', false);
    assert.deepEqual([up, down], [[{ column: 'Cost', descending: false }], [{ column: 'Cost', descending: true }]]);
    assert.deepEqual(sortedBy(down, 'Cost', false), []);
    const two = sortedBy(up, 'Date', true);
    assert.deepEqual(
      two.map(({ column }) => column),
      ['Cost', 'Date'],
    );
    assert.deepEqual(sortedBy(two, 'Service', false), [{ column: 'Service', descending: false }]);
    assert.deepEqual(
      sortedBy(sortedBy(two, 'Cost', true), 'Cost', true).map(({ column }) => column),
      ['Date'],
    );
  });

  it('comes back after a reload, without what names columns that are gone', () => {
    const kept: PageChoice = {
      columns: [
        { name: 'Gone', width: 90, shown: true },
        { name: 'Cost', width: 90, shown: false },
      ],
      view: {
        sort: [{ column: 'Gone', descending: true }],
        filters: [{ column: 'Service', test: 'contains', text: 'vm' }],
      },
      group: { by: { columns: [{ column: 'Gone' }], sums: ['Cost'] }, order: { descending: false } },
      place: { row: 7, column: 0, top: 100 },
    };
    const { columns, view, group, place } = restoredChoice(kept, COLUMNS);
    assert.deepEqual(
      columns.map(({ name, shown }) => [name, shown]),
      [
        ['Cost', false],
        ['Date', true],
        ['Service', true],
      ],
    );
    assert.deepEqual(view, { sort: [], filters: kept.view.filters });
    assert.equal(group, null);
    assert.equal(place.row, 7);
    assert.deepEqual(restoredChoice(null, COLUMNS), firstChoice(COLUMNS));
  });

  it('makes conditions of a group: the value, its day or its month, or nothing', () => {
    const by = { columns: [{ column: 'Date', by: 'month' as const }, { column: 'Service' }], sums: [] };
    const of = (...keys: (string | null)[]) => groupFilters(by, { keys, rows: 1, sums: [] });
    assert.deepEqual(of('2024-02', null), [
      { column: 'Date', test: 'between', from: '2024-02-01', to: '2024-02-29' },
      { column: 'Service', test: 'oneOf', values: [null] },
    ]);
    assert.deepEqual(of('2026-12-01', '')[0], {
      column: 'Date',
      test: 'between',
      from: '2026-12-01',
      to: '2026-12-31',
    });
    assert.deepEqual(of(null, 'x')[0], { column: 'Date', test: 'empty' });
    const days = { columns: [{ column: 'Date', by: 'day' as const }], sums: [] };
    assert.deepEqual(groupFilters(days, { keys: ['2026-11-05'], rows: 1, sums: [] }), [
      { column: 'Date', test: 'between', from: '2026-11-05', to: '2026-11-05' },
    ]);
  });

  it('orders groups by a sum, the largest first, or by their keys, the first first', () => {
    const group = { by: { columns: [{ column: 'Date' }], sums: ['Cost'] }, order: { descending: false } };
    const bySum = groupOrderedBy(group, 'Cost');
    assert.deepEqual(bySum, { sum: 'Cost', descending: true });
    assert.deepEqual(groupOrderedBy({ ...group, order: bySum }, 'Cost'), { sum: 'Cost', descending: false });
    assert.deepEqual(groupOrderedBy({ ...group, order: bySum }, undefined), { descending: false });
  });

  it('tells conditions in words', () => {
    const column = 'Service';
    assert.equal(
      filterText({ column, test: 'oneOf', values: ['a', null, '', 'b'] }),
      'Service: a, (empty), (empty text) and 1 more',
    );
    assert.equal(filterText({ column, test: 'noneOf', values: ['a'] }), 'Service: not a');
    assert.equal(filterText({ column, test: 'between', to: '5' }), 'Service up to 5');
    assert.equal(filterText({ column, test: 'between', from: '1', to: '5' }), 'Service from 1 to 5');
    assert.equal(filterText({ column, test: 'notEmpty' }), 'Service is not empty');
  });
});

describe('amounts on the page', () => {
  it('keep every digit', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.stringMatching(/^\d{0,20}$/), (whole, rest) => {
        const text = rest === '' ? String(whole) : `${whole}.${rest}`;
        assert.equal(groupedDigits(text).replaceAll(',', ''), text);
      }),
    );
    assert.equal(groupedDigits('-1234567.1234567'), '-1,234,567.1234567');
    assert.equal(groupedDigits('NaN'), 'NaN');
  });

  it('stand beside each other when their currencies differ', () => {
    const sums = [
      { column: 'Cost', currency: 'EUR', sum: '1000.5', values: 2 },
      { column: 'Cost', currency: 'USD', sum: '2', values: 1 },
      { column: 'Quantity', currency: null, sum: '3', values: 3 },
    ];
    assert.equal(sumsText(sums), 'Cost: 1,000.5 EUR · 2 USD; Quantity: 3');
    assert.equal(amountText({ column: 'Cost', currency: '', sum: '5', values: 1 }), '5');
  });
});
