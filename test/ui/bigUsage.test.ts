import assert from 'node:assert/strict';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import { recentMonths } from '../../src/usage/period.ts';
import type { Workbench } from '../support/editor/page.ts';
import { vsixFile } from '../support/packageExtension.ts';
import { type SmallPages, startSmallPages } from '../support/smallPages.ts';
import { startUiSession, type UiSession } from '../support/uiSession.ts';

describe('usage that takes very many calls', () => {
  let service: SampleService;
  let pages: SmallPages;
  let session: UiSession;
  let window: Workbench;
  const [, lastMonth = ''] = recentMonths(new Date(), 2);
  const yearAndMore = `${recentMonths(new Date(), 15).at(-1)}-01 to ${lastMonth}-01`;

  before(async () => {
    service = await startSampleService({ customers: 12, usageRows: 7_000 });
    pages = await startSmallPages(service.endpoints.resourceManager, 4);
    session = await startUiSession({
      vsix: vsixFile,
      machineSettings: {
        'azureBilling.connections': [
          {
            name: 'Small pages',
            cloud: 'custom',
            credential: 'none',
            endpoints: { resourceManager: pages.base },
          },
        ],
      },
    });
    window = await session.open();
  });

  after(async () => {
    await session?.close();
    await pages?.close();
    await service?.close();
  });

  const askForUsage = async (days: string) => {
    await window.runCommand('Azure Billing: Open Usage…');
    await window.quickPick('Harbourlight Cloud Partners');
    await window.quickPick('Whole billing account');
    await window.quickPick('Days…');
    await window.inputBox(days);
  };
  const lists = () => service.counts()['usageDetails.list'] ?? 0;
  const question = () => window.page.getByPlaceholder(/^This takes about \d+ calls, about \d+ \w+\. Continue\?$/);

  it('asks a person first, in words', async () => {
    await askForUsage(yearAndMore);
    await question().waitFor();
    assert.match((await window.quickPickChoices()).join('\n'), /^Continue\n.*Choose a Shorter Period…\n.*Cancel/);
    await window.screenshot('big-usage-question', 'busy');
    await window.quickPick('Cancel');
    assert.equal(lists(), 1, 'one call told what it would take');
    assert.deepEqual(await window.tabs(), []);
    await window.notification(/Usage of/).waitFor({ state: 'hidden' });
  });

  it('lets a person choose a shorter period, which Cost Details bring at once', async () => {
    await askForUsage(yearAndMore);
    await question().waitFor();
    await window.quickPick('Choose a Shorter Period…');
    await window.quickPick(lastMonth);
    assert.match((await window.editorText())[0] ?? '', /^invoiceId,previousInvoiceId/);
    assert.equal(lists(), 3);
    await window.runCommand('Azure Billing: Show Completeness of the Usage Document');
    const dialog = window.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    assert.match(
      await dialog.innerText(),
      /with Cost Details 2025-03-01, because usage details would have taken about \d+ calls/,
    );
    await window.screenshot('big-usage-completeness', 'busy');
    await window.page.keyboard.press('Escape');
  });
});
