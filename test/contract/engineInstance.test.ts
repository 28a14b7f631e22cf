import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { Answers } from '../../src/engine/process/answers.ts';
import { makeBareInstance } from '../../src/engine/process/bareInstance.ts';
import { Instance } from '../../src/engine/process/instance.ts';
import type { ChildSettings, FromChild } from '../../src/engine/process/messages.ts';
import { NOWHERE } from '../support/engine.ts';

/** Takes as long as it is let. */
const ENDLESS = 'SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE hash(a.range, b.range) = 1';

describe('An instance of the engine', function () {
  this.timeout(60_000);
  let scratch: string;
  let settings: ChildSettings;
  before(async () => {
    scratch = await mkdtemp(path.join(tmpdir(), 'azure-billing-instance-'));
    settings = { memoryLimit: 256, threads: 2, scratch, scratchLimit: 1000 };
  });
  after(() => rm(scratch, { recursive: true, force: true }));

  it('makes a table again while the same one is being dropped', async () => {
    const instance = await Instance.open(
      await makeBareInstance(settings, path.join(scratch, 'drop')),
      NOWHERE,
      [],
      256,
    );
    const connection = await instance.connect();
    const large = { name: 'large', sql: 'SELECT range FROM range(1000000)' };
    let last = 0;
    const another = () => ({ name: `t${last++}`, sql: 'SELECT 1' });
    try {
      for (let round = 0; round < 60; round++) {
        await (await instance.hold([large], connection))();
        for (let i = 0; i < 5; i++) {
          await (await instance.hold([another()], connection))();
        }
        const release = await instance.hold([another()], connection);
        // There are too many now: the oldest goes.
        const dropped = release();
        const asked = await instance.connect();
        const again = await instance.hold([large], asked);
        await dropped;
        const [[rows] = []] = (await asked.runAndReadAll('SELECT count(*) FROM large')).getRows();
        assert.equal(rows, 1_000_000n);
        await again();
        asked.closeSync();
      }
    } finally {
      connection.closeSync();
      instance.close();
    }
  });

  it('leaves off at whatever moment a question is cancelled', async () => {
    const said: FromChild[] = [];
    const answers = new Answers(settings, (message) => said.push(message));
    for (let turns = 0; turns < 120; turns++) {
      const tables = [{ name: `t${turns}`, sql: 'SELECT 1 AS one' }];
      const over = answers.ask(turns, { sql: ENDLESS, params: [], ground: NOWHERE, tables, way: { as: 'batches' } });
      for (let i = 0; i < turns; i++) {
        await turn();
      }
      answers.cancel(turns);
      await over;
      assert.equal(said.at(-1)?.is, 'failed');
    }
    await answers.release(JSON.stringify([[], []]));
  });
});
