import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { type Connected, connectSample, refusal } from './support.ts';

interface Export {
  name: string;
  eTag: string;
  properties: { schedule?: { status?: string }; format?: string; definition?: { timeframe?: string } };
}

describe('exports that Azure writes', () => {
  let connected: Connected;
  let scope: string;
  let storageAccount: string;

  before(async () => {
    connected = await connectSample();
    scope = `/providers/Microsoft.Billing/billingAccounts/${connected.service.tenant.accounts[0]?.name}`;
    const known = await read<{ properties: { deliveryInfo: { destination: { resourceId: string } } } }>('daily-costs');
    storageAccount = known?.properties.deliveryInfo.destination.resourceId ?? assert.fail();
  });
  after(() => connected.remove());
  afterEach(() => connected.service.setFault(undefined));

  const run = <T = Export>(command: string, more: object) =>
    vscode.commands.executeCommand<T>(`azureBilling.${command}`, { connection: connected.name, scope, ...more });
  const read = async <T = Export>(name: string): Promise<T | undefined> => {
    const address = `${connected.service.endpoints.resourceManager}${scope}/providers/Microsoft.CostManagement/exports/${name}`;
    const answer = await fetch(`${address}?api-version=2025-03-01`);
    return answer.ok ? ((await answer.json()) as T) : undefined;
  };
  const body = () => ({
    properties: {
      format: 'Csv',
      compressionMode: 'gzip',
      partitionData: true,
      dataOverwriteBehavior: 'OverwritePreviousReport',
      definition: { type: 'ActualCost', timeframe: 'MonthToDate', dataSet: { granularity: 'Daily' } },
      deliveryInfo: {
        destination: {
          type: 'AzureBlob',
          resourceId: storageAccount,
          container: 'exports',
          rootFolderPath: 'costs',
        },
      },
      schedule: {
        status: 'Active',
        recurrence: 'Daily',
        recurrencePeriod: { from: '2026-12-01T00:00:00Z', to: '2027-12-01T00:00:00Z' },
      },
    },
  });

  it('are created, paused, resumed, changed and deleted', async () => {
    const created = await run('createExport', { export: 'mine', body: body() });
    assert.equal(created.properties.schedule?.status, 'Active');
    assert.equal((await run('pauseExport', { export: 'mine' })).properties.schedule?.status, 'Inactive');
    assert.equal((await read('mine'))?.properties.schedule?.status, 'Inactive');
    const resumed = await run('resumeExport', { export: 'mine' });
    assert.equal(resumed.properties.schedule?.status, 'Active');
    const changed = body();
    changed.properties.definition.timeframe = 'TheLastMonth';
    const updated = await run('updateExport', { export: 'mine', body: { ...changed, eTag: resumed.eTag } });
    assert.equal(updated.properties.definition?.timeframe, 'TheLastMonth');
    await run('deleteExport', { export: 'mine' });
    assert.equal(await read('mine'), undefined);
  });

  it('run on demand, for their own period or another', async () => {
    const runs = async () => {
      const address = `${connected.service.endpoints.resourceManager}${scope}/providers/Microsoft.CostManagement/exports/daily-costs/runHistory`;
      const { value } = (await (await fetch(`${address}?api-version=2025-03-01`)).json()) as {
        value: { properties: { executionType: string; startDate: string } }[];
      };
      return value;
    };
    const before = (await runs()).length;
    await run('runExport', { export: 'daily-costs' });
    await run('runExport', { export: 'daily-costs', period: { from: '2026-08-01', to: '2026-08-31' } });
    const after = await runs();
    assert.ok(after.length >= Math.min(before + 2, 12));
    assert.equal(after[0]?.properties.executionType, 'OnDemand');
    assert.match(after[0]?.properties.startDate ?? '', /^2026-08-01/);
  });

  it('keep what somebody else changed meanwhile', async () => {
    const old = await run('createExport', { export: 'shared', body: body() });
    await run('pauseExport', { export: 'shared' });
    const message = await refusal('azureBilling.updateExport', {
      connection: connected.name,
      scope,
      export: 'shared',
      body: { ...body(), eTag: old.eTag },
    });
    assert.match(message, /changed by somebody else/);
    assert.equal((await read('shared'))?.properties.schedule?.status, 'Inactive');
    assert.match(
      await refusal('azureBilling.createExport', { connection: connected.name, scope, export: 'shared', body: body() }),
      /changed by somebody else|exist/i,
    );
  });

  it('are refused with the field that is wrong, before anything is sent', async () => {
    const before = connected.service.requests().length;
    const wrong = (command: string, more: object) =>
      refusal(`azureBilling.${command}`, { connection: connected.name, scope, ...more });
    assert.match(await wrong('createExport', { export: 'a b', body: body() }), /^name: /);
    assert.match(await wrong('createExport', { export: 'x', body: { properties: {} } }), /^properties\.deliveryInfo/);
    assert.match(await wrong('updateExport', { export: 'x', body: body() }), /^eTag: is missing/);
    assert.match(
      await wrong('runExport', { export: 'x', period: { from: '2026-09-30', to: '2026-09-01' } }),
      /^timePeriod\.from: /,
    );
    assert.match(await wrong('pauseExport', {}), /^export: is missing/);
    assert.match(await wrong('deleteExport', { export: 'x', scope: '/nowhere' }), /^scope: /);
    assert.equal(connected.service.requests().length, before);
    assert.match(await wrong('pauseExport', { export: 'nobody' }), /404/);
  });
});
