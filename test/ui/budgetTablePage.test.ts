import assert from 'node:assert/strict';
import {
  readTableToHost,
  type TableRow,
  type TableState,
  type TableToHost,
  type TableToPage,
} from '../../src/budgets/tableContract.ts';
import { type BrowserPage, browserPages, type OpenPage, violations } from '../support/browserPage.ts';

type TablePage = BrowserPage<TableToPage, TableToHost>;
type Table = Extract<TableToPage, { type: 'table' }>;

const LONG = 'The Extraordinarily Long-Named Consolidated Harbour and Inland Waterways Holding Company of the North';

const CREATED = [
  'amount: 5,000.00 EUR is new',
  'category: Cost is new',
  'timeGrain: Monthly is new',
  'timePeriod: {"startDate":"2026-11-01T00:00:00Z"} is new',
  "notification 'Actual_80_Percent': new, Actual GreaterThanOrEqualTo 80 %, to billing@harbourlight.example",
];

const PREVIEW_ROWS: TableRow[] = [
  row('Alder Mill', 'create', CREATED),
  row('Brightwater Opera', 'change', ['amount: 4,290 → 5,000.00 EUR', "threshold of 'Actual_80_Percent': 90 → 80 %"]),
  row('מאפיית השחר הירושלמית', 'create', CREATED, 'customer · ILS'),
  row('Cinder & Sons <b>Ltd</b>', 'unchanged', ['It is so already.'], 'customer · KWD', null),
  row(
    LONG,
    'notAllowed',
    ['amount is in EUR, and budgets here are in JPY; give this row an amount of its own.'],
    'customer · JPY',
    null,
  ),
  row('Delta Ferries', 'create', CREATED),
];

function row(
  name: string,
  state: string,
  lines: string[],
  note = 'customer · EUR',
  ticked: boolean | null = true,
): TableRow {
  const actions = state === 'unchanged' ? [] : [{ id: 'amount', label: 'Amount…' }];
  return { id: name, name, note, state, lines, ticked, actions };
}

const STATES: TableState[] = [
  { id: 'create', label: 'Create', count: 3, tone: 'work' },
  { id: 'change', label: 'Change', count: 1, tone: 'work' },
  { id: 'unchanged', label: 'Unchanged', count: 1, tone: 'quiet' },
  { id: 'notAllowed', label: 'Not allowed', count: 1, tone: 'bad' },
];

const PREVIEW: Table = {
  type: 'table',
  title: 'Budget monthly-limit for 6 scopes',
  facts: ['The amount is in EUR.', 'Nothing stops when a budget is reached; it tells the people that it names.'],
  heads: { name: 'Scope', lines: 'What exactly' },
  rows: PREVIEW_ROWS.map((one, index) => ({ ...one, id: String(index) })),
  summary: 'Nothing is written yet: 3 to create, 1 to change, 1 unchanged, 1 not allowed.',
  states: STATES,
  actions: [
    { id: 'write', label: 'Write 4 Budgets' },
    { id: 'plan', label: 'Look Again' },
  ],
  busy: false,
};

const COVERAGE: Table = {
  ...PREVIEW,
  title: 'Budget coverage of Harbourlight Cloud Partners',
  heads: { name: 'Scope', lines: 'Budgets' },
  facts: ['As of 2026-11-21, UTC.'],
  summary: '1 of 4 scopes has a budget that alerts.',
  states: [
    { id: 'none', label: 'No budget', count: 1, tone: 'bad' },
    { id: 'expired', label: 'Expired', count: 1, tone: 'bad' },
    { id: 'silent', label: 'Alerts nobody', count: 1, tone: 'bad' },
    { id: 'covered', label: 'Covered', count: 1, tone: 'good' },
  ],
  rows: [
    ['Alder Mill', 'none', 'There is no budget.', 'create'],
    [
      'Brightwater Opera',
      'expired',
      'pilot, ends 2026-08-31: It has ended; create a new one or set a later end.',
      'create',
    ],
    [
      'מאפיית השחר',
      'silent',
      'no-alerts, ends 2028-05-31: All its notifications are switched off; set enabled to true.',
      'edit',
    ],
    [LONG, 'covered', 'monthly-plan, ends 2028-05-31: alerts.', ''],
  ].map(([name = '', state = '', line = '', action = ''], index) => ({
    ...row(name, state, [line], 'customer · EUR', null),
    id: String(index),
    actions: action === '' ? [] : [{ id: action, label: action === 'edit' ? 'Edit' : 'Create…' }],
  })),
  actions: [
    { id: 'create', label: 'Create Budgets for 2…' },
    { id: 'again', label: 'Read Again' },
  ],
};

