import assert from 'node:assert/strict';
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

  it('is that of the ground at work but for a little, while others are open, and all of it when they are closed', async () => {
    const [first, ...others] = grounds;
    assert.ok(first);
    assert.equal(Math.round(await limitOf(first)), 400);
    for (const other of others) {
      await limitOf(other);
    }
    const limits = [];
    for (const ground of grounds) {
      limits.push(Math.round(await limitOf(ground)));
    }
    assert.deepEqual(limits, [325, 325, 325, 325]);
    for (const other of others) {
      await test.engine.release(other);
    }
    assert.equal(Math.round(await limitOf(first)), 400);
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
    assert.deepEqual(limits, [375, 350, 325]);
    assert.deepEqual(await ask(), told);
    assert.equal(test.engine.state.deaths, 0);
  });
});
