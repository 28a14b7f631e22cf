import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ShownSpend } from '../../src/contributions.ts';
import { DecimalSum } from '../../src/records/decimal.ts';
import { HOSTILE_NAMES, type RenamingService, startRenamingService } from '../support/renamingService.ts';
import { type Connected, connectSample, contentOf, openUsage, refusal } from './support.ts';

const OCTOBER = { from: '2026-10-01', to: '2026-10-31' };

describe('azureBilling.saveSpend', () => {
  let connected: Connected;
  let between: RenamingService;
  let folder: string;

  before(async () => {
    connected = await connectSample();
    between = await startRenamingService(connected.service);
    await vscode.commands.executeCommand('azureBilling.addConnection', {
      name: 'Renamed',
      cloud: 'custom',
      credential: 'none',
      endpoints: { resourceManager: between.base },
    });
    folder = await mkdtemp(path.join(os.tmpdir(), 'spend-saves-'));
  });
  after(async () => {
    await vscode.commands.executeCommand('azureBilling.removeConnection', { connection: 'Renamed' });
    await connected.remove();
    await between.close();
    await rm(folder, { recursive: true, force: true });
  });
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  const customerOf = (at: number): string => {
    const { name, account } = connected.service.tenant.directory.customer(at);
    return `/providers/Microsoft.Billing/billingAccounts/${account.name}/customers/${name}`;
  };
  const show = async (argument: object): Promise<ShownSpend> =>
    (await vscode.commands.executeCommand<ShownSpend | undefined>('azureBilling.showSpend', {
      connection: connected.name,
      period: OCTOBER,
      ...argument,
    })) ?? assert.fail('nothing was shown');
  const save = async (as: string, name: string): Promise<string> => {
    const file = path.join(folder, name);
    assert.equal(await vscode.commands.executeCommand('azureBilling.saveSpend', { as, file }), file);
    return file;
  };
  /** The columns of a CSV without quotes in its figures. */
  const columnOf = (csv: string, name: string): string[] => {
    const [head = '', ...rows] = csv.trimEnd().split('\r\n');
    const at = head.split(',').indexOf(name);
    assert.ok(at > 0, head);
    return rows.map((row) => row.split(',')[at] ?? '');
  };
  const sumOf = (digits: readonly string[]): string => {
    const sum = new DecimalSum();
    for (const each of digits) {
      sum.add(each === '' ? '0' : each);
    }
    return sum.toString();
  };
  const without = (digits: string | undefined) => sumOf([digits ?? '0']);

  for (const currency of ['USD', 'EUR', 'JPY', 'KWD']) {
    it(`writes every digit of ${currency}: the file adds up to the truth`, async () => {
      const { tenant } = connected.service;
      const at = Array.from({ length: tenant.directory.customerCount }, (_, index) => index).find(
        (index) => tenant.truth(customerOf(index), OCTOBER.from, OCTOBER.to).totals.get(currency) !== undefined,
      );
      const scope = customerOf(at ?? assert.fail(`no customer in ${currency}`));
      const truth = tenant.truth(scope, OCTOBER.from, OCTOBER.to).totals.get(currency);
      const shown = await show({ scope, top: 2 });
      assert.equal(shown.currency, currency);
      assert.equal(shown.total, without(truth));
      const csv = await readFile(await save('csv', `${currency}.csv`), 'utf8');
      assert.equal(sumOf(columnOf(csv, 'Total')), without(truth));
      const markdown = await readFile(await save('markdown', `${currency}.md`), 'utf8');
      assert.ok(markdown.includes(`Cost in ${currency}`), markdown.slice(0, 100));
    });
  }

  it('writes a picture and a drawing while another tab is in front', async () => {
    await show({ scope: customerOf(0) });
    await openUsage({ connection: connected.name, scope: customerOf(0), period: OCTOBER });
    const png = await readFile(await save('png', 'a.png'));
    assert.equal(png.subarray(1, 4).toString(), 'PNG');
    assert.ok(png.length > 5_000, String(png.length));
    const svg = await readFile(await save('svg', 'a.svg'), 'utf8');
    assert.match(svg, /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    assert.doesNotMatch(svg, /<script|foreignObject|href="(?!#)/i);
  });

  it('replaces a file as a whole, and leaves it as it was when it cannot be written', async () => {
    await show({ scope: customerOf(0) });
    const file = path.join(folder, 'kept.csv');
    await writeFile(file, 'old');
    await save('csv', 'kept.csv');
    assert.match(await readFile(file, 'utf8'), /^Period \(UTC\),/);
    await mkdir(path.join(folder, 'taken.csv'));
    const nowhere = path.join(folder, 'no', 'where.csv');
    const wrong: [string, RegExp][] = [
      [nowhere, /^file: '.*where\.csv' cannot be written: the folder '.*' does not exist/],
      [path.join(folder, 'taken.csv'), /^file: '.*taken\.csv' cannot be written: it is a folder/],
    ];
    for (const [target, sentence] of wrong) {
      assert.match(await refusal('azureBilling.saveSpend', { as: 'csv', file: target }), sentence);
    }
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.endsWith('.partial')),
      [],
    );
  });

  it('has nothing to save before anything is read', async () => {
    connected.service.setFault('403@query');
    try {
      assert.match(
        await refusal('azureBilling.showSpend', { connection: connected.name, scope: customerOf(1) }),
        /403/,
      );
      const sentence = await refusal('azureBilling.saveSpend', { as: 'svg', file: path.join(folder, 'none.svg') });
      assert.match(sentence, /^There is no picture to save yet/);
    } finally {
      connected.service.setFault(undefined);
    }
  });

  it('shows hostile names as text in every format, and opens the rows behind them', async () => {
    const scope = customerOf(0);
    const { tenant } = connected.service;
    await show({ scope, top: 50 });
    const [plain = ''] = (await readFile(await save('csv', 'plain.csv'), 'utf8')).split('\r\n');
    const groups = plain.split(',').slice(1, plain.split(',').indexOf('Total'));
    groups.slice(0, HOSTILE_NAMES.length).forEach((name, at) => {
      between.names.set(name, HOSTILE_NAMES[at] ?? '');
    });
    assert.ok(between.names.size > 3, plain);
    const shown = await show({ connection: 'Renamed', scope, label: HOSTILE_NAMES[0], top: 50 });
    assert.equal(shown.total, without(tenant.truth(scope, OCTOBER.from, OCTOBER.to).totals.get(shown.currency)));
    const csv = await readFile(await save('csv', 'hostile.csv'), 'utf8');
    const [head = ''] = csv.split('\r\n');
    assert.equal(
      head.includes(`"'=HYPERLINK(""https://example.com"",""free"")"`),
      [...between.names.values()].includes(HOSTILE_NAMES[3]),
    );
    assert.ok(head.length < 1500, 'names are short');
    assert.doesNotMatch(head, /[\u202a-\u202e]/);
    const markdown = await readFile(await save('markdown', 'hostile.md'), 'utf8');
    assert.ok(markdown.includes('\\<img src=x') && markdown.includes('\\[run\\]'), markdown.slice(0, 600));
    const svg = await readFile(await save('svg', 'hostile.svg'), 'utf8');
    assert.doesNotMatch(svg, /<(img|h1|script|a)\b/);
    await save('png', 'hostile.png');
    const view = await readFile(await save('view', 'hostile.spend.json'), 'utf8');
    assert.equal((JSON.parse(view) as { label: string }).label, HOSTILE_NAMES[0]);
    // What is told under a name is asked for and found under it.
    for (const name of between.names.values()) {
      const only = [{ by: 'ServiceName', values: [name] }];
      const uri = await openUsage({ connection: 'Renamed', scope, period: OCTOBER, only, format: 'ndjson' });
      const rows = (await contentOf(uri)).trim().split('\n');
      assert.ok(rows.length > 0 && rows.every((row) => row.includes(JSON.stringify(name).slice(1, -1))), name);
    }
  });
});
