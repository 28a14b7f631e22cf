import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Store } from '../../src/store/store.ts';
import { StoreFolder } from '../../src/store/storeFolder.ts';
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

  const keep = async (on: Store, of: EntryKey): Promise<void> => {
    await on.keepAnswer(of, Buffer.from(`${ANSWER} ${of.month}`), now);
  };
  const look = async (on: Store, wanted: EntryKey) => {
    const found = await on.findAnswer(wanted);
    return (
      found && { text: Buffer.from(found.bytes).toString(), state: found.freshness.state, age: found.freshness.age }
    );
  };

  it('are kept as they were sent, and closed when their month is', async () => {
    await keep(store(), key('2026-10'));
    const year = 365 * 24 * 3600_000;
    now = new Date(now.getTime() + year);
    assert.deepEqual(await look(store(), key('2026-10', '/SUBSCRIPTIONS/S1')), {
      ...{ text: `${ANSWER} 2026-10`, state: 'closed', age: year },
    });
  });

  it('of an open month tell their age, and are there once', async () => {
    const one = store();
    await keep(one, key('2026-11'));
    now = new Date('2026-11-21T15:00:00Z');
    assert.deepEqual(await look(one, key('2026-11')), { text: `${ANSWER} 2026-11`, state: 'open', age: 3 * 3600_000 });
    await keep(one, key('2026-11'));
    assert.equal((await look(one, key('2026-11')))?.age, 0);
    assert.equal((await one.list()).length, 1);
  });

  it('of others are not taken for one’s own', async () => {
    const one = store();
    await keep(one, key('2026-10'));
    for (const other of [
      key('2026-10', '/subscriptions/s2'),
      key('2026-10', '/subscriptions/s1', 'Two'),
      { ...key('2026-10'), origin: 'https://management.example as somebody else' },
    ]) {
      assert.equal(await look(one, other), undefined);
    }
  });

  it('that nobody used for longest go first when there are too many', async () => {
    const one = store(4000);
    for (const month of ['2026-07', '2026-08', '2026-09']) {
      await keep(one, key(month));
    }
    const later = store(4000);
    assert.ok(await look(later, key('2026-07')));
    await keep(later, key('2026-10'));
    assert.deepEqual((await later.list()).map(({ month }) => month).sort(), ['2026-07', '2026-09', '2026-10']);
    const { kept } = await later.keepLimit();
    assert.ok(kept <= 4000);
  });

  it('stay within the limit, however many come, one after the other or together', async () => {
    const limit = 30_000;
    const one = store(limit);
    const months = Array.from(
      { length: 120 },
      (_, i) => `${2000 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}`,
    );
    for (const month of months.slice(0, 60)) {
      await keep(one, key(month));
      assert.ok((await one.list()).reduce((sum, { bytes }) => sum + bytes, 0) <= limit);
    }
    await Promise.all(months.slice(60).map((month) => keep(one, key(month))));
    await keep(one, key('2026-10'));
    const kept = (await one.list()).reduce((sum, { bytes }) => sum + bytes, 0);
    assert.ok(kept <= limit && kept > limit / 2, String(kept));
    assert.ok(await look(one, key('2026-10')));
  });

  it('are not kept where nothing shall be', async () => {
    const none = store(0);
    await keep(none, key('2026-10'));
    assert.equal(await look(none, key('2026-10')), undefined);
    assert.deepEqual(await none.list(), []);
  });

  it('are cleared by connection and by month', async () => {
    const one = store();
    await keep(one, key('2026-10'));
    await keep(one, key('2026-09'));
    await keep(one, key('2026-10', '/subscriptions/s1', 'Two'));
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
    await keep(one, key('2026-10'));
    await keep(one, key('2026-09'));
    const folder = path.join(root, 'elsewhere', 'deeper');
    const { kept, removed } = await one.move(folder);
    assert.ok(kept > 2000);
    assert.equal(removed, kept);
    assert.equal(one.folder, folder);
    assert.ok(await look(one, key('2026-10')));
    assert.ok(await look(store(1e6, folder), key('2026-09')));
    assert.deepEqual(readdirSync(path.join(root, 'store', 'entries')), []);
  });

  it('leave nothing where they were once nobody reads them there', async () => {
    const one = store();
    await keep(one, key('2026-10'));
    await keep(one, key('2026-09'));
    const left = new StoreFolder(one.folder);
    const [entry] = await one.list();
    const release = await left.hold(entry?.name ?? '');
    writeFileSync(path.join(left.folder, 'notes of somebody'), '');
    await one.move(path.join(root, 'elsewhere'));
    assert.equal(await left.empty(), false);
    assert.deepEqual(readdirSync(path.join(left.folder, 'entries')), [entry?.name]);
    await release?.();
    assert.equal(await left.empty(), true);
    assert.deepEqual(readdirSync(left.folder), ['notes of somebody']);
    assert.equal(await left.empty(), true);
    assert.equal((await one.list()).length, 2);
  });

  it('are refused a folder that is no absolute path', () => {
    assert.throws(() => store(1, 'here'), /folder: 'here' is no absolute path/);
  });
});
