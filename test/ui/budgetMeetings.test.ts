import assert from 'node:assert/strict';
import { type Budget, getBudget } from '../../src/api/arm/budgets.ts';
import { bodyOf } from '../../src/budgeting/budgetBody.ts';
import { createBudget } from '../../src/budgeting/createBudget.ts';
import { saveBudget } from '../../src/budgeting/saveBudget.ts';
import { digitsOf } from '../../src/json/exact.ts';
import { type BudgetSession, startBudgetSession, typeOver } from '../support/budgetSession.ts';
import type { Workbench } from '../support/editor/page.ts';

const NAME = 'all-customers';
const COPY = 'copy-of-it';
const today = new Date().toISOString().slice(0, 10);

describe('a change of a budget that meets what it did not expect', function () {
  // Each test begins where the one before it ended.
  this.bail(true);
  let started: BudgetSession | undefined;
  let window: Workbench;

  before(async () => {
    started = await startBudgetSession();
    window = started.window;
  });
  after(() => started?.close());
  afterEach(async () => {
    await window.runCommand('Notifications: Clear All Notifications');
  });

  const bench = () => started?.bench ?? assert.fail('not started');
  const place = (name: string) => ({ scope: bench().scopes.billingAccount, name });
  const held = (name: string): Promise<Budget> => getBudget(bench().arm(), place(name), name);
  const amountHeld = async (name: string) => {
    const { amount } = (await held(name)).properties;
    return amount === undefined || amount === null ? undefined : digitsOf(amount);
  };
  const dialog = () => window.page.locator('.monaco-dialog-box');

  async function amountElsewhere(amount: number): Promise<void> {
    const now = await held(NAME);
    const outcome = await saveBudget(bench().arm(), place(NAME), now, { ...bodyOf(now), amount }, { today });
    assert.equal(outcome.kind, 'saved');
  }

  it('shows both changes of an amount, and saves this one only when that is confirmed', async () => {
    for (const [answer, amount] of [
      ['Escape', '1600'],
      ['Enter', '1700'],
    ] as const) {
      await window.contextMenu(window.treeItem(NAME), 'Set Amount of Budget…');
      await window.quickInput.getByText(/Last months/).waitFor();
      await amountElsewhere(Number(amount) - 100);
      await window.inputBox(amount);
      await dialog()
        .getByText(/Somebody else changed budget 'all-customers' meanwhile/)
        .waitFor();
      await dialog()
        .getByText(`Yours: amount: ${answer === 'Enter' ? '1,600 → 1,700' : '1,500 → 1,600'} USD`)
        .waitFor();
      await window.screenshot('budget-both-changed', 'busy');
      await window.page.keyboard.press(answer);
      await dialog().waitFor({ state: 'hidden' });
      if (answer === 'Enter') {
        await window.notification(/Budget 'all-customers' is saved/).waitFor();
      }
      assert.equal(await amountHeld(NAME), answer === 'Enter' ? '1700' : '1500');
    }
  });

  it('adds an alert', async () => {
    await window.contextMenu(window.treeItem(NAME), 'Change Alerts of Budget…');
    await window.quickPick(/Add an alert/);
    // The list before has alerts of that name too.
    await window.quickPick(/When the service foresees that much/);
    await window.quickInput.getByText('Percent of the amount').waitFor();
    await window.inputBox('110');
    await window.quickInput.getByText('Mail addresses with commas between').waitFor();
    await window.screenshot('budget-alert-mails');
    await window.inputBox('desk@harbourlight.example');
    await window.notification(/is saved: notification 'Forecasted_110_Percent'/).waitFor();
    const { notifications } = bodyOf(await held(NAME));
    const added = notifications?.Forecasted_110_Percent;
    assert.equal(added?.thresholdType, 'Forecasted');
    assert.deepEqual(added?.contactEmails, ['desk@harbourlight.example']);
  });

  it('is created after another budget, and meets one of its name that somebody made meanwhile', async () => {
    await window.contextMenu(window.treeItem('Budgets', { level: 3 }), 'New Budget…');
    await window.quickPick('From another budget');
    await window.quickInput.getByText('here', { exact: false }).first().waitFor();
    await window.screenshot('budget-other');
    await window.quickPick(new RegExp(`^${NAME}`));
    await window.quickInput.getByText(/^Its name: letters/).waitFor();
    await window.inputBox(COPY);
    await window.tab(`${COPY}.budget.json`).waitFor();
    const theirs = await createBudget(
      bench().arm(),
      place(COPY),
      { ...bodyOf(await held(NAME)), amount: 12 },
      { today },
    );
    assert.equal(theirs.kind, 'saved');
    await typeOver(window, '"amount": 1700', '"amount": 1800');
    await window.page.keyboard.press('Control+s');
    const exists = /there is a budget 'copy-of-it' already/;
    await window.notification(exists).waitFor();
    await window.screenshot('budget-exists');
    assert.equal(await amountHeld(COPY), '12');
    await window.answerNotification(exists, 'Change That One');
    await dialog()
      .getByText(/amount: 12 → 1,800 USD/)
      .waitFor();
    await window.page.keyboard.press('Enter');
    await window.notification(/Budget 'copy-of-it' is saved/).waitFor();
    assert.equal(await amountHeld(COPY), '1800');
    await window.tab(/exists already/).waitFor({ state: 'detached' });
    await window.treeItem(COPY).waitFor();
  });

  it('keeps the text, and says why, when the service cannot be reached at all', async () => {
    await typeOver(window, '"amount": 1800', '"amount": 1900');
    await started?.lossy.close();
    await window.page.keyboard.press('Control+s');
    await window.notification(/Nothing was changed/).waitFor();
    await window.screenshot('budget-offline');
    assert.ok((await window.editorText()).some((line) => line.includes('"amount": 1900')));
    assert.equal(await window.page.locator('.tab.active.dirty').count(), 1);
  });
});
