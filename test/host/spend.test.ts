import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ShownSpend } from '../../src/contributions.ts';
import { DecimalSum } from '../../src/records/decimal.ts';
import { row } from './partnerSupport.ts';
import { type Connected, connectSample, contentOf, eventually, openUsage, refusal } from './support.ts';

const COMMAND = 'azureBilling.showSpend';
const OCTOBER = { from: '2026-10-01', to: '2026-10-31' };

describe('azureBilling.showSpend', () => {
  let connected: Connected;
  let account: string;
  let customer: string;
  let folder: string;

  before(async () => {
    connected = await connectSample({ now: new Date() });
    const { tenant } = connected.service;
    const [main] = tenant.accounts;
    assert.ok(main);
    account = `/providers/Microsoft.Billing/billingAccounts/${main.name}`;
    customer = `${account}/customers/${tenant.customers(main).at(0).name}`;
    folder = await mkdtemp(path.join(os.tmpdir(), 'spend-'));
  });
  after(async () => {
    await connected.remove();
    await rm(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    connected.service.setFault(undefined);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const argumentOf = (more: object = {}) => ({ connection: connected.name, scope: customer, period: OCTOBER, ...more });
  const show = async (argument: unknown): Promise<ShownSpend> =>
    (await vscode.commands.executeCommand<ShownSpend | undefined>(COMMAND, argument)) ??
    assert.fail('it returned nothing');
  const tabs = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const panels = () => tabs().flatMap(({ input, label }) => (input instanceof vscode.TabInputWebview ? [label] : []));
  const shownPanels = (count: number) => eventually(() => (panels().length === count ? panels() : undefined));
  const queries = () => connected.service.counts().costQuery ?? 0;
  const viewFile = async (content: object | string): Promise<vscode.Uri> => {
    const file = path.join(folder, `${Math.random().toString(36).slice(2)}.spend.json`);
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
    return vscode.Uri.file(file);
  };

  it('shows the cost of a customer from a plain argument, to the digit', async () => {
    const shown = await show(argumentOf({ label: 'Alder Mill' }));
    const truth = connected.service.tenant.truth(customer, OCTOBER.from, OCTOBER.to).totals;
    assert.deepEqual(shown.currencies, [...truth.keys()]);
    assert.equal(shown.total, truth.get(shown.currency));
    assert.deepEqual(shown.period, OCTOBER);
    assert.deepEqual(await shownPanels(1), ['Alder Mill spend']);
  });

  it('reads once: the same question, and the scope alone, bring the panel that is there to the front', async () => {
    const shown = await show(argumentOf());
    const asked = queries();
    assert.deepEqual(await show(argumentOf()), shown);
    await show({ connection: connected.name, scope: customer });
    assert.equal(queries(), asked);
    await shownPanels(1);
    await show(argumentOf({ groupBy: 'ResourceGroupName' }));
    await shownPanels(2);
  });

  it('starts from a row of the tree with the month to date', async () => {
    const node = row(connected, { scope: customer, title: 'Alder Mill' });
    const shown = await show(node);
    assert.equal(shown.period.to, new Date().toISOString().slice(0, 10));
    assert.deepEqual(await shownPanels(1), ['Alder Mill spend']);
  });

  it('shows the scope and the days of a usage document', async () => {
    const uri = await openUsage({
      connection: connected.name,
      scope: customer,
      period: '2026-10',
      label: 'Alder Mill',
    });
    assert.deepEqual((await show(uri)).period, OCTOBER);
  });

  it('refuses wrong input with a sentence that names the field, and opens no panel', async () => {
    const wrong: [object, RegExp][] = [
      [{ connection: 'Nowhere' }, /^connection: there is no connection 'Nowhere'/],
      [{ scope: undefined }, /^scope: is missing/],
      [{ scope: `${account}/invoices/G1` }, /^scope: .* is not a scope of Cost Management/],
      [{ period: 'Someday' }, /^period: 'Someday' is not a period/],
      [{ granularity: 'hourly' }, /^granularity: /],
      [{ filters: [{ by: 'ServiceName', values: [] }] }, /^filters\.0\.values: is empty/],
      [{ grouped: 'x' }, /^grouped: is not known/],
      [{ label: 7 }, /^label: has to be a text/],
    ];
    for (const [more, sentence] of wrong) {
      assert.match(await refusal(COMMAND, argumentOf(more)), sentence);
    }
    assert.deepEqual(panels(), []);
  });

  it('fails for the caller when reading fails, and reads again when asked again', async () => {
    connected.service.setFault('500@query');
    const question = argumentOf({ groupBy: 'Meter' });
    assert.match(await refusal(COMMAND, question), /Query costs failed with HTTP 500/);
    connected.service.setFault(undefined);
    assert.equal((await show(question)).total, (await show(argumentOf())).total);
  });

  it('ends quietly when its panel is closed before it is read', async () => {
    connected.service.setFault('hang@query');
    const shown = vscode.commands.executeCommand<ShownSpend | undefined>(COMMAND, argumentOf({ groupBy: 'Product' }));
    await shownPanels(1);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.equal(await shown, undefined);
  });

  it('saves a view file that says the question in a fixed order, and refuses what it cannot save', async () => {
    await show(argumentOf({ top: 5, label: 'Alder Mill', view: 'table' }));
    const file = path.join(folder, 'saved.spend.json');
    assert.equal(await vscode.commands.executeCommand('azureBilling.saveSpend', { as: 'view', file }), file);
    const text = await readFile(file, 'utf8');
    assert.deepEqual(Object.keys(JSON.parse(text) as object), [
      ...['connection', 'scope', 'label', 'period', 'granularity', 'groupBy', 'filters', 'metric', 'currency', 'top'],
      'view',
    ]);
    assert.ok(text.endsWith('}\n'));
    assert.match(await refusal('azureBilling.saveSpend', { as: 'gif' }), /^as: 'gif' is not one of png, svg/);
    assert.match(
      await refusal('azureBilling.saveSpend', { as: 'csv', file: 'a.csv' }),
      /^file: has to be an absolute path/,
    );
  });

  it('opens a view file in the same panel, and reads it again when it is changed', async () => {
    const uri = await viewFile({
      connection: connected.name,
      scope: customer,
      period: OCTOBER,
      groupBy: 'ServiceFamily',
    });
    const before = queries();
    await vscode.commands.executeCommand('vscode.open', uri);
    await eventually(() => tabs().find(({ input }) => input instanceof vscode.TabInputCustom));
    await eventually(() => (queries() > before ? true : undefined));
    const asked = queries();
    const document = await vscode.workspace.openTextDocument(uri);
    const edit = new vscode.WorkspaceEdit();
    const at = document.getText().indexOf('ServiceFamily');
    edit.replace(
      uri,
      new vscode.Range(document.positionAt(at), document.positionAt(at + 'ServiceFamily'.length)),
      'ResourceLocation',
    );
    await vscode.workspace.applyEdit(edit);
    await eventually(() => (queries() > asked ? true : undefined));
    await document.save();
  });

  it('adds up usage rows for the pricing currency, and asks first where a person opens a view', async () => {
    const { service } = connected;
    const calls = () => service.counts()['usageDetails.list'] ?? 0;
    const dimensions = () => service.counts()['dimensions.list'] ?? 0;
    const before = { calls: calls(), queries: queries(), dimensions: dimensions() };
    // What a scope can be grouped by is asked once: this one was not shown before.
    const [main] = service.tenant.accounts;
    assert.ok(main);
    const other = `${account}/customers/${service.tenant.customers(main).at(1).name}`;
    const uri = await viewFile({ connection: connected.name, scope: other, period: OCTOBER, currency: 'pricing' });
    await vscode.commands.executeCommand('vscode.open', uri);
    await eventually(() => (dimensions() > before.dimensions ? true : undefined));
    assert.equal(calls(), before.calls, 'nobody said yet that the rows may be read');
    const shown = await show(argumentOf({ currency: 'pricing' }));
    assert.equal(queries(), before.queries);
    const content = await contentOf(await openUsage({ ...argumentOf(), format: 'ndjson' }));
    const sum = new DecimalSum();
    for (const [, digits = ''] of content.matchAll(/"costInPricingCurrency":\s*(-?[\d.]+)/g)) {
      sum.add(digits);
    }
    assert.equal(shown.total, sum.toString());
    assert.deepEqual(shown.currencies, ['USD']);
  });

  it('shows the rows behind a group: those alone, under an address that says so', async () => {
    const whole = await contentOf(await openUsage({ ...argumentOf(), format: 'ndjson' }));
    const rows = whole
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { properties: { meterCategory: string } });
    const [
      {
        properties: { meterCategory: service },
      } = assert.fail('no rows'),
    ] = rows;
    const only = (not?: true) => [{ by: 'ServiceName', values: [service.toUpperCase()], ...(not && { not }) }];
    const one = await openUsage({ ...argumentOf(), only: only(), format: 'ndjson' });
    const others = await openUsage({ ...argumentOf(), only: only(true), format: 'ndjson' });
    const [inside, outside] = await Promise.all([contentOf(one), contentOf(others)]);
    const costs = (text: string) => {
      const sum = new DecimalSum();
      for (const [, digits = ''] of text.matchAll(/"costInBillingCurrency": ?([-\d.]+)/g)) {
        sum.add(digits);
      }
      return sum;
    };
    const wanted = rows.filter(({ properties }) => properties.meterCategory === service).length;
    assert.equal(inside.trim().split('\n').length, wanted);
    assert.equal(outside.trim().split('\n').length, rows.length - wanted);
    const both = costs(inside);
    both.add(costs(outside).toString());
    assert.equal(both.toString(), costs(whole).toString());
    assert.ok(one.path.includes(service.toUpperCase()) && one.query.includes('only='));
  });

  it('refuses conditions that usage rows do not tell', async () => {
    const wrong: [unknown, RegExp][] = [
      ['ServiceName', /^only: has to be a list of conditions/],
      [[{ by: 'PartnerEarnedCreditApplied', values: ['x'] }], /^only\[0\]\.by: usage rows do not tell 'PartnerEarned/],
      [[{ by: 'ServiceName', values: [] }], /^only\[0\]\.values: /],
      [[{ by: 'ServiceName', values: ['x'], not: false }], /^only\[0\]\.not: /],
    ];
    for (const [only, sentence] of wrong) {
      assert.match(await refusal('azureBilling.openUsage', argumentOf({ only })), sentence);
    }
  });

  it('shows the estimates of a customer of Partner Center', async () => {
    const partner = await connectSample({ now: new Date() }, ['partnerCenter']);
    try {
      const plan = partner.service.partnerCenter.stories.azurePlan ?? assert.fail('no Azure plan');
      const shown = await show({ connection: partner.name, scope: `/partnerCenter/customers/${plan.customer}` });
      assert.equal(shown.period.to, new Date().toISOString().slice(0, 10));
      assert.ok(Number(shown.total) > 0, shown.total);
      assert.match(
        await refusal(COMMAND, { connection: connected.name, scope: `/partnerCenter/customers/${plan.customer}` }),
        /^connection: '.*' has no Partner Center/,
      );
    } finally {
      await partner.remove();
    }
  });

  it('pins a scope to the status bar and takes it off again', async () => {
    assert.equal(await vscode.commands.executeCommand('azureBilling.pinSpend', argumentOf()), true);
    await vscode.commands.executeCommand('azureBilling.unpinSpend');
  });
});
