import assert from 'node:assert/strict';
import { exportEncoding, parseExportManifest } from '../../src/api/arm/exportManifest.ts';
import { checkExport, checkExportPeriod } from '../../src/api/arm/exportRules.ts';
import { exportRunState } from '../../src/api/arm/exports.ts';
import type { CostScope } from '../../src/api/arm/scope.ts';
import type { VersionSet } from '../../src/api/arm/versions.ts';
import { BillingError } from '../../src/api/http/errors.ts';
import { digitsOf, type ExactNumber } from '../../src/json/exact.ts';

const CUSTOMER: CostScope = { kind: 'customer', account: 'a:b', customer: 'c' };
const PROFILE: CostScope = { kind: 'billingProfile', account: 'a:b', profile: 'p' };
const ACCOUNT: CostScope = { kind: 'billingAccount', account: 'a:b' };
const STORAGE = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/acct';

interface Parts {
  properties?: object;
  destination?: object;
  definition?: object;
  root?: object;
}

function body({ properties = {}, destination = {}, definition = {}, root = {} }: Parts = {}) {
  return {
    properties: {
      format: 'Csv',
      deliveryInfo: {
        destination: { resourceId: STORAGE, container: 'cost', rootFolderPath: 'daily', ...destination },
      },
      definition: { type: 'ActualCost', timeframe: 'MonthToDate', ...definition },
      ...properties,
    },
    ...root,
  };
}

const paths = (
  value: unknown,
  { scope = CUSTOMER, versions = 'newest', name = 'daily' }: Partial<Parameters<typeof checkExport>[1]> = {},
) => checkExport(value, { scope, versions, name }).map(({ path }) => path);

describe('checkExport', () => {
  const accepted: [string, unknown, VersionSet?, CostScope?][] = [
    ['the least', body()],
    ['words in another case', body({ properties: { format: 'csv', compressionMode: 'GZip' } })],
    [
      'Parquet with Snappy and FOCUS',
      body({ properties: { format: 'Parquet', compressionMode: 'snappy' }, definition: { type: 'FocusCost' } }),
    ],
    [
      'a schedule without an end',
      body({
        properties: {
          schedule: { status: 'Active', recurrence: 'Daily', recurrencePeriod: { from: '2026-12-01T00:00:00Z' } },
        },
      }),
    ],
    [
      'prices of a profile',
      body({ definition: { type: 'PriceSheet', timeframe: 'TheCurrentMonth' } }),
      'newest',
      PROFILE,
    ],
    [
      'a storage token at a billing account',
      body({ destination: { resourceId: undefined, storageAccount: 'acct', sasToken: '?sv=1' } }),
      'newest',
      ACCOUNT,
    ],
    [
      'three months in the seed version',
      body({
        definition: { type: 'Usage', timeframe: 'Custom', timePeriod: { from: '2026-01-01', to: '2026-03-31' } },
      }),
      'seed',
    ],
    ['an identity with its location', body({ root: { identity: { type: 'SystemAssigned' }, location: 'westeurope' } })],
    ['the set of columns in either spelling', body({ definition: { dataset: { granularity: 'Daily' } } })],
  ];
  for (const [what, value, versions = 'newest', scope = CUSTOMER] of accepted) {
    it(`accepts ${what}`, () => assert.deepEqual(checkExport(value, { scope, versions, name: 'daily' }), []));
  }

  const custom = (timePeriod: unknown) => body({ definition: { timeframe: 'Custom', timePeriod } });
  const refused: [string, unknown, string[], VersionSet?][] = [
    ['nothing', undefined, ['body']],
    ['no properties', {}, ['properties']],
    ['nothing in it', { properties: {} }, ['properties.deliveryInfo', 'properties.definition']],
    ['an unknown format', body({ properties: { format: 'Json' } }), ['properties.format']],
    ['Parquet in the seed version', body({ properties: { format: 'Parquet' } }), ['properties.format'], 'seed'],
    [
      'newer members in the seed version',
      body({ properties: { compressionMode: 'gzip', partitionData: true } }),
      ['properties.compressionMode', 'properties.partitionData'],
      'seed',
    ],
    ['Snappy for csv', body({ properties: { compressionMode: 'snappy' } }), ['properties.compressionMode']],
    [
      'gzip for Parquet',
      body({ properties: { format: 'Parquet', compressionMode: 'gzip' } }),
      ['properties.compressionMode'],
    ],
    [
      'a folder that begins with a slash',
      body({ destination: { rootFolderPath: '/daily' } }),
      ['properties.deliveryInfo.destination.rootFolderPath'],
    ],
    ['no container', body({ destination: { container: '' } }), ['properties.deliveryInfo.destination.container']],
    [
      'no storage account',
      body({ destination: { resourceId: undefined } }),
      ['properties.deliveryInfo.destination.resourceId'],
    ],
    [
      'a storage token at a customer',
      body({ destination: { resourceId: undefined, storageAccount: 'acct', sasToken: '?sv=1' } }),
      ['properties.deliveryInfo.destination.sasToken'],
    ],
    ['prices of a customer', body({ definition: { type: 'PriceSheet' } }), ['properties.definition.type']],
    ['FOCUS in the seed version', body({ definition: { type: 'FocusCost' } }), ['properties.definition.type'], 'seed'],
    [
      'the timeframe of prices for cost',
      body({ definition: { timeframe: 'TheCurrentMonth' } }),
      ['properties.definition.timeframe'],
    ],
    ['custom days that are missing', custom(undefined), ['properties.definition.timePeriod']],
    [
      'custom days longer than a month',
      custom({ from: '2026-01-01', to: '2026-02-28' }),
      ['properties.definition.timePeriod'],
    ],
    [
      'custom days the wrong way round',
      custom({ from: '2026-02-01', to: '2026-01-28' }),
      ['properties.definition.timePeriod.from'],
    ],
    [
      'an active schedule without its days',
      body({ properties: { schedule: { status: 'Active' } } }),
      ['properties.schedule.recurrence', 'properties.schedule.recurrencePeriod'],
    ],
    ['an identity without a location', body({ root: { identity: { type: 'SystemAssigned' } } }), ['location']],
  ];
  for (const [what, value, expected, versions = 'newest'] of refused) {
    it(`tells of ${what}`, () => assert.deepEqual(paths(value, { versions }), expected));
  }

  it('tells of a name with other characters', () => {
    assert.deepEqual(paths(body(), { name: 'my export' }), ['name']);
  });

  it('repeats no storage token', () => {
    const problems = checkExport(body({ destination: { storageAccount: 'acct', sasToken: 'secret' } }), {
      scope: CUSTOMER,
      versions: 'newest',
      name: 'daily',
    });
    assert.ok(problems.length > 0);
    assert.ok(!JSON.stringify(problems).includes('secret'));
  });

  it('checks the days of a run', () => {
    assert.deepEqual(
      checkExportPeriod('timePeriod', { from: '2023-12-01T00:00:00.000Z', to: '2023-12-31' }, 'newest'),
      [],
    );
    assert.equal(checkExportPeriod('timePeriod', { from: '2023-12-01' }, 'newest')[0]?.path, 'timePeriod.to');
  });
});

