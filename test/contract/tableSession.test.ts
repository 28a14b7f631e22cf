import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ProcessEngine } from '../../src/engine/process/processEngine.ts';
import { openUsageTable } from '../../src/engine/table/openTable.ts';
import type { UsageTable } from '../../src/engine/table/usageTable.ts';
import type { TableAnswer, TableQuestion, UsageTableToPage } from '../../src/tables/tableContract.ts';
import { readUsageTableToPage } from '../../src/tables/tableContract.ts';
import { type SessionServices, TableSession } from '../../src/tables/tableSession.ts';
import { groupFilters } from '../../src/tables/webview/choice.ts';
import { projectFolder } from '../support/project.ts';

const ALL = { sort: [], filters: [] };

/** 3,000 rows as Microsoft's cost files have them: dates month first, twenty decimals, two currencies, texts of any kind. */
function usageCsv(): string {
  const lines = ['date,serviceFamily,resourceName,costInBillingCurrency,billingCurrency,quantity,note'];
  for (let row = 0; row < 3_000; row++) {
    const day = String((row % 30) + 1).padStart(2, '0');
    const cost = row % 500 === 7 ? '-1.00000000000000000001' : `0.${String(row + 1).padStart(20, '0')}`;
    const name = row === 11 ? '"=cmd|\' /C calc\'!A0"' : row === 12 ? '"say ""hi"", Zoë"' : `vm-${row}`;
    lines.push(
      `11/${day}/2026,${row % 2 === 0 ? 'Compute' : 'Storage'},${name},${cost},${row % 3 === 0 ? 'USD' : 'EUR'},${row % 24},${row % 4 === 0 ? '' : 'x'}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** The exact sum of decimal texts. */
function sumOf(texts: readonly string[]): string {
  const units = texts.reduce((sum, text) => {
    const [whole = '0', rest = ''] = text.replace('-', '').split('.');
    const size = BigInt(whole + rest.padEnd(20, '0'));
    return sum + (text.startsWith('-') ? -size : size);
  }, 0n);
  const digits = (units < 0n ? -units : units).toString().padStart(21, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -20)}.${digits.slice(-20)}`.replace(/\.?0+$/, '');
}

describe('a session over a table of the engine', function () {
  this.timeout(60_000);

  let folder: string;
  let engine: ProcessEngine;
  let file: string;
  const rows = usageCsv()
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.replace(/"(?:[^"]|"")*"/, 'name').split(','));

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'azure-billing-explorer-session-'));
    engine = new ProcessEngine({
      childModule: path.join(projectFolder, 'src/engine/process/child.ts'),
      scratch: path.join(folder, 'scratch'),
      memoryLimit: 512,
    });
    file = path.join(folder, 'usage.csv');
    await writeFile(file, usageCsv());
  });

  after(async () => {
    await engine?.close();
    await rm(folder, { recursive: true, force: true });
  });

  class Page {
    readonly said: UsageTableToPage[] = [];
    readonly copied: string[] = [];
    readonly questions: string[] = [];
    answerToQuestion = true;
    file: string | undefined;
    readonly session: TableSession;
    #last = 0;
    readonly #waiting = new Map<number, (message: UsageTableToPage) => void>();

    readonly services: SessionServices = {
      copy: async (text) => void this.copied.push(text),
      confirm: async (question) => {
        this.questions.push(question);
        return this.answerToQuestion;
      },
      fileFor: async () => this.file,
      guardFormulas: () => true,
      exported: () => {},
      note: () => {},
    };

    constructor(table: UsageTable) {
      this.session = new TableSession(table, this.hear, this.services);
    }

    readonly hear = (message: UsageTableToPage): void => {
      // As it comes through the editor: plain data that the page knows.
      const read = readUsageTableToPage(JSON.parse(JSON.stringify(message)));
      assert.ok(read, JSON.stringify(message));
      this.said.push(read);
      if (read.type === 'answer' || read.type === 'failed') {
        this.#waiting.get(read.request)?.(read);
      }
    };

    send(question: TableQuestion): { request: number; reply: Promise<UsageTableToPage> } {
      const request = ++this.#last;
      const { promise, resolve } = Promise.withResolvers<UsageTableToPage>();
      this.#waiting.set(request, resolve);
      this.session.receive({ type: 'ask', request, question });
      return { request, reply: promise };
    }

    async ask<About extends TableAnswer['about']>(
      question: TableQuestion,
      _about: About,
    ): Promise<Extract<TableAnswer, { about: About }>> {
      const reply = await this.send(question).reply;
      assert.ok(reply.type === 'answer', JSON.stringify(reply));
      return reply.answer as Extract<TableAnswer, { about: About }>;
    }

    async refusal(question: TableQuestion): Promise<string> {
      const reply = await this.send(question).reply;
      return reply.type === 'failed' ? reply.message : assert.fail('it was answered');
    }
  }

  async function open(files: readonly string[] = [file]): Promise<Page> {
    return new Page(await openUsageTable(engine, files));
  }

  it('gives rows as they are in the file, and their number', async () => {
    const page = await open();
    const columns = page.session.columns.map(({ name }) => name);
    assert.deepEqual(columns, usageCsv().split('\n')[0]?.split(','));
    const first = await page.ask({ about: 'rows', view: ALL, first: 0, count: 13, columns }, 'rows');
    assert.deepEqual(first.rows[0], ['11/01/2026', 'Compute', 'vm-0', '0.00000000000000000001', 'USD', '0', null]);
    assert.equal(first.rows[11]?.[2], "=cmd|' /C calc'!A0");
    assert.equal(first.rows[12]?.[2], 'say "hi", Zoë');
    assert.equal((await page.ask({ about: 'count', view: ALL }, 'count')).rows, 3_000);
    const last = await page.ask(
      { about: 'rows', view: ALL, first: 2_990, count: 128, columns: ['resourceName'] },
      'rows',
    );
    assert.deepEqual(
      last.rows.map(([name]) => name),
      Array.from({ length: 10 }, (_, row) => `vm-${2_990 + row}`),
    );
    await page.session.close();
  });

  it('adds up a selection and groups to the last digit, per currency, and opens a group', async () => {
    const page = await open();
    const sums = await page.ask(
      {
        about: 'sums',
        view: ALL,
        columns: ['costInBillingCurrency', 'quantity'],
        range: { first: 100, count: 1_000 },
      },
      'sums',
    );
    const expected = (currency: string) =>
      sumOf(
        rows
          .slice(100, 1_100)
          .filter((row) => row[4] === currency)
          .map((row) => row[3] ?? ''),
      );
    for (const currency of ['EUR', 'USD']) {
      const sum = sums.sums.find((one) => one.column === 'costInBillingCurrency' && one.currency === currency);
      assert.equal(sum?.sum, expected(currency));
    }
    const by = {
      columns: [{ column: 'date', by: 'day' as const }, { column: 'serviceFamily' }],
      sums: ['costInBillingCurrency'],
    };
    const order = { sum: 'costInBillingCurrency', descending: true };
    const groups = await page.ask({ about: 'groups', view: ALL, by, order, first: 0, count: 128 }, 'groups');
    assert.equal(groups.total, 30);
    assert.equal(
      groups.rows.reduce((sum, group) => sum + group.rows, 0),
      3_000,
    );
    // What a group says is what its rows add up to.
    for (const group of groups.rows.slice(0, 5)) {
      const view = { sort: [], filters: groupFilters(by, group) };
      assert.equal((await page.ask({ about: 'count', view }, 'count')).rows, group.rows);
      const inside = await page.ask({ about: 'sums', view, columns: by.sums }, 'sums');
      const plain = (list: typeof inside.sums) => list.map(({ currency, sum }) => `${currency} ${sum}`).sort();
      assert.deepEqual(plain(inside.sums), plain(group.sums));
    }
    const months = { columns: [{ column: 'date', by: 'month' as const }], sums: [] };
    const [month] = (
      await page.ask(
        { about: 'groups', view: ALL, by: months, order: { descending: false }, first: 0, count: 9 },
        'groups',
      )
    ).rows;
    assert.ok(month);
    const inMonth = { sort: [], filters: groupFilters(months, month) };
    assert.equal((await page.ask({ about: 'count', view: inMonth }, 'count')).rows, 3_000);
    await page.session.close();
  });

  it('sorts, filters, finds and lists values', async () => {
    const page = await open();
    const view = {
      sort: [{ column: 'costInBillingCurrency', descending: false }],
      filters: [
        { column: 'serviceFamily', test: 'oneOf' as const, values: ['Storage'] },
        { column: 'note', test: 'notEmpty' as const },
      ],
    };
    const sorted = await page.ask(
      { about: 'rows', view, first: 0, count: 2, columns: ['costInBillingCurrency', 'resourceName'] },
      'rows',
    );
    assert.deepEqual(sorted.rows[0], ['-1.00000000000000000001', 'vm-7']);
    const { found } = await page.ask(
      { about: 'find', view: ALL, text: 'VM-2999', columns: ['resourceName'], from: 5, backwards: false },
      'find',
    );
    assert.deepEqual(found, { row: 2_999, column: 'resourceName' });
    const none = await page.ask(
      { about: 'find', view: ALL, text: 'nowhere', columns: ['resourceName'], from: 0, backwards: true },
      'find',
    );
    assert.equal(none.found, null);
    const { values } = await page.ask({ about: 'values', view: ALL, column: 'note', text: '', most: 10 }, 'values');
    assert.deepEqual(values, [
      { value: 'x', rows: 2_250 },
      { value: null, rows: 750 },
    ]);
    await page.session.close();
  });

  it('copies with headers and without formulas, asks above 100,000 cells, and refuses what no clipboard takes', async () => {
    const page = await open();
    const columns = ['resourceName', 'quantity'];
    const range = { first: 10, count: 3 };
    assert.equal((await page.ask({ about: 'copy', view: ALL, columns, range }, 'copy')).cells, 6);
    assert.deepEqual(page.copied, [
      'resourceName\tquantity\r\nvm-10\t10\r\n\'=cmd|\' /C calc\'!A0\t11\r\n"say ""hi"", Zoë"\t12\r\n',
    ]);
    page.answerToQuestion = false;
    const wide = Array.from({ length: 50 }, () => 'quantity');
    const all = { first: 0, count: 3_000 };
    assert.equal((await page.ask({ about: 'copy', view: ALL, columns: wide, range: all }, 'copy')).cells, null);
    assert.deepEqual(page.questions, ['Copy 150,000 cells to the clipboard?']);
    page.answerToQuestion = true;
    assert.equal((await page.ask({ about: 'copy', view: ALL, columns: wide, range: all }, 'copy')).cells, 150_000);
    assert.equal(page.copied.at(-1)?.split('\r\n').length, 3_002);
    const most = { first: 0, count: 1_000_000 };
    assert.match(
      await page.refusal({ about: 'copy', view: ALL, columns: wide, range: most }),
      /^50,000,000 cells are too many for the clipboard; select at most 5,000,000, or export the table\.$/,
    );
    await page.session.close();
  });

  it('exports what is shown, as the page said last, and what a command names', async () => {
    const page = await open();
    const columns = ['resourceName', 'costInBillingCurrency'];
    const view = { sort: [], filters: [{ column: 'resourceName', test: 'contains' as const, text: '=cmd' }] };
    page.file = path.join(folder, 'shown.csv');
    const exported = await page.ask({ about: 'export', view, columns, format: 'csv' }, 'export');
    assert.deepEqual({ file: exported.file, rows: exported.rows }, { file: 'shown.csv', rows: 1 });
    const text = await readFile(page.file, 'utf8');
    assert.equal(text.replaceAll('\r', '').split('\n')[1], "'=cmd|' /C calc'!A0,0.00000000000000000012");
    page.session.receive({ type: 'shown', view, columns });
    const parquet = path.join(folder, 'shown.parquet');
    assert.equal((await page.session.export({ file: parquet, format: 'parquet' })).rows, 1);
    const again = await open([parquet]);
    const back = await again.ask({ about: 'rows', view: ALL, first: 0, count: 9, columns }, 'rows');
    assert.deepEqual(back.rows, [["=cmd|' /C calc'!A0", '0.00000000000000000012']]);
    page.file = undefined;
    assert.equal((await page.ask({ about: 'export', view, columns, format: 'csv' }, 'export')).file, null);
    await assert.rejects(
      page.session.export({ file: parquet, format: 'parquet' }, { view: ALL, columns: ['cost'] }),
      /^Error: There is no column 'cost'; use one that the table has\.$/,
    );
    await again.session.close();
    await page.session.close();
  });

  it('refuses in a sentence what names no column or is no value of one', async () => {
    const page = await open();
    assert.match(
      await page.refusal({ about: 'values', view: ALL, column: '"; DROP', text: '', most: 5 }),
      /^There is no column '"; DROP'; use one that the table has\.$/,
    );
    const between = { column: 'quantity', test: 'between' as const, from: 'many' };
    assert.match(await page.refusal({ about: 'count', view: { sort: [], filters: [between] } }), /'many' is no /);
    await page.session.close();
  });

  it('forgets what nobody waits for, and tells nothing of it', async () => {
    const page = await open();
    await page.ask({ about: 'count', view: ALL }, 'count');
    const before = page.said.length;
    const { request } = page.send({ about: 'count', view: { sort: [], filters: [{ column: 'note', test: 'empty' }] } });
    page.session.receive({ type: 'drop', requests: [request] });
    assert.equal(page.session.waiting, 0);
    // The next question is answered as if nothing had been.
    assert.equal((await page.ask({ about: 'count', view: ALL }, 'count')).rows, 3_000);
    assert.equal(page.said.length, before + 1);
    await page.session.close();
  });

  it('answers what was open when the engine was killed', async () => {
    const page = await open();
    await page.ask({ about: 'count', view: ALL }, 'count');
    const by = { columns: [{ column: 'resourceName' }], sums: ['costInBillingCurrency'] };
    const waiting = [
      page.send({ about: 'groups', view: ALL, by, order: { descending: false }, first: 0, count: 5 }).reply,
      page.send({ about: 'sums', view: ALL, columns: ['quantity'] }).reply,
    ];
    const { pid } = engine;
    assert.ok(pid);
    process.kill(pid, 'SIGKILL');
    for (const reply of await Promise.all(waiting)) {
      assert.equal(reply.type, 'answer', JSON.stringify(reply));
    }
    assert.equal(engine.state.deaths > 0, true);
    await page.session.close();
  });

  it('says what is wrong with a file that is no table', async () => {
    const broken = path.join(folder, 'broken.parquet');
    await writeFile(broken, 'PAR1 but nothing else');
    await assert.rejects(openUsageTable(engine, [broken]), (error: Error) => {
      assert.match(error.message, /broken\.parquet/);
      assert.equal(error.message.includes('\n'), false, error.message);
      return true;
    });
  });
});