const BACK_TEST: Table = {
  ...PREVIEW,
  title: 'Back-test of Emberstone Ferries monthly-plan',
  heads: { name: 'Notification', lines: 'When' },
  summary: 'Would have fired on 4 March 2026 and 2 June 2026.',
  facts: ['2025-11-01 to 2026-10-31, UTC, by day, in EUR; the month that is not over is left out.'],
  states: [
    { id: 'fired', label: 'Would have fired', count: 1, tone: 'bad' },
    { id: 'estimated', label: 'Not testable, estimated', count: 1, tone: 'work' },
    { id: 'never', label: 'Never', count: 1, tone: 'good' },
  ],
  rows: [
    row('Actual_80', 'fired', ['4 March 2026, at 80.42 % of the amount.', '2 June 2026, at 83.1 % of the amount.']),
    row('Actual_100', 'never', ['On no day of the 12 months.']),
    row('Forecasted_100', 'estimated', [
      'What Azure foresaw on a day is kept nowhere, so forecasts cannot be tested; the days are our own estimate from the 28 days before.',
      '12 February 2026, at 101.3 % of the amount.',
    ]),
  ].map((one, index) => ({ ...one, id: String(index), note: 'Actual cost from 80 %', ticked: null, actions: [] })),
  actions: [],
};