describe('exportRunState', () => {
  it('knows what a status means, and what it does not know', () => {
    const state = (status: string | null) => exportRunState({ properties: { status } });
    assert.deepEqual(
      ['Queued', 'InProgress', 'Completed', 'DataNotAvailable', 'NewDataNotAvailable', 'Failed', 'Timeout'].map(state),
      ['running', 'running', 'completed', 'noData', 'noData', 'failed', 'failed'],
    );
    assert.deepEqual(['Paused', '', null].map(state), ['unknown', 'unknown', 'unknown']);
  });
});

describe('parseExportManifest', () => {
  const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

  it('keeps what it does not know, and digits', () => {
    const text =
      '{"blobCount":1,"byteCount":9007199254740993,"new":{"a":null},"blobs":[{"blobName":"x.csv","crc":"1"}]}';
    const manifest = parseExportManifest(bytes(text));
    assert.equal(digitsOf(manifest.byteCount as ExactNumber), '9007199254740993');
    assert.deepEqual(manifest.new, { a: null });
    assert.deepEqual(manifest.blobs, [{ blobName: 'x.csv', crc: '1' }]);
  });

  it('takes older manifests without row counts, a byte order mark, and nulls', () => {
    const manifest = parseExportManifest(
      bytes(`\uFEFF${JSON.stringify({ runInfo: null, blobs: [{ blobName: 'x.csv', byteCount: 5 }] })}`),
    );
    assert.equal(manifest.dataRowCount, undefined);
    assert.equal(manifest.blobs.length, 1);
  });

  it('is empty for a run without data', () => {
    assert.deepEqual(parseExportManifest(bytes({ blobCount: 0, dataRowCount: 0, blobs: [] })).blobs, []);
    assert.deepEqual(parseExportManifest(bytes({ blobCount: 0 })).blobs, []);
  });

  const broken: [string, unknown, RegExp][] = [
    ['that is cut short', '{"blobs":[{"blobName":', /cut short/],
    ['that is empty', '', /cut short/],
    [
      'that names fewer files than it counts',
      { blobCount: 2, blobs: [{ blobName: 'x.csv' }] },
      /counts 2 files and names 1/,
    ],
    ['without files', { manifestVersion: '2024-04-01' }, /names no files/],
    ['with a file without a name', { blobs: [{ byteCount: 5 }] }, /blobs\.0\.blobName/],
  ];
  for (const [what, value, message] of broken) {
    it(`refuses one ${what}`, () => {
      assert.throws(
        () => parseExportManifest(bytes(value)),
        (error) => error instanceof BillingError && error.kind === 'malformed' && message.test(error.message),
      );
    });
  }

  it('tells how a file is written, by its name first', () => {
    const encoding = (blobName: string, deliveryConfig?: Record<string, string>) =>
      exportEncoding({ blobs: [], ...(deliveryConfig && { deliveryConfig }) }, { blobName });
    assert.deepEqual(encoding('r/part_0_0001.csv.gz'), { format: 'csv', gzip: true });
    assert.deepEqual(encoding('r/part_0_0001.csv', { compressionMode: 'Gzip' }), { format: 'csv', gzip: false });
    assert.deepEqual(encoding('r/part_0_0001.snappy.parquet'), { format: 'parquet', gzip: false });
    assert.deepEqual(encoding('r/part0', { fileFormat: 'Parquet', compressionMode: 'Snappy' }), {
      format: 'parquet',
      gzip: false,
    });
    assert.deepEqual(encoding('r/part0', { fileFormat: 'Csv', compressionMode: 'Gzip' }), {
      format: 'csv',
      gzip: true,
    });
  });
});
