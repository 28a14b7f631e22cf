import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Store } from '../../src/store/store.ts';
import type { EntryKey } from '../../src/store/storeTypes.ts';

const key = (month: string, scope = '/subscriptions/s1', connection = 'One'): EntryKey => ({
  ...{ connection, origin: 'https://management.example', scope, month, dataset: 'query' },
});

const ANSWER = 'x'.repeat(1000);

describe('small answers in the store', () => {
  let root: string;
  let now: Date;

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'store-disk-'));
    now = new Date('2026-11-21T12:00:00Z');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const store = (limit = 1e6, folder = path.join(root, 'store')) =>
    new Store({ folder, now: () => now, limit, producedBy: { name: 'test', version: '1' } });

  const ask = async (on: Store, wanted: EntryKey, options = {}) => {
    let asked = 0;
    const answer = await on.readAnswer(
      wanted,
      async () => {
        asked++;
        return Buffer.from(`${ANSWER} ${wanted.month}`);
      },
      options,
    );
    return { asked, text: answer && Buffer.from(answer.bytes).toString(), state: answer?.freshness.state };
  };

  it('are kept as they were sent, and asked for once when their month is closed', async () => {
    const first = await ask(store(), key('2026-10'));
    assert.deepEqual(first, { asked: 1, text: `${ANSWER} 2026-10`, state: 'closed' });
    now = new Date('2027-11-21T12:00:00Z');
    assert.deepEqual(await ask(store(), key('2026-10', '/SUBSCRIPTIONS/S1'), { anew: true }), { ...first, asked: 0 });
  });

  it('of an open month are asked for again after four hours', async () => {
    const one = store();
    assert.deepEqual(await ask(one, key('2026-11')), { asked: 1, text: `${ANSWER} 2026-11`, state: 'open' });
    now = new Date('2026-11-21T15:00:00Z');
    assert.equal((await ask(one, key('2026-11'))).asked, 0);
    assert.equal((await ask(one, key('2026-11'), { anew: true })).asked, 1);
    now = new Date('2026-11-21T20:00:00Z');
    assert.deepEqual(await ask(one, key('2026-11'), { onlyKept: true }), {
      ...{ asked: 0, text: `${ANSWER} 2026-11`, state: 'open' },
    });
    assert.equal((await ask(one, key('2026-11'))).asked, 1);
    assert.equal((await one.list()).length, 1);
  });

  it('of others are not taken for one’s own', async () => {
    const one = store();
    await ask(one, key('2026-10'));
    for (const other of [
      key('2026-10', '/subscriptions/s2'),
      key('2026-10', '/subscriptions/s1', 'Two'),
      { ...key('2026-10'), origin: 'https://management.example as somebody else' },
    ]) {
      assert.equal((await ask(one, other)).asked, 1);
    }
  });

  it('that nobody used for longest go first when there are too many', async () => {
    const one = store(4000);
    for (const month of ['2026-07', '2026-08', '2026-09']) {
      await ask(one, key(month));
    }
    const later = store(4000);
    assert.equal((await ask(later, key('2026-07'))).asked, 0);
    await ask(later, key('2026-10'));
    assert.deepEqual((await later.list()).map(({ month }) => month).sort(), ['2026-07', '2026-09', '2026-10']);
    const { kept } = await later.keepLimit();
    assert.ok(kept <= 4000);
  });

  it('are not kept where nothing shall be', async () => {
    const none = store(0);
    assert.equal((await ask(none, key('2026-10'))).asked, 1);
    assert.equal((await ask(none, key('2026-10'))).asked, 1);
    assert.deepEqual(await none.list(), []);
  });

  it('are cleared by connection and by month', async () => {
    const one = store();
    await ask(one, key('2026-10'));
    await ask(one, key('2026-09'));
    await ask(one, key('2026-10', '/subscriptions/s1', 'Two'));
    const { removed, kept } = await one.clear({ connection: 'Two' });
    assert.ok(removed > 1000);
    assert.equal(kept, 0);
    assert.equal((await one.list()).length, 2);
    await one.clear({ month: '2026-09' });
    assert.deepEqual(
      (await one.list()).map(({ month }) => month),
      ['2026-10'],
    );
    await one.clear();
    assert.deepEqual(await one.list(), []);
  });

  it('move to another folder and are found there', async () => {
    const one = store();
    await ask(one, key('2026-10'));
    await ask(one, key('2026-09'));
    const folder = path.join(root, 'elsewhere', 'deeper');
    const { kept, removed } = await one.move(folder);
    assert.ok(kept > 2000);
    assert.equal(removed, kept);
    assert.equal(one.folder, folder);
    assert.equal((await ask(one, key('2026-10'))).asked, 0);
    assert.equal((await ask(store(1e6, folder), key('2026-09'))).asked, 0);
    assert.deepEqual(readdirSync(path.join(root, 'store', 'entries')), []);
  });

  it('are refused a folder that is no absolute path', () => {
    assert.throws(() => store(1, 'here'), /folder: 'here' is no absolute path/);
  });
});
