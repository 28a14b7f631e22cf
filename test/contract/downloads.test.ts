import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { ArmClient } from '../../src/api/arm/armClient.ts';
import { invoiceDocuments } from '../../src/api/arm/invoiceDocuments.ts';
import { getInvoice, listInvoices } from '../../src/api/arm/invoices.ts';
import { parseCostScope } from '../../src/api/arm/scope.ts';
import type { VersionSet } from '../../src/api/arm/versions.ts';
import { BillingError } from '../../src/api/http/errors.ts';
import type { SasSource } from '../../src/exports/containerAccess.ts';
import { type SaveRunOptions, saveExportRun } from '../../src/exports/saveExportRun.ts';
import { saveInvoice } from '../../src/exports/saveInvoice.ts';
import { savePriceSheet } from '../../src/exports/savePriceSheet.ts';
import { EXPORT_STORIES } from '../../src/sample/exportStories.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import { storagePlaces } from '../../src/sample/storageAccounts.ts';
import { zipOf } from '../../src/sample/zip.ts';
import { collect, connect } from '../support/arm.ts';
import { FastClock } from '../support/fastClock.ts';
import { sendBlob, sendStorageError } from '../support/stubBlobs.ts';
import { type StubAnswer, type StubRequest, sendJson, startStubService } from '../support/stubService.ts';

/** Nobody has a signature and nobody is asked. */
const nobody: SasSource = { kept: async () => undefined, forget: async () => {} };
const options: SaveRunOptions = { decompress: true, sas: nobody };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'azure-billing-explorer-downloads-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => path.join(folder, name);

