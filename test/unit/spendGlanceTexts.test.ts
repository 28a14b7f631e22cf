import assert from 'node:assert/strict';
import { glanceLines, roundedAmount, shortAmount } from '../../src/charts/glanceTexts.ts';
import type { SpendPicture } from '../../src/spend/spendShapes.ts';

/** Two days of a month, compared. */
function picture(currency: string, decimals: number, days: [string, string], total: string): SpendPicture {
  const period = { from: '2026-11-01', to: '2026-11-02' };
  return {
    question: {
      scope: '/subscriptions/s',
      period: 'MonthToDate',
      granularity: 'daily',
      groupBy: '',
      filters: [],
      metric: 'actual',
      currency: 'billing',
      top: 10,
      view: 'cumulative',
    },
    period,
    periodLabel: '1–2 November 2026',
    groupLabel: '',
    currency,
    currencies: [currency],
    decimals,
    steps: ['2026-11-01', '2026-11-02'].map((day) => ({ from: day, to: day, open: true, state: 'open' as const })),
    series: [{ key: '', label: 'All costs', kind: 'none', total, values: days }],
    totals: days,
    total,
    cumulative: { actual: [days[0], total], budgets: [] },
    comparison: {
      label: '1–2 October 2026',
      period,
      days: period,
      now: '0.5',
      total: '1',
      difference: '-0.5',
      percent: '-4.2',
      note: 'Today is left out.',
      drivers: [],
    },
    facts: [],
    summary: '',
    fetchedAt: '2026-11-02T10:00:00Z',
  };
}

const budget = (name: string) => ({
  id: '/b',
  name,
  properties: { amount: 1000, timeGrain: 'Monthly', currentSpend: { amount: 450, unit: 'EUR' } },
});

describe('the spend of a row at a glance', () => {
  for (const [locale, currency, decimals, digits, rounded, short] of [
    ['en', 'USD', 2, '4612.1096300223684109', '4,612.11 USD', '4.61K USD'],
    ['de', 'JPY', 0, '1234567.5000000000000001', '1.234.568 JPY', '1,23 Mio. JPY'],
    ['ar-EG', 'KWD', 3, '1234.5675', '١٬٢٣٤٫٥٦٨ KWD', '١٫٢٣ ألف KWD'],
  ] as const) {
    it(`writes ${currency} as ${locale} does, with every digit in the tooltip`, () => {
      const amount = { currency, decimals };
      assert.equal(roundedAmount(digits, amount, locale), rounded);
      assert.equal(shortAmount(digits, amount, locale).replaceAll('\u00a0', ' '), short);
      const [total] = glanceLines({ picture: picture(currency, decimals, ['1', digits], digits), budgets: [] }, locale);
      assert.equal(total?.label, rounded);
      assert.ok(total?.tooltip.includes(`${digits} ${currency}`), total?.tooltip);
    });
  }

  it('has bars and, on a line of its own, the day with the highest cost', () => {
    const lines = glanceLines({ picture: picture('EUR', 2, ['10', '40'], '50'), budgets: [] }, 'en');
    assert.deepEqual(
      lines.map(({ label, description }) => [label, description]),
      [
        ['50.00 EUR', 'month to date, estimate'],
        ['▃█', ''],
        ['40.00 EUR', 'peak, 2026-11-02'],
        ['-4.2 %', 'against 1–2 October 2026'],
      ],
    );
  });

  it('shows names of budgets as text of one line, and keeps what follows one from right to left in its place', () => {
    const names = ['\u202ereversed\u202c', 'תקציב', 'x'.repeat(4000), '<b>$(sync)</b>\nmore'];
    const lines = glanceLines({ picture: picture('EUR', 2, ['1', '2'], '3'), budgets: names.map(budget) }, 'en');
    const labels = lines.slice(-4).map(({ label }) => label);
    assert.equal(labels[0], '45% of reversed');
    assert.equal(labels[1], '45% of \u200eתקציב\u200e');
    assert.equal([...(labels[2] ?? '')].length, '45% of '.length + 160);
    assert.equal(labels[3], '45% of <b>$(sync)</b> more');
  });
});
