import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import { CostManagementClient } from '@azure/arm-costmanagement';
import { decimalText, decimalUnits } from '../../src/sample/decimal.ts';
import { EXPORT_STORIES } from '../../src/sample/exportStories.ts';
import { EXPORT_VERSIONS } from '../../src/sample/exportVersions.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import { storagePlaces } from '../../src/sample/storageAccounts.ts';
import { type Azurite, startAzurite } from '../support/azurite.ts';
import { parquetRows } from '../support/parquetRows.ts';

const NEWEST = '2025-03-01';
const SCALE = 24;

interface Run {
  id: string;
  properties: {
    executionType: string;
    status: string;
    submittedBy: string;
    submittedTime: string;
    startDate?: string;
    endDate?: string;
    fileName?: string;
    manifestFile?: string;
    runSettings: { definition: { type: string }; compressionMode?: string };
    error?: { code: string; message: string };
  };
}
interface Export {
  id: string;
  name: string;
  eTag: string;
  identity?: { type: string; principalId?: string };
  location?: string;
  properties: Record<string, unknown> & {
    nextRunTimeEstimate?: string;
    schedule?: { status: string };
    definition: Record<string, unknown>;
    deliveryInfo: { destination: Record<string, string> };
    runHistory?: { value: Run[] };
  };
}
interface Manifest {
  byteCount: number;
  blobCount: number;
  dataRowCount: number;
  exportConfig: { exportName: string; dataVersion: string; apiVersion: string; type: string; timeFrame: string };
  deliveryConfig: { fileFormat: string; compressionMode: string };
  runInfo: { runId: string; startDate: string; endDate: string };
  blobs: { blobName: string; byteCount: number; dataRowCount: number }[];
}
interface Reply<T = { error: { code: string; message: string } }> {
  status: number;
  body: T;
  text: string;
}
type Rows = Record<string, string>[];

/** The columns by which costs are added up, in both families of data sets. */
const COST_COLUMNS = { costs: ['costInBillingCurrency', 'billingCurrency'], focus: ['BilledCost', 'BillingCurrency'] };

function csvRows(text: string): Rows {
  const lines = [...text.matchAll(/((?:"(?:[^"]|"")*"|[^",\r\n])*)(,|\r\n)/g)];
  const table: string[][] = [[]];
  for (const [, cell = '', end] of lines) {
    table.at(-1)?.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end === '\r\n') table.push([]);
  }
  const [names = [], ...rows] = table.slice(0, -1);
  return rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i] ?? ''])));
}

function sums(rows: Rows, [cost = '', currency = '']: readonly string[]): Record<string, string> {
  const totals = new Map<string, bigint>();
  for (const row of rows) {
    const key = row[currency] ?? '';
    totals.set(key, (totals.get(key) ?? 0n) + decimalUnits(row[cost] ?? '', SCALE));
  }
  return Object.fromEntries([...totals].map(([key, units]) => [key, decimalText(units, SCALE)]));
}

