import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { allRows } from '../../src/engine/allRows.ts';
import type { Ground } from '../../src/engine/engine.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';

describe('The memory of the engine', function () {
  this.timeout(60_000);
  let test: TestEngine;
  let grounds: Ground[];
  beforeEach(async () => {
    test = await startEngine({ memoryLimit: 400 });
    grounds = [1, 2, 3, 4].map((i) => ({ files: [], views: [{ name: `view${i}`, sql: 'SELECT 1 AS one' }] }));
  });
  afterEach(() => test.close());

  /** Megabytes that a ground may use now. */
  const limitOf = async (ground: Ground): Promise<number> => {
    const [[text] = []] = await test.rows("SELECT current_setting('memory_limit')", ground);
    assert.match(text ?? '', /^[\d.]+ MiB$/);
    return (Number.parseFloat(text ?? '') * 1024 * 1024) / 1_000_000;
  };

  it('is three quarters of it for a ground at work, whatever else is open', async () => {
    const [first, ...others] = grounds;
    assert.ok(first);
    assert.equal(Math.round(await limitOf(first)), 300);
    for (const other of others) {
      await limitOf(other);
    }
    const limits = [];
    for (const ground of grounds) {
      limits.push(Math.round(await limitOf(ground)));
    }
    assert.deepEqual(limits, [300, 300, 300, 300]);
    for (const other of others) {
      await test.engine.release(other);
    }
    assert.equal(Math.round(await limitOf(first)), 300);
  });

  it('is not taken from a question for the sake of others, and one that opens slowly keeps nobody waiting', async () => {
    const [first, ...others] = grounds;
    assert.ok(first);
    const big = allRows(test.engine, { sql: 'SELECT len(list(i)) FROM range(9000000) t(i)', ground: first });
    let going = true;
    const done = big.finally(() => {
      going = false;
    });
    while (going) {
      await test.engine.check({ sql: 'SELECT 1', ground: first });
      await limitOf(others[0] ?? assert.fail());
    }
    assert.deepEqual(await done, [['9000000']]);
    const pipe = test.at('pipe.parquet');
    execFileSync('mkfifo', [pipe]);
    const stuck = new AbortController();
    const view = { name: 'never', sql: `SELECT * FROM read_parquet('${pipe}')` };
    const question = { sql: 'FROM never', ground: { files: [pipe], views: [view] }, signal: stuck.signal };
    const never = assert.rejects(allRows(test.engine, question));
    assert.deepEqual(await test.rows('SELECT 42', first), [['42']]);
    assert.deepEqual(await test.rows('SELECT 43', others[1] ?? assert.fail()), [['43']]);
    stuck.abort();
    await never;
  });

  it('is given back by tables that are kept, and they still answer', async () => {
    const [first, ...others] = grounds;
    assert.ok(first);
    const tables = [{ name: 'kept', sql: "SELECT i, hash(i)::VARCHAR || 'x' AS h FROM range(8000000) t(i)" }];
    const ask = () => allRows(test.engine, { sql: 'SELECT count(*), max(h) FROM kept', ground: first, tables });
    const told = await ask();
    const limits = [];
    for (const other of others) {
      limits.push(Math.round(await limitOf(other)));
    }
    assert.deepEqual(limits, [300, 300, 300]);
    assert.deepEqual(await ask(), told);
    assert.equal(test.engine.state.deaths, 0);
  });
});
