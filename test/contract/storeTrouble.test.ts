import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import fc from 'fast-check';
import {
  maybeRead,
  OCTOBER,
  PRESENT,
  read,
  StoreBench,
  sumOf,
  usageOf,
  writeFresh,
  writeFromStore,
} from '../support/storedUsage.ts';
import type { StoreOrder } from '../support/storeProcess.ts';

/** The form that takes long: `STORE_KILLS=50`. */
const KILLS = Number(process.env.STORE_KILLS ?? 6);

const PROGRAM = path.join(import.meta.dirname, '../support/storeProcess.ts');

const MONTHS = ['2026-10', '2026-09', '2026-08'].map((month) => ({
  from: `${month}-01`,
  to: `${month}-${month === '2026-09' ? 30 : 31}`,
}));

interface Sums {
  rows: number;
  totals: Record<string, string>;
  fetched: number;
}

describe('a store in trouble', function () {
  this.timeout(120_000 + KILLS * 20_000);
  let bench: StoreBench;
  let scope: string;

  before(async () => {
    bench = await StoreBench.start(40_000);
    scope = bench.scopes.customer;
  });
  after(() => bench.close());
  beforeEach(() => {
    bench.now = PRESENT;
    bench.setAside.length = 0;
  });

  const filesIn = (name: string, folder: string): string[] => {
    const all = path.join(bench.root, name, folder);
    return existsSync(all) ? readdirSync(all).sort() : [];
  };

  const order = (name: string, more: Partial<StoreOrder> = {}): StoreOrder => ({
    base: bench.service.endpoints.resourceManager,
    folder: path.join(bench.root, name),
    scope,
    months: MONTHS,
    now: PRESENT.toISOString(),
    ...more,
  });

  /** Runs a process, and kills it so long after it is at work. */
  const run = async (given: StoreOrder, killAfter?: number): Promise<{ sums: Sums[] | undefined; took: number }> => {
    const child = spawn(process.execPath, [PROGRAM, JSON.stringify(given)], { stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    let begun = 0;
    let took = 0;
    let sums: Sums[] | undefined;
    for await (const line of createInterface({ input: child.stdout as NonNullable<ChildProcess['stdout']> })) {
      if (line === '{}') {
        begun = performance.now();
        if (killAfter !== undefined) {
          setTimeout(() => child.kill('SIGKILL'), killAfter);
        }
      } else {
        sums = JSON.parse(line) as Sums[];
        took = performance.now() - begun;
        if (given.holds === true) {
          break;
        }
      }
    }
    if (given.holds === true) {
      holding.push(child);
    } else {
      await exited;
    }
    return { sums, took };
  };
  const holding: ChildProcess[] = [];
  afterEach(() => {
    for (const child of holding.splice(0)) {
      child.kill('SIGKILL');
    }
  });

  it('never answers with other numbers, whatever became of its files', async () => {
    const name = 'damaged';
    const truth = bench.truth(scope, OCTOBER);
    const source = usageOf(scope, OCTOBER);
    const { arm } = bench.client();
    await (await read(bench, bench.store(name), source, arm)).release();
    const [file = ''] = filesIn(name, 'entries');
    const whole = readFileSync(path.join(bench.root, name, 'entries', file));
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        async (at, bits, cut) => {
          // A file that a process has seen whole is trusted by it: each time another folder.
          const own = `${name} ${round++}`;
          const damaged = Buffer.from(cut ? whole.subarray(0, at) : whole);
          if (!cut) {
            damaged[at] = (damaged[at] ?? 0) ^ bits;
          }
          const store = bench.store(own);
          await (await read(bench, store, source, arm)).release();
          const [kept = ''] = filesIn(own, 'entries');
          // As if it had been written so: the process has not looked at this name yet.
          const fresh = kept
            .replace(/_\d+_/, `_${bench.now.getTime() + 1e9}_`)
            .replace(/_[0-9a-f]{32}\./, `${file.slice(file.lastIndexOf('_'))}`.replace('parquet', ''));
          writeFileSync(path.join(bench.root, own, 'entries', fresh), damaged);
          const before = bench.setAside.length;
          const usage = await read(bench, store, source, arm);
          assert.deepEqual(sumOf(usage), truth);
          await usage.release();
          assert.equal(bench.setAside.length, before + 1, 'it is set aside, and said so');
        },
      ),
      { numRuns: 25 },
    );
  });

  it('fetches again what was cut short, and keeps the damaged file for a look', async () => {
    const name = 'cut';
    const source = usageOf(scope, OCTOBER);
    const { arm, seen } = bench.client();
    await (await read(bench, bench.store(name), source, arm)).release();
    const [file = ''] = filesIn(name, 'entries');
    const copy = path.join(bench.root, 'cut copy', 'entries');
    const other = bench.store('cut copy');
    await (await read(bench, other, source, arm)).release();
    const [kept = ''] = filesIn('cut copy', 'entries');
    truncateSync(path.join(copy, kept), 5000);
    const sent = seen.requests.length;
    const usage = await read(bench, other, source, arm);
    assert.deepEqual(sumOf(usage), bench.truth(scope, OCTOBER));
    await usage.release();
    assert.ok(seen.requests.length > sent);
    assert.equal(filesIn('cut copy', 'aside').length, 1);
    assert.match(bench.setAside.join(), /cut short/);
    assert.notEqual(file, '');
  });

  it('takes no file of another version, and none with another name', async () => {
    const source = usageOf(scope, OCTOBER);
    const { arm } = bench.client();
    const store = bench.store('foreign');
    await (await read(bench, store, source, arm)).release();
    const [file = ''] = filesIn('foreign', 'entries');
    const bytes = readFileSync(path.join(bench.root, 'foreign', 'entries', file));
    const foreign = Buffer.from(bytes.toString('latin1').replace('{"format":1,', '{"format":7,'), 'latin1');
    const { createHash } = await import('node:crypto');
    const nameFor = (content: Buffer, hash = '') =>
      `2026-10_${hash === '' ? file.split('_')[1] : hash}_${PRESENT.getTime() + 5}_${createHash('sha256').update(content).digest('hex').slice(0, 32)}.parquet`;
    writeFileSync(path.join(bench.root, 'foreign', 'entries', nameFor(foreign)), foreign);
    const usage = await read(bench, store, source, arm);
    assert.deepEqual(sumOf(usage), bench.truth(scope, OCTOBER));
    await usage.release();
    assert.match(bench.setAside.join(), /its format is 7/);
    const other = usageOf(bench.scopes.subscription, OCTOBER);
    await (await read(bench, store, other, arm)).release();
    const hash = filesIn('foreign', 'entries')
      .find((one) => !one.includes(file.split('_')[1] ?? ''))
      ?.split('_')[1];
    writeFileSync(path.join(bench.root, 'foreign', 'entries', nameFor(bytes, hash)), bytes);
    const again = await read(bench, store, other, arm);
    assert.deepEqual(sumOf(again), bench.truth(bench.scopes.subscription, OCTOBER));
    await again.release();
    assert.match(bench.setAside.join(), /something else than its name says/);
  });

  it('tells when answers were damaged after the file was seen whole, and fetches again', async () => {
    const source = usageOf(scope, OCTOBER);
    const { arm } = bench.client();
    const store = bench.store('late damage');
    const usage = await read(bench, store, source, arm);
    const { file } = usage.tables[0] ?? assert.fail();
    const bytes = readFileSync(file);
    bytes.fill(0xff, 200, 260);
    writeFileSync(file, bytes);
    await assert.rejects(writeFromStore(store, usage, 'csv'), /cannot be read any more/);
    await usage.release();
    const again = await read(bench, store, source, arm);
    assert.ok((await writeFromStore(store, again, 'csv')).text === (await writeFresh(arm, scope, OCTOBER, 'csv')).text);
    await again.release();
  });

  it('finds a bit that was flipped after the file was seen whole, and fetches again', async () => {
    const source = usageOf(scope, OCTOBER);
    const { arm } = bench.client();
    const store = bench.store('flipped');
    for (let round = 0; round < 12; round++) {
      const usage = await read(bench, store, source, arm);
      assert.deepEqual(sumOf(usage), bench.truth(scope, OCTOBER));
      assert.equal(usage.fetched, 1, 'what was damaged is fetched');
      await usage.release();
      const same = await read(bench, store, source, arm);
      assert.equal(same.fetched, 0, 'and once alone');
      const { file } = same.tables[0] ?? assert.fail();
      await same.release();
      const bytes = readFileSync(file);
      const at = Math.floor((bytes.length * (round + 0.5)) / 12);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (round % 8));
      writeFileSync(file, bytes);
    }
    assert.equal(bench.setAside.length, 11);
  });

  it('leaves nothing that looks whole when it is killed, and goes on', async () => {
    const expected = MONTHS.map((period) => bench.truth(scope, period));
    const { took } = await run(order('calm'));
    let killed = 0;
    for (let round = 0; killed < KILLS; round++) {
      const name = `killed ${round}`;
      for (;;) {
        const { sums } = await run(order(name), killed < KILLS ? Math.random() * took : undefined);
        if (sums !== undefined) {
          assert.deepEqual(
            sums.map(({ rows, totals }) => ({ rows, totals })),
            expected,
          );
          break;
        }
        killed++;
        const store = bench.store(name);
        for (const [i, period] of MONTHS.entries()) {
          const kept = await maybeRead(bench, store, usageOf(scope, period), undefined, { onlyKept: true });
          assert.deepEqual(kept === undefined ? expected[i] : sumOf(kept), expected[i]);
          await kept?.release();
        }
      }
      await bench.store(name).keepLimit();
      assert.deepEqual([filesIn(name, 'drafts'), filesIn(name, 'inUse')], [[], []], 'nothing is left of the dead');
      assert.equal(bench.setAside.length, 0);
    }
  });

  it('is shared by two processes: each month is fetched by one of them', async () => {
    const both = await Promise.all([run(order('shared')), run(order('shared'))]);
    const expected = MONTHS.map((period) => bench.truth(scope, period));
    for (const { sums } of both) {
      assert.deepEqual(
        sums?.map(({ rows, totals }) => ({ rows, totals })),
        expected,
      );
    }
    const fetched = both.flatMap(({ sums }) => sums?.map((one) => one.fetched) ?? []);
    assert.equal(
      fetched.reduce((sum, one) => sum + one, 0),
      MONTHS.length,
    );
    assert.equal(filesIn('shared', 'entries').length, MONTHS.length);
  });

  it('takes nothing away that another process reads, until that is gone', async () => {
    await run(order('held', { holds: true }));
    const store = bench.store('held', 1);
    const all = (await store.list()).reduce((sum, { bytes }) => sum + bytes, 0);
    assert.deepEqual(await store.keepLimit(), { kept: all, removed: 0 });
    assert.deepEqual(await store.clear(), { kept: all, removed: 0 });
    const [child] = holding;
    const gone = new Promise((resolve) => child?.once('exit', resolve));
    child?.kill('SIGKILL');
    await gone;
    assert.deepEqual(await store.clear(), { kept: 0, removed: all });
    assert.deepEqual(filesIn('held', 'entries'), []);
  });

  it('takes marks and drafts of a machine that it does not know for left after a week, and not before', async () => {
    const name = 'elsewhere';
    const store = bench.store(name, 1);
    const usage = await read(bench, store, usageOf(scope, OCTOBER), bench.client().arm);
    const [entry = ''] = filesIn(name, 'entries');
    const [own = ''] = filesIn(name, 'inUse');
    // A container that was built anew has another name.
    const holder = own.slice(own.indexOf('~') + 1).replace(/-[0-9a-f]{8}-/, '-00000000-');
    mkdirSync(path.join(bench.root, name, 'drafts'), { recursive: true });
    const left = [path.join('inUse', `${entry}~${holder}`), path.join('drafts', holder)];
    const age = (days: number) => {
      const then = new Date(Date.now() - days * 24 * 3600_000);
      for (const file of left) {
        utimesSync(path.join(bench.root, name, file), then, then);
      }
    };
    for (const file of [...left, path.join('drafts', 'notes of somebody')]) {
      writeFileSync(path.join(bench.root, name, file), '');
    }
    await usage.release();
    age(6);
    assert.equal((await store.clear()).removed, 0);
    assert.deepEqual([filesIn(name, 'inUse').length, filesIn(name, 'drafts').length], [1, 2]);
    age(8);
    assert.equal((await store.clear()).kept, 0);
    assert.deepEqual(
      [filesIn(name, 'entries'), filesIn(name, 'inUse'), filesIn(name, 'drafts')],
      [[], [], ['notes of somebody']],
    );
  });
});