describe('downloads from the sample tenant', () => {
  let service: SampleService;
  before(async () => {
    service = await startSampleService({
      now: new Date('2026-11-21T12:00:00Z'),
      customers: 12,
      usageRows: 20_000,
      reports: { partitionRows: 400, priceSheetPartBytes: 20_000 },
    });
  });
  after(() => service.close());

  for (const versions of ['newest', 'seed'] as const satisfies readonly VersionSet[]) {
    describe(`in the ${versions} versions`, () => {
      let arm: ArmClient;
      let close: () => Promise<void>;
      before(() => {
        ({ arm, close } = connect(service.endpoints.resourceManager, { versions, clock: new FastClock(Date.now()) }));
      });
      after(() => close());

      const names = () => {
        const [account] = service.tenant.accounts;
        assert.ok(account);
        return { account: account.name, profile: account.profiles[0]?.name ?? '' };
      };
      const anInvoice = async () => {
        const { account, profile } = names();
        const period = { from: '2026-10-01', to: '2026-10-31' };
        const [first] = await collect(listInvoices(arm, { account, profile }, period));
        assert.ok(first);
        return first.name;
      };

      it('an invoice is a PDF', async () => {
        const { account, profile } = names();
        const invoice = await anInvoice();
        const [document] = invoiceDocuments(await getInvoice(arm, { account, profile }, invoice));
        assert.ok(document);
        const saved = await saveInvoice(arm, { account, profile, invoice }, document, at('invoice.pdf'));
        const bytes = readFileSync(at('invoice.pdf'));
        assert.deepEqual(saved, { file: at('invoice.pdf'), bytes: bytes.length });
        assert.match(bytes.toString('latin1'), /^%PDF-/);
        assert.ok(bytes.includes(invoice));
        assert.deepEqual(readdirSync(folder), ['invoice.pdf']);
      });

      it('a price sheet is one table, whatever the service sends', async () => {
        const saved = await savePriceSheet(arm, names(), at('prices.csv'));
        const lines = readFileSync(at('prices.csv'), 'utf8').trimEnd().split('\r\n');
        assert.equal(saved.bytes, readFileSync(at('prices.csv')).length);
        assert.ok(lines.length > 100, `${lines.length} lines`);
        assert.match(lines[0] ?? '', /\bunitPrice\b/i);
        assert.equal(lines.filter((line) => line === lines[0]).length, 1);
        assert.deepEqual(readdirSync(folder), ['prices.csv']);
      });

      it('a price sheet of an invoice can be kept as a zip where it comes as one', async () => {
        const saving = savePriceSheet(arm, { ...names(), invoice: await anInvoice() }, at('prices.ZIP'));
        if (versions === 'seed') {
          await assert.rejects(saving, { kind: 'argument', message: 'file: the service sent a CSV file, not a zip.' });
          assert.deepEqual(readdirSync(folder), []);
        } else {
          await saving;
          assert.equal(readFileSync(at('prices.ZIP')).toString('latin1', 0, 2), 'PK');
        }
      });

      it('the files of the newest run of an export are in a folder, unpacked, with their manifest', async () => {
        const scope = parseCostScope(`/providers/Microsoft.Billing/billingAccounts/${names().account}`);
        const exportName = EXPORT_STORIES.account.daily;
        const saved = await saveExportRun(arm, { scope, exportName }, at('run'), options);
        assert.ok(saved);
        assert.ok(saved.files.length > 2, `${saved.files.length} files`);
        assert.deepEqual(readdirSync(at('run')).sort(), saved.files.map(({ file }) => path.basename(file)).sort());
        const manifest = JSON.parse(readFileSync(at('run/manifest.json'), 'utf8')) as { dataRowCount: number };
        assert.equal(saved.rows, manifest.dataRowCount);
        const tables = saved.files.slice(0, -1).map(({ file }) => readFileSync(file, 'utf8').trimEnd().split('\r\n'));
        assert.equal(
          tables.reduce((sum, lines) => sum + lines.length - 1, 0),
          saved.rows,
        );
        assert.ok(saved.files.every(({ file }) => /\.(csv|json)$/.test(file)));
      });
    });
  }

  describe('of exports', () => {
    let arm: ArmClient;
    let close: () => Promise<void>;
    before(() => {
      ({ arm, close } = connect(service.endpoints.resourceManager, { clock: new FastClock(Date.now()) }));
    });
    after(() => close());
    const account = () =>
      parseCostScope(`/providers/Microsoft.Billing/billingAccounts/${service.tenant.accounts[0]?.name}`);

    it('can stay packed', async () => {
      const request = { scope: account(), exportName: EXPORT_STORIES.account.daily };
      const packed = await saveExportRun(arm, request, at('packed'), { ...options, decompress: false });
      const unpacked = await saveExportRun(arm, request, at('unpacked'), options);
      assert.ok(packed && unpacked);
      assert.match(packed.files[0]?.file ?? '', /\.csv\.gz$/);
      assert.deepEqual(
        gunzipSync(readFileSync(packed.files[0]?.file ?? '')),
        readFileSync(unpacked.files[0]?.file ?? ''),
      );
    });

    it('in Parquet come as they are', async () => {
      const saved = await saveExportRun(
        arm,
        { scope: account(), exportName: EXPORT_STORIES.account.focus },
        folder,
        options,
      );
      assert.ok(saved);
      assert.match(saved.files[0]?.file ?? '', /\.parquet$/);
      assert.equal(readFileSync(saved.files[0]?.file ?? '').toString('latin1', 0, 4), 'PAR1');
    });

    it('of old versions come as the one file they are', async () => {
      const customer = service.tenant.directory.customer(EXPORT_STORIES.subscription.customer);
      const scope = parseCostScope(`/subscriptions/${service.tenant.directory.subscription(customer, 0).name}`);
      const saved = await saveExportRun(arm, { scope, exportName: EXPORT_STORIES.subscription.name }, folder, options);
      assert.ok(saved);
      assert.equal(saved.files.length, 1);
      assert.match(saved.files[0]?.file ?? '', new RegExp(`${EXPORT_STORIES.subscription.name}_${saved.run}\\.csv$`));
    });

    it('tell why there are none', async () => {
      const { suspended, empty } = EXPORT_STORIES;
      const customer = (index: number) =>
        parseCostScope(
          `/providers/Microsoft.Billing/billingAccounts/${service.tenant.accounts[0]?.name}/customers/${service.tenant.directory.customer(index).name}`,
        );
      for (const [scope, exportName, run] of [
        [customer(suspended.customer), suspended.name, undefined],
        [customer(empty.customer), empty.name, undefined],
        [account(), EXPORT_STORIES.account.daily, 'no-such-run'],
      ] as const) {
        await assert.rejects(saveExportRun(arm, { scope, exportName, run }, folder, options), {
          kind: 'argument',
          message: /^run: (no run of the export has files yet|the export has no run 'no-such-run')\.$/,
        });
      }
      await assert.rejects(saveExportRun(arm, { scope: account(), exportName: 'none' }, folder, options), {
        status: 404,
      });
    });

    it('behind a storage account that the sign-in may not read need a signature by hand', async () => {
      const request = { scope: account(), exportName: EXPORT_STORIES.account.archive };
      await assert.rejects(saveExportRun(arm, request, at('run'), options), (error: unknown) => {
        assert.ok(error instanceof BillingError);
        assert.equal(error.status, 403);
        assert.match(
          error.advice ?? '',
          /give a shared access signature with Read and List for the container 'archive' as 'sas'/,
        );
        return true;
      });
      assert.deepEqual(readdirSync(folder), []);
      const { vault } = storagePlaces(service.tenant);
      const container = { account: vault.name, container: 'archive' };
      const given = service.storage.containerSignature(container, new Date(Date.now() + 3600_000));
      const saved = await saveExportRun(arm, request, at('run'), {
        ...options,
        sas: { ...nobody, given },
      });
      assert.ok(saved && saved.files.length > 1);
    });
  });
});

