import assert from 'node:assert/strict';
import { type ThemeName, violations } from '../support/browserPage.ts';
import { type Answer, chartMessage, type SqlChartPage, sqlChartPages } from '../support/sqlChartPage.ts';

const SERVICES = ['Virtual Machines', 'Storage', 'Azure SQL Database', 'Bandwidth', 'Key Vault', 'Log Analytics'];
const MONTHS = ['2026-06-01', '2026-07-01', '2026-08-01', '2026-10-01', '2026-11-01'];

/** Cost by month and service in two currencies; September and a service's first month have no rows. */
const BY_MONTH: Answer = {
  columns: [
    ['Month', 'date'],
    ['ServiceName', 'text'],
    ['BillingCurrency', 'text'],
    ['Cost', 'decimal'],
  ],
  rows: ['EUR', 'GBP'].flatMap((currency, c) =>
    MONTHS.flatMap((month, m) =>
      SERVICES.slice(0, 6 - 3 * c).flatMap((service, s) =>
        s === 2 && m === 0
          ? []
          : [[month, service, currency, `${(s === 3 ? -40 : 900 / (s + 1)) + m * 35}.00000000000000000${s + 1}`]],
      ),
    ),
  ),
};

const BY_SERVICE: Answer = {
  columns: [
    ['ServiceName', 'text'],
    ['BillingCurrency', 'text'],
    ['BilledCost', 'decimal'],
    ['EffectiveCost', 'decimal'],
    ['UsageRows', 'integer'],
  ],
  rows: SERVICES.map((service, at) => [
    service,
    'EUR',
    `${1234 - at * 200}.5`,
    at === 1 ? null : `${1100 - at * 190}.25`,
    `${at + 3}`,
  ]),
};

const BY_DAY: Answer = {
  columns: [
    ['ChargePeriodStart', 'date'],
    ['Low', 'double'],
    ['High', 'double'],
  ],
  rows: Array.from({ length: 40 }, (_, at) => [
    new Date(Date.UTC(2026, 8, 1 + at + (at > 20 ? 3 : 0))).toISOString().slice(0, 10),
    at === 10 ? null : `${50 + 10 * Math.sin(at / 4)}`,
    `${80 + 12 * Math.cos(at / 5)}`,
  ]),
};

const ANSWERS: Readonly<Record<string, Answer>> = { months: BY_MONTH, services: BY_SERVICE, days: BY_DAY };
const THEMES: readonly ThemeName[] = ['light', 'dark', 'highContrast', 'highContrastLight'];

