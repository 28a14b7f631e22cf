import assert from 'node:assert/strict';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import type { Workbench } from '../support/editor/page.ts';
import { vsixFile } from '../support/packageExtension.ts';
import { startUiSession, type UiSession } from '../support/uiSession.ts';

describe('documents of Partner Center as a person opens them', () => {
  let service: SampleService;
  let session: UiSession;
  let window: Workbench;
  let legacyName: string;
  let plannedName: string;

  before(async () => {
    // The questions propose days before this one.
    service = await startSampleService({ customers: 12, usageRows: 20_000, now: new Date(), graph: { polls: 0 } });
    const { resourceManager, partnerCenter, graph } = service.endpoints;
    const { legacy, azurePlan } = service.partnerCenter.stories;
    const nameOf = async (customer: string): Promise<string> => {
      const answer = await fetch(`${partnerCenter}/v1/customers/${customer}`);
      return ((await answer.json()) as { companyProfile: { companyName: string } }).companyProfile.companyName;
    };
    legacyName = await nameOf(legacy?.customer ?? assert.fail('the tenant has no legacy customer'));
    plannedName = await nameOf(azurePlan.customer);
    session = await startUiSession({
      vsix: vsixFile,
      machineSettings: {
        'azureBilling.connections': [
          {
            name: 'Partner',
            cloud: 'custom',
            credential: 'none',
            endpoints: { resourceManager, partnerCenter, graph },
          },
        ],
      },
    });
    window = await session.open({ viewport: { width: 1280, height: 900 } });
    await window.openView('Azure Billing');
    await window.expand('Partner');
    await window.expand('Partner Center', { level: 2 });
    await window.expand('Customers', { level: 3 });
  });

  after(async () => {
    await session?.close();
    await service?.close();
  });

  afterEach(() => service.partnerCenter.reset());

  const row = (label: string | RegExp, level: number) => window.treeItem(label, { level });
  const toggle = (label: string, level: number) => row(label, level).locator('.monaco-tl-twistie').click();
  const inThemes = async (name: string): Promise<void> => {
    await window.screenshot(name, 'busy');
    for (const theme of ['light', 'highContrast'] as const) {
      await window.setTheme(theme);
      await window.screenshot(`${name}-${theme}`, 'busy');
    }
    await window.setTheme('dark');
  };
  /** What the dialog says of the document in front. */
  const completeness = async (name: string): Promise<string> => {
    await window.runCommand('Azure Billing: Show Completeness of the Usage Document');
    const dialog = window.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    const text = await dialog.innerText();
    await window.screenshot(name, 'busy');
    await window.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    return text;
  };
  const input = () => window.quickInput.locator('input').first();
  /** What the input box says below the text. */
  const said = async (text: string): Promise<string> => {
    await input().fill(text);
    await window.page.waitForTimeout(300);
    return window.quickInput.locator('.quick-input-message').innerText();
  };

  it('opens the usage of the open period from its row', async () => {
    await window.expand(legacyName, { level: 4 });
    await row('Usage of the open period', 5).click();
    await window.tab(`${legacyName} usage by subscription.csv`).waitFor();
    const [header = '', first = ''] = await window.editorText();
    assert.match(header, /^resourceName,name,status,totalCost,currencyCode,currencyLocale/);
    assert.match(first, /^Microsoft Azure,Microsoft Azure,active,\d/);
    await window
      .statusBarItem('azureBilling.completeness')
      .filter({ hasText: /1 row · open/ })
      .waitFor();
    await window.screenshot('usage-records');
    const facts = await completeness('usage-records-completeness');
    assert.match(facts, /Complete: 1 row in 1 page/);
    assert.match(facts, /Open: estimate of the open period, not an invoice/);
    assert.match(facts, /Estimated cost so far: [\d.]+ [A-Z]{3}/);
  });

  it('opens a legacy subscription by meter by its button', async () => {
    const subscription = row('Azure (145P)', 5);
    const tab = window.tab(`${legacyName} Microsoft Azure usage by meter.csv`);
    await window.pressInRow(subscription, 'Open Usage Records', tab);
    await window.screenshot('usage-by-meter');
  });

  it('asks how fine utilization shall be and explains the time of report', async () => {
    await window.contextMenu(row('Azure (145P)', 5), 'Open Utilization…');
    assert.deepEqual(await window.quickPickChoices(), [
      'By day and resource',
      'By hour and resource',
      'By day and meter',
      'By hour and meter',
    ]);
    await window.screenshot('utilization-rows', 'busy');
    await window.quickPick('By day and resource');
    await window.quickPickChoices();
    await window.screenshot('utilization-windows', 'busy');
    await window.quickPick('Last 7 days');
    await window.tab(new RegExp(`^${legacyName} Microsoft Azure utilization \\S+ to \\S+\\.csv$`)).waitFor();
    const [header = ''] = await window.editorText();
    assert.match(header, /^usageStartTime,usageEndTime,quantity,unit,resource/);
    await window.screenshot('utilization');
    const facts = await completeness('utilization-completeness');
    assert.match(facts, /Window: \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d \(UTC\), end not included/);
    assert.match(facts, /The window is the time of report to billing, not of use/);
    assert.match(facts, /Closed: what was reported in the window does not change/);
  });

  it('shows while a window is typed what the service makes of it, and what is wrong with it', async () => {
    await window.contextMenu(row('Azure (145P)', 5), 'Open Utilization…');
    await window.quickPick('By day and resource');
    await window.quickPick('From and to…');
    await input().waitFor();
    assert.match(
      await said('2026-10-01 to 2026-10-08'),
      /Window: 2026-10-01 to 2026-10-08, end not included\. That is when the use was reported to billing/,
    );
    await window.screenshot('utilization-typed', 'busy');
    for (const [text, sentence] of [
      ['2026-10-08 to 2026-10-01', /start: .* is not before end .*; swap or correct the two/],
      ['2026-10-01', /end: is missing; write two days or moments/],
      ['2026-10-01T05:00 to 2026-10-08', /start: '2026-10-01T05:00' does not tell its time zone; add Z/],
      ['2020-01-01 to 2026-10-08', /end: the window is \d+ days long; use at most 1100/],
    ] as const) {
      assert.match(await said(text), sentence);
    }
    await window.screenshot('utilization-wrong', 'busy');
    const rounded = await said('2026-10-01T10:54:34Z to 2026-10-08');
    assert.match(rounded, /start: 2026-10-01T10:54:34Z is no midnight in UTC; .* takes 2026-10-01T00:00:00Z/);
    await window.screenshot('utilization-rounded', 'busy');
    await window.page.keyboard.press('Enter');
    await window.tab(/ utilization 2026-10-01 to 2026-10-08\.csv$/).waitFor();
    const facts = await completeness('utilization-rounded-completeness');
    assert.match(facts, /Asked for: 2026-10-01T10:54:34Z to 2026-10-08; the service takes the midnights before them/);
  });

  it('keeps its questions readable in every theme', async () => {
    for (const theme of ['light', 'highContrast', 'highContrastLight', 'dark'] as const) {
      await window.setTheme(theme);
      await window.contextMenu(row('Azure (145P)', 5), 'Open Utilization…');
      await window.quickPick('By day and resource');
      await window.quickPickChoices();
      await window.screenshot(`utilization-windows-${theme}`, 'busy');
      await window.quickPick('From and to…');
      assert.match(await said('2026-10-08 to 2026-10-01'), /^start: /);
      await window.screenshot(`utilization-wrong-${theme}`, 'busy');
      await window.page.keyboard.press('Escape');
      await window.quickInput.waitFor({ state: 'hidden' });
    }
  });

  it('shows that it waits for data that is not ready, and stops at once when it is told to', async () => {
    const tabs = await window.tabs();
    service.partnerCenter.set({ notReady: 1000, retryAfter: 60 });
    await window.contextMenu(row('Azure (145P)', 5), 'Open Utilization…');
    await window.quickPick('By hour and resource');
    await window.quickPick('Yesterday');
    const waiting = window.notification(/Not ready yet; looking again in 60 s/);
    await waiting.waitFor();
    await window.screenshot('utilization-waiting', 'busy');
    await waiting.getByRole('button', { name: 'Cancel' }).click();
    await waiting.waitFor({ state: 'detached' });
    assert.deepEqual(await window.tabs(), tabs);
    assert.deepEqual(await window.notifications(), []);
  });

  it('says of an Azure plan that it has no utilization, and opens its rated usage instead', async () => {
    await toggle(legacyName, 4);
    await window.expand(plannedName, { level: 4 });
    await window.contextMenu(row('Azure plan', 5), 'Open Utilization…');
    const why = /Azure plan: an Azure plan has no utilization records\. Open its rated usage instead/;
    await window.notification(why).waitFor();
    await window.screenshot('plan-without-utilization', 'busy');
    await window.answerNotification(why, 'Open Rated Usage…');
    assert.match((await window.quickPickChoices())[0] ?? '', /^Unbilled, this month/);
    await window.screenshot('rated-usage', 'busy');
    await window.quickPick('Unbilled, this month');
    await window.tab(new RegExp(`^${plannedName} Azure plan rated usage unbilled current [A-Z]{3}\\.csv$`)).waitFor();
    const [header = ''] = await window.editorText();
    assert.match(header, /^UsageDate,CustomerName/);
    await inThemes('rated-usage-document');
    const facts = await completeness('rated-usage-completeness');
    assert.match(facts, /Open: estimate of the open period, not an invoice/);
    assert.match(facts, /with Microsoft Graph v1\.0, unbilled usage export/);
  });

  it('opens the rated usage of an invoice of new commerce', async () => {
    await window.contextMenu(row('Azure plan', 5), 'Open Rated Usage…');
    await window.quickPick('Of an invoice…');
    const invoices = await window.quickPickChoices();
    assert.ok(
      invoices.every((invoice) => /^\d{4}-\d\d-\d\d, G\d+ USD/.test(invoice)),
      invoices.join('; '),
    );
    await window.screenshot('rated-usage-invoices', 'busy');
    await window.quickPick(new RegExp(`^${invoices[0]}`));
    await window.tab(/ rated usage invoice G\d+\.csv$/).waitFor();
    assert.match(await completeness('rated-invoice-completeness'), /Closed: daily rated usage behind an invoice/);
  });

  it('asks of a plan whether by meter or by resource', async () => {
    await window.contextMenu(row('Azure plan', 5), 'Open Usage Records');
    await window.quickPickChoices();
    await window.screenshot('usage-of-plan', 'busy');
    await window.quickPick('By resource');
    await window.tab(`${plannedName} Azure plan usage by resource.csv`).waitFor();
    await window.screenshot('usage-by-resource');
  });

  it('fills the tabs again after the window was reloaded', async () => {
    const tabs = await window.tabs();
    await window.reload();
    assert.deepEqual(await window.tabs(), tabs);
    const utilization = tabs.find((tab) => tab.includes(' utilization ')) ?? assert.fail(tabs.join());
    await window.openTab(utilization);
    assert.match((await window.editorText())[0] ?? '', /^usageStartTime/);
    await window
      .statusBarItem('azureBilling.completeness')
      .filter({ hasText: /rows · closed/ })
      .waitFor();
  });
});
