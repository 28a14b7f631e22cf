import assert from 'node:assert/strict';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import type { Workbench } from '../support/editor/page.ts';
import { vsixFile } from '../support/packageExtension.ts';
import { startUiSession, type UiSession } from '../support/uiSession.ts';

const local = (name: string, resourceManager: string) => ({
  name,
  cloud: 'custom',
  credential: 'none',
  endpoints: { resourceManager },
});

describe("Azure's limits and refusals", () => {
  let limited: SampleService;
  let refusing: SampleService;
  let session: UiSession;
  let window: Workbench;

  before(async () => {
    limited = await startSampleService({ customers: 12, usageRows: 6_000, throttle: 'documented' });
    refusing = await startSampleService({ customers: 12, usageRows: 6_000 });
    session = await startUiSession({
      vsix: vsixFile,
      machineSettings: {
        'azureBilling.connections': [
          local('Limited', limited.endpoints.resourceManager),
          local('Refusing', refusing.endpoints.resourceManager),
        ],
      },
    });
    window = await session.open();
    await window.openView('Azure Billing');
  });

  after(async () => {
    await session?.close();
    await limited?.close();
    await refusing?.close();
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') {
      await window.screenshot(`failed-${this.currentTest.title.slice(0, 30).replaceAll(/\W+/g, '-')}`, 'busy');
    }
  });

  const row = (text: string | RegExp) =>
    window.page.locator('.part.sidebar [role="treeitem"]').filter({ hasText: text }).first();
  const explain = (of: ReturnType<typeof row>, sentence: RegExp) =>
    window.pressInRow(of, 'Explain Access', window.notification(sentence));
  const quota = () => window.page.locator('.part.statusbar .statusbar-item[id$="azureBilling.quota"]');

  it('explains an empty list where it is shown', async () => {
    refusing.setCaller('none');
    await window.expand('Refusing');
    const empty = row(/^No billing accounts/);
    await empty.hover();
    await explain(empty, /The sign-in has no role at any billing account of this tenant\./);
    await window.screenshot('explain-empty');
    await window.runCommand('Notifications: Clear All Notifications');
    refusing.setCaller('adminAgent');
    await window.runCommand('Azure Billing: Refresh');
    await window.treeItem('Harbourlight Cloud Partners').waitFor();
  });

  it('explains a refusal, with a text to send and the details', async () => {
    await window.expand('Harbourlight Cloud Partners');
    refusing.setCaller('none');
    await window.expand('Customers');
    const failed = row(/^Not allowed.*List customers failed with HTTP 403 BillingAccessDenied/);
    await failed.hover();
    await window.screenshot('explain-button');
    await explain(failed, /The sign-in has no billing role at this scope\./);
    const said = window.notification(/The sign-in has no billing role at this scope\./);
    await said.waitFor();
    assert.deepEqual(
      await said
        .getByRole('button')
        .allInnerTexts()
        .then((texts) => texts.filter(Boolean)),
      ['Copy Text for an Admin', 'Show Details'],
    );
    await window.screenshot('explain-refusal');
    await said.getByRole('button', { name: 'Show Details' }).click();
    await window.tab('Why.txt').waitFor();
    const text = (await window.editorText()).join('\n');
    assert.match(text, /The service said so\./);
    assert.match(text, /Right to read at the billing account: Not allowed/);
    for (const theme of ['dark', 'light', 'highContrast', 'highContrastLight'] as const) {
      await window.setTheme(theme);
      await window.screenshot(`explain-details-${theme}`);
    }
    await window.setTheme('dark');
  });

  it('offers the explanation beside a failure of a command', async () => {
    const account = window.treeItem('Harbourlight Cloud Partners');
    await window.pressInRow(account, 'Open Usage…');
    await window.quickPick('Month to date');
    const failure = window.notification(/List usage details failed with HTTP 401 BillingAccessDenied/);
    await failure.waitFor();
    await window.screenshot('explain-failure');
    await failure.getByRole('button', { name: 'Explain' }).click();
    await window.notification(/The sign-in has no billing role at this scope\./).waitFor();
    await window.runCommand('Notifications: Clear All Notifications');
    refusing.setCaller('adminAgent');
  });

  it('says nothing of limits that are not near', async () => {
    assert.equal(await quota().count(), 0);
  });

  it('counts down while calls wait, then says what is left', async function () {
    this.timeout(120_000);
    await row(/^Refusing/)
      .locator('.monaco-tl-twistie')
      .click();
    // The costs of the level take one query each time; the fifth within a minute waits.
    await window.expand('Limited');
    await window.expand('Harbourlight Cloud Partners');
    await window.expand('Customers');
    for (let round = 0; round < 6; round++) {
      await window.runCommand('Azure Billing: Refresh');
      await window.page.waitForTimeout(300);
    }
    await quota()
      .filter({ hasText: /waiting \d+ s/ })
      .waitFor();
    const first = await quota().innerText();
    await window.screenshot('quota-waiting', 'busy');
    await quota().filter({ hasNotText: first.trim() }).waitFor();
    assert.match((await quota().locator('a').getAttribute('aria-label')) ?? '', /waits? for Azure's limit/);
    await quota().hover();
    await window.page.locator('.monaco-hover:visible, .workbench-hover:visible').first().waitFor();
    await window.screenshot('quota-tooltip', 'busy');
    for (const theme of ['light', 'highContrast'] as const) {
      await window.setTheme(theme);
      await window.screenshot(`quota-waiting-${theme}`, 'busy');
    }
    await quota().click();
    await window.quickInput
      .getByRole('option', { name: /Query costs/ })
      .first()
      .waitFor();
    await window.screenshot('quota-list', 'busy');
    await window.page.keyboard.press('Escape');
    assert.equal(limited.throttled().refused, 0, 'nothing was refused: calls were kept back');
  });
});
