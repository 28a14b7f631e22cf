import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { read, utils } from '@e965/xlsx';
import { parse } from 'csv-parse/sync';
import * as vscode from 'vscode';
import type { ExportedFile } from '../../src/contributions.ts';
import { type StubService, sendJson, startStubService } from '../support/stubService.ts';

const CONNECTION = 'Odd names';

/** What resources may be called, or what somebody writes into a tag. */
const NAMES = [
  '=HYPERLINK("https://example.org","click")',
  '+1+cmd',
  '@SUM(A1:A9)',
  '-2+3',
  '\t=1+1',
  '\r=1+1',
  'one line\nand another',
  'one line\r\nand another, with "quotes"',
  'شركة الأفق للخدمات',
  '\u202eevil\u202c, turned around',
  '👩‍💻 Ünïcödé 日本株式会社',
  ' spaces around ',
  '007',
  '1E5',
  '',
  'Fabrikam '.repeat(445).slice(0, 4000),
];

const RECORDS = NAMES.map((name, index) => ({
  kind: 'modern',
  id: `/subscriptions/s/providers/Microsoft.Consumption/usageDetails/u${index}`,
  name: `u${index}`,
  type: 'Microsoft.Consumption/usageDetails',
  tags: { owner: name },
  properties: {
    date: '2026-10-03T00:00:00.0000000Z',
    instanceName: name,
    resourceGroup: name,
    product: 'Standard',
    quantity: 1.5,
    costInBillingCurrency: -0.12345678901234568,
    billingCurrencyCode: 'EUR',
  },
}));

describe('exported CSV, of names that anybody may give', () => {
  let service: StubService;
  let folder: string;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'azure-billing-explorer-csv-'));
    service = await startStubService(({ target }, response) =>
      /\/usageDetails\?/i.test(target)
        ? sendJson(response, 200, { value: RECORDS })
        : sendJson(response, 404, { error: { code: 'NotFound', message: 'There is only usage.' } }),
    );
    await vscode.commands.executeCommand('azureBilling.addConnection', {
      name: CONNECTION,
      cloud: 'custom',
      credential: 'none',
      endpoints: { resourceManager: service.base },
    });
  });

  after(async () => {
    await vscode.commands.executeCommand('azureBilling.removeFinishedJobs');
    await vscode.commands.executeCommand('azureBilling.removeConnection', { connection: CONNECTION });
    await service.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const exported = async (name: string, options: object): Promise<Buffer> => {
    const saved = await vscode.commands.executeCommand<ExportedFile>('azureBilling.exportUsage', {
      connection: CONNECTION,
      scope: '/subscriptions/11111111-2222-3333-4444-555555555555',
      period: { from: '2026-10-03', to: '2026-10-03' },
      file: path.join(folder, name),
      ...options,
    });
    assert.equal(saved.rows, NAMES.length);
    return readFileSync(saved.file);
  };

  /** Cells by RFC 4180 to the letter. */
  const strict = (bytes: Buffer, lineEnd: string, bom: boolean) =>
    parse(bytes, {
      columns: true,
      relax_quotes: false,
      relax_column_count: false,
      record_delimiter: lineEnd,
      bom,
    }) as Record<string, string>[];

  for (const [lineEnd, written, bom] of [
    ['lf', '\n', false],
    ['crlf', '\r\n', true],
  ] as const) {
    it(`is read by a strict reader as it was sent (${lineEnd})`, async () => {
      const bytes = await exported(`plain ${lineEnd}.csv`, { formulaGuard: false, lineEnd, bom });
      assert.equal(bytes.subarray(0, 3).equals(Buffer.from('\uFEFF')), bom);
      const rows = strict(bytes, written, bom);
      assert.deepEqual(
        rows.map(({ resourceGroup }) => resourceGroup),
        NAMES,
      );
      assert.deepEqual(
        rows.map(({ tags = '' }) => (JSON.parse(tags) as { owner: string }).owner),
        NAMES,
      );
      assert.ok(rows.every(({ costInBillingCurrency }) => costInBillingCurrency === '-0.12345678901234568'));
    });

    it(`has nothing that a spreadsheet would run, and keeps every other cell (${lineEnd})`, async () => {
      const rows = strict(await exported(`guarded ${lineEnd}.csv`, { lineEnd, bom }), written, bom);
      assert.deepEqual(
        rows.map(({ resourceGroup = '' }) => resourceGroup.replace(/^'/, '')),
        NAMES,
      );
      for (const { resourceGroup = '', quantity } of rows) {
        assert.doesNotMatch(resourceGroup, /^[=+@\-\t\r]/);
        assert.equal(quantity, '1.5');
      }
    });
  }

  it('opens in the importer of a spreadsheet with the same cells and no formula', async () => {
    const bytes = await exported('spreadsheet.csv', { lineEnd: 'crlf', bom: true });
    const book = read(bytes, { type: 'buffer', cellFormula: true });
    const sheet = book.Sheets[book.SheetNames[0] ?? ''] ?? {};
    assert.ok(Object.entries(sheet).every(([at, cell]) => at.startsWith('!') || cell.f === undefined));
    const raw = read(bytes, { type: 'buffer', raw: true });
    const rows = utils.sheet_to_json<Record<string, string>>(raw.Sheets[raw.SheetNames[0] ?? ''] ?? {}, { defval: '' });
    assert.deepEqual(
      rows.map(({ resourceGroup }) => resourceGroup),
      strict(bytes, '\r\n', true).map(({ resourceGroup }) => resourceGroup),
    );
    const unguarded = read(await exported('unguarded.csv', { formulaGuard: false }), { type: 'buffer' });
    const cells = Object.values(unguarded.Sheets[unguarded.SheetNames[0] ?? ''] ?? {}) as { f?: string }[];
    assert.ok(
      cells.some((cell) => cell.f !== undefined),
      'the names are harmless',
    );
  });
});
