import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as v from 'valibot';
import { amountText, parseAmount, percentText } from '../../src/spend/amounts.ts';
import { addDays } from '../../src/spend/spendPeriod.ts';
import { spendPicture } from '../../src/spend/spendPicture.ts';
import { checkSpendQuestion } from '../../src/spend/spendQuestion.ts';
import type { SpendRead, SpendSlice } from '../../src/spend/spendRead.ts';
import type { SpendRow } from '../../src/spend/spendRows.ts';
import { type SpendQuestion, spendPictureShape } from '../../src/spend/spendShapes.ts';
import { sumOf } from '../support/spend.ts';

const NOW = new Date('2026-11-21T09:00:00Z');
const SCOPE = '/subscriptions/2f6a1c5e-0000-4000-8000-000000000001';
const AT = { now: NOW, locale: 'en-US' };

/** A cost as the service writes it. */
const digits = fc
  .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 14n }), fc.bigInt({ min: 0n, max: 10n ** 20n - 1n }))
  .map(([negative, whole, fraction]) => `${negative ? '-' : ''}${whole}.${fraction.toString().padStart(20, '0')}`);

interface Cost {
  day: string;
  key: string;
  currency: string;
  cost: string;
}

const cost = fc.record({
  day: fc.integer({ min: 1, max: 31 }).map((day) => `2026-10-${String(day).padStart(2, '0')}`),
  key: fc.constantFrom('', 'Storage', 'storage', '=SUM(A1)', '<b>', 'Bandwidth', '\u202eevil', '😀'),
  currency: fc.constantFrom('USD', 'JPY', 'KWD'),
  cost: digits,
});

function units(text: string): bigint {
  const amount = parseAmount(text);
  assert.ok(amount !== undefined);
  return amount;
}

function row({ day, key, currency, cost: text }: Cost): SpendRow {
  return { day, key, label: '', currency, cost: units(text), usd: units(text) };
}

function slice(month: string, costs: readonly Cost[], filters: SpendQuestion['filters'] = []): SpendSlice {
  const period = { from: `${month}-01`, to: `${month}-${month.endsWith('09') ? '30' : '31'}` };
  const months = new Map([[month, { rows: costs.map(row), fetchedAt: NOW }]]);
  return { period, months, missing: [], filters };
}

function read(given: object, now: SpendSlice, before?: SpendSlice): SpendRead {
  const question = checkSpendQuestion({ scope: SCOPE, period: '2026-10', ...given }, NOW);
  return { question, granularity: 'daily', until: now.period.to, now, ...(before && { compared: { now, before } }) };
}

/** Of each group. */
function sumsOf(costs: readonly Cost[]): string[] {
  const keys = new Set(costs.map(({ key }) => key));
  return [...keys].map((key) => sumOf(costs.filter((each) => each.key === key).map(({ cost: text }) => text)));
}

