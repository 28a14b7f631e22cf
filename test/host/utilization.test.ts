import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { DecimalSum } from '../../src/records/decimal.ts';
import { row, takingTheFirst } from './partnerSupport.ts';
import { activeTab, type Connected, connectSample, contentOf, refusal } from './support.ts';

interface Utilization {
  usageStartTime: string;
  resource: { id: string };
  quantity: number;
  unit: string;
}

describe('azureBilling.openUtilization (Partner Center)', () => {
  let connected: Connected;
  let stories: Connected['service']['partnerCenter']['stories'];

  before(async () => {
    // The questions propose days before this one.
    connected = await connectSample({ now: new Date(), partnerCenter: { utilizationRows: 24_000 } }, [
      'partnerCenter',
      'graph',
    ]);
    stories = connected.service.partnerCenter.stories;
  });
  after(() => connected.remove());
  afterEach(async () => {
    connected.service.partnerCenter.reset();
    connected.service.setFault(undefined);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const legacy = () => stories.legacy ?? assert.fail('the tenant has no legacy customer');
  const argumentOf = (more: object) => ({
    connection: connected.name,
    customerId: legacy().customer,
    subscriptionId: legacy().commerceId,
    start: '2026-10-01',
    end: '2026-10-15',
    ...more,
  });
  const open = async (more: object): Promise<vscode.Uri> =>
    (await vscode.commands.executeCommand<vscode.Uri | undefined>('azureBilling.openUtilization', argumentOf(more))) ??
    assert.fail('it returned nothing');
  const refused = (more: object) => refusal('azureBilling.openUtilization', argumentOf(more));
  const truth = (window: { start: string; end: string; hourly?: true; meters?: true }) =>
    connected.service.partnerCenter.utilizationTruth(legacy().commerceId, {
      start: new Date(window.start),
      end: new Date(window.end),
      granularity: window.hourly ? 'Hourly' : 'Daily',
      showDetails: window.meters !== true,
    });

  /** Rows and quantities by meter of an NDJSON document, digits as they are written. */
  const summary = (text: string) => {
    const lines = text.trimEnd().split('\n');
    const sums = new Map<string, DecimalSum>();
    for (const line of lines) {
      const { resource } = JSON.parse(line) as Utilization;
      const sum = sums.get(resource.id) ?? new DecimalSum();
      sum.add(/"quantity": ?([\d.]+)/.exec(line)?.[1] ?? assert.fail(line));
      sums.set(resource.id, sum);
    }
    return { rows: lines.length, quantities: new Map([...sums].map(([meter, sum]) => [meter, sum.toString()])) };
  };
  const rowsAndQuantities = ({ rows, quantities }: ReturnType<typeof truth>) => ({ rows, quantities });

  it('opens a window by day and resource as CSV under a name that tells the window', async () => {
    const uri = await open({ format: 'csv', label: 'Alder Mill Azure' });
    assert.equal((await activeTab(uri)).label, 'Alder Mill Azure utilization 2026-10-01 to 2026-10-15.csv');
    const lines = (await contentOf(uri)).trimEnd().split('\n');
    assert.match(lines[0] ?? '', /^usageStartTime,usageEndTime,quantity,unit,resource\.category,/);
    assert.equal(lines.length - 1, truth({ start: '2026-10-01', end: '2026-10-15' }).rows);
  });

  it('opens hours over several pages, quantities those of the service, to the last digit', async () => {
    const uri = await open({ granularity: 'hourly', format: 'ndjson', size: 500 });
    assert.deepEqual(
      summary(await contentOf(uri)),
      rowsAndQuantities(truth({ start: '2026-10-01', end: '2026-10-15', hourly: true })),
    );
  });

  it('opens a row for each meter', async () => {
    const uri = await open({ showDetails: false, format: 'ndjson' });
    assert.match(uri.path, / utilization by meter 2026-10-01 to 2026-10-15\.ndjson$/);
    assert.deepEqual(
      summary(await contentOf(uri)),
      rowsAndQuantities(truth({ start: '2026-10-01', end: '2026-10-15', meters: true })),
    );
  });

  it('takes moments with an offset that are midnights in UTC', async () => {
    const uri = await open({ start: '2026-10-01T02:00:00+02:00', end: '2026-10-07T00:00:00Z', format: 'json' });
    assert.equal(new URLSearchParams(uri.query).get('start'), '2026-10-01T00:00:00Z');
    const rows = JSON.parse(await contentOf(uri)) as Utilization[];
    assert.equal(rows.length, truth({ start: '2026-10-01', end: '2026-10-07' }).rows);
  });

  it('asks on a row how fine and when, and opens what was chosen', async () => {
    const { customer, commerceId: subscription } = legacy();
    const fields = { customer, subscription, subscriptionKind: 'legacyAzure', title: 'Alder Mill Azure' };
    const uri =
      (await takingTheFirst<vscode.Uri>('azureBilling.openUtilization', row(connected, fields))) ?? assert.fail();
    const label = (await activeTab(uri)).label;
    const [, start = '', end = ''] = /^Alder Mill Azure utilization (\S+) to (\S+)\.csv$/.exec(label) ?? [];
    assert.equal((await contentOf(uri)).trimEnd().split('\n').length - 1, truth({ start, end }).rows);
  });

  it('builds the same content again from the address alone, read-only', async () => {
    const uri = await open({ format: 'csv' });
    const first = await contentOf(uri);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.equal(await contentOf(vscode.Uri.parse(uri.toString())), first);
    const { permissions } = await vscode.workspace.fs.stat(uri);
    assert.equal(permissions, vscode.FilePermission.Readonly);
    const other = uri.with({ query: uri.query.replace('2026-10-01T00', '2026-10-01T05') });
    await assert.rejects(async () => contentOf(other), /FileNotFound|EntryNotFound|no such|nonexist/i);
  });

  it('asks nothing when a window is opened again', async () => {
    await open({});
    const before = connected.service.counts()['partnerCenter.utilizations'];
    await open({});
    assert.equal(connected.service.counts()['partnerCenter.utilizations'], before);
  });

  it('waits for data that is not ready', async () => {
    connected.service.partnerCenter.set({ notReady: 2, retryAfter: 1 });
    const uri = await open({ format: 'ndjson', label: 'late' });
    assert.deepEqual(
      summary(await contentOf(uri)),
      rowsAndQuantities(truth({ start: '2026-10-01', end: '2026-10-15' })),
    );
  });

  it('copies the request of a document', async () => {
    const uri = await open({ granularity: 'hourly', showDetails: false, size: 100 });
    const text = await vscode.commands.executeCommand('azureBilling.copyRequest', {
      document: uri.toString(),
      style: 'rest',
    });
    const { customer, commerceId } = legacy();
    assert.match(String(text), new RegExp(`/v1/customers/${customer}/subscriptions/${commerceId}/utilizations/azure`));
    assert.match(String(text), /start_time=2026-10-01T00%3A00%3A00Z/);
    assert.match(String(text), /granularity=Hourly.*show_details=False.*size=100/s);
  });

  it('names the field of what is wrong, before anything is sent', async () => {
    const before = connected.service.requests().length;
    for (const [more, sentence] of [
      [{ start: '2026-10-15', end: '2026-10-01' }, /^start: .* is not before end .*; swap or correct the two/],
      [{ start: '2026-10-15' }, /^start: .* is not before end/],
      [
        { start: '2026-10-01T10:54:34Z' },
        /^start: 2026-10-01T10:54:34Z is no midnight in UTC; use 2026-10-01T00:00:00Z or 2026-10-02T00:00:00Z\./,
      ],
      [
        { end: '2026-10-08T01:30:00Z', granularity: 'hourly' },
        /^end: 2026-10-08T01:30:00Z is no full hour in UTC; use 2026-10-08T01:00:00Z or 2026-10-08T02:00:00Z\./,
      ],
      [{ start: '2020-01-01' }, /^end: the window is \d+ days long; use at most 1100/],
      [{ start: '2026-10-01T05:00:00' }, /^start: '2026-10-01T05:00:00' does not tell its time zone; add Z for UTC/],
      [{ end: 'tomorrow' }, /^end: 'tomorrow' is not a time; use a day or a date-time in UTC/],
      [{ end: undefined }, /^end: is missing; give a time in UTC/],
      [{ granularity: 'monthly' }, /^granularity: 'monthly' is not known; use daily or hourly/],
      [{ size: 0 }, /^size: '0' is not a number of records a page; use 1 to 1000/],
      [{ size: 1001 }, /^size: '1001' is not/],
      [{ size: '100' }, /^size: '100' is not/],
      [{ showDetails: 'yes' }, /^showDetails: is neither true nor false; use true/],
      [{ customerId: undefined }, /^customerId: is missing; give the tenant id of the customer/],
      [{ subscriptionId: undefined }, /^subscriptionId: is missing; give the id that it has in Partner Center/],
      [{ connection: 'Nowhere' }, /^connection: there is no connection 'Nowhere'/],
      [{ format: 'xlsx' }, /^format: 'xlsx' is not known/],
    ] as const) {
      assert.match(await refused(more), sentence);
    }
    assert.equal(connected.service.requests().length, before);
  });

  it('says of every other subscription why it has none and what to do', async () => {
    const { azurePlan, transferred, licencesOnly, foreign } = stories;
    const { items } = (await (
      await fetch(`${connected.service.endpoints.partnerCenter}/v1/customers/${licencesOnly}/subscriptions`)
    ).json()) as { items: { id: string }[] };
    for (const [customerId, subscriptionId, sentence] of [
      [
        azurePlan.customer,
        azurePlan.planId,
        /^subscriptionId: an Azure plan has no utilization records\. Open its rated usage instead/,
      ],
      [
        transferred.customer,
        transferred.entitlementId,
        new RegExp(
          `^subscriptionId: '${transferred.entitlementId}' is the id of the Azure subscription, .* Use its Commerce subscription id ${transferred.commerceId}`,
        ),
      ],
      [
        licencesOnly,
        items[0]?.id,
        /^subscriptionId: only Azure subscriptions of the offer MS-AZR-0145P have .* Use the Commerce id of one/,
      ],
      [
        legacy().customer,
        'not-one-of-them',
        /^subscriptionId: 'not-one-of-them' is not among the subscriptions .* Use the id/,
      ],
      [foreign, legacy().commerceId, /^customerId: '[\w-]+' is refused\. .*HTTP 403 20002.* check the tenant id/],
    ] as const) {
      assert.match(await refused({ customerId, subscriptionId }), sentence);
    }
  });

  it('takes the Commerce id of a transferred subscription', async () => {
    const { customer: customerId, commerceId: subscriptionId } = stories.transferred;
    const uri = await open({ customerId, subscriptionId, format: 'csv' });
    assert.ok((await contentOf(uri)).trimEnd().split('\n').length > 1);
  });

  it('opens with an application alone, and says which cloud has no such call', async () => {
    connected.service.partnerCenter.set({ signIn: 'appOnly' });
    await open({ label: 'app only' });
    connected.service.partnerCenter.set({ cloud: 'china' });
    assert.match(await refused({ label: 'china' }), /HTTP 400 900127.* use a connection to the public cloud/);
  });

  for (const fault of ['429-retry-after*1', '503*1', 'truncated*1', 'reset*1']) {
    it(`waits the passing fault ${fault} out`, async function () {
      this.timeout(60_000);
      connected.service.setFault(`${fault}@utilizations`);
      const uri = await open({ format: 'ndjson', label: fault.replace('*', ' ') });
      assert.deepEqual(
        summary(await contentOf(uri)),
        rowsAndQuantities(truth({ start: '2026-10-01', end: '2026-10-15' })),
      );
    });
  }
});