describe('sample service: exports', () => {
  let service: SampleService;
  let scopes: Record<
    'account' | 'profile' | 'customer' | 'suspended' | 'empty' | 'subscription' | 'group' | 'deleted',
    string
  >;
  let storage: ReturnType<typeof storagePlaces>;

  before(async () => {
    service = await startSampleService({
      customers: 24,
      usageRows: 5_000,
      now: new Date('2026-11-21T12:00:00Z'),
      reports: { partitionRows: 100 },
    });
    const { tenant } = service;
    const [main] = tenant.accounts;
    assert.ok(main);
    const account = `/providers/Microsoft.Billing/billingAccounts/${main.name}`;
    const customer = (index: number) => `${account}/customers/${tenant.directory.customer(index).name}`;
    const subscription = `/subscriptions/${tenant.subscriptions(tenant.directory.customer(0)).at(0).name}`;
    const gone = tenant.directory.customer(4);
    scopes = {
      account,
      profile: `${account}/billingProfiles/${main.profiles[0]?.name}`,
      customer: customer(0),
      suspended: customer(EXPORT_STORIES.suspended.customer),
      empty: customer(EXPORT_STORIES.empty.customer),
      subscription,
      group: `${subscription}/resourceGroups/${tenant.ledger.line(tenant.ledger.linesOfSubscription(0, 0).from).resourceGroup}`,
      deleted: `/subscriptions/${tenant.subscriptions(gone).at(tenant.subscriptions(gone).length - 1).name}`,
    };
    storage = storagePlaces(tenant);
  });
  after(() => service.close());
  beforeEach(() => send('/_sample/reset', { method: 'POST' }));

  async function send<T>(path: string, init?: RequestInit): Promise<Reply<T>> {
    const response = await fetch(new URL(path, service.endpoints.resourceManager), init);
    const text = await response.text();
    return { status: response.status, text, body: (text.startsWith('{') ? JSON.parse(text) : undefined) as T };
  }
  const address = (scope: string, rest = '', version = NEWEST) => {
    const [path, query] = rest.split('?');
    return `${scope}/providers/Microsoft.CostManagement/exports${path}?api-version=${version}${query ? `&${query}` : ''}`;
  };
  const get = <T = Export>(scope: string, rest: string, version?: string) => send<T>(address(scope, rest, version));
  const put = (scope: string, name: string, body: unknown, version?: string) =>
    send<Export>(address(scope, `/${name}`, version), { method: 'PUT', body: JSON.stringify(body) });
  const refused = async (reply: Promise<Reply<unknown>>, status: number, pattern: RegExp) => {
    const { status: given, body } = (await reply) as Reply;
    assert.match(body.error.message, pattern);
    assert.equal(given, status);
    return body.error;
  };
  const run = (scope: string, name: string, body?: unknown, version?: string) =>
    send(address(scope, `/${name}/run`, version), {
      method: 'POST',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const history = async (scope: string, name: string, version?: string) =>
    (await get<{ value: Run[] }>(scope, `/${name}/runHistory`, version)).body.value;

  /** Asks until the newest run is over. */
  async function ended(scope: string, name: string, version?: string): Promise<Run> {
    for (let asks = 0; asks < 5; asks++) {
      const [newest] = await history(scope, name, version);
      assert.ok(newest);
      if (!['Queued', 'InProgress'].includes(newest.properties.status)) return newest;
    }
    throw new Error('the run does not end');
  }

  interface Parts {
    properties?: object;
    definition?: object;
    destination?: object;
    root?: object;
  }
  const bodyOf = ({ properties = {}, definition = {}, destination = {}, root = {} }: Parts = {}) => ({
    properties: {
      format: 'Csv',
      deliveryInfo: {
        destination: { resourceId: storage.costs.id, container: 'test', rootFolderPath: 'root', ...destination },
      },
      definition: { type: 'ActualCost', timeframe: 'TheLastMonth', ...definition },
      ...properties,
    },
    ...root,
  });
  const october = { timeframe: 'Custom', timePeriod: { from: '2026-10-01T00:00:00Z', to: '2026-10-31T00:00:00Z' } };

  /** What is in a container, as a client finds it: by the storage account's resource and a signature for the container. */
  async function container(accountId: string, name: string) {
    const account = await send<{ properties: { primaryEndpoints: { blob: string } } }>(
      `${accountId}?api-version=2023-01-01`,
    );
    const owner = accountId.split('/').at(-1);
    const signature = await send<{ serviceSasToken: string }>(`${accountId}/ListServiceSas?api-version=2023-01-01`, {
      method: 'POST',
      body: JSON.stringify({
        canonicalizedResource: `/blob/${owner}/${name}`,
        signedResource: 'c',
        signedPermission: 'rl',
        signedExpiry: new Date(Date.now() + 60_000).toISOString(),
        signedProtocol: 'https,http',
      }),
    });
    assert.equal(signature.status, 200, signature.text);
    const base = `${account.body.properties.primaryEndpoints.blob}${name}`;
    const token = signature.body.serviceSasToken;
    return {
      bytes: async (path: string) => {
        const response = await fetch(`${base}/${path}?${token}`);
        assert.equal(response.status, 200, path);
        return Buffer.from(await response.arrayBuffer());
      },
      list: async (prefix: string) => {
        const response = await fetch(
          `${base}?restype=container&comp=list&prefix=${encodeURIComponent(prefix)}&${token}`,
        );
        return [...(await response.text()).matchAll(/<Name>([^<]+)<\/Name>/g)].map(([, found = '']) => found);
      },
    };
  }

  /** The files of a run with their manifest, checked against each other. */
  async function filesOf(accountId: string, containerName: string, { properties }: Run) {
    const { bytes } = await container(accountId, containerName);
    const manifest = JSON.parse((await bytes(properties.manifestFile ?? '')).toString()) as Manifest;
    const files = await Promise.all(manifest.blobs.map(({ blobName }) => bytes(blobName)));
    assert.deepEqual(
      files.map(({ length }) => length),
      manifest.blobs.map(({ byteCount }) => byteCount),
    );
    assert.equal(manifest.blobCount, files.length);
    assert.equal(
      manifest.byteCount,
      files.reduce((sum, { length }) => sum + length, 0),
    );
    return { manifest, files };
  }

  const truth = (scope: string, from: string, to: string) =>
    Object.fromEntries(service.tenant.truth(scope, from, to).totals);

  it('lists, reads, creates, updates and deletes in every version', async () => {
    for (const version of Object.keys(EXPORT_VERSIONS)) {
      const created = await put(scopes.customer, 'round', bodyOf(), version);
      assert.equal(created.status, 201, created.text);
      assert.match(created.body.id, /^providers\/Microsoft\.Billing\/.*\/exports\/round$/);
      const read = await get(scopes.customer, '/ROUND', version);
      assert.deepEqual(read.body, created.body);
      const updated = await put(scopes.customer, 'round', { ...read.body, eTag: read.body.eTag }, version);
      assert.equal(updated.status, 200, updated.text);
      assert.notEqual(updated.body.eTag, read.body.eTag);
      const list = await get<{ value: Export[] }>(scopes.customer, '', version);
      assert.deepEqual(
        list.body.value.map(({ name }) => name),
        ['round'],
      );
      const removed = await send(address(scopes.customer, '/round', version), { method: 'DELETE' });
      assert.deepEqual([removed.status, removed.text], [200, '']);
      await refused(
        get(scopes.customer, '/round', version),
        404,
        /'round' was not found, Subscription: .* \(Request ID: /,
      );
    }
  });

  it('refuses an update without the latest eTag and writes nothing', async () => {
    const first = await put(scopes.customer, 'kept', bodyOf());
    await refused(put(scopes.customer, 'kept', bodyOf()), 400, /'kept' exists: eTag is required/);
    const second = await put(scopes.customer, 'kept', bodyOf({ root: { eTag: first.body.eTag } }));
    assert.equal(second.status, 200);
    const late = bodyOf({ root: { eTag: first.body.eTag }, destination: { container: 'other' } });
    const error = await refused(put(scopes.customer, 'kept', late), 409, /eTag .* is not the latest/);
    assert.equal(error.code, 'Conflict');
    assert.deepEqual((await get(scopes.customer, '/kept')).body, second.body);
  });

  it('shows each version what it knows', async () => {
    const schedule = {
      status: 'Active',
      recurrence: 'Daily',
      recurrencePeriod: { from: '2026-12-01T06:00:00Z', to: '2027-12-01T00:00:00Z' },
    };
    const body = bodyOf({
      properties: {
        schedule,
        compressionMode: 'gzip',
        exportDescription: 'mine',
        dataOverwriteBehavior: 'OverwritePreviousReport',
      },
      root: { identity: { type: 'SystemAssigned' }, location: 'westeurope' },
    });
    await put(scopes.account, 'versions', body);
    const shown = async (version: string) => {
      const { identity, properties } = (await get(scopes.account, '/versions?$expand=runHistory', version)).body;
      return {
        identity: identity?.type,
        next: properties.nextRunTimeEstimate,
        members: Object.keys(properties).filter((name) =>
          /^(partition|compression|exportDesc|dataOver|runHist)/.test(name),
        ),
        dataSet: Object.keys(properties.definition).find((name) => name.toLowerCase() === 'dataset'),
      };
    };
    const next = '2026-12-01T06:00:00Z';
    const folders = ['partitionData', 'dataOverwriteBehavior', 'compressionMode', 'exportDescription', 'runHistory'];
    assert.deepEqual(await shown('2019-10-01'), {
      identity: undefined,
      next: undefined,
      members: [],
      dataSet: 'dataset',
    });
    assert.deepEqual(await shown('2020-06-01'), {
      identity: undefined,
      next,
      members: ['runHistory'],
      dataSet: 'dataSet',
    });
    assert.deepEqual(await shown('2022-10-01'), {
      identity: undefined,
      next,
      members: ['partitionData', 'runHistory'],
      dataSet: 'dataSet',
    });
    assert.deepEqual(await shown('2024-08-01'), {
      identity: 'SystemAssigned',
      next,
      members: ['partitionData', 'runHistory'],
      dataSet: 'dataSet',
    });
    for (const version of ['2023-07-01-preview', NEWEST]) {
      assert.deepEqual(await shown(version), {
        identity: 'SystemAssigned',
        next,
        members: folders,
        dataSet: 'dataSet',
      });
    }
  });

  describe('rules', () => {
    const custom = (from: string, to: string) => ({ timeframe: 'Custom', timePeriod: { from, to } });
    const wrong: [string, Parts, RegExp, { scope?: keyof typeof scopes; version?: string }?][] = [
      [
        'a folder that begins with a slash',
        { destination: { rootFolderPath: '/x' } },
        /rootFolderPath.*must not begin with a slash/,
      ],
      ['no container', { destination: { container: '' } }, /destination\.container is required/],
      ['a container in capitals', { destination: { container: 'Costs' } }, /container.*lower-case/],
      ['no storage account', { destination: { resourceId: undefined } }, /destination\.resourceId is required/],
      [
        'an unknown storage account',
        {
          destination: {
            resourceId: '/subscriptions/a/resourceGroups/b/providers/Microsoft.Storage/storageAccounts/c',
          },
        },
        /resourceId was not found/,
      ],
      [
        'an id of something else',
        { destination: { resourceId: '/subscriptions/a' } },
        /not the resource id of a storage account/,
      ],
      ['a type that no version knows', { definition: { type: 'Costs' } }, /definition\.type.*ActualCost/],
      [
        'FOCUS in an older version',
        { definition: { type: 'FocusCost' } },
        /definition\.type.*use one of Usage, ActualCost, AmortizedCost\./,
        { version: '2023-11-01' },
      ],
      [
        'Parquet in an older version',
        { properties: { format: 'Parquet' } },
        /properties\.format.*use one of Csv/,
        { version: '2023-11-01' },
      ],
      [
        'prices at a customer',
        { definition: { type: 'PriceSheet', timeframe: 'TheCurrentMonth' } },
        /type PriceSheet is supported at the scope of a billing profile only/,
      ],
      [
        'costs of the current month',
        { definition: { timeframe: 'TheCurrentMonth' } },
        /TheCurrentMonth is supported for PriceSheet only/,
      ],
      ['snappy for csv', { properties: { compressionMode: 'snappy' } }, /compressionMode.*none, gzip/],
      [
        'gzip for Parquet',
        { properties: { format: 'Parquet', compressionMode: 'gzip' } },
        /compressionMode.*none, snappy/,
      ],
      [
        'an unknown data version',
        { definition: { dataSet: { configuration: { dataVersion: '1999-01-01' } } } },
        /configuration\.dataVersion is not valid/,
      ],
      ['no period for Custom', { definition: { timeframe: 'Custom' } }, /definition\.timePeriod is required/],
      [
        'a period the wrong way round',
        { definition: custom('2026-10-02', '2026-10-01') },
        /timePeriod\.from 2026-10-02 is after to 2026-10-01/,
      ],
      [
        'a day that does not exist',
        { definition: custom('2026-02-30', '2026-03-01') },
        /timePeriod\.from is not a date/,
      ],
      [
        'more than a month',
        { definition: custom('2026-08-01', '2026-09-02') },
        /timePeriod must not be longer than one month/,
      ],
      [
        'more than three months',
        { definition: custom('2026-01-01', '2026-04-02') },
        /timePeriod must not be longer than 3 months/,
        { version: '2023-11-01' },
      ],
      [
        'a schedule without a recurrence',
        { properties: { schedule: { status: 'Active' } } },
        /schedule\.recurrence is required/,
      ],
      [
        'a schedule without a period',
        { properties: { schedule: { status: 'Active', recurrence: 'Daily' } } },
        /schedule\.recurrencePeriod is required/,
      ],
      ['an identity without a location', { root: { identity: { type: 'SystemAssigned' } } }, /location is required/],
      [
        'a storage token beside an id',
        { destination: { sasToken: 'x' } },
        /either resourceId, or storageAccount and sasToken/,
        { scope: 'account' },
      ],
      [
        'a storage token at a customer',
        { destination: { resourceId: undefined, storageAccount: 'harbourlightcosts', sasToken: 'x' } },
        /sasToken is supported at the scope of a billing account only/,
      ],
      [
        'a storage token with too few rights',
        {
          destination: {
            resourceId: undefined,
            storageAccount: 'harbourlightcosts',
            sasToken: '?ss=b&srt=sco&sp=r&sig=x',
          },
        },
        /its sp lacks 'wdlac'/,
        { scope: 'account' },
      ],
    ];
    for (const [what, parts, pattern, { scope = 'customer', version = NEWEST } = {}] of wrong) {
      it(`refuses ${what}`, async () => {
        await refused(put(scopes[scope], 'wrong', bodyOf(parts), version), 400, pattern);
        await refused(get(scopes[scope], '/wrong'), 404, /was not found/);
      });
    }

    it('refuses names, bodies, scopes and versions that are not possible', async () => {
      await refused(put(scopes.customer, 'a%20b', bodyOf()), 400, /export name 'a b' is not valid/);
      await refused(send(address(scopes.customer, '/x'), { method: 'PUT', body: '{' }), 400, /not JSON/);
      await refused(put(scopes.customer, 'x', {}), 400, /properties is required/);
      await refused(get('/providers/Microsoft.Management/managementGroups/x', ''), 400, /management groups/);
      await refused(get(scopes.customer, '', '2018-01-01'), 400, /exports.*api version '2018-01-01'/);
      await refused(
        put(scopes.deleted, 'x', bodyOf({ destination: { resourceId: storage.customer.id } })),
        409,
        /disabled/,
      );
      await refused(
        put(scopes.customer, 'x', bodyOf({ destination: { resourceId: storage.customer.id } })),
        400,
        /a customer's subscription/,
      );
      await refused(run(scopes.customer, 'nothing'), 404, /'nothing' was not found/);
    });

    it('takes a storage account with a token at a billing account, and never shows the token', async () => {
      const sasToken = '?sv=2024-11-04&ss=b&srt=sco&sp=rwdlac&sig=verysecret';
      const destination = { resourceId: undefined, storageAccount: storage.costs.name, sasToken };
      const { status, body, text } = await put(scopes.account, 'signed', bodyOf({ destination }));
      assert.equal(status, 201, text);
      assert.doesNotMatch(text, /verysecret/);
      const again = await put(scopes.account, 'signed', body);
      assert.equal(again.status, 200, again.text);
      await run(scopes.account, 'signed');
      assert.equal((await ended(scopes.account, 'signed')).properties.status, 'Completed');
    });
  });

  it('runs: queued, in progress, then completed with files whose sums are the truth', async () => {
    await put(scopes.account, 'october', bodyOf({ definition: october }));
    assert.deepEqual(await history(scopes.account, 'october'), []);
    const started = await run(scopes.account, 'october');
    assert.deepEqual([started.status, started.text], [200, '']);
    const seen: string[] = [];
    for (let i = 0; i < 4; i++) seen.push((await history(scopes.account, 'october'))[0]?.properties.status ?? '');
    assert.deepEqual(seen, ['Queued', 'InProgress', 'Completed', 'Completed']);

    const [finished] = await history(scopes.account, 'october');
    assert.ok(finished);
    const { properties, id } = finished;
    const runId = id.split('/').at(-1);
    assert.equal(properties.executionType, 'OnDemand');
    assert.equal(properties.manifestFile, `root/october/20261001-20261031/${runId}/manifest.json`);
    assert.equal(properties.fileName, `root/october/20261001-20261031/${runId}/part_0_0001.csv`);
    const { manifest, files } = await filesOf(storage.costs.id, 'test', finished);
    assert.ok(files.length > 2, 'several parts');
    assert.equal(manifest.runInfo.runId, runId);
    assert.deepEqual(manifest.exportConfig.type, 'ActualCost');
    const parts = files.map((file) => csvRows(file.toString()));
    assert.deepEqual(
      parts.map(({ length }) => length),
      manifest.blobs.map(({ dataRowCount }) => dataRowCount),
    );
    assert.equal(Object.keys(parts[0]?.[0] ?? {}).length, 70);
    assert.deepEqual(sums(parts.flat(), COST_COLUMNS.costs), truth(scopes.account, '2026-10-01', '2026-10-31'));
  });

  it('runs for other days in the newest version, and passes the body over in older ones', async () => {
    await put(scopes.profile, 'other', bodyOf());
    const timePeriod = { from: '2026-08-05T00:00:00Z', to: '2026-08-09T00:00:00Z' };
    await run(scopes.profile, 'other', { timePeriod });
    const own = await ended(scopes.profile, 'other');
    assert.deepEqual([own.properties.startDate, own.properties.endDate], [timePeriod.from, timePeriod.to]);
    const { files } = await filesOf(storage.costs.id, 'test', own);
    const rows = files.flatMap((file) => csvRows(file.toString()));
    assert.deepEqual(sums(rows, COST_COLUMNS.costs), truth(scopes.profile, '2026-08-05', '2026-08-09'));
    await run(scopes.profile, 'other', { timePeriod }, '2023-11-01');
    assert.equal((await ended(scopes.profile, 'other')).properties.startDate, '2026-10-01T00:00:00Z');
    await refused(
      run(scopes.profile, 'other', { timePeriod: { from: '2026-01-01', to: '2026-03-01' } }),
      400,
      /one month/,
    );
    await refused(
      run(scopes.profile, 'other', { timePeriod: { from: '2026-01-01' } }),
      400,
      /timePeriod\.to is required/,
    );
  });

  for (const compressionMode of ['none', 'snappy']) {
    it(`writes Parquet (${compressionMode}) with the rows of the csv, digit by digit`, async () => {
      const definition = { ...october, type: 'FocusCost', dataSet: { configuration: { dataVersion: '1.0r2' } } };
      await put(scopes.profile, 'text', bodyOf({ definition, properties: { compressionMode: 'gzip' } }));
      await put(scopes.profile, 'columns', bodyOf({ definition, properties: { format: 'Parquet', compressionMode } }));
      const found: Rows[] = [];
      for (const name of ['text', 'columns']) {
        await run(scopes.profile, name);
        const { files, manifest } = await filesOf(storage.costs.id, 'test', await ended(scopes.profile, name));
        const ending = compressionMode === 'none' ? '.parquet' : '.snappy.parquet';
        const first = manifest.blobs[0]?.blobName ?? '';
        assert.ok(first.endsWith(name === 'text' ? 'part_0_0001.csv.gz' : `part_0_0001${ending}`), first);
        if (name === 'text') found.push(files.flatMap((file) => csvRows(gunzipSync(file).toString())));
        else {
          const tables = await Promise.all(files.map(parquetRows));
          found.push(tables.flatMap(({ rows }) => rows));
          const kinds = new Map(tables[0]?.schema.map((element) => [element.name, element]));
          assert.deepEqual([kinds.get('BilledCost')?.precision, kinds.get('BilledCost')?.scale], [38, 20]);
          assert.equal(kinds.get('ChargePeriodStart')?.logical_type?.type, 'TIMESTAMP');
          assert.equal(kinds.get('ResourceName')?.converted_type, 'UTF8');
        }
      }
      const [text = [], columns = []] = found;
      const comparable = (cell = '') => (/^\d{4}-\d\d-\d\dT/.test(cell) ? new Date(cell).toISOString() : cell);
      const plain = (rows: Rows) =>
        rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, comparable(cell)])));
      assert.ok(text.length > 100);
      assert.deepEqual(plain(columns), plain(text));
      assert.deepEqual(sums(columns, COST_COLUMNS.focus), truth(scopes.profile, '2026-10-01', '2026-10-31'));
    });
  }

  it('keeps one run in a month folder where reports are overwritten, and each run else', async () => {
    const { list } = await container(storage.costs.id, 'test');
    for (const [name, dataOverwriteBehavior, folders] of [
      ['over', 'OverwritePreviousReport', 1],
      ['each', 'CreateNewReport', 2],
    ] as const) {
      await put(scopes.customer, name, bodyOf({ properties: { dataOverwriteBehavior } }));
      for (let i = 0; i < 2; i++) {
        await run(scopes.customer, name);
        await ended(scopes.customer, name);
      }
      const manifests = (await list(`root/${name}/20261001-20261031/`)).filter((path) =>
        path.endsWith('/manifest.json'),
      );
      assert.equal(manifests.length, folders, name);
      assert.equal((await history(scopes.customer, name)).length, 2);
      const [newest] = await history(scopes.customer, name);
      assert.ok(manifests.includes(newest?.properties.manifestFile ?? ''));
    }
  });

  it('lays files out as older versions do', async () => {
    await put(scopes.customer, 'single', bodyOf(), '2019-10-01');
    await run(scopes.customer, 'single', undefined, '2019-10-01');
    const single = await ended(scopes.customer, 'single', '2019-10-01');
    const { bytes } = await container(storage.costs.id, 'test');
    const id = single.id.split('/').at(-1);
    assert.equal(single.properties.fileName, `root/single/20261001-20261031/single_${id}.csv`);
    assert.equal(single.properties.manifestFile, undefined);
    assert.equal(single.properties.startDate, undefined);
    const rows = csvRows((await bytes(single.properties.fileName ?? '')).toString());
    assert.deepEqual(sums(rows, COST_COLUMNS.costs), truth(scopes.customer, '2026-10-01', '2026-10-31'));

    await put(scopes.account, 'split', bodyOf({ properties: { partitionData: true } }), '2022-10-01');
    await run(scopes.account, 'split', undefined, '2022-10-01');
    const split = await ended(scopes.account, 'split', '2022-10-01');
    assert.match(
      split.properties.fileName ?? '',
      /^root\/split\/20261001-20261031\/202611211200\/[0-9a-f-]{36}\/part_0_0001\.csv$/,
    );
    assert.equal(split.properties.manifestFile, undefined, 'unknown to the version');
    const manifest = JSON.parse(
      (await bytes((split.properties.fileName ?? '').replace(/[^/]+$/, 'manifest.json'))).toString(),
    ) as Manifest;
    assert.ok(manifest.blobCount > 1);
  });

  it('exports costs of subscriptions and resource groups with their own columns', async () => {
    for (const scope of [scopes.subscription, scopes.group]) {
      const destination = { resourceId: storage.customer.id };
      await put(scope, 'own', bodyOf({ destination, definition: { ...october, type: 'AmortizedCost' } }));
      await run(scope, 'own');
      const { files } = await filesOf(storage.customer.id, 'test', await ended(scope, 'own'));
      const rows = files.flatMap((file) => csvRows(file.toString()));
      assert.equal(Object.keys(rows[0] ?? {}).length, 56);
      if (scope === scopes.subscription) {
        assert.deepEqual(sums(rows, COST_COLUMNS.costs), truth(scope, '2026-10-01', '2026-10-31'));
      }
    }
  });

  it('exports the price sheet of a billing profile, and an empty manifest for reservations', async () => {
    const prices = { type: 'PriceSheet', timeframe: 'TheCurrentMonth' };
    await put(scopes.profile, 'prices', bodyOf({ definition: prices, properties: { format: 'Parquet' } }));
    await run(scopes.profile, 'prices');
    const { files } = await filesOf(storage.costs.id, 'test', await ended(scopes.profile, 'prices'));
    const { rows } = await parquetRows(files[0] ?? Buffer.alloc(0));
    assert.equal(Object.keys(rows[0] ?? {}).length, 25);
    assert.equal(rows[0]?.BillingCurrency, 'USD');
    await put(
      scopes.profile,
      'reservations',
      bodyOf({ definition: { type: 'ReservationTransactions', timeframe: 'TheLastMonth' } }),
    );
    await run(scopes.profile, 'reservations');
    const { manifest } = await filesOf(storage.costs.id, 'test', await ended(scopes.profile, 'reservations'));
    assert.deepEqual([manifest.blobCount, manifest.dataRowCount, manifest.blobs], [0, 0, []]);
  });

  it('ends runs without data, failing and never, as it is told', async () => {
    await put(scopes.empty, 'none', bodyOf());
    await run(scopes.empty, 'none');
    const none = await ended(scopes.empty, 'none');
    assert.deepEqual([none.properties.status, none.properties.fileName], ['DataNotAvailable', undefined]);
    await put(scopes.customer, 'ends', bodyOf());
    const told = (settings: object) => send('/_sample/exports', { method: 'POST', body: JSON.stringify(settings) });
    await told({ asks: 0, ending: 'Failed' });
    await run(scopes.customer, 'ends');
    const [failed] = await history(scopes.customer, 'ends');
    assert.deepEqual([failed?.properties.status, failed?.properties.error?.code], ['Failed', 'ExportRunFailed']);
    await told({ ending: 'Never' });
    await run(scopes.customer, 'ends');
    for (let i = 0; i < 3; i++)
      assert.equal((await history(scopes.customer, 'ends'))[0]?.properties.status, 'InProgress');
    assert.equal((await told({ asks: -1 })).status, 400);
    assert.equal((await told({ ending: 'Soon' })).status, 400);
  });

  it('completes a run once, however many look at it at the same time', async () => {
    await send('/_sample/exports', { method: 'POST', body: '{"asks":0}' });
    await put(scopes.profile, 'many', bodyOf());
    await run(scopes.profile, 'many');
    const looks = await Promise.all(Array.from({ length: 5 }, () => history(scopes.profile, 'many')));
    for (const [newest] of looks) assert.equal(newest?.properties.status, 'Completed');
    assert.equal(new Set(looks.map(([newest]) => newest?.properties.manifestFile)).size, 1);
  });

  describe('stories', () => {
    it('tells of the billing account: daily costs, FOCUS as Parquet, an archive that may not be read', async () => {
      const { value } = (await get<{ value: Export[] }>(scopes.account, '?$expand=runHistory')).body;
      const { daily, focus, archive } = EXPORT_STORIES.account;
      assert.deepEqual(
        value.map(({ name, properties: { runHistory } }) => [name, runHistory?.value.map((r) => r.properties.status)]),
        [
          [archive, ['Completed']],
          [daily, ['Completed']],
          [focus, ['Completed']],
        ],
      );
      const shown = (await get(scopes.account, `/${daily}?$expand=runHistory`)).body.properties;
      assert.equal(shown.nextRunTimeEstimate, '2026-11-22T05:00:00Z');
      assert.equal(shown.runHistory?.value.length, 10);
      assert.equal((await history(scopes.account, daily)).length, 12);
      assert.ok((await history(scopes.account, daily)).every(({ properties }) => properties.submittedBy === 'System'));

      const [newest] = await history(scopes.account, daily);
      assert.ok(newest);
      const { files } = await filesOf(storage.costs.id, 'cost-exports', newest);
      const rows = files.flatMap((file) => csvRows(gunzipSync(file).toString()));
      assert.deepEqual(sums(rows, COST_COLUMNS.costs), truth(scopes.account, '2026-11-01', '2026-11-21'));
      const { list } = await container(storage.costs.id, 'cost-exports');
      const months = new Set((await list('')).map((path) => path.split('/').slice(2, 4).join('/')));
      assert.equal(months.size, 1, 'one run of this month is left');
    });

    it('has the files of FOCUS runs, whose sums are the truth of their month', async () => {
      const [newest] = await history(scopes.account, EXPORT_STORIES.account.focus);
      assert.ok(newest);
      const { manifest, files } = await filesOf(storage.costs.id, 'focus', newest);
      assert.equal(manifest.exportConfig.dataVersion, '1.2-preview');
      const tables = await Promise.all(files.map(parquetRows));
      const rows = tables.flatMap((table) => table.rows);
      assert.deepEqual(sums(rows, COST_COLUMNS.focus), truth(scopes.account, '2026-10-01', '2026-10-31'));
    });

    it('shows a suspended export with failed runs, one without data, and the single file of an old version', async () => {
      const { name: weekly } = EXPORT_STORIES.suspended;
      const suspended = (await get(scopes.suspended, `/${weekly}?$expand=runHistory`)).body.properties;
      assert.equal(suspended.schedule?.status, 'SystemSuspended');
      assert.equal(suspended.nextRunTimeEstimate, undefined);
      assert.equal(suspended.runHistory?.value[0]?.properties.error?.code, 'StorageAccountNotFound');
      const empty = await history(scopes.empty, EXPORT_STORIES.empty.name);
      assert.deepEqual([...new Set(empty.map(({ properties }) => properties.status))], ['DataNotAvailable']);
      const [old] = await history(scopes.subscription, EXPORT_STORIES.subscription.name);
      const { bytes } = await container(storage.customer.id, 'exports');
      const rows = csvRows((await bytes(old?.properties.fileName ?? '')).toString());
      assert.deepEqual(sums(rows, COST_COLUMNS.costs), truth(scopes.subscription, '2026-10-01', '2026-10-31'));
    });

    it('writes the last month once more in the first days of a month', async () => {
      const now = new Date('2026-11-03T12:00:00Z');
      const early = await startSampleService({ customers: 12, usageRows: 2_000, now });
      try {
        const account = `/providers/Microsoft.Billing/billingAccounts/${early.tenant.accounts[0]?.name}`;
        const path = address(account, `/${EXPORT_STORIES.account.daily}/runHistory`);
        const answer = await fetch(`${early.endpoints.resourceManager}${path}`);
        const { value } = (await answer.json()) as { value: Run[] };
        assert.deepEqual(
          value
            .slice(0, 6)
            .map(({ properties: { submittedTime, startDate, endDate, status } }) =>
              [submittedTime, startDate, endDate].map((text) => text?.slice(5, 10)).concat(status),
            ),
          [
            ['11-03', '11-01', '11-03', 'Completed'],
            ['11-03', '10-01', '10-31', 'Completed'],
            ['11-02', '11-01', '11-02', 'Completed'],
            ['11-02', '10-01', '10-31', 'Completed'],
            ['11-01', '11-01', '11-01', 'Completed'],
            ['11-01', '10-01', '10-31', 'Completed'],
          ],
        );
      } finally {
        await early.close();
      }
    });

    it('goes back to them on a reset', async () => {
      await send(address(scopes.account, `/${EXPORT_STORIES.account.daily}`), { method: 'DELETE' });
      await put(scopes.account, 'new', bodyOf());
      await send('/_sample/reset', { method: 'POST' });
      const { value } = (await get<{ value: Export[] }>(scopes.account, '')).body;
      assert.deepEqual(
        value.map(({ name }) => name),
        Object.values(EXPORT_STORIES.account).sort(),
      );
    });
  });

  describe('storage accounts', () => {
    const sas = (id: string, body: object) =>
      send(`${id}/listServiceSas?api-version=2019-06-01`, { method: 'POST', body: JSON.stringify(body) });
    const asked = () => ({
      canonicalizedResource: `/blob/${storage.costs.name}/test`,
      signedResource: 'c',
      signedPermission: 'r',
      signedExpiry: new Date(Date.now() + 60_000).toISOString(),
    });

    it('refuses who may not sign, what does not exist and what is asked wrongly', async () => {
      const vault = { ...asked(), canonicalizedResource: `/blob/${storage.vault.name}/archive` };
      const error = await refused(sas(storage.vault.id, vault), 403, /listServiceSas\/action/);
      assert.equal(error.code, 'AuthorizationFailed');
      assert.equal((await send(`${storage.vault.id}?api-version=2023-05-01`)).status, 200);
      await refused(send(`${storage.deletedId}?api-version=2023-05-01`), 404, /harbourlightold.*was not found/);
      await refused(send(`${storage.costs.id}?api-version=2099-01-01`), 400, /storageAccounts/);
      await refused(sas(storage.costs.id, { ...asked(), signedResource: 'b' }), 400, /signedResource/);
      await refused(sas(storage.costs.id, { ...asked(), signedPermission: 'rw' }), 400, /signedPermission/);
      await refused(
        sas(storage.costs.id, { ...asked(), canonicalizedResource: '/blob/other/test' }),
        400,
        /canonicalizedResource/,
      );
      await refused(sas(storage.costs.id, { ...asked(), signedExpiry: 'soon' }), 400, /signedExpiry/);
    });
  });

  it('serves the official client: create, update, run, history, list, delete', async () => {
    const client = new CostManagementClient(
      { getToken: async () => ({ token: 'none', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) },
      { endpoint: service.endpoints.resourceManager, allowInsecureConnection: true },
    );
    client.pipeline.removePolicy({ name: 'bearerTokenAuthenticationPolicy' });
    const scope = scopes.account.slice(1);
    const wanted = {
      format: 'Csv',
      deliveryInfo: { destination: { resourceId: storage.costs.id, container: 'official', rootFolderPath: 'client' } },
      definition: { type: 'ActualCost', timeframe: 'TheLastMonth', dataSet: { granularity: 'Daily' } },
      partitionData: true,
      schedule: {
        status: 'Active',
        recurrence: 'Weekly',
        recurrencePeriod: { from: new Date('2026-11-23T00:00:00Z'), to: new Date('2027-11-23T00:00:00Z') },
      },
    };
    const created = await client.exports.createOrUpdate(scope, 'official', wanted);
    assert.equal(created.nextRunTimeEstimate?.toISOString(), '2026-11-23T00:00:00.000Z');
    await assert.rejects(client.exports.createOrUpdate(scope, 'official', wanted), { statusCode: 400 });
    const updated = await client.exports.createOrUpdate(scope, 'official', {
      ...wanted,
      ...(created.eTag === undefined ? {} : { eTag: created.eTag }),
      partitionData: false,
    });
    assert.equal(updated.partitionData, false);
    await client.exports.execute(scope, 'official');
    let status: string | undefined;
    for (let asks = 0; asks < 4 && status !== 'Completed'; asks++) {
      status = (await client.exports.getExecutionHistory(scope, 'official')).value?.[0]?.status;
    }
    assert.equal(status, 'Completed');
    const shown = await client.exports.get(scope, 'official', { expand: 'runHistory' });
    assert.match(shown.runHistory?.value?.[0]?.fileName ?? '', /^client\/official\/20261001-20261031\/official_/);
    assert.equal((await client.exports.list(scope)).value?.length, 4);
    await client.exports.delete(scope, 'official');
    await assert.rejects(client.exports.get(scope, 'official'), { statusCode: 404 });
  });
});