describe('the page with a table of budgets', () => {
  const open = browserPages<TableToPage, TableToHost>('budgetTable', readTableToHost);

  async function show(message: TableToPage, options?: OpenPage): Promise<TablePage> {
    const shown = await open(options);
    await shown.tell(message);
    return shown;
  }

  const names = ({ page }: TablePage) => page.locator('tbody th bdi').allInnerTexts();

  it('shows what each row would become, in every theme, and axe finds nothing wrong', async () => {
    for (const theme of ['dark', 'light', 'highContrast', 'highContrastLight'] as const) {
      const shown = await show(PREVIEW, { theme, width: 1100 });
      assert.deepEqual(await violations(shown), []);
      await shown.screenshot(`budget-preview-${theme}`);
    }
    const shown = await show(PREVIEW, { width: 300 });
    assert.deepEqual(await violations(shown), []);
    const width = await shown.page.evaluate('document.documentElement.scrollWidth');
    assert.ok(Number(width) <= 300, `${width}`);
    await shown.screenshot('budget-preview-narrow');
  });

  it('writes names as text, and keeps those that are written from right to left in their place', async () => {
    const shown = await show(PREVIEW);
    assert.equal(await shown.page.locator('tbody b').count(), 0);
    assert.equal((await names(shown))[3], 'Cinder & Sons <b>Ltd</b>');
  });

  it('narrows rows down by state and text, and sorts them', async () => {
    const shown = await show(PREVIEW);
    const { page } = shown;
    await page.getByRole('button', { name: 'Create 3' }).click();
    assert.deepEqual(await names(shown), ['Alder Mill', 'מאפיית השחר הירושלמית', 'Delta Ferries']);
    assert.equal(await page.getByRole('button', { name: 'Create 3' }).getAttribute('aria-pressed'), 'true');
    await page.getByRole('searchbox').fill('alder');
    assert.deepEqual(await names(shown), ['Alder Mill']);
    assert.equal(await page.locator('.found').innerText(), '1 of 6 rows');
    await page.getByRole('searchbox').fill('nobody is called so');
    assert.equal(await page.locator('.found').innerText(), 'No row is like this.');
    await shown.screenshot('budget-preview-nothing-found');
    await page.getByRole('searchbox').fill('');
    await page.getByRole('button', { name: 'All 6' }).click();
    await page.getByRole('button', { name: 'State' }).click();
    assert.equal(await page.locator('th.state').getAttribute('aria-sort'), 'ascending');
    assert.equal((await names(shown)).at(-1), LONG);
    await page.getByRole('button', { name: 'State' }).click();
    assert.equal((await names(shown))[0], LONG);
  });

  it('is used by the keyboard alone: ticks, arrows, buttons', async () => {
    const shown = await show(PREVIEW);
    const { keyboard } = shown.page;
    const focused = () =>
      shown.page.evaluate<string>(
        'document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent',
      );
    await keyboard.press('Tab');
    assert.equal(await focused(), 'Write 4 Budgets');
    for (let tab = 0; tab < 8; tab++) {
      await keyboard.press('Tab');
    }
    assert.equal(await focused(), 'Include all rows that are shown');
    for (let tab = 0; tab < 3; tab++) {
      await keyboard.press('Tab');
    }
    assert.equal(await focused(), 'Include Alder Mill');
    await keyboard.press('ArrowDown');
    assert.equal(await focused(), 'Include Brightwater Opera');
    await keyboard.press('Space');
    assert.deepEqual(await shown.last('tick'), { type: 'tick', rows: ['1'], ticked: false });
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowDown');
    // Rows without the control are passed over.
    assert.equal(await focused(), 'Include Delta Ferries');
    await shown.screenshot('budget-preview-keyboard');
    await keyboard.press('Tab');
    await keyboard.press('Tab');
    assert.equal(await focused(), 'Amount… Delta Ferries');
    await keyboard.press('ArrowUp');
    assert.equal(await focused(), `Amount… ${LONG}`);
    await keyboard.press('Enter');
    assert.deepEqual(await shown.last('act'), { type: 'act', action: 'amount', row: '4' });
  });

  it('ticks all rows that are shown at once', async () => {
    const shown = await show(PREVIEW);
    await shown.page.getByRole('button', { name: 'Create 3' }).click();
    await shown.page.getByLabel('Include all rows that are shown').click();
    assert.deepEqual(await shown.last('tick'), { type: 'tick', rows: ['0', '2', '5'], ticked: false });
    assert.equal(await shown.page.locator('tbody input:checked').count(), 0);
  });

  it('shows what became of rows while they are written, and leaves the focus where it is', async () => {
    const shown = await show(PREVIEW, { width: 1100 });
    await shown.page.getByRole('button', { name: 'Write 4 Budgets' }).focus();
    await shown.page.keyboard.press('Enter');
    assert.deepEqual(await shown.last('act'), { type: 'act', action: 'write' });
    const [first, second, third, , , last] = PREVIEW.rows;
    assert.ok(first && second && third && last);
    const states: TableState[] = [
      { id: 'pending', label: 'Not begun', count: 2, tone: 'work' },
      { id: 'failed', label: 'Failed', count: 1, tone: 'bad' },
      { id: 'done', label: 'Done', count: 1, tone: 'good' },
      ...STATES.slice(2),
    ];
    const reason =
      'Save the budget failed with HTTP 403 (RBACAccessDenied): no role. At partner scopes the sign-in needs the Admin agent role.';
    await shown.tell({
      type: 'rows',
      rows: [
        { ...first, state: 'done', ticked: null, actions: [] },
        { ...third, state: 'pending' },
        { ...last, state: 'pending' },
        {
          ...second,
          state: 'failed',
          lines: [reason, ...second.lines],
          actions: [{ id: 'plan', label: 'Look Again' }],
        },
      ],
      summary: 'Writing: 2 of 4. Waiting 12 s for Azure’s limit…',
      states,
      actions: [{ id: 'stop', label: 'Stop' }],
      busy: true,
    });
    assert.equal(await shown.page.locator('main').getAttribute('aria-busy'), 'true');
    assert.ok(await shown.page.getByLabel('Include Brightwater Opera').isDisabled());
    await shown.screenshot('budget-run');
    await shown.page.getByRole('button', { name: 'Stop' }).click();
    assert.deepEqual(await shown.last('act'), { type: 'act', action: 'stop' });
    await shown.tell({
      type: 'rows',
      rows: [],
      summary: '1 budget written, 1 failed, 2 not begun. Going on touches only what is not done.',
      states,
      actions: [{ id: 'write', label: 'Go On with 3' }],
      busy: false,
    });
    assert.deepEqual(await violations(shown), []);
    await shown.screenshot('budget-run-stopped');
  });

  it('shows coverage and back-tests the same way', async () => {
    for (const theme of ['dark', 'light', 'highContrast'] as const) {
      const shown = await show(COVERAGE, { theme, width: 1100 });
      assert.deepEqual(await violations(shown), []);
      await shown.screenshot(`budget-coverage-${theme}`);
    }
    const narrow = await show(COVERAGE, { width: 300 });
    await narrow.screenshot('budget-coverage-narrow');
    await narrow.page.getByRole('button', { name: 'Edit' }).click();
    assert.deepEqual(await narrow.last('act'), { type: 'act', action: 'edit', row: '2' });
    const tested = await show(BACK_TEST, { width: 1100 });
    assert.deepEqual(await violations(tested), []);
    await tested.screenshot('budget-back-test');
  });

  it('says how far reading is, that it failed, and that nothing is there', async () => {
    const { title } = COVERAGE;
    const shown = await show({ type: 'working', title, message: '120 of 500 scopes read…' });
    await shown.page.getByRole('button', { name: 'Cancel' }).click();
    assert.deepEqual(await shown.last('cancel'), { type: 'cancel' });
    await shown.screenshot('budget-coverage-reading');
    await shown.tell({ type: 'stopped', title, why: 'failed', message: 'List customers failed with HTTP 403.' });
    assert.equal(await shown.page.getByRole('alert').innerText(), 'List customers failed with HTTP 403.');
    await shown.screenshot('budget-coverage-failed');
    await shown.page.getByRole('button', { name: 'Read Again' }).click();
    assert.deepEqual(await shown.last('retry'), { type: 'retry' });
    await shown.tell({ ...COVERAGE, rows: [], states: [], actions: [], summary: 'There is no scope here.' });
    assert.deepEqual(await violations(shown), []);
    await shown.screenshot('budget-coverage-empty');
  });

  it('draws thousands of rows a part at a time', async () => {
    const rows = Array.from({ length: 5000 }, (_, index) => ({
      ...row(`Customer ${index}`, 'create', CREATED),
      id: String(index),
    }));
    const shown = await show({ ...PREVIEW, rows });
    assert.equal((await names(shown)).length, 300);
    await shown.page.getByRole('button', { name: 'Show 300 More' }).click();
    assert.equal((await names(shown)).length, 600);
    await shown.page.getByRole('searchbox').fill('Customer 4999');
    assert.deepEqual(await names(shown), ['Customer 4999']);
    assert.equal(await shown.page.getByRole('button', { name: /^Show .* More$/ }).count(), 0);
  });
});
