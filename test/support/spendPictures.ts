import type { SpendPicture, SpendQuestion } from '../../src/spend/spendShapes.ts';

export interface PictureOptions {
  /** First day, UTC. */
  from?: string;
  steps?: number;
  monthly?: boolean;
  /** Names of the groups; none for one sum. */
  groups?: readonly string[];
  currency?: string;
  /** Digits behind the point that the currency has. */
  decimals?: number;
  /** Digits behind the point that amounts have. */
  digits?: number;
  /** How many of the last steps are of the open month. */
  open?: number;
  /** How many of the first steps were not read yet. */
  unread?: number;
  /** Steps without any cost. */
  zero?: readonly number[];
  /** Groups, by their place, that are credits. */
  credits?: readonly number[];
  /** Whether the last step is the day that goes on, of which nothing was reported yet. */
  today?: boolean;
}

export const SERVICES = [
  'Virtual Machines',
  'Storage',
  'Azure SQL Database',
  'Bandwidth',
  'Azure Kubernetes Service',
  'Log Analytics',
];

export const QUESTION: SpendQuestion = {
  scope: '/subscriptions/6b9f5a0e-4c4e-4a0b-9d4e-3a6f0d7b1c22',
  period: 'MonthToDate',
  granularity: 'auto',
  groupBy: 'ServiceName',
  filters: [],
  metric: 'actual',
  currency: 'billing',
  top: 8,
  view: 'columns',
};

/** A picture whose sums are exact: integers of the smallest digit are added, never doubles. */
export function samplePicture(question: Partial<SpendQuestion> = {}, options: PictureOptions = {}): SpendPicture {
  const {
    from = '2026-10-01',
    steps: count = 31,
    monthly = false,
    groups = SERVICES,
    currency = 'EUR',
    decimals = 2,
    digits = 2,
    open = 0,
    unread = 0,
    zero = [],
    credits = [],
    today = false,
  } = options;
  const steps = Array.from({ length: count }, (_, at) => ({
    ...(monthly ? monthOf(from, at) : { from: dayOf(from, at), to: dayOf(from, at) }),
    open: at >= count - open || (today && at === count - 1),
    state: stateOf(at),
  }));
  function stateOf(at: number): SpendPicture['steps'][number]['state'] {
    return at < unread ? 'unread' : today && at === count - 1 ? 'today' : at >= count - open ? 'open' : 'final';
  }
  const isKnown = (at: number) => !['unread', 'today'].includes(stateOf(at));
  const rows = groups.length === 0 ? [''] : [...groups, 'Others'];
  // Different from each other, and the same in every run.
  const unit = 10n ** BigInt(digits);
  const amounts = rows.map((_, row) =>
    steps.map((_step, at) =>
      zero.includes(at) || !isKnown(at)
        ? 0n
        : ((BigInt(((at * 37 + row * 101) % 53) + 20) * unit * 7n) / BigInt(row + 1) + BigInt(at * row)) *
          (credits.includes(row) ? -1n : 1n),
    ),
  );
  const text = (value: bigint) => decimalText(value, digits);
  const sum = (values: readonly bigint[]) => values.reduce((total, value) => total + value, 0n);
  const totals = steps.map((_, at) => sum(amounts.map((row) => row[at] ?? 0n)));
  const total = sum(totals);
  const running = totals.map((_, at) => sum(totals.slice(0, at + 1)));
  const last = steps.at(-1);
  return {
    question: { ...QUESTION, ...(groups.length === 0 ? { groupBy: '' } : {}), ...question },
    period: { from: steps[0]?.from ?? from, to: last?.to ?? from },
    periodLabel: `${steps[0]?.from} to ${last?.to} (UTC)`,
    groupLabel: groups.length === 0 ? '' : 'Service',
    currency,
    currencies: [currency],
    decimals,
    steps,
    series: rows.map((label, row) => ({
      key: groups.length === 0 || row === groups.length ? '' : label,
      label: label === '' ? 'Total' : label,
      kind: groups.length === 0 ? 'none' : row === groups.length ? 'others' : 'group',
      total: text(sum(amounts[row] ?? [])),
      values: (amounts[row] ?? []).map((value, at) => (isKnown(at) ? text(value) : null)),
    })),
    totals: totals.map((value, at) => (isKnown(at) ? text(value) : null)),
    total: text(total),
    cumulative: {
      actual: running.map((value, at) => (unread === 0 && isKnown(at) ? text(value) : null)),
      budgets: [
        {
          name: 'monthly-cap',
          amount: text((total * 9n) / 10n),
          values: steps.map((_, at) => text((total * 9n * BigInt(at + 1)) / (10n * BigInt(count)))),
        },
      ],
      forecast: {
        values: running.map((value, at) => (at < count - 8 ? null : text(value + unit * BigInt(at)))),
        low: running.map((value, at) => (at < count - 8 ? null : text(value - unit * BigInt((at - count + 9) * 60)))),
        high: running.map((value, at) => (at < count - 8 ? null : text(value + unit * BigInt((at - count + 9) * 80)))),
        total: text(total),
        method: 'Forecast of Cost Management; the range is the spread of the daily cost of the last 28 days.',
      },
      previous: running.map((value) => text((value * 8n) / 10n)),
    },
    comparison: {
      label: 'September 2026',
      period: { from: '2026-09-01', to: '2026-09-30' },
      total: text((total * 8n) / 10n),
      days: { from: steps[0]?.from ?? from, to: last?.to ?? from },
      now: text(total),
      difference: text(total - (total * 8n) / 10n),
      percent: '25.0',
      drivers: rows.map((label, row) => {
        const now = sum(amounts[row] ?? []);
        const before = row === 0 ? 0n : row === 2 ? now * 2n : (now * 7n) / 10n;
        return {
          key: row === groups.length ? '' : label,
          label: label === '' ? 'Total' : label,
          now: text(row === 3 ? 0n : now),
          before: text(before),
          difference: text((row === 3 ? 0n : now) - before),
          kind: row === 0 ? 'new' : row === 3 ? 'gone' : row === 2 ? 'less' : 'more',
          ...(row === groups.length ? { others: true as const } : {}),
        };
      }),
    },
    facts: ['Before taxes and credits.', 'Days are days of UTC.'],
    summary: `Contoso, October 2026: ${text(total)} ${currency} in total. Peak: ${text(totals.reduce((most, value) => (value > most ? value : most), 0n))} ${currency}. The trend is level.`,
    fetchedAt: '2026-11-20T08:00:00Z',
  };
}

function dayOf(from: string, at: number): string {
  return new Date(Date.parse(`${from}T00:00:00Z`) + at * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
}

function monthOf(from: string, at: number): { from: string; to: string } {
  const [year, month] = [Number(from.slice(0, 4)), Number(from.slice(5, 7)) - 1 + at];
  return {
    from: new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10),
    to: new Date(Date.UTC(year, month + 1, 0)).toISOString().slice(0, 10),
  };
}

function decimalText(value: bigint, digits: number): string {
  const sign = value < 0n ? '-' : '';
  const all = String(value < 0n ? -value : value).padStart(digits + 1, '0');
  return digits === 0 ? `${sign}${all}` : `${sign}${all.slice(0, -digits)}.${all.slice(-digits)}`;
}
