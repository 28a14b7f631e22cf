import assert from 'node:assert/strict';
import { type EmbeddedBlob, EmbeddedBlobStore } from '../../src/sample/embeddedBlobStore.ts';
import { KeptBytes } from '../../src/sample/keptBytes.ts';
import { SharedAccessKey } from '../../src/sample/sharedAccess.ts';

describe('kept bytes', () => {
  it('let go of what was used longest ago', () => {
    const kept = new KeptBytes(10);
    const [a, b, c] = [{}, {}, {}];
    kept.keep(a, Buffer.from('aaaa'));
    kept.keep(b, Buffer.from('bbbb'));
    assert.ok(kept.get(a));
    kept.keep(c, Buffer.from('cccc'));
    assert.equal(kept.get(b), undefined);
    assert.ok(kept.get(a) && kept.get(c));
    kept.keep(a, Buffer.alloc(11));
    assert.equal(kept.get(a), undefined);
    kept.keep(c, Buffer.from('C'));
    kept.keep(b, Buffer.from('123456789'));
    assert.equal(kept.get(c)?.toString(), 'C');
  });
});

describe('embedded blobs', () => {
  const CONTAINER = { account: 'account', container: 'container' };
  const MOST_KEPT = 10;

  /** A store with a blob for each text, written in pieces of three, and how often each was made. */
  async function stored(texts: Record<string, string>) {
    const store = new EmbeddedBlobStore(() => 'http://127.0.0.1:1', MOST_KEPT);
    const made: Record<string, number> = {};
    for (const [name, text] of Object.entries(texts)) {
      await store.write(CONTAINER, name, 'text/plain', function* () {
        made[name] = (made[name] ?? 0) + 1;
        for (let i = 0; i < text.length; i += 3) yield Buffer.from(text.slice(i, i + 3));
      });
    }
    const read = async (name: string, from: number, to: number): Promise<string> => {
      const blob: EmbeddedBlob | undefined = store.blob(CONTAINER, name);
      assert.ok(blob);
      const pieces: Uint8Array[] = [];
      for await (const piece of store.read(blob, from, to)) pieces.push(piece);
      return Buffer.concat(pieces).toString();
    };
    return { store, made, read };
  }

  it('are made once for all ranges while they fit into what is kept', async () => {
    const { made, read } = await stored({ first: 'abcdefgh', second: '12345678' });
    assert.deepEqual(await Promise.all([read('first', 0, 4), read('first', 4, 8)]), ['abcd', 'efgh']);
    assert.equal(await read('first', 2, 3), 'c');
    assert.deepEqual(made, { first: 2, second: 1 }, 'once to write each, and once again for the one let go');
  });

  it('are made again for every reader when they are larger than what is kept', async () => {
    const { made, read } = await stored({ big: 'abcdefghijklmnop' });
    assert.equal(await read('big', 0, 16), 'abcdefghijklmnop');
    assert.equal(await read('big', 2, 7), 'cdefg');
    assert.equal(await read('big', 15, 16), 'p');
    assert.equal(made.big, 4);
  });

  it('belong to accounts that somebody wrote to or asked for', async () => {
    const { store } = await stored({ a: 'a' });
    assert.ok(store.serves('/account/container/a'));
    assert.ok(!store.serves('/providers/Microsoft.Billing') && !store.serves('/'));
    assert.equal(store.endpoint('other'), 'http://127.0.0.1:1/other');
    assert.ok(store.serves('/other'));
  });
});

describe('shared access signatures', () => {
  const key = new SharedAccessKey();
  const parameters = (query: string) => new Map(new URLSearchParams(query));
  // Longer than all suites that were loaded with this one take.
  const inAnHour = new Date(Date.now() + 3_600_000);

  it('of a container are good for its blobs, and those of a blob for it alone', () => {
    const container = parameters(key.sign({ path: '/a/c', resource: 'c', permissions: 'rl' }, inAnHour));
    assert.equal(key.permissionsIn(container, '/a/c'), 'rl');
    assert.equal(key.permissionsIn(container, '/a/c/x/y'), 'rl');
    assert.equal(key.permissionsIn(container, '/a/other/x'), undefined);
    const blob = parameters(key.sign({ path: '/a/c/x', resource: 'b', permissions: 'r' }, inAnHour));
    assert.equal(key.permissionsIn(blob, '/a/c/x'), 'r');
    assert.equal(key.permissionsIn(blob, '/a/c'), undefined);
    assert.equal(key.permissionsIn(blob, '/a/c/x/y'), undefined);
  });

  it('are void when a part was changed, when their time is over, and for another service', () => {
    const query = key.sign({ path: '/a/c/x', resource: 'b', permissions: 'r' }, inAnHour);
    for (const [name, value] of [
      ['sp', 'rwd'],
      ['se', '2099-01-01T00:00:00Z'],
      ['sr', 'c'],
      ['sv', '2020-01-01'],
      ['sig', ''],
    ] as const) {
      const changed = parameters(query).set(name, value);
      assert.equal(key.permissionsIn(changed, '/a/c/x'), undefined, name);
    }
    assert.equal(key.permissionsIn(new Map(), '/a/c/x'), undefined);
    assert.equal(new SharedAccessKey().permissionsIn(parameters(query), '/a/c/x'), undefined);
    const over = key.sign({ path: '/a/c/x', resource: 'b', permissions: 'r' }, new Date(Date.now() - 1000));
    assert.equal(key.permissionsIn(parameters(over), '/a/c/x'), undefined);
  });
});
