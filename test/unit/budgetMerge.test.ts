import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { BudgetBody } from '../../src/budgeting/budgetBody.ts';
import { changeOf, valueText } from '../../src/budgeting/budgetChange.ts';
import { fieldOf } from '../../src/budgeting/budgetFields.ts';
import { chooseSide, mergeBudgets } from '../../src/budgeting/mergeBudgets.ts';
import { sameValue } from '../../src/budgeting/sameValue.ts';
import { parseJson } from '../../src/json/parseJson.ts';

const read = (text: string) => parseJson(text) as BudgetBody;
const sentences = (before: BudgetBody, after: BudgetBody) =>
  changeOf(before, after, 'EUR').fields.map((f) => f.sentence);

const eighty = { enabled: true, operator: 'GreaterThan', threshold: 80, contactEmails: ['a@b.c', 'd@e.f'] };
const base: BudgetBody = {
  category: 'Cost',
  amount: 1000,
  timeGrain: 'Monthly',
  timePeriod: { startDate: '2026-11-01T00:00:00Z', endDate: '2027-10-31T00:00:00Z' },
  notifications: { eighty },
  own: [1, 2],
};
const withEighty = (members: object): BudgetBody => ({ ...base, notifications: { eighty: { ...eighty, ...members } } });

describe('change of a budget', () => {
  it('is told in sentences', () => {
    assert.deepEqual(sentences(read('{"amount":1000.00}'), read('{"amount":1250.00}')), [
      'amount: 1,000.00 → 1,250.00 EUR',
    ]);
    assert.deepEqual(sentences(base, withEighty({ threshold: 90, contactEmails: ['d@e.f', 'g@h.i'] })), [
      "threshold of 'eighty': 80 → 90 %",
      "contactEmails of 'eighty': + g@h.i, − a@b.c",
    ]);
    assert.deepEqual(sentences(base, { ...base, notifications: {} }), [
      "notification 'eighty': removed, was Actual GreaterThan 80 %, to a@b.c, d@e.f",
    ]);
    assert.deepEqual(sentences(base, { ...base, timePeriod: { startDate: '2026-11-01', endDate: '2028-01-31' } }), [
      'timePeriod.endDate: 2027-10-31 → 2028-01-31',
    ]);
    assert.deepEqual(sentences(base, { ...base, filter: { tags: { name: 't', operator: 'In', values: ['x'] } } }), [
      'filter: {"tags":{"name":"t","operator":"In","values":["x"]}} is new',
    ]);
  });

  it('has words for every value', () => {
    const long = Array.from({ length: 100 }, () => 'x@y.z');
    assert.deepEqual(
      [undefined, read('1234567.10'), '2026-11-01T00:00:00Z', 'Monthly', true, long].map((value) =>
        valueText(value).slice(0, 12),
      ),
      ['nothing', '1,234,567.10', '2026-11-01', 'Monthly', 'true', '["x@y.z","x@'],
    );
    assert.equal(valueText(long).length, 200);
  });

  it('is none for what differs in writing only, and sends what the service had', () => {
    const former = read(
      '{"amount":1000.00,"timePeriod":{"startDate":"2026-11-01T00:00:00Z"},"timeGrain":"Monthly","x":1.10}',
    );
    const edited = read(
      '{"timeGrain":"monthly","x":1.1,"timePeriod":{"startDate":"2026-11-01"},"amount":1e3,"filter":null}',
    );
    assert.deepEqual(changeOf(former, edited), { fields: [], body: former });
    const more = changeOf(former, { ...edited, category: 'Cost' });
    assert.equal(
      JSON.stringify(more.body),
      '{"category":"Cost","amount":1000.00,"timeGrain":"Monthly","timePeriod":{"startDate":"2026-11-01T00:00:00Z"},"x":1.10}',
    );
  });

  it('keeps members that nobody knows, and takes away what was taken away', () => {
    const { own: _, ...rest } = base;
    assert.deepEqual(changeOf(base, { ...base, amount: 5 }).body.own, [1, 2]);
    assert.equal('own' in changeOf(base, rest).body, false);
  });
});

