import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { resolvePeriod } from '../../src/usage/period.ts';
import { type SmallPages, startSmallPages } from '../support/smallPages.ts';
import { activeTab, type Connected, connectSample, contentOf, openUsage, refusal } from './support.ts';

describe('azureBilling.openUsage: metrics and sources', () => {
  const SMALL = 'Small pages';
  /** Near enough for Cost Details, whenever this runs. */
  const period = resolvePeriod('TheLastMonth', new Date());
  const month = period.from.slice(0, 7);
  let connected: Connected;
  let pages: SmallPages;
  let account: string;

  before(async () => {
    connected = await connectSample({ customers: 12, usageRows: 7_000, now: new Date() });
    account = `/providers/Microsoft.Billing/billingAccounts/${connected.service.tenant.accounts[0]?.name}`;
    pages = await startSmallPages(connected.service.endpoints.resourceManager, 4);
    await vscode.commands.executeCommand('azureBilling.addConnection', {
      name: SMALL,
      cloud: 'custom',
      credential: 'none',
      endpoints: { resourceManager: pages.base },
    });
  });

  after(async () => {
    await vscode.commands.executeCommand('azureBilling.removeConnection', { connection: SMALL });
    await pages.close();
    await connected.remove();
  });

  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  const truth = () => connected.service.tenant.truth(account, period.from, period.to);

  it('opens another metric under an address and a name of its own', async () => {
    const argument = { connection: connected.name, scope: account, period: month, format: 'csv', label: 'Mill' };
    const uri = await openUsage({ ...argument, metric: 'amortizedcost' });
    assert.equal(uri.query, `from=${period.from}&to=${period.to}&metric=AmortizedCost`);
    assert.equal((await activeTab(uri)).label, `Mill usage ${month} amortized.csv`);
    const asked = connected.service.requests().filter(({ path }) => /usageDetails$/.test(path));
    assert.match(asked.at(-1)?.query ?? '', /metric=amortizedcost/);
    const request = await vscode.commands.executeCommand('azureBilling.copyRequest', {
      document: uri.toString(),
      style: 'rest',
    });
    assert.match(String(request), /metric=amortizedcost/);
  });

  it('refuses a metric that is none with one sentence', async () => {
    const argument = { connection: connected.name, scope: account, period: month, metric: 'retail' };
    assert.match(
      await refusal('azureBilling.openUsage', argument),
      /^metric: 'retail' is not one of ActualCost, AmortizedCost, Usage\.$/,
    );
  });

  it('brings the whole month by Cost Details when usage details would take very many calls, without asking anybody', async () => {
    const before = connected.service.counts();
    const uri = await openUsage({ connection: SMALL, scope: account, period: month, format: 'ndjson' });
    assert.ok(uri.path.endsWith(` usage ${month}.ndjson`), uri.path);
    const records = (await contentOf(uri)).trimEnd().split('\n');
    assert.equal(records.length, truth().rows);
    assert.ok(records.every((record) => record.startsWith('{"invoiceId":')));
    const { 'usageDetails.list': lists, 'costDetails.generate': reports } = connected.service.counts();
    assert.equal((lists ?? 0) - (before['usageDetails.list'] ?? 0), 1);
    assert.equal((reports ?? 0) - (before['costDetails.generate'] ?? 0), 1);
  });
});
