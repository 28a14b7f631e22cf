import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ShownUtilization } from '../../src/contributions.ts';
import { row, sum, takingTheFirst } from './partnerSupport.ts';
import { type Connected, connectSample, eventually, refusal } from './support.ts';

const COMMAND = 'azureBilling.showUtilization';

describe('azureBilling.showUtilization (heat map)', () => {
  let connected: Connected;

  before(async () => {
    // The questions propose days before this one.
    connected = await connectSample({ now: new Date(), partnerCenter: { utilizationRows: 24_000 } }, ['partnerCenter']);
  });
  after(() => connected.remove());
  afterEach(async () => {
    connected.service.setFault(undefined);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const legacy = () => connected.service.partnerCenter.stories.legacy ?? assert.fail('no legacy customer');
  const argumentOf = (more: object = {}) => ({
    connection: connected.name,
    customerId: legacy().customer,
    subscriptionId: legacy().commerceId,
    start: '2026-10-01',
    end: '2026-10-15',
    granularity: 'hourly',
    ...more,
  });
  const show = async (argument: unknown): Promise<ShownUtilization> =>
    (await vscode.commands.executeCommand<ShownUtilization | undefined>(COMMAND, argument)) ??
    assert.fail('it returned nothing');
  const panels = () =>
    vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .filter(({ input }) => input instanceof vscode.TabInputWebview)
      .map(({ label }) => label);
  /** The tabs follow a moment after what opened them. */
  const shownPanels = (count: number) => eventually(() => (panels().length === count ? panels() : undefined));
  const requests = () => connected.service.requests().filter(({ path }) => path.includes('/utilizations/azure')).length;

  it('shows a window from a plain argument and returns what it added up, as the service has it', async () => {
    const shown = await show(argumentOf({ label: 'Alder Mill Azure' }));
    const truth = connected.service.partnerCenter.utilizationTruth(legacy().commerceId, {
      start: new Date('2026-10-01'),
      end: new Date('2026-10-15'),
      granularity: 'Hourly',
      showDetails: true,
    });
    assert.equal(shown.rows, truth.rows);
    assert.equal(sum(Object.values(shown.totals)), truth.total);
    assert.equal(shown.requestIds.length, shown.pages);
    assert.ok(!Number.isNaN(Date.parse(shown.fetchedAt)));
    assert.deepEqual(await shownPanels(1), ['Alder Mill Azure utilization hourly 2026-10-01 to 2026-10-15']);
  });

  it('has one panel for a window, and reads it once', async () => {
    const [one, other] = await Promise.all([show(argumentOf()), show(argumentOf({ label: 'Other name' }))]);
    const asked = requests();
    const third = await show(argumentOf({ start: '2026-10-01T02:00:00+02:00', showDetails: true }));
    assert.deepEqual([other, third], [one, one]);
    assert.equal(requests(), asked);
    await shownPanels(1);
    await show(argumentOf({ granularity: 'daily' }));
    await shownPanels(2);
  });

  it('starts from a row of the tree, after asking for the window', async () => {
    const { customer, commerceId: subscription } = legacy();
    const node = row(connected, { title: 'Alder Mill Azure', customer, subscription, subscriptionKind: 'legacyAzure' });
    const shown = await takingTheFirst<ShownUtilization>(COMMAND, node);
    assert.ok(shown !== undefined && shown.rows > 0);
    assert.match((await shownPanels(1))[0] ?? '', /^Alder Mill Azure utilization /);
  });

  it('shows the window of an open document, by its address and as the one in front', async () => {
    const uri = await vscode.commands.executeCommand<vscode.Uri>(
      'azureBilling.openUtilization',
      argumentOf({ label: 'Alder Mill Azure', format: 'json' }),
    );
    const shown = await show(undefined);
    assert.deepEqual(await show(uri), shown);
    assert.deepEqual(await shownPanels(1), ['Alder Mill Azure utilization hourly 2026-10-01 to 2026-10-15']);
  });

  it('refuses wrong input with a sentence that names the field, and opens no panel', async () => {
    const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    const wrong: [object, RegExp][] = [
      [{ connection: 'Nowhere' }, /^connection: there is no connection 'Nowhere'/],
      [{ customerId: undefined }, /^customerId: is missing/],
      [{ subscriptionId: '../x' }, /^subscriptionId: /],
      [{ start: '2026-10-15', end: '2026-10-01' }, /start: .*before end/],
      [{ start: day(-1), end: day(1) }, /end: .*is in the future/],
      [{ start: '2026-10-01T00:20:00Z' }, /start: 2026-10-01T00:20:00Z is no full hour in UTC; use /],
      [{ granularity: 'weekly' }, /granularity: 'weekly' is not known; use daily or hourly/],
      [{ showDetails: 'no' }, /showDetails: is neither true nor false/],
      [{ size: 0 }, /size: '0' is not a number of records a page/],
      [{ label: 7 }, /^label: has to be a text/],
    ];
    for (const [more, sentence] of wrong) {
      assert.match(await refusal(COMMAND, argumentOf(more)), sentence);
    }
    assert.deepEqual(panels(), []);
  });

  it('says of an Azure plan what there is instead', async () => {
    const { customer, planId } = connected.service.partnerCenter.stories.azurePlan ?? assert.fail();
    const refused = await refusal(COMMAND, argumentOf({ customerId: customer, subscriptionId: planId }));
    assert.match(refused, /^subscriptionId: an Azure plan has no utilization records\. Open its rated usage instead/);
  });

  it('fails for the caller when reading fails, and reads again when asked again', async () => {
    connected.service.setFault('500@utilizations');
    assert.match(await refusal(COMMAND, argumentOf()), /List utilization records failed with HTTP 500/);
    connected.service.setFault(undefined);
    assert.ok((await show(argumentOf())).rows > 0);
    await shownPanels(1);
  });

  it('ends quietly when its panel is closed before it is read', async () => {
    connected.service.setFault('hang@utilizations');
    const shown = vscode.commands.executeCommand<ShownUtilization | undefined>(COMMAND, argumentOf());
    await shownPanels(1);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.equal(await shown, undefined);
  });
});
