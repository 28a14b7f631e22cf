import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { BUDGET_SCHEME, type HeldBudget } from '../../src/contributions.ts';
import { digitsOf, type JsonNumber } from '../../src/json/exact.ts';
import { budgetScopes } from '../support/budgetScopes.ts';
import { startLossyService } from '../support/lossyService.ts';
import { type Connected, connectSample, contentOf, eventually, refusal } from './support.ts';

const thisMonth = new Date().toISOString().slice(0, 7);

const BODY = {
  category: 'Cost',
  amount: 1250,
  timeGrain: 'Monthly',
  timePeriod: { startDate: `${thisMonth}-01T00:00:00Z`, endDate: '2027-10-31T00:00:00Z' },
  notifications: {
    eighty: { enabled: true, operator: 'GreaterThan', threshold: 80, contactEmails: ['billing@harbourlight.example'] },
  },
};

type Command =
  | 'editBudget'
  | 'saveBudget'
  | 'setBudgetAmount'
  | 'setBudgetAlerts'
  | 'undoBudgetChange'
  | 'createBudget'
  | 'deleteBudget';

const run = (command: Command, argument: unknown) =>
  vscode.commands.executeCommand<HeldBudget | undefined>(`azureBilling.${command}`, argument);

const refused = (command: Command, argument: unknown) => refusal(`azureBilling.${command}`, argument);

function amountOf(budget: HeldBudget | undefined): string | undefined {
  const amount = budget?.properties.amount;
  return amount === undefined ? undefined : digitsOf(amount as JsonNumber);
}

/** A budget of the test, in a tab. */
async function shown(argument: object): Promise<vscode.TextDocument> {
  await run('editBudget', argument);
  return eventually(() => {
    const document = vscode.window.activeTextEditor?.document;
    return document?.uri.scheme === BUDGET_SCHEME ? document : undefined;
  });
}

async function write(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  const end = document.positionAt(document.getText().length);
  edit.replace(document.uri, new vscode.Range(new vscode.Position(0, 0), end), text);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

const problemsOf = (document: vscode.TextDocument) =>
  vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'Azure Billing');

