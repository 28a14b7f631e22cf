import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { DownloadedFile, DownloadedRun } from '../../src/contributions.ts';
import { EXPORT_STORIES } from '../../src/sample/exportStories.ts';
import { storagePlaces } from '../../src/sample/storageAccounts.ts';
import { type Connected, connectSample, refusal } from './support.ts';

describe('downloads', () => {
  let connected: Connected;
  let folder: string;
  let account: string;
  let profile: string;
  let invoice: string;

  before(async () => {
    connected = await connectSample({ operations: { retryAfter: 1 } });
    const [main] = connected.service.tenant.accounts;
    assert.ok(main);
    account = main.name;
    profile = main.profiles[0]?.name ?? '';
    const answer = await fetch(
      `${connected.service.endpoints.resourceManager}/providers/Microsoft.Billing/billingAccounts/${account}/billingProfiles/${profile}/invoices?api-version=2024-04-01&periodStartDate=2026-10-01&periodEndDate=2026-10-31`,
    );
    const { value } = (await answer.json()) as { value: { name: string }[] };
    invoice = value[0]?.name ?? '';
  });

  after(() => connected.remove());

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'azure-billing-explorer-host-'));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const at = (name: string) => path.join(folder, name);
  const run = <T>(command: string, argument: Record<string, unknown>) =>
    vscode.commands.executeCommand<T>(`azureBilling.${command}`, { connection: connected.name, ...argument });

  it('an invoice is a PDF at the given place, in place of what was there', async () => {
    writeFileSync(at('invoice.pdf'), 'old');
    const saved = await run<DownloadedFile>('downloadInvoice', { account, invoice, file: at('invoice.pdf') });
    const bytes = readFileSync(at('invoice.pdf'));
    assert.deepEqual(saved, { file: at('invoice.pdf'), bytes: bytes.length });
    assert.match(bytes.toString('latin1'), /^%PDF-/);
    assert.deepEqual(readdirSync(folder), ['invoice.pdf']);
  });

  it('a document of an invoice can be named by its kind', async () => {
    const argument = { account, profile, invoice, file: at('invoice.pdf') };
    assert.ok((await run<DownloadedFile>('downloadInvoice', { ...argument, document: 'invoice' })).bytes > 0);
    assert.match(
      await refusal('azureBilling.downloadInvoice', { connection: connected.name, ...argument, document: 'Receipt' }),
      /^document: the invoice has no document 'Receipt'; it has \S+\./,
    );
  });

  it('a price sheet is one table, or the zip as it came', async () => {
    const table = await run<DownloadedFile>('downloadPriceSheet', { account, profile, file: at('prices.csv') });
    assert.equal(table.bytes, readFileSync(at('prices.csv')).length);
    assert.match(readFileSync(at('prices.csv'), 'utf8'), /unitPrice/i);
    const archive = await run<DownloadedFile>('downloadPriceSheet', {
      account,
      profile,
      invoice,
      file: at('prices.zip'),
    });
    assert.ok(archive.bytes > 0);
    assert.equal(readFileSync(at('prices.zip')).toString('latin1', 0, 2), 'PK');
  });

  it('the newest run of an export is a folder of tables', async () => {
    const scope = `/providers/Microsoft.Billing/billingAccounts/${account}`;
    const saved = await run<DownloadedRun>('downloadExportRun', {
      scope,
      export: EXPORT_STORIES.account.daily,
      folder: at('run'),
    });
    assert.deepEqual(readdirSync(at('run')).sort(), saved.files.map(({ file }) => path.basename(file)).sort());
    assert.ok(saved.rows !== undefined && saved.rows > 0);
    assert.ok(saved.files.some(({ file }) => file.endsWith('.csv')));
  });

  it('a run behind a closed storage account takes a signature, and tells when it needs one', async () => {
    const argument = {
      connection: connected.name,
      scope: `/providers/Microsoft.Billing/billingAccounts/${account}`,
      export: EXPORT_STORIES.account.archive,
      folder: at('run'),
    };
    assert.match(
      await refusal('azureBilling.downloadExportRun', argument),
      /give a shared access signature with Read and List for the container 'archive' as 'sas'/,
    );
    assert.deepEqual(readdirSync(folder), []);
    const { tenant, storage } = connected.service;
    const container = { account: storagePlaces(tenant).vault.name, container: 'archive' };
    const sas = storage.containerSignature(container, new Date(Date.now() + 3600_000));
    const saved = await run<DownloadedRun>('downloadExportRun', { ...argument, sas });
    assert.ok(saved.files.length > 1);
  });

  for (const [command, what, more, sentence] of [
    [
      'downloadInvoice',
      'an unknown connection',
      { connection: 'Nowhere' },
      /^connection: there is no connection 'Nowhere'/,
    ],
    ['downloadInvoice', 'a relative path', { file: 'invoice.pdf' }, /^file: 'invoice\.pdf' is not an absolute path\./],
    [
      'downloadInvoice',
      'an invoice that is a number',
      { invoice: 7 },
      /^invoice: has to be a text with something in it\./,
    ],
    ['downloadInvoice', 'an unknown invoice', { invoice: 'G0' }, /^Download the invoice failed with HTTP 404/],
    ['downloadPriceSheet', 'another ending', { file: '/tmp/prices.xlsx' }, /^file: has to end in '\.csv' or '\.zip'\./],
    ['downloadPriceSheet', 'an empty profile', { profile: '' }, /^profile: has to be a text with something in it\./],
    ['downloadExportRun', 'a scope that is none', { scope: '/x' }, /^scope: '\/x' is not a scope of Cost Management\./],
    ['downloadExportRun', 'a switch that is a text', { decompress: 'no' }, /^decompress: is neither true nor false\./],
    ['downloadExportRun', 'an unknown run', { run: 'none' }, /^run: the export has no run 'none'\./],
    ['downloadExportRun', 'a signature that is none', { sas: 'secret' }, /^sas: is no shared access signature/],
  ] as const) {
    it(`${command} with ${what} gets one sentence and leaves nothing`, async () => {
      const scope = `/providers/Microsoft.Billing/billingAccounts/${account}`;
      const plain =
        command === 'downloadExportRun'
          ? { scope, export: EXPORT_STORIES.account.daily, folder: at('run') }
          : { account, profile, invoice, file: at(command === 'downloadInvoice' ? 'i.pdf' : 'p.csv') };
      const said = await refusal(`azureBilling.${command}`, { connection: connected.name, ...plain, ...more });
      assert.match(said, sentence);
      assert.doesNotMatch(said, /secret/);
      assert.deepEqual(readdirSync(folder), []);
    });
  }

  it('from a service that is down leave nothing', async function () {
    this.timeout(60_000);
    const gone = await connectSample();
    await gone.service.close();
    assert.match(
      await refusal('azureBilling.downloadInvoice', { connection: gone.name, account, invoice, file: at('i.pdf') }),
      /^Download the invoice failed: nothing listens at/,
    );
    assert.deepEqual(readdirSync(folder), []);
    await vscode.commands.executeCommand('azureBilling.removeConnection', { connection: gone.name });
  });
});