describe('downloads that go wrong', () => {
  const RUN = '5b1a8a0e-0000-4000-8000-000000000001';
  const STORE = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/costs01';
  const scope = parseCostScope('/subscriptions/s');
  const PATH = `costs/daily/20261001-20261031/${RUN}`;

  interface World {
    /** Path and name → what storage has; a function answers in its own way. */
    files?: Record<string, Uint8Array | StubAnswer>;
    manifest?: unknown;
    /** What Azure says when it is asked for the right to read the container. */
    sign?: StubAnswer;
    run?: Record<string, unknown>;
    destination?: Record<string, unknown>;
  }

  /** Azure Resource Manager and storage in one, for one invoice, one price sheet and one export. */
  function answers({ files = {}, manifest, sign, run = {}, destination }: World): StubAnswer {
    const blobs: Record<string, Uint8Array | StubAnswer> = {
      ...files,
      ...(manifest === undefined ? {} : { [`exports/${PATH}/manifest.json`]: Buffer.from(JSON.stringify(manifest)) }),
    };
    return (request, response, base) => {
      const [target = '', query = ''] = request.target.split('?');
      const name = decodeURIComponent(target.slice(1));
      const file = blobs[name];
      if (file !== undefined) {
        if (typeof file === 'function') {
          file(request, response, base);
        } else {
          sendBlob(response, request, { content: file });
        }
      } else if (/\/download$/.test(target)) {
        const url = `${base}/${/pricesheets/.test(target) ? 'prices' : 'invoice'}?sig=top-secret`;
        sendJson(response, 200, { url, downloadUrl: url });
      } else if (/runHistory$/.test(target)) {
        const properties = {
          status: 'Completed',
          submittedTime: '2026-11-01T05:00:00Z',
          manifestFile: `${PATH}/manifest.json`,
          ...run,
        };
        sendJson(response, 200, { value: [{ name: RUN, properties }] });
      } else if (/\/exports\/daily$/.test(target)) {
        const place = destination ?? { resourceId: STORE, container: 'exports', rootFolderPath: 'costs' };
        sendJson(response, 200, { id: 'x', name: 'daily', properties: { deliveryInfo: { destination: place } } });
      } else if (/ListServiceSas$/.test(target)) {
        (sign ?? (() => sendJson(response, 200, { serviceSasToken: 'sp=rl&sig=top-secret' })))(request, response, base);
      } else if (target === STORE) {
        sendJson(response, 200, { name: 'costs01', properties: { primaryEndpoints: { blob: `${base}/` } } });
      } else if (query.includes('comp=list')) {
        const listed = Object.keys(blobs).map((key) => `<Blob><Name>${key.replace('exports/', '')}</Name></Blob>`);
        response.end(`<EnumerationResults><Blobs>${listed.join('')}</Blobs><NextMarker/></EnumerationResults>`);
      } else {
        sendStorageError(response, 404, 'BlobNotFound', 'The specified blob does not exist.');
      }
    };
  }

  interface Ended<T> {
    value?: T;
    error?: Error;
    requests: StubRequest[];
    log: string;
  }

  async function ended<T>(world: World, run: (arm: ArmClient) => Promise<T>): Promise<Ended<T>> {
    const stub = await startStubService(answers(world));
    const log: unknown[] = [];
    const { arm, close } = connect(stub.base, {
      clock: new FastClock(Date.now()),
      token: async () => 'bearer-secret',
      log: (exchange) => log.push(exchange),
    });
    const result = () => ({ requests: stub.requests, log: JSON.stringify(log) });
    try {
      return { value: await run(arm), ...result() };
    } catch (error) {
      assert.ok(error instanceof Error);
      return { error, ...result() };
    } finally {
      await close();
      await stub.close();
      assert.doesNotMatch(JSON.stringify(log), /secret/);
    }
  }

  const invoice = (arm: ArmClient, file = at('i.pdf'), more = {}) =>
    saveInvoice(arm, { account: 'a', invoice: 'G1' }, undefined, file, more);
  const prices = (arm: ArmClient, file = at('p.csv')) => savePriceSheet(arm, { account: 'a', profile: 'p' }, file);
  const exported = (arm: ArmClient, more: Partial<SaveRunOptions> = {}) =>
    saveExportRun(arm, { scope, exportName: 'daily' }, at('run'), { ...options, ...more });
  const named = (name: string, byteCount?: number) => ({ blobName: `${PATH}/${name}`, byteCount, dataRowCount: 1 });
  const blob = (name: string) => `exports/${PATH}/${name}`;

  it('send the token to Azure Resource Manager only', async () => {
    const { requests } = await ended({ files: { invoice: Buffer.from('%PDF-1') } }, invoice);
    assert.deepEqual(
      requests.map(({ method, headers }) => [method, headers.authorization]),
      [
        ['POST', 'Bearer bearer-secret'],
        ['GET', undefined],
      ],
    );
  });

  it('leave the old file when the link has expired', async () => {
    writeFileSync(at('i.pdf'), 'old');
    const expired: StubAnswer = (_request, response) =>
      sendStorageError(response, 403, 'AuthenticationFailed', 'Server failed to authenticate the request.');
    const { error } = await ended({ files: { invoice: expired } }, invoice);
    assert.match(error?.message ?? '', /^Download the invoice failed: the storage link has expired/);
    assert.equal(readFileSync(at('i.pdf'), 'utf8'), 'old');
    assert.deepEqual(readdirSync(folder), ['i.pdf']);
  });

  it('leave nothing when they are cancelled in the middle', async () => {
    const cancel = new AbortController();
    const content = Buffer.alloc(500_000, 'x');
    const half: StubAnswer = (_request, response) => {
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 200_000));
    };
    const { error } = await ended({ files: { invoice: half } }, (arm) =>
      invoice(arm, at('i.pdf'), { signal: cancel.signal, onBytes: () => cancel.abort() }),
    );
    assert.equal(error?.name, 'AbortError');
    assert.deepEqual(readdirSync(folder), []);
  });

  it('tell that the folder is missing before anything is fetched from storage', async () => {
    const { error, requests } = await ended({}, (arm) => invoice(arm, at('none/i.pdf')));
    assert.match(
      error?.message ?? '',
      /^file: '.*i\.pdf' cannot be written: the folder '.*none' does not exist; make it, then try again\.$/,
    );
    assert.equal(requests.length, 1);
  });

  it('tell that the disk is full, and leave nothing', async function () {
    if (!existsSync('/dev/full')) {
      this.skip();
    }
    // A device of Linux on which every write ends as on a full disk.
    symlinkSync('/dev/full', at('i.pdf.partial'));
    const { error } = await ended({ files: { invoice: Buffer.from('%PDF-1') } }, (arm) => invoice(arm));
    assert.match(
      error?.message ?? '',
      /^file: '.*i\.pdf' cannot be written: the disk is full; make room, then try again\.$/,
    );
    assert.deepEqual(readdirSync(folder), []);
  });

  it('take the one document out of a zip, and refuse several', async () => {
    const pdf = (name: string) => ({ name, content: Buffer.from(`%PDF-${name}`) });
    await ended({ files: { invoice: zipOf([pdf('one.pdf')]) } }, invoice);
    assert.equal(readFileSync(at('i.pdf'), 'utf8'), '%PDF-one.pdf');
    const { error } = await ended({ files: { invoice: zipOf([pdf('1.pdf'), pdf('2.pdf')]) } }, (arm) =>
      invoice(arm, at('j.pdf')),
    );
    assert.equal(error?.message, 'file: the service sent 2 files in one zip.');
    assert.deepEqual(readdirSync(folder), ['i.pdf']);
  });

  const csv = (name: string, text: string) => ({ name, content: Buffer.from(text) });
  for (const [what, content, reason] of [
    ['with a name that leads out of the folder', zipOf([csv('../evil.csv', 'a\n1\n')]), /cannot be used/],
    ['that is cut short', zipOf([csv('a.csv', 'a\n1\n')]).subarray(0, -9), /is cut short or is none/],
    ['without a table', zipOf([csv('readme.txt', 'hello')]), /has no CSV file in it/],
    ['of tables with other columns', zipOf([csv('1.csv', 'a\n1\n'), csv('2.csv', 'b\n1\n')]), /are no one table/],
  ] as const) {
    it(`refuse a price sheet ${what}, and leave nothing`, async () => {
      const { error } = await ended({ files: { prices: content } }, prices);
      assert.match(error?.message ?? '', /^Download the price sheet failed: /);
      assert.match(error?.message ?? '', reason);
      assert.deepEqual(readdirSync(folder), []);
    });
  }

  it('refuse a price sheet of another kind before anything is sent', async () => {
    const { error, requests } = await ended({}, (arm) => prices(arm, at('p.xlsx')));
    assert.equal(error?.message, "file: has to end in '.csv' or '.zip'.");
    assert.equal(requests.length, 0);
  });

  for (const [what, file, reason] of [
    [
      'gzip is cut short',
      gzipSync(Buffer.from('a\n1\n')).subarray(0, -3),
      /a gzip file is cut short, damaged or not gzip/,
    ],
    ['sizes do not agree', gzipSync(Buffer.from('a\n1\n')), /has 24 bytes, 4 unpacked, and was announced with 7/],
  ] as const) {
    it(`leave no file of a run when ${what}`, async () => {
      const manifest = { blobCount: 2, blobs: [named('1.csv', 4), named('2.csv.gz', 7)] };
      const files = { [blob('1.csv')]: Buffer.from('a\n1\n'), [blob('2.csv.gz')]: file };
      const { error } = await ended({ manifest, files }, exported);
      assert.match(error?.message ?? '', reason);
      assert.deepEqual(readdirSync(at('run')), []);
    });
  }

  it('leave no file of a run when one of them is gone', async () => {
    const manifest = { blobCount: 2, blobs: [named('1.csv'), named('2.csv')] };
    const { error } = await ended({ manifest, files: { [blob('1.csv')]: Buffer.from('a\n1\n') } }, exported);
    assert.match(error?.message ?? '', /failed with HTTP 404 BlobNotFound/);
    assert.deepEqual(readdirSync(at('run')), []);
  });

  it('put files of a manifest into the folder and nowhere else', async () => {
    const manifest = {
      blobCount: 3,
      blobs: [{ blobName: 'x/../../../evil.csv' }, { blobName: 'y/evil.csv' }, { blobName: 'manifest.json' }],
    };
    const file = Buffer.from('a\n1\n');
    const files = { 'exports/x/../../../evil.csv': file, 'exports/y/evil.csv': file, 'exports/manifest.json': file };
    const { value, error } = await ended({ manifest, files }, exported);
    assert.equal(error, undefined);
    assert.deepEqual(
      value?.files.map((saved) => path.relative(at('run'), saved.file)),
      ['evil.csv', 'evil (2).csv', 'manifest (2).json', 'manifest.json'],
    );
    assert.equal(value?.rows, undefined);
  });

  it('find the files of a run without a manifest by its id', async () => {
    const run = { manifestFile: null, fileName: null };
    const files = {
      [blob('part1.csv')]: Buffer.from('a\n1\n'),
      'exports/costs/daily/other/part1.csv': Buffer.from('b\n'),
    };
    const { value } = await ended({ run, files }, exported);
    assert.deepEqual(
      value?.files.map(({ file, bytes }) => [path.basename(file), bytes]),
      [['part1.csv', 4]],
    );
    const { error } = await ended({ run }, exported);
    assert.match(error?.message ?? '', /there are no files of the run in its container/);
  });

  it('give a run without data an empty folder with its manifest', async () => {
    const { value } = await ended({ manifest: { blobCount: 0 } }, exported);
    assert.deepEqual(
      value?.files.map(({ file }) => path.basename(file)),
      ['manifest.json'],
    );
  });

  it('tell when an export names no storage account', async () => {
    const { error } = await ended({ destination: { container: 'exports', storageAccount: 'costs01' } }, exported);
    assert.match(error?.message ?? '', /the export names no storage account/);
  });

  describe('where the sign-in may not read the storage account', () => {
    const sign: StubAnswer = (_request, response) =>
      sendJson(response, 403, { error: { code: 'AuthorizationFailed', message: 'No right' } });
    const manifest = { blobCount: 1, blobs: [named('1.csv')] };
    const guarded: StubAnswer = (request, response) => {
      if (request.target.includes('sig=right')) {
        sendBlob(response, request, { content: Buffer.from('a\n1\n') });
      } else {
        sendStorageError(response, 403, 'AuthenticationFailed', 'Signature did not match.');
      }
    };
    const world = { sign, manifest, files: { [blob('1.csv')]: guarded } };

    it('use the signature that was kept, and forget it when it is refused', async () => {
      const forgotten: string[] = [];
      const source = (kept: string): SasSource => ({
        kept: async (key) => (key === 'costs01/exports' ? kept : undefined),
        forget: async (key) => void forgotten.push(key),
        ask: async () => assert.fail('asked'),
      });
      const { value } = await ended(world, (arm) => exported(arm, { sas: source('sp=rl&sig=right') }));
      assert.equal(value?.files.length, 2);
      const { error } = await ended(world, (arm) => exported(arm, { sas: source('sp=rl&sig=wrong') }));
      assert.ok(error instanceof BillingError);
      assert.match(error.advice ?? '', /was removed; start again with a new one/);
      assert.deepEqual(forgotten, ['costs01/exports']);
    });

    it('ask a person, and end without a word when the person backs out', async () => {
      const { value } = await ended(world, (arm) =>
        exported(arm, { sas: { ...nobody, ask: async () => '?sp=rl&sig=right' } }),
      );
      assert.equal(value?.files.length, 2);
      const { value: none, error } = await ended(world, (arm) =>
        exported(arm, { sas: { ...nobody, ask: async () => undefined } }),
      );
      assert.equal(none ?? error, undefined);
    });

    it('take a signature with the address of the container without asking Azure', async () => {
      const { value, requests } = await ended(world, (arm) =>
        exported(arm, { sas: { ...nobody, given: `${arm.http.absolute('/')}exports?sp=rl&sig=right` } }),
      );
      assert.equal(value?.files.length, 2);
      assert.ok(requests.every(({ target }) => !target.includes('Microsoft.Storage')));
    });
  });
});
