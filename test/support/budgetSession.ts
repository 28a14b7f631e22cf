import { type BudgetBench, startBudgetBench } from './budgetBench.ts';
import type { Workbench } from './editor/page.ts';
import { type LossyService, startLossyService } from './lossyService.ts';
import { vsixFile } from './packageExtension.ts';
import { startUiSession, type UiSession } from './uiSession.ts';

/** An editor with the budgets of a billing account before the eyes, and a service that can lose answers. */
export interface BudgetSession {
  bench: BudgetBench;
  lossy: LossyService;
  session: UiSession;
  window: Workbench;
  close(): Promise<void>;
}

export async function startBudgetSession(): Promise<BudgetSession> {
  const bench = await startBudgetBench({ customers: 12, now: new Date() });
  const lossy = await startLossyService(bench.service.endpoints.resourceManager);
  const session = await startUiSession({
    vsix: vsixFile,
    settings: { 'files.autoSave': 'off' },
    machineSettings: {
      'azureBilling.connections': [
        { name: 'Partner', cloud: 'custom', credential: 'none', endpoints: { resourceManager: lossy.base } },
      ],
    },
  });
  return {
    bench,
    lossy,
    session,
    window: await openBudgets(session),
    async close() {
      await session.close();
      await lossy.close();
      await bench.close();
    },
  };
}

/** A window of its own. */
export async function openBudgets(session: UiSession): Promise<Workbench> {
  const window = await session.open({ viewport: { width: 1400, height: 900 } });
  window.page.setDefaultTimeout(12_000);
  await window.openView('Azure Billing');
  await expandBudgets(window);
  return window;
}

export async function expandBudgets(window: Workbench): Promise<void> {
  await window.expand('Partner');
  await window.expand('Harbourlight Cloud Partners');
  await window.expand('Budgets', { level: 3 });
}

/** Types over the first text of the document that is found; by the keyboard alone. */
export async function typeOver(window: Workbench, found: string, text: string): Promise<void> {
  const { keyboard } = window.page;
  await keyboard.press('Control+f');
  const find = window.page.locator('.find-widget.visible textarea').first();
  await find.fill(found);
  await keyboard.press('Enter');
  await keyboard.press('Escape');
  await keyboard.press('Delete');
  // As one text: the editor closes quotes that are typed one by one.
  await keyboard.insertText(text);
  await keyboard.press('Escape');
}