describe('three-way merge of budgets', () => {
  it('takes what only one side changed, and both sides of lists of contacts', () => {
    const { merged, conflicts, fields } = mergeBudgets(
      base,
      { ...withEighty({ contactEmails: ['a@b.c', 'd@e.f', 'mine@x.y'] }), amount: 1250 },
      { ...withEighty({ contactEmails: ['d@e.f', 'theirs@x.y'] }), timeGrain: 'Quarterly' },
    );
    assert.deepEqual(conflicts, []);
    assert.equal(merged.amount, 1250);
    assert.equal(merged.timeGrain, 'Quarterly');
    assert.deepEqual(merged.notifications?.eighty?.contactEmails, ['d@e.f', 'theirs@x.y', 'mine@x.y']);
    assert.deepEqual(
      fields.map(({ name, side }) => [name, side]),
      [
        ['amount', 'mine'],
        ['timeGrain', 'theirs'],
        ["contactEmails of 'eighty'", 'both'],
      ],
    );
  });

  it('asks where both changed the same, and keeps what was typed until somebody chooses', () => {
    const merge = mergeBudgets(base, { ...base, amount: 1250 }, { ...base, amount: 900 });
    assert.deepEqual(
      merge.conflicts.map(({ pointer, base: was, mine, theirs }) => [pointer, was, mine, theirs]),
      [['/amount', 1000, 1250, 900]],
    );
    assert.equal(merge.merged.amount, 1250);
    const chosen = chooseSide(merge, '/amount', 'theirs');
    assert.deepEqual([chosen.merged.amount, chosen.conflicts], [900, []]);
  });

  it('asks where one side removed what the other changed', () => {
    const merge = mergeBudgets(base, withEighty({ threshold: 95 }), { ...base, notifications: {} });
    assert.deepEqual(
      merge.conflicts.map(({ name }) => name),
      ["notification 'eighty'"],
    );
    assert.deepEqual(merge.merged.notifications?.eighty?.threshold, 95);
  });

  it('compares notifications that both added member by member', () => {
    const add = (members: object) => ({ ...base, notifications: { eighty, more: { ...eighty, ...members } } });
    const merge = mergeBudgets(base, add({ threshold: 90 }), add({ threshold: 95, locale: 'de-de' }));
    assert.deepEqual(
      merge.conflicts.map(({ pointer }) => pointer),
      ['/notifications/more/threshold'],
    );
    assert.equal(merge.merged.notifications?.more?.locale, 'de-de');
  });

  const value = fc.constantFrom<unknown>(1, 2, 'x', 'y', true, null, ['a'], ['a', 'b'], ['b']);
  const notification = fc.dictionary(
    fc.constantFrom('threshold', 'enabled', 'contactEmails', 'own', 'constructor'),
    value,
  );
  const body: fc.Arbitrary<BudgetBody> = fc
    .record(
      {
        amount: value,
        filter: fc.constantFrom<unknown>({}, { tags: { name: 'a' } }, { dimensions: { name: 'b' } }),
        timePeriod: fc.dictionary(
          fc.constantFrom('startDate', 'endDate'),
          fc.constantFrom('2026-11-01', '2026-11-01T00:00:00Z', '2027-01-01'),
        ),
        notifications: fc.oneof(
          fc.dictionary(fc.constantFrom('a', 'b', 'a/b', 'locale', '__proto__'), notification),
          fc.constant('none'),
        ),
        own: value,
      },
      { requiredKeys: [] },
    )
    .map((made) => JSON.parse(JSON.stringify(made)) as BudgetBody);
  const three = fc.tuple(body, body, body);

  it('never loses a value that was typed', () => {
    fc.assert(
      fc.property(three, ([was, mine, theirs]) => {
        const { merged } = mergeBudgets(was, mine, theirs);
        for (const field of changeOf(was, mine).fields) {
          const kept = fieldOf(merged, field);
          const typed = field.after;
          const inList =
            Array.isArray(typed) &&
            Array.isArray(kept) &&
            typed.every((item) => kept.includes(item) || isIn(field.before, item));
          const inside = isWithin(typed, kept);
          assert.ok(inList || inside, `${field.pointer}: ${JSON.stringify(typed)} in ${JSON.stringify(kept)}`);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('is the other side where only one changed anything, and either where both did the same', () => {
    fc.assert(
      fc.property(three, ([was, mine]) => {
        for (const merge of [
          mergeBudgets(was, mine, was),
          mergeBudgets(was, was, mine),
          mergeBudgets(was, mine, mine),
        ]) {
          assert.deepEqual(merge.conflicts, []);
          assert.ok(sameValue('', merge.merged, mine), JSON.stringify(merge.merged));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('has the same conflicts from either side, and the same result where there are none', () => {
    fc.assert(
      fc.property(three, ([was, mine, theirs]) => {
        const [one, other] = [mergeBudgets(was, mine, theirs), mergeBudgets(was, theirs, mine)];
        const pointers = (merge: typeof one) => merge.conflicts.map(({ pointer }) => pointer).sort();
        assert.deepEqual(pointers(one), pointers(other));
        if (one.conflicts.length === 0) {
          assert.ok(sameValue('', sortedLists(one.merged), sortedLists(other.merged)));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('a change that is applied gives what was edited', () => {
    fc.assert(
      fc.property(three, ([was, mine]) => {
        assert.ok(sameValue('', changeOf(was, mine).body, mine));
      }),
      { numRuns: 2000 },
    );
  });
});

function isIn(list: unknown, item: unknown): boolean {
  return Array.isArray(list) && list.includes(item);
}

/** Whether all that was typed is there: a map may have more, from the other side. */
function isWithin(typed: unknown, kept: unknown): boolean {
  // Null is nothing.
  if (typed === null) {
    return true;
  }
  if (
    typed !== null &&
    kept !== null &&
    typeof typed === 'object' &&
    typeof kept === 'object' &&
    !Array.isArray(typed)
  ) {
    return Object.entries(typed).every(([key, value]) => isWithin(value, (kept as Record<string, unknown>)[key]));
  }
  return (
    (Array.isArray(typed) && Array.isArray(kept) && typed.every((item) => kept.includes(item))) ||
    sameValue('', typed, kept) ||
    JSON.stringify(typed) === JSON.stringify(kept) ||
    sameValue('startDate', typed, kept)
  );
}

/** Contacts of both sides come in the order of the other side. */
function sortedLists(value: unknown): unknown {
  if (Array.isArray(value)) {
    return [...value].sort();
  }
  if (value === null || typeof value !== 'object') {
    return value;
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, sortedLists(item)]));
}
