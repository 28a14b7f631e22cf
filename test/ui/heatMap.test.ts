import assert from 'node:assert/strict';
import type { FrameLocator, Locator } from 'playwright-core';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import type { Workbench } from '../support/editor/page.ts';
import { vsixFile } from '../support/packageExtension.ts';
import { type StubService, startStubService } from '../support/stubService.ts';
import { startUiSession, type UiSession } from '../support/uiSession.ts';

const CUSTOMER = 'Hollowmere Tide Gauges';
const COMMAND = 'Show Utilization as Heat Map';
const OCTOBER = '2026-10-01 to 2026-11-01';

/** Names as nobody should have them: markup, a link that runs a command, text that turns around, and far too much of it. */
const HOSTILE = [
  '<img src=x onerror=alert(1)><h1>Huge</h1>',
  '[run](command:workbench.action.closeWindow)',
  '\u202eredro esrever',
  'מדד גאות ושפל',
  'x'.repeat(4000),
];

describe('the heat map of utilization', () => {
  let service: SampleService;
  let between: StubService;
  let hostile = false;
  let session: UiSession;
  let window: Workbench;

  before(async () => {
    service = await startSampleService({ customers: 12, usageRows: 2_000, now: new Date('2026-11-21T12:00:00Z') });
    // The same Partner Center, whose names can be turned into hostile ones.
    between = await startStubService(async ({ method, target, headers }, response) => {
      const sent = new Headers(Object.entries(headers).map(([name, value]) => [name, String(value)]));
      for (const name of ['host', 'connection', 'content-length', 'accept-encoding']) {
        sent.delete(name);
      }
      const answer = await fetch(`${service.endpoints.partnerCenter}${target}`, { method, headers: sent });
      let body = await answer.text();
      if (hostile && target.includes('/utilizations/')) {
        let next = 0;
        body = body.replaceAll(/"name":"[^"]*"/g, () => `"name":${JSON.stringify(HOSTILE[next++ % HOSTILE.length])}`);
      }
      const kept = ['content-type', 'retry-after', 'ms-requestid', 'ms-correlationid'];
      response.writeHead(
        answer.status,
        Object.fromEntries([...answer.headers].filter(([name]) => kept.includes(name))),
      );
      response.end(body);
    });
    session = await startUiSession({
      vsix: vsixFile,
      machineSettings: {
        'azureBilling.connections': [
          {
            name: 'Partner',
            cloud: 'custom',
            credential: 'none',
            endpoints: { resourceManager: service.endpoints.resourceManager, partnerCenter: between.base },
          },
        ],
      },
    });
    window = await session.open({ viewport: { width: 1400, height: 900 } });
    await window.openView('Azure Billing');
    await window.expand('Partner');
    await window.expand('Partner Center', { level: 2 });
    await window.expand('Customers', { level: 3 });
    await window.expand(CUSTOMER, { level: 4 });
  });

  after(async () => {
    await session?.close();
    await between?.close();
    await service?.close();
  });

  afterEach(async () => {
    service.setFault(undefined);
    hostile = false;
    await fetch(`${service.endpoints.partnerCenter}/_sample/reset`, { method: 'POST' });
  });

  const subscription = () =>
    window.page.locator('.part.sidebar [role="treeitem"]').filter({ hasText: 'Azure (145P)' }).first();
  const page = (): FrameLocator => window.webview();
  const at = (line: number, day: number): Locator => page().locator(`td[data-line="${line}"][data-day="${day}"]`);
  const detail = () => page().locator('.detail');
  const focused = () => page().locator('td:focus');
  const facts = () => page().locator('.facts li').allInnerTexts();
  const closeAll = () => window.runCommand('View: Close All Editors');

  /** From the row of the subscription to the panel. */
  async function show(rows: string, times = 'Last month'): Promise<void> {
    await window.contextMenu(subscription(), COMMAND);
    await window.quickPick(rows);
    await window.quickPick(times);
  }

  async function typeTimes(text: string): Promise<void> {
    await window.contextMenu(subscription(), COMMAND);
    await window.quickPick('By hour and resource');
    await window.quickPick('From and to…');
    await window.inputBox(text);
  }

  it('shows the hours of a month, from a row of the tree, with totals and both times in words', async () => {
    await show('By hour and resource');
    await page()
      .getByRole('grid', { name: 'Utilization by hour of day' })
      .or(page().getByRole('grid'))
      .first()
      .waitFor();
    assert.equal(await page().locator('tbody tr').count(), 24);
    const summary = await page().locator('.summary').innerText();
    assert.match(summary, /used from 2026-\d\d-\d\d to 2026-10-31 \(UTC\): [\d.]+ \S.* in total\. Peak: [\d.]+ /);
    const [complete, times, totals] = await facts();
    assert.match(complete ?? '', /^Complete: \d+ records in \d+ pages?, hourly, one for each resource\.$/);
    assert.match(
      times ?? '',
      /time of use, in UTC\..*time of report to billing, 2026-10-01T00:00:00Z to 2026-11-01T00:00:00Z/,
    );
    const total = / ([\d.]+) \S.* in total/.exec(summary)?.[1] ?? assert.fail(summary);
    assert.ok(totals?.includes(`${total} `), `${total} is in ${totals}`);
    await window.screenshot('heat-map-hours');
  });

  it('has a name, a description and a cell in the Tab order for those who do not see it', async () => {
    const grid = page().getByRole('grid');
    assert.match((await grid.getAttribute('aria-label')) ?? '', /^Utilization by hour/);
    const described = (await grid.getAttribute('aria-describedby')) ?? '';
    assert.equal(await page().locator(`#${described}`).innerText(), await page().locator('.summary').innerText());
    assert.equal(await page().locator('td[tabindex="0"]').count(), 1);
    assert.equal(await page().locator('td:not([aria-label])').count(), 0, 'every cell says what it is');
    assert.equal(await page().getByRole('combobox', { name: 'Show' }).count(), 1);
    assert.equal(await page().locator('main [style]').count(), 0, 'no inline style, which the policy blocks');
  });

  it('is walked by keys, each cell tells its hour and exact digits', async () => {
    await page().getByRole('button', { name: 'Open Records' }).focus();
    await window.page.keyboard.press('Tab');
    await focused().waitFor();
    const place = async () => [await focused().getAttribute('data-line'), await focused().getAttribute('data-day')];
    const columns = (await page().locator('thead .day').count()) + 1;
    const last = String(columns - 1);
    assert.deepEqual(await place(), ['0', '0']);
    const walk: [key: string, line: string, day: string][] = [
      ['ArrowRight', '0', '1'],
      ['ArrowDown', '1', '1'],
      ['PageDown', '1', '8'],
      ['PageUp', '1', '1'],
      ['ArrowLeft', '1', '0'],
      ['ArrowLeft', '1', '0'],
      ['End', '1', last],
      ['Control+End', '23', last],
      ['Control+Home', '0', '0'],
    ];
    for (const [key, ...expected] of walk) {
      await window.page.keyboard.press(key);
      assert.deepEqual(await place(), expected, key);
    }
    const heads = page().locator('thead .day');
    const days = await heads.evaluateAll((cells) => cells.map((cell) => (cell as unknown as { title: string }).title));
    const tenth = days.findIndex((day) => day.startsWith('2026-10-10'));
    await at(5, tenth).focus();
    assert.match(await detail().innerText(), /^2026-10-10, 05:00 to 06:00 UTC: [\d.]+ \S.*\.$/);
    assert.equal(await detail().innerText(), await at(5, tenth).getAttribute('aria-label'));
    await window.screenshot('heat-map-keyboard');
    assert.equal(await page().locator('td[tabindex="0"]').count(), 1, 'Tab comes back to where it left');
  });

  it('tells hours without a record from those before the first one', async () => {
    const gap = page().locator('td.gap').first();
    await gap.hover();
    assert.match(await detail().innerText(), /UTC: no record\.$/);
    await page().locator('td.outside').first().hover();
    assert.match(await detail().innerText(), /outside of the records\./);
  });

  it('shows one unit or one meter at a time; the choice keeps the focus', async () => {
    const box = page().getByRole('combobox', { name: 'Show' });
    const options = await box.locator('option').allInnerTexts();
    assert.ok(options.length > 3, options.join());
    const before = await page().locator('.summary').innerText();
    await box.focus();
    await box.selectOption({ index: options.length - 1 });
    await page()
      .locator('.summary', { hasText: options.at(-1) ?? '' })
      .waitFor();
    assert.notEqual(await page().locator('.summary').innerText(), before);
    assert.equal(await page().locator('#choice:focus').count(), 1);
    await window.screenshot('heat-map-meter');
  });

  it('is the same when its tab was behind another', async () => {
    const chosen = await page().locator('.summary').innerText();
    await page().getByRole('button', { name: 'Open Records' }).click();
    await window.tab(/utilization hourly .*\.csv$/).waitFor();
    assert.match((await window.editorText())[0] ?? '', /^usageStartTime,/);
    await window.tab(/utilization hourly 2026-10-01 to 2026-11-01$/).click();
    await page().locator('.summary').waitFor();
    assert.equal(await page().locator('.summary').innerText(), chosen);
  });

  it('has its button on an open document of utilization', async () => {
    await window.tab(/utilization hourly .*\.csv$/).click();
    const button = window.page.locator('.editor-actions').getByRole('button', { name: COMMAND });
    await button.waitFor();
    await window.screenshot('heat-map-button');
    await button.click();
    await page().locator('.summary').waitFor();
    assert.deepEqual((await window.tabs()).length, 2, 'the panel that is there came to the front');
    await closeAll();
  });

  it('has a row for each meter by day, and a row for each resource of a meter', async () => {
    await show('By day and resource');
    await page().locator('.summary').waitFor();
    const box = page().getByRole('combobox', { name: 'Show' });
    const options = await box.locator('option').allInnerTexts();
    const all = options.findIndex((option) => option.startsWith('All meters in '));
    await box.selectOption({ index: all });
    await page().locator('thead th.name', { hasText: 'Meter' }).waitFor();
    await window.screenshot('heat-map-days');
    await box.selectOption({ index: all + 1 });
    await page().locator('thead th.name', { hasText: 'Resource' }).waitFor();
    const [first = ''] = await page().locator('tbody th').allInnerTexts();
    await at(0, 3).hover();
    assert.ok((await detail().innerText()).includes(first));
    await window.screenshot('heat-map-resources');
  });

  for (const [theme, name] of [
    ['light', 'light'],
    ['highContrast', 'high-contrast'],
    ['highContrastLight', 'high-contrast-light'],
    ['dark', 'dark'],
  ] as const) {
    it(`can be read in the theme ${theme}`, async () => {
      await closeAll();
      await show('By hour and resource');
      await page().locator('.summary').waitFor();
      await window.setTheme(theme);
      await at(3, 8).focus();
      await window.screenshot(`heat-map-${name}`);
    });
  }

  it('keeps to a narrow window: the map scrolls, nothing else does', async () => {
    await window.runCommand('View: Toggle Primary Side Bar Visibility');
    await window.page.setViewportSize({ width: 348, height: 900 });
    const wide = () =>
      page()
        .locator('body')
        .evaluate((body: unknown) => {
          const { scrollWidth, clientWidth } = body as { scrollWidth: number; clientWidth: number };
          return scrollWidth - clientWidth;
        });
    await page().locator('.summary').waitFor();
    await window.screenshot('heat-map-300');
    assert.equal(await wide(), 0);
    await at(0, 20).focus();
    const total = page().locator('td.total').first();
    const box = (await total.boundingBox()) ?? assert.fail('no total');
    const frame = (await page().locator('.scroller').boundingBox()) ?? assert.fail('no scroller');
    assert.ok(box.x + box.width <= frame.x + frame.width + 1, 'totals are never cut off');
    await window.screenshot('heat-map-300-scrolled');
    await window.page.setViewportSize({ width: 1400, height: 900 });
    await window.runCommand('View: Toggle Primary Side Bar Visibility');
    await closeAll();
  });

  it('shows hostile names as text, short and on their own line', async () => {
    hostile = true;
    await show('By day and resource');
    await page().locator('.summary').waitFor();
    await page().getByRole('combobox', { name: 'Show' }).selectOption({ label: 'All meters in Hours' });
    await page().locator('.summary', { hasText: 'All meters in Hours' }).waitFor();
    await window.screenshot('heat-map-hostile');
    assert.equal(await page().locator('img, a, h1 h1').count(), 0);
    assert.equal(await page().locator('h1').count(), 1);
    const options = await page().getByRole('combobox', { name: 'Show' }).locator('option').allInnerTexts();
    assert.ok(
      options.some((option) => option.includes('<img src=x onerror=alert(1)>')),
      options.join('\n'),
    );
    assert.ok(options.every((option) => option.length <= 200 && !option.includes('\u202e')));
    await closeAll();
  });

  it('says why there is nothing to show', async () => {
    await typeTimes('2014-03-01 to 2014-03-03');
    await page()
      .getByRole('status')
      .filter({ hasText: 'No use of this subscription was reported from 2014-03-01' })
      .waitFor();
    await window.screenshot('heat-map-empty');
    await closeAll();
  });

  it('shows a wait and can be cancelled; reading again goes on', async () => {
    await fetch(`${service.endpoints.partnerCenter}/_sample/partnerCenter`, {
      method: 'POST',
      body: JSON.stringify({ notReady: 1000, retryAfter: 30 }),
    });
    await show('By hour and meter');
    await page()
      .getByRole('status')
      .filter({ hasText: /looking again in \d+ s…$/i })
      .waitFor();
    await window.screenshot('heat-map-waiting', 'busy');
    await page().getByRole('button', { name: 'Cancel' }).click();
    await page().getByRole('status').filter({ hasText: 'Reading was cancelled' }).waitFor();
    await window.screenshot('heat-map-cancelled');
    await fetch(`${service.endpoints.partnerCenter}/_sample/reset`, { method: 'POST' });
    await page().getByRole('button', { name: 'Read Again' }).click();
    await page().locator('.summary').waitFor();
    await closeAll();
  });

  it('shows what failed once, with a way to try again', async () => {
    service.setFault('500@utilizations');
    await show('By hour and meter');
    await page()
      .getByRole('alert')
      .filter({ hasText: /^List utilization records failed with HTTP 500/ })
      .waitFor();
    assert.deepEqual(await window.notifications(), []);
    await window.screenshot('heat-map-failed');
    service.setFault(undefined);
    await page().getByRole('button', { name: 'Read Again' }).click();
    await page().locator('.summary').waitFor();
    assert.ok((await window.tabs()).some((title) => title.includes(OCTOBER)));
  });

  it('comes back after a reload of the window, read anew', async () => {
    await closeAll();
    await show('By hour and resource');
    await page().locator('.summary').waitFor();
    const before = await page().locator('.summary').innerText();
    await window.reload();
    await page().locator('.summary').waitFor();
    assert.equal(await page().locator('.summary').innerText(), before);
    await window.screenshot('heat-map-reloaded');
  });
});