describe('budgets', () => {
  let connected: Connected;
  let scopes: ReturnType<typeof budgetScopes>;

  before(async () => {
    connected = await connectSample({ now: new Date() });
    scopes = budgetScopes(connected.service);
  });
  after(() => connected.remove());
  beforeEach(() => fetch(`${connected.service.endpoints.resourceManager}/_sample/reset`, { method: 'POST' }));
  afterEach(async () => {
    connected.service.setFault(undefined);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const at = (scope: string, name = 'quick') => ({ connection: connected.name, scope, name });
  const writes = () =>
    connected.service.requests().filter(({ method }) => method === 'PUT' || method === 'DELETE').length;

  for (const provider of ['costManagement', 'consumption'] as const) {
    it(`creates, edits, meets a change of somebody else, takes back and deletes at every scope: ${provider}`, async () => {
      for (const [kind, scope] of Object.entries(scopes)) {
        const budget = { ...at(scope), provider };
        assert.equal(amountOf(await run('createBudget', { ...budget, body: BODY })), '1250', kind);
        assert.match(
          await refused('createBudget', { ...budget, body: BODY }),
          /^Nothing was saved: there is a budget 'quick' already\./,
        );
        const held = await run('editBudget', { ...budget, body: { ...BODY, amount: 1300 } });
        assert.equal(amountOf(held), '1300');
        const exact = await run('setBudgetAmount', { ...budget, amount: '1300.50' });
        assert.equal(amountOf(exact), '1300.50');
        assert.match(
          await refused('editBudget', { ...budget, body: BODY, eTag: held?.eTag }),
          /^eTag: budget 'quick' has another one by now\./,
        );
        assert.equal(amountOf(await run('undoBudgetChange', budget)), '1300');
        assert.equal(amountOf(await run('undoBudgetChange', budget)), '1300.50', 'undone again, it is redone');
        const { eighty } = BODY.notifications;
        const alerts = await run('setBudgetAlerts', {
          ...budget,
          notifications: { eighty: { ...eighty, threshold: 90 } },
        });
        assert.match(JSON.stringify(alerts?.properties.notifications), /"threshold":90/);
        assert.equal(amountOf(await run('deleteBudget', budget)), '1300.50');
        assert.match(await refused('setBudgetAmount', { ...budget, amount: 5 }), /There is no budget 'quick'/);
        assert.equal(amountOf(await run('undoBudgetChange', budget)), '1300.50', 'it is there again');
        await run('deleteBudget', budget);
      }
    });
  }

  it('names the field of a wrong argument, and sends nothing', async () => {
    const scope = scopes.customer;
    const before = writes();
    const wrong: [Command, object, RegExp][] = [
      ['editBudget', { scope, name: 'a' }, /^connection: is missing/],
      ['editBudget', { connection: 'Nobody', scope, name: 'a' }, /^connection: there is no connection 'Nobody'/],
      ['editBudget', { connection: connected.name, name: 'a' }, /^scope: is missing/],
      [
        'editBudget',
        { connection: connected.name, scope: '/elsewhere', name: 'a' },
        /^scope: '\/elsewhere' is not a scope/,
      ],
      ['editBudget', { connection: connected.name, scope }, /^name: is missing/],
      ['editBudget', { ...at(scope), provider: 'none' }, /^provider: 'none' is not known/],
      ['setBudgetAmount', { ...at(scope), amount: '1,5' }, /^amount: '1,5' is no amount above 0/],
      ['setBudgetAmount', { ...at(scope), amount: 0 }, /^amount: '0' is no amount above 0/],
      ['setBudgetAlerts', { ...at(scope), notifications: [] }, /^notifications: is not an object|There is no budget/],
      ['createBudget', { ...at(scope, 'no good'), body: BODY }, /'no good' is no name for a budget/],
      ['createBudget', { ...at(scope), body: { ...BODY, timeGrain: 'Weekly' } }, /timeGrain is 'Weekly'/],
      ['undoBudgetChange', at(scope, 'never'), /was not changed in this window/],
    ];
    for (const [command, argument, sentence] of wrong) {
      assert.match(await refused(command, argument), sentence);
    }
    assert.equal(writes(), before);
  });

  it('opens a budget as the service holds it, digits kept, with the problems of what is typed', async () => {
    await run('createBudget', { ...at(scopes.customer), body: BODY });
    await run('setBudgetAmount', { ...at(scopes.customer), amount: '1250.00' });
    const document = await shown(at(scopes.customer));
    assert.equal(document.languageId, 'json');
    assert.match(
      document.uri.path,
      /\/customers\/[^/]+\/providers\/Microsoft\.CostManagement\/budgets\/quick\.budget\.json$/,
    );
    const text = document.getText();
    assert.match(text, /^\{\n {2}"category": "Cost",\n {2}"amount": 1250(\.00)?,/);
    assert.doesNotMatch(text, /currentSpend|eTag/);
    assert.deepEqual(problemsOf(document), []);
    await write(document, text.replace(/"amount": [\d.]+/, '"amount": -3').replace('"Monthly"', '"Weekly"'));
    const problems = await eventually(() => (problemsOf(document).length >= 2 ? problemsOf(document) : undefined));
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['amountTooSmall', 'unknownWord'],
    );
    assert.equal(document.getText(problems[0]?.range), '-3');
    const before = writes();
    assert.equal(await document.save(), false, 'a save with errors is refused');
    assert.ok(document.isDirty);
    assert.equal(writes(), before);
  });

  it('writes nothing that no person saved', async () => {
    await run('createBudget', { ...at(scopes.customer), body: BODY });
    const document = await shown(at(scopes.customer));
    const before = writes();
    const other = Buffer.from(document.getText().replace('1250', '9'));
    await assert.rejects(async () => vscode.workspace.fs.writeFile(document.uri, other), /FileSystemError/);
    await assert.rejects(async () => vscode.workspace.fs.delete(document.uri));
    assert.equal(writes(), before);
  });

  it('keeps typed text with auto-save on, and tries once only', async () => {
    await run('createBudget', { ...at(scopes.customer), body: BODY });
    const files = vscode.workspace.getConfiguration('files');
    await files.update('autoSave', 'afterDelay', vscode.ConfigurationTarget.Global);
    await files.update('autoSaveDelay', 50, vscode.ConfigurationTarget.Global);
    try {
      const document = await shown(at(scopes.customer));
      const before = writes();
      const saves: vscode.TextDocumentSaveReason[] = [];
      const listening = vscode.workspace.onWillSaveTextDocument(({ reason }) => saves.push(reason));
      for (const amount of [1300, 1301, 1302]) {
        await write(document, document.getText().replace(/"amount": \d+/, `"amount": ${amount}`));
        await new Promise((resolve) => setTimeout(resolve, 400));
      }
      listening.dispose();
      assert.deepEqual(saves, [vscode.TextDocumentSaveReason.AfterDelay]);
      assert.ok(document.isDirty);
      assert.match(document.getText(), /"amount": 1302/);
      assert.equal(writes(), before);
    } finally {
      await files.update('autoSave', undefined, vscode.ConfigurationTarget.Global);
      await files.update('autoSaveDelay', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('shows a change of a command in an open tab, and leaves unsaved text alone', async () => {
    await run('createBudget', { ...at(scopes.customer), body: BODY });
    const document = await shown(at(scopes.customer));
    await run('setBudgetAmount', { ...at(scopes.customer), amount: 77 });
    await eventually(() => (/"amount": 77\b/.test(document.getText()) ? true : undefined));
    assert.ok(!document.isDirty);
    await write(document, document.getText().replace('77', '78'));
    await run('setBudgetAmount', { ...at(scopes.customer), amount: 79 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.match(document.getText(), /"amount": 78\b/);
    assert.ok(document.isDirty);
  });

  it('completes dimensions, their values and known mail addresses', async () => {
    await run('createBudget', { ...at(scopes.customer), body: BODY });
    const document = await shown(at(scopes.customer));
    const text = JSON.stringify(
      { ...BODY, filter: { dimensions: { name: '', operator: 'In', values: ['€'] } } },
      undefined,
      2,
    ).replace('€', '');
    const words = async (pattern: RegExp, name = '') => {
      await write(document, text.replace('"name": ""', `"name": "${name}"`));
      const found = pattern.exec(document.getText());
      assert.ok(found);
      const position = document.positionAt(found.index + found[0].length);
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        position,
      );
      return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    };
    assert.ok((await words(/"name": "/)).includes('ServiceName'));
    const values = await words(/"values": \[\s+"/, 'ServiceName');
    assert.ok(values.includes('Virtual Machines'), values.join());
    assert.ok((await words(/"contactEmails": \[\s+"/)).includes('billing@harbourlight.example'));
  });

  it('refuses an address that is no budget', async () => {
    for (const path of [
      '/a.budget.json',
      '/subscriptions/../x/providers/Microsoft.CostManagement/budgets/a.budget.json',
    ]) {
      const uri = vscode.Uri.from({ scheme: BUDGET_SCHEME, authority: connected.name, path });
      await assert.rejects(() => contentOf(uri));
    }
  });

  it('finds out whether a write whose answer got lost was done', async () => {
    const lossy = await startLossyService(connected.service.endpoints.resourceManager);
    const endpoints = { resourceManager: lossy.base };
    await vscode.commands.executeCommand('azureBilling.addConnection', {
      name: 'Lossy',
      cloud: 'custom',
      credential: 'none',
      endpoints,
    });
    try {
      const budget = { ...at(scopes.customer), connection: 'Lossy' };
      lossy.loseNext = 'answer';
      assert.equal(amountOf(await run('createBudget', { ...budget, body: BODY })), '1250');
      lossy.loseNext = 'answer';
      assert.equal(amountOf(await run('setBudgetAmount', { ...budget, amount: 60 })), '60');
      lossy.loseNext = 'request';
      assert.match(
        await refused('setBudgetAmount', { ...budget, amount: 61 }),
        /nothing was saved\. Saving again is safe\./,
      );
      assert.equal(amountOf(await run('undoBudgetChange', budget)), '1250');
      lossy.loseNext = 'answer';
      assert.equal(amountOf(await run('deleteBudget', budget)), '1250');
    } finally {
      await vscode.commands.executeCommand('azureBilling.removeConnection', { connection: 'Lossy' });
      await lossy.close();
    }
  });

  it('tells why a budget cannot be read or written', async () => {
    const budget = at(scopes.customer);
    await run('createBudget', { ...budget, body: BODY });
    connected.service.setFault('403@budgets');
    assert.match(await refused('editBudget', budget), /403/);
    assert.match(await refused('setBudgetAmount', { ...budget, amount: 5 }), /403/);
    connected.service.setFault(undefined);
    const document = await shown(budget);
    connected.service.setFault('500@budgets');
    assert.match(document.getText(), /1250/);
  });
});