describe('sample service: exports in Azurite', () => {
  let azurite: Azurite;
  let service: SampleService;

  before(async function () {
    this.timeout(20_000);
    azurite = await startAzurite(['harbourlightcosts']);
    service = await startSampleService({
      customers: 12,
      usageRows: 3_000,
      now: new Date('2026-11-21T12:00:00Z'),
      storage: azurite.store,
      exports: { asks: 0 },
    });
  });
  after(async () => {
    await service.close();
    await azurite.stop();
  });

  it('writes a run into a container that the signature of its account opens', async () => {
    const { tenant, endpoints } = service;
    const { costs } = storagePlaces(tenant);
    const scope = `/providers/Microsoft.Billing/billingAccounts/${tenant.accounts[0]?.name}`;
    const base = `${endpoints.resourceManager}${scope}/providers/Microsoft.CostManagement/exports/real`;
    const destination = { resourceId: costs.id, container: 'real', rootFolderPath: 'root' };
    await fetch(`${base}?api-version=${NEWEST}`, {
      method: 'PUT',
      body: JSON.stringify({
        properties: {
          format: 'Parquet',
          compressionMode: 'snappy',
          deliveryInfo: { destination },
          definition: { type: 'ActualCost', timeframe: 'TheLastMonth' },
        },
      }),
    });
    await fetch(`${base}/run?api-version=${NEWEST}`, { method: 'POST' });
    const runs = (await (await fetch(`${base}/runHistory?api-version=${NEWEST}`)).json()) as { value: Run[] };
    const token = azurite.store.containerSignature(
      { account: costs.name, container: 'real' },
      new Date(Date.now() + 60_000),
    );
    const read = async (path = '') => {
      const response = await fetch(`${azurite.store.endpoint(costs.name)}/real/${path}?${token}`);
      assert.equal(response.status, 200, path);
      return Buffer.from(await response.arrayBuffer());
    };
    const manifest = JSON.parse((await read(runs.value[0]?.properties.manifestFile)).toString()) as Manifest;
    const tables = await Promise.all(manifest.blobs.map(async ({ blobName }) => parquetRows(await read(blobName))));
    const rows = tables.flatMap((table) => table.rows);
    const { totals } = tenant.truth(scope, '2026-10-01', '2026-10-31');
    assert.deepEqual(sums(rows, COST_COLUMNS.costs), Object.fromEntries(totals));
  });
});