describe('the picture of spend', () => {
  it('adds up to the digit in each currency, whatever is shown of it', () => {
    fc.assert(
      fc.property(fc.array(cost, { maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (costs, top) => {
        const currencies = new Set(costs.map(({ currency }) => currency));
        for (const code of currencies) {
          const picture = spendPicture(read({ top, code }, slice('2026-10', costs)), AT);
          const own = costs.filter(({ currency }) => currency === code);
          assert.equal(picture.currency, code);
          assert.deepEqual(new Set(picture.currencies), currencies);
          assert.equal(picture.total, sumOf(own.map(({ cost: text }) => text)));
          assert.equal(sumOf(picture.series.map(({ total }) => total)), picture.total);
          assert.equal(sumOf(picture.totals), picture.total);
          assert.equal(picture.cumulative.actual.at(-1), picture.total);
          assert.ok(picture.series.length <= top + 1);
          for (const { kind, key, total, values } of picture.series) {
            assert.equal(sumOf(values), total);
            if (kind === 'group') {
              assert.equal(total, sumOf(own.filter((each) => each.key === key).map(({ cost: text }) => text)));
            }
          }
          assert.ok(v.safeParse(spendPictureShape, picture).success);
        }
      }),
    );
  });

  it('compares so that the drivers add up to the difference of the totals', () => {
    const earlier = fc.array(
      cost.map((each) => ({ ...each, day: each.day.replace('-10-31', '-10-30').replace('-10-', '-09-') })),
    );
    fc.assert(
      fc.property(fc.array(cost, { minLength: 1 }), earlier, (costs, before) => {
        const given = { compareWith: 'previous', code: 'JPY' };
        const picture = spendPicture(read(given, slice('2026-10', costs), slice('2026-09', before)), AT);
        const { comparison } = picture;
        assert.ok(comparison);
        assert.equal(comparison.now, picture.total);
        assert.equal(sumOf([comparison.total, comparison.difference]), comparison.now);
        assert.equal(sumOf(comparison.drivers.map(({ difference }) => difference)), comparison.difference);
        for (const { now, before: old, difference, kind } of comparison.drivers) {
          assert.equal(sumOf([old, difference]), now);
          assert.equal(kind === 'new', old === '0');
          assert.equal(kind === 'gone', old !== '0' && now === '0');
        }
      }),
    );
  });

  const costs: Cost[] = [
    { day: '2026-10-01', key: 'Storage', currency: 'USD', cost: '10.5' },
    { day: '2026-10-02', key: 'Compute', currency: 'USD', cost: '30' },
    { day: '2026-10-02', key: 'Backup', currency: 'USD', cost: '1' },
    { day: '2026-10-03', key: '', currency: 'USD', cost: '0.25' },
    { day: '2026-10-03', key: 'Refund', currency: 'USD', cost: '-20' },
  ];

  it('shows the largest groups first, credits by their size, and the rest as one', () => {
    const { series, facts } = spendPicture(read({ top: 3 }, slice('2026-10', costs)), AT);
    assert.deepEqual(
      series.map(({ kind, label, total }) => [kind, label, total]),
      [
        ['group', 'Compute', '30'],
        ['group', 'Refund', '-20'],
        ['group', 'Storage', '10.5'],
        ['others', 'Others (2)', '1.25'],
      ],
    );
    assert.ok(facts.some((fact) => /3 largest of 5 groups by service/.test(fact)));
  });

  it('filters the groups that are shown without case, and says so', () => {
    const filters = [{ by: 'ServiceName', values: ['storage', 'backup'] }];
    const only = spendPicture(read({ filters }, slice('2026-10', costs, filters)), AT);
    assert.equal(only.total, '11.5');
    assert.ok(only.facts.includes('Only service storage, backup.'));
    const not = [{ by: 'ServiceName', values: ['Refund'], not: true as const }];
    assert.equal(spendPicture(read({ filters: not }, slice('2026-10', costs, not)), AT).total, '41.75');
  });

  it('tells groups of one name apart', () => {
    const rows = ['a1', 'b2'].map((key) => ({
      ...row({ day: '2026-10-01', key, currency: 'USD', cost: '1' }),
      label: 'Production',
    }));
    const months = new Map([['2026-10', { rows, fetchedAt: NOW }]]);
    const { series } = spendPicture(read({}, { ...slice('2026-10', []), months }), AT);
    assert.deepEqual(series.map(({ label }) => label).sort(), ['Production (a1)', 'Production (b2)']);
  });

  it('has no value where nothing was read yet, and no cumulative line behind it', () => {
    const period = { from: '2026-09-01', to: '2026-10-31' };
    const part = { ...slice('2026-10', costs), period, missing: ['2026-09'] };
    const picture = spendPicture(read({ period }, part), AT);
    assert.deepEqual(picture.totals.slice(28, 32), [null, null, '10.5', '31']);
    assert.deepEqual(new Set(picture.cumulative.actual), new Set([null]));
    assert.equal(picture.partial, '1 of 2 months read so far.');
    assert.equal(picture.comparison, undefined);
  });

  it('marks what is open, and has no values for days to come', () => {
    const now = { ...slice('2026-11', [{ day: '2026-11-20', key: '', currency: 'JPY', cost: '7' }]) };
    const open = { ...now, period: { from: '2026-11-01', to: '2026-11-30' } };
    const picture = spendPicture(read({ period: '2026-11' }, open), AT);
    assert.deepEqual([picture.currency, picture.decimals], ['JPY', 0]);
    assert.deepEqual(new Set(picture.steps.map((step) => step.open)), new Set([true]));
    assert.deepEqual(picture.totals.slice(18, 22), ['0', '7', null, null]);
    assert.deepEqual(
      picture.steps.slice(18, 22).map(({ state }) => state),
      ['open', 'open', 'today', 'ahead'],
    );
    assert.ok(picture.facts.some((fact) => fact.startsWith('November 2026 is open')));
  });

  it('tells what was not read, what cost nothing, what is still open and what is to come apart', () => {
    const rows = fc.array(
      fc.record({
        day: fc.integer({ min: 0, max: 81 }).map((day) => addDays('2026-09-01', day)),
        key: fc.constantFrom('a', 'b', ''),
        currency: fc.constant('JPY'),
        cost: fc.constantFrom('0', '1', '-1', '2.5'),
      }),
    );
    const months = ['2026-09', '2026-10', '2026-11'];
    fc.assert(
      fc.property(rows, fc.subarray(months), fc.constantFrom('daily', 'monthly'), (costs, kept, granularity) => {
        const period = { from: '2026-09-01', to: '2026-11-30' };
        const isKept = (day: string) => kept.includes(day.slice(0, 7));
        const ofMonth = (month: string) => ({
          rows: costs.filter(({ day }) => day.startsWith(month)).map(row),
          fetchedAt: NOW,
        });
        const now: SpendSlice = {
          period,
          months: new Map(kept.map((month) => [month, ofMonth(month)])),
          missing: months.filter((month) => !kept.includes(month)),
          filters: [],
        };
        const question = checkSpendQuestion({ scope: SCOPE, period, granularity }, NOW);
        const picture = spendPicture(
          { question, granularity: question.granularity, until: period.to, now } as SpendRead,
          AT,
        );
        for (const [at, { from, to, state }] of picture.steps.entries()) {
          const own = costs.filter(({ day }) => isKept(day) && day >= from && day <= to);
          const value = picture.totals[at];
          const where = `${from} ${state} ${value}`;
          assert.equal(
            value === null,
            ['ahead', 'unread'].includes(state) || (state === 'today' && value === null),
            where,
          );
          if (from > '2026-11-21') {
            assert.equal(state, 'ahead');
          } else if (!isKept(from)) {
            assert.equal(state, 'unread');
          } else if (from === to && from === '2026-11-21') {
            assert.equal(state, 'today');
            assert.equal(
              value !== null,
              sumsOf(own).some((sum) => sum !== '0'),
              where,
            );
          } else {
            assert.equal(state, from >= '2026-11-01' ? 'open' : 'final');
            assert.equal(value, sumOf(own.map(({ cost: text }) => text)), where);
          }
          for (const { values } of picture.series) {
            assert.equal(values[at] === null, value === null, where);
          }
        }
        assert.equal(sumOf(picture.totals), picture.total);
      }),
    );
  });

  it('is told in sentences, as the locale writes them and with the digits that the currency has', () => {
    const rows = [
      ['2026-10-05', '1234.5'],
      ['2026-10-20', '2000.0000000001'],
    ].map(([day = '', text = '']) => ({ day, key: 'Storage', currency: 'KWD', cost: text }));
    const { summary } = spendPicture(read({}, slice('2026-10', rows)), { now: NOW, locale: 'de-DE' });
    assert.equal(
      summary,
      'Actual cost by service, October 2026 (UTC): 3.234,500 KWD in total. The largest is Storage. The day with the highest cost is 20 October 2026: 2.000,000 KWD. The trend is rising: the later half is 62 % higher than the earlier one.',
    );
  });
});

describe('an amount', () => {
  it('keeps its digits', () => {
    fc.assert(
      fc.property(digits, (text) => {
        assert.equal(amountText(units(text)), sumOf([text]));
      }),
    );
  });

  it('is a part of another in percent with one decimal', () => {
    const percent = (part: string, whole: string) => percentText(units(part), units(whole));
    assert.equal(percent('1', '3'), '33.3');
    assert.equal(percent('-2', '3'), '-66.7');
    assert.equal(percent('1', '-4'), '25');
    assert.equal(percent('1', '0'), undefined);
  });
});