describe('the page of a chart of SQL', () => {
  const { open, show } = sqlChartPages();
  const detail = (shown: SqlChartPage, at = 0) => shown.page.locator('.detail').nth(at).innerText();
  const press = async (shown: SqlChartPage, ...keys: string[]) => {
    for (const key of keys) {
      await shown.page.keyboard.press(key);
    }
  };

  for (const theme of THEMES) {
    for (const width of [300, 1400]) {
      it(`can be read in the theme ${theme}, ${width} pixels wide`, async () => {
        for (const [name, answer] of Object.entries(ANSWERS)) {
          const shown = await show(answer, { theme, width });
          await shown.screenshot(`sql-chart-${name}-${theme}-${width}`);
          assert.deepEqual(await violations(shown), [], name);
          const beyond = await shown.page.evaluate<number>(
            'document.documentElement.scrollWidth - document.documentElement.clientWidth',
          );
          assert.ok(beyond <= 0, `${name} keeps to its window`);
        }
      });
    }
  }

  it('has a chart for each currency, and says each value with all its digits to the keyboard', async () => {
    const shown = await show(BY_MONTH);
    assert.deepEqual(await shown.page.locator('h2').allInnerTexts(), [
      'EUR: Cost by Month, ServiceName',
      'GBP: Cost by Month, ServiceName',
    ]);
    await shown.page.locator('#picture-0').focus();
    assert.equal(await detail(shown), '2026-11, Virtual Machines: 1040.000000000000000001 EUR');
    await press(shown, 'ArrowDown', 'ArrowLeft');
    assert.equal(await detail(shown), '2026-10, Storage: 555.000000000000000002 EUR');
    await press(shown, 'ArrowLeft');
    assert.equal(await detail(shown), '2026-09, Storage: no value');
    await shown.page.locator('#picture-1').focus();
    await press(shown, 'Home');
    assert.equal(await detail(shown, 1), '2026-06, Virtual Machines: 900.000000000000000001 GBP');
    const label = await shown.page.locator('#picture-1').getAttribute('aria-label');
    assert.match(
      label ?? '',
      /^GBP: Cost by Month, ServiceName\. Columns of 3 series at 6 places from 2026-06 to 2026-11\./,
    );
  });

  it('says what the pointer is at: a part of a column, a bar, the nearest line', async () => {
    const point = async (answer: Answer, x: number, y: number) => {
      const shown = await show(answer, { width: 1000 });
      const box = (await shown.page.locator('.canvas').first().boundingBox()) ?? assert.fail('no canvas');
      await shown.page.mouse.move(box.x + box.width * x, box.y + box.height * y);
      return detail(shown);
    };
    assert.match(await point(BY_MONTH, 0.14, 0.7), /^2026-06, Virtual Machines: 900\./);
    assert.match(await point(BY_SERVICE, 0.3, 0.15), /^Virtual Machines, BilledCost: 1234\.5 EUR$/);
    assert.match(await point(BY_DAY, 0.3, 0.1), /, High: /);
    assert.match(await point(BY_DAY, 0.3, 0.85), /, Low: /);
  });

  it('has the whole answer as a table that keys scroll, NULL as NULL', async () => {
    const shown = await show(BY_SERVICE);
    assert.equal(await shown.page.locator('.sheet caption').innerText(), 'The answer: 6 rows');
    assert.equal(await shown.page.locator('.sheet tbody tr').count(), 6);
    assert.equal(await shown.page.locator('.sheet tbody tr').nth(1).innerText(), 'Storage\tEUR\t1034.5\tNULL\t4');
    await shown.page.locator('#answer').focus();
    const many: Answer = {
      columns: [
        ['Day', 'date'],
        ['Cost', 'decimal'],
      ],
      rows: Array.from({ length: 450 }, (_, at) => [
        new Date(Date.UTC(2025, 0, 1 + at)).toISOString().slice(0, 10),
        `${at}`,
      ]),
    };
    const long = await show(many);
    assert.equal(await long.page.locator('.sheet caption').innerText(), 'The answer: rows 1 to 200 of 450');
    await long.page.getByText('Show All 450 Rows').click();
    assert.equal(await long.page.locator('.sheet tbody tr').count(), 450);
    assert.equal(await long.page.locator('.sheet caption').innerText(), 'The answer: 450 rows');
    assert.equal(await long.page.evaluate('document.activeElement.id'), 'answer');
  });

  it('gives a picture of all that it shows, and the answer as CSV with its digits', async () => {
    const shown = await show(BY_MONTH);
    await shown.page.locator('#savePng').click();
    const png = await shown.last('save');
    const bytes = Buffer.from(png?.data ?? '', 'base64');
    assert.equal(png?.as, 'png');
    assert.equal(bytes.toString('latin1', 1, 4), 'PNG');
    assert.equal(bytes.readUInt32BE(16), 2400);
    await shown.page.locator('#saveCsv').click();
    const csv = await shown.last('save');
    const lines = csv?.data.split('\r\n') ?? [];
    assert.equal(lines[0], 'Month,ServiceName,BillingCurrency,Cost');
    assert.equal(lines[1], '2026-06-01,Virtual Machines,EUR,900.000000000000000001');
    assert.equal(lines.length, BY_MONTH.rows.length + 2);
  });

  it('gives a picture with fewer pixels where it is tall, and says when it is too tall for any', async () => {
    const bars = (series: number): Answer => ({
      columns: [
        ['ResourceName', 'text'],
        ['ServiceName', 'text'],
        ['BillingCurrency', 'text'],
        ['Mean', 'double'],
      ],
      rows: Array.from({ length: 200 * series }, (_, at) => [
        `r${at % 200}`,
        `s${Math.floor(at / 200)}`,
        'EUR',
        `${at}`,
      ]),
    });
    const tall = await show(bars(8));
    await tall.page.locator('#savePng').click();
    const bytes = Buffer.from((await tall.last('save'))?.data ?? '', 'base64');
    assert.equal(bytes.toString('latin1', 1, 4), 'PNG');
    assert.equal(bytes.readUInt32BE(16), 1200);
    assert.ok(bytes.readUInt32BE(20) > 16_384);
    assert.equal(await tall.page.locator('#saveProblem').isVisible(), false);
    const tooTall = await show(bars(25));
    await tooTall.page.locator('#savePng').click();
    assert.equal(
      await tooTall.page.getByRole('alert').innerText(),
      'The picture is too tall for a PNG: save as CSV or limit the statement.',
    );
    assert.deepEqual(await violations(tooTall), []);
    await tooTall.page.locator('#saveCsv').click();
    assert.equal((await tooTall.last('save'))?.as, 'csv');
  });

  it('says in one sentence why there is no chart, with the way to the table', async () => {
    const shown = await open();
    const tooMany = Array.from({ length: 60 }, (_, at) => ['2026-09-01', `s${at}`, 'EUR', '1']);
    await shown.tell(chartMessage({ ...BY_MONTH, rows: tooMany }));
    assert.match(
      await shown.page.locator('.status').innerText(),
      /60 different ServiceName and a chart shows 50 at most/,
    );
    await shown.screenshot('sql-chart-too-many');
    assert.deepEqual(await violations(shown), []);
    await shown.page.locator('#openTable').click();
    assert.ok(await shown.last('openTable'));
    await shown.tell(chartMessage({ ...BY_MONTH, rows: [] }));
    assert.match(await shown.page.locator('.status').innerText(), /^No rows/);
    assert.equal(await shown.page.locator('#openTable').count(), 0);
  });

  it('runs again by a button, can be cancelled, and keeps the focus where one goes on', async () => {
    const shown = await show(BY_SERVICE);
    await shown.page.locator('#again').focus();
    await press(shown, 'Enter');
    assert.ok(await shown.last('again'));
    await shown.tell({ type: 'working', title: 'SELECT …', message: 'Running SQL…' });
    await shown.screenshot('sql-chart-working');
    assert.equal(await shown.page.evaluate('document.activeElement.id'), 'cancel');
    await press(shown, 'Enter');
    assert.ok(await shown.last('cancel'));
    await shown.tell({ type: 'stopped', title: 'SELECT …', why: 'cancelled', message: 'Cancelled.', facts: [] });
    assert.equal(await shown.page.evaluate('document.activeElement.id'), 'again');
    await shown.tell({ type: 'stopped', title: 'SELECT …', why: 'failed', message: 'No column Bill.', facts: [] });
    assert.equal(await shown.page.locator('[role="alert"]').innerText(), 'No column Bill.');
    await shown.page.locator('#showLog').click();
    assert.ok(await shown.last('showLog'));
  });

  it('shows names as text, whatever they are', async () => {
    const hostile = ['<img src=x onerror=alert(1)>', '=HYPERLINK("https://example.com")', 'x'.repeat(4000), 'מדד גאות'];
    const rows = hostile.map((name, at) => [name, 'EUR', `${at + 1}`, '1', '1']);
    const shown = await show({ ...BY_SERVICE, rows }, { width: 300 });
    assert.equal(await shown.page.locator('img').count(), 0);
    await shown.screenshot('sql-chart-hostile-300');
    const beyond = await shown.page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    assert.ok(beyond <= 0);
    await shown.page.locator('#saveCsv').click();
    assert.match((await shown.last('save'))?.data ?? '', /'=HYPERLINK/);
  });

  it('takes on another theme while it is shown', async () => {
    const shown = await show(BY_SERVICE, { theme: 'dark' });
    const fills = () => shown.page.locator('.canvas svg').first().innerHTML();
    const before = await fills();
    await shown.setTheme('light');
    await shown.page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    assert.notEqual(await fills(), before);
  });
});
