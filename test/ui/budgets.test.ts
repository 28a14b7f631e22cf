import assert from 'node:assert/strict';
import { type Budget, getBudget } from '../../src/api/arm/budgets.ts';
import { type BudgetBody, bodyOf } from '../../src/budgeting/budgetBody.ts';
import { removeBudget } from '../../src/budgeting/removeBudget.ts';
import { saveBudget } from '../../src/budgeting/saveBudget.ts';
import { digitsOf } from '../../src/json/exact.ts';
import type { BudgetBench } from '../support/budgetBench.ts';
import {
  type BudgetSession,
  expandBudgets,
  openBudgets,
  startBudgetSession,
  typeOver as typeOverIn,
} from '../support/budgetSession.ts';
import type { Workbench } from '../support/editor/page.ts';
import type { LossyService } from '../support/lossyService.ts';
import type { UiSession } from '../support/uiSession.ts';

const NAME = 'all-customers';
const FILE = `${NAME}.budget.json`;
const today = new Date().toISOString().slice(0, 10);

describe('a budget as a document', function () {
  // Each test begins where the one before it ended.
  this.bail(true);
  let bench: BudgetBench;
  let lossy: LossyService;
  let session: UiSession;
  let window: Workbench;

  let started: BudgetSession | undefined;

  before(async () => {
    started = await startBudgetSession();
    ({ bench, lossy, session, window } = started);
  });
  after(() => started?.close());
  afterEach(() => bench.service.setFault(undefined));

  const row = () => window.treeItem(NAME);
  const place = () => ({ scope: bench.scopes.billingAccount, name: NAME });
  const held = (): Promise<Budget> => getBudget(bench.arm(), place(), NAME);
  const puts = () => bench.service.requests().filter(({ method }) => method === 'PUT').length;
  const dialog = () => window.page.locator('.monaco-dialog-box');
  const amountOf = ({ properties: { amount } }: Budget) =>
    amount === undefined || amount === null ? '' : digitsOf(amount);

  /** What another person saves meanwhile. */
  async function elsewhere(change: (body: BudgetBody) => BudgetBody): Promise<void> {
    const now = await held();
    const outcome = await saveBudget(bench.arm(), place(), now, change(bodyOf(now)), { today });
    assert.equal(outcome.kind, 'saved');
  }

  const typeOver = (found: string, text: string) => typeOverIn(window, found, text);

  async function openFromRow(): Promise<void> {
    await row().click();
    await window.tab(FILE).waitFor();
  }

  async function amountLine(): Promise<string> {
    return (await window.editorText()).find((line) => line.includes('"amount"')) ?? '';
  }

  async function setAmount(digits: string): Promise<void> {
    const [, before = ''] = /"amount": ([\d.-]+)/.exec(await amountLine()) ?? [];
    await typeOver(`"amount": ${before}`, `"amount": ${digits}`);
  }

  it('opens from its row, and completes from the schema', async () => {
    await openFromRow();
    await window.runCommand('View: Close All Editors');
    await window.tab(FILE).waitFor({ state: 'detached' });
    // The keyboard stands on the row that was chosen last.
    await window.runCommand('Azure Billing: Focus on Explorer View');
    await window.page.keyboard.press('Enter');
    await window.tab(FILE).waitFor();
    assert.match(await amountLine(), /"amount": [\d.]+,/);
    await window.screenshot('budget-document');
    await typeOver('"Annually"', '""');
    await window.page.keyboard.press('ArrowLeft');
    await window.page.keyboard.press('Control+Space');
    await window.page.locator('.suggest-widget.visible').getByText('Quarterly', { exact: false }).first().waitFor();
    await window.screenshot('budget-completion');
    await window.page.keyboard.press('Escape');
  });

  it('refuses to save errors, and shows them', async () => {
    const before = puts();
    await window.page.keyboard.press('Control+s');
    await window.notification(/Nothing was changed. timeGrain/).waitFor();
    await window.answerNotification(/Nothing was changed. timeGrain/, 'Show Problems');
    await window.page.locator('.markers-panel').getByText('timeGrain is').first().waitFor();
    await window.screenshot('budget-error');
    await window.runCommand('View: Hide Panel');
    assert.equal(puts(), before);
    await window.openTab(FILE);
    await typeOver('"timeGrain": ""', '"timeGrain": "Annually"');
  });

  it('shows the exact change, sends nothing when it is cancelled, and saves it when it is confirmed', async () => {
    const before = puts();
    await setAmount('123456.78');
    await window.page.keyboard.press('Control+s');
    await dialog()
      .getByText(/amount: [\d.,]+ → 123,456.78 USD/)
      .waitFor();
    await window.screenshot('budget-confirm', 'busy');
    await window.page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'hidden' });
    assert.equal(puts(), before);
    // The editor's own way to save, as closing a tab or saving all takes it.
    await window.runCommand('File: Save');
    await dialog().getByRole('button', { name: 'Save' }).waitFor();
    await window.page.keyboard.press('Enter');
    await window.notification(/Budget 'all-customers' is saved: amount/).waitFor();
    assert.equal(amountOf(await held()), '123456.78');
    await window.screenshot('budget-saved');
    assert.equal(await window.page.locator('.tab.active.dirty').count(), 0);
  });

  it('takes the change back', async () => {
    await window.answerNotification(/Budget 'all-customers' is saved/, 'Undo');
    await window.notification(/The last change of budget 'all-customers' is undone/).waitFor();
    assert.notEqual(amountOf(await held()), '123456.78');
    await window.runCommand('Notifications: Clear All Notifications');
    assert.doesNotMatch(await amountLine(), /123456/);
  });

  it('merges what somebody else changed meanwhile, and asks where both changed the same', async () => {
    await window.setTheme('dark');
    await setAmount('2000.50');
    await elsewhere((body) => ({
      ...body,
      amount: 3000,
      timeGrain: 'Annually',
      notifications: {
        ...body.notifications,
        later: { enabled: true, operator: 'GreaterThan', threshold: 95, contactEmails: ['new@harbourlight.example'] },
      },
    }));
    const before = puts();
    await window.page.keyboard.press('Control+s');
    await window.quickInput.getByText('Yours: 2,000.50 USD').waitFor();
    await window.screenshot('budget-conflict');
    await window.page.keyboard.press('Enter');
    await window.notification(/Somebody else changed budget 'all-customers' meanwhile/).waitFor();
    await window.screenshot('budget-merged');
    assert.equal(puts(), before, 'nothing is sent before a person looked');
    await window.answerNotification(/Somebody else changed budget/, 'Save');
    await dialog()
      .getByText(/amount: 3,000 → 2,000.50 USD/)
      .waitFor();
    await window.page.keyboard.press('Enter');
    await window.notification(/Budget 'all-customers' is saved/).waitFor();
    // The comparison is over.
    await window.tab(/saved by somebody else/).waitFor({ state: 'detached' });
    assert.match(await amountLine(), /2000\.50/);
    const now = await held();
    assert.equal(amountOf(now), '2000.50');
    assert.ok(Object.keys(now.properties.notifications ?? {}).includes('later'));
    await window.runCommand('Notifications: Clear All Notifications');
    await window.runCommand('View: Close All Editors');
  });

  it('changes the amount beside what the last months cost, by the keyboard', async () => {
    await window.setTheme('highContrast');
    await window.contextMenu(row(), 'Set Amount of Budget…');
    await window.quickInput.getByText(/Last months: \d{4}-\d\d [\d,.]+/).waitFor();
    await window.quickInput.locator('input').first().fill('1,5');
    await window.quickInput.getByText(/This is no amount above 0/).waitFor();
    await window.quickInput.locator('input').first().fill('4321.09');
    await window.quickInput.getByText(/→ 4,321.09 USD. Enter saves it. Last months: \d{4}/).waitFor();
    await window.screenshot('budget-amount');
    await window.page.keyboard.press('Enter');
    await window.notification(/Budget 'all-customers' is saved: amount/).waitFor();
    assert.equal(amountOf(await held()), '4321.09');
    await window.runCommand('Notifications: Clear All Notifications');
  });

  it('changes who is told', async () => {
    await window.contextMenu(row(), 'Change Alerts of Budget…');
    await window.quickInput.getByText(/^Actual cost .* 50 %$/).waitFor();
    await window.screenshot('budget-alerts');
    await window.quickPick(/^Actual cost .* 50 %/);
    await window.quickPick('Threshold…');
    await window.quickInput.locator('input').first().fill('2000');
    await window.quickInput.getByText(/is not between 0 and 1000 percent/).waitFor();
    await window.screenshot('budget-alerts-threshold');
    await window.inputBox('55');
    await window.notification(/Budget 'all-customers' is saved: threshold of .*: 50 → 55 %/).waitFor();
    await window.runCommand('Notifications: Clear All Notifications');
  });

  it('is created from what the last months cost, and deleted by its name', async () => {
    await window.setTheme('light');
    const folder = window.treeItem('Budgets', { level: 3 });
    await window.contextMenu(folder, 'New Budget…');
    await window.quickInput.getByText('From what the last months cost').waitFor();
    await window.screenshot('budget-new');
    await window.quickPick('From what the last months cost');
    await window.quickInput.getByText(/average of/).waitFor();
    await window.screenshot('budget-suggestions');
    await window.page.keyboard.press('Enter');
    await window.quickInput.getByText(/^Its name: letters/).waitFor();
    await window.quickInput.locator('input').first().fill(NAME);
    await window.quickInput.getByText(/There is a budget 'all-customers' here already/).waitFor();
    await window.inputBox('quick-new');
    await window.tab('quick-new.budget.json').waitFor();
    assert.match(await amountLine(), /"amount": \d+/);
    await window.screenshot('budget-new-document');
    await typeOver('"contactEmails": []', '"contactEmails": ["billing@harbourlight.example"]');
    await window.page.keyboard.press('Control+s');
    await dialog().getByRole('button', { name: 'Create' }).waitFor();
    await window.screenshot('budget-create-confirm', 'busy');
    await window.page.keyboard.press('Enter');
    await window.notification(/Budget 'quick-new' is created/).waitFor();
    const made = window.treeItem('quick-new');
    await made.waitFor();
    await window.screenshot('budget-created');
    await window.runCommand('Notifications: Clear All Notifications');
    await window.contextMenu(made, 'Delete Budget…');
    await window.quickInput.getByText(/^Type its name/).waitFor();
    await window.quickInput.locator('input').first().fill('quick');
    await window.screenshot('budget-delete');
    await window.inputBox('quick-new');
    await window.notification(/Budget 'quick-new' is deleted/).waitFor();
    await made.waitFor({ state: 'hidden' });
    assert.ok(!(await window.tabs()).some((title) => title.startsWith('quick-new')));
    await window.runCommand('Notifications: Clear All Notifications');
  });

  it('keeps unsaved text and what it began as over a reload', async () => {
    await openFromRow();
    await setAmount('5000.25');
    // The editor backs unsaved text up a second after it was typed.
    await window.page.waitForTimeout(2_000);
    await window.reload();
    await window.tab(FILE).waitFor();
    assert.match(await amountLine(), /5000\.25/);
    await elsewhere((body) => ({ ...body, amount: 1 }));
    await window.openTab(FILE);
    await window.page.keyboard.press('Control+s');
    await window.quickInput.getByText('Theirs: 1 USD').waitFor();
    await window.screenshot('budget-reload-conflict');
    await window.page.keyboard.press('Enter');
    await window.answerNotification(/Somebody else changed budget/, 'Save');
    await dialog()
      .getByText(/amount: 1 → 5,000.25 USD/)
      .waitFor();
    await window.page.keyboard.press('Enter');
    await window.notification(/Budget 'all-customers' is saved/).waitFor();
    assert.equal(amountOf(await held()), '5000.25');
    await window.tab(/saved by somebody else/).waitFor({ state: 'detached' });
    await window.runCommand('Notifications: Clear All Notifications');
    await window.runCommand('View: Close All Editors');
    await expandBudgets(window);
  });

  for (const [fault, sentence] of [
    ['403@budgets', /HTTP 403/],
    ['429@budgets', /limit|429/],
    ['reset@budgets', /Nothing was changed. Get the budget failed/],
  ] as const) {
    it(`keeps the text when the service fails: ${fault}`, async () => {
      await openFromRow();
      await setAmount('6000.75');
      const before = puts();
      bench.service.setFault(fault);
      await window.page.keyboard.press('Control+s');
      await window.notification(sentence).waitFor();
      await window.screenshot(`budget-failed-${fault.split('@')[0]}`);
      assert.match(await amountLine(), /6000\.75/);
      assert.equal(puts(), before);
      bench.service.setFault(undefined);
      await window.runCommand('Notifications: Clear All Notifications');
      await window.runCommand('File: Revert File');
      await window.runCommand('View: Close All Editors');
    });
  }

  it('says whether a save whose answer got lost was done', async () => {
    await openFromRow();
    await setAmount('6100');
    lossy.loseNext = 'request';
    await window.page.keyboard.press('Control+s');
    await dialog().getByRole('button', { name: 'Save' }).waitFor();
    await window.page.keyboard.press('Enter');
    await window.notification(/nothing was saved. Saving again is safe/).waitFor();
    await window.screenshot('budget-not-applied');
    lossy.loseNext = 'answer';
    await window.answerNotification(/Saving again is safe/, 'Save Again');
    await dialog()
      .getByText(/→ 6,100 USD/)
      .waitFor();
    await window.page.keyboard.press('Enter');
    await window.notification(/The answer got lost on the way; reading it again shows that it was saved/).waitFor();
    await window.screenshot('budget-answer-lost');
    assert.equal(amountOf(await held()), '6100');
    await window.runCommand('Notifications: Clear All Notifications');
    await window.runCommand('View: Close All Editors');
  });

  it('tells that a budget was deleted meanwhile, and creates it again', async () => {
    await openFromRow();
    await setAmount('7000');
    const now = await held();
    assert.equal((await removeBudget(bench.arm(), place(), now, {})).kind, 'removed');
    await window.page.keyboard.press('Control+s');
    await window.notification(/somebody deleted budget 'all-customers' meanwhile/).waitFor();
    await window.screenshot('budget-deleted-meanwhile');
    assert.match(await amountLine(), /7000/);
    await window.answerNotification(/somebody deleted budget/, 'Create Again');
    await dialog().getByRole('button', { name: 'Create' }).waitFor();
    await window.page.keyboard.press('Enter');
    await window.notification(/Budget 'all-customers' is created/).waitFor();
    assert.equal(amountOf(await held()), '7000');
    await window.runCommand('Notifications: Clear All Notifications');
  });

  it('says that auto-save sends nothing, once', async () => {
    await window.runCommand('File: Toggle Auto Save');
    await window.openTab(FILE);
    const before = puts();
    await setAmount('8000');
    await window.notification(/Auto-save sends no budgets/).waitFor();
    await window.screenshot('budget-auto-save');
    await window.runCommand('Notifications: Clear All Notifications');
    await window.openTab(FILE);
    await setAmount('8001');
    // Longer than the editor's delay before it saves by itself.
    await window.page.waitForTimeout(2_500);
    assert.deepEqual(await window.notifications(), []);
    assert.equal(puts(), before);
    await window.page.keyboard.press('Control+s');
    await dialog()
      .getByText(/amount: 7,000 → 8,001 USD/)
      .waitFor();
    await window.page.keyboard.press('Enter');
    await window.notification(/Budget 'all-customers' is saved/).waitFor();
    assert.equal(amountOf(await held()), '8001');
    await window.runCommand('File: Toggle Auto Save');
    await window.runCommand('Notifications: Clear All Notifications');
  });

  it('loses nothing of two windows that edit the same budget', async () => {
    await setAmount('9000');
    const other = await openBudgets(session);
    await other.contextMenu(other.treeItem(NAME), 'Set Amount of Budget…');
    await other.quickInput.getByText(/Last months/).waitFor();
    await other.inputBox('9500');
    await other.notification(/Budget 'all-customers' is saved/).waitFor();
    await other.close();
    await window.page.keyboard.press('Control+s');
    await window.quickInput.getByText('Theirs: 9,500 USD').waitFor();
    await window.page.keyboard.press('Escape');
    assert.equal(amountOf(await held()), '9500');
    await window.runCommand('View: Close All Editors in Group').catch(() => undefined);
  });
});
