import assert from 'node:assert/strict';
import { ConnectionSignIn } from '../../src/accounts/connectionSignIn.ts';
import { originOf } from '../../src/accounts/origin.ts';
import { SignInMemory } from '../../src/accounts/signInMemory.ts';
import { createArmClient } from '../../src/api/arm/armClient.ts';
import { systemClock } from '../../src/api/http/clock.ts';
import type { Connection } from '../../src/contributions.ts';
import { readStored } from '../../src/store/readStored.ts';
import type { Asker } from '../../src/store/readTypes.ts';
import { transportBetween } from '../support/between.ts';
import { memento } from '../support/memento.ts';
import { OCTOBER, PRESENT, StoreBench, usageOf } from '../support/storedUsage.ts';

const tokenOf = (person: string) =>
  `x.${Buffer.from(JSON.stringify({ oid: person, tid: 'contoso' })).toString('base64url')}.x`;

describe('usage that is fetched while the account changes', function () {
  this.timeout(60_000);
  let bench: StoreBench;
  let person: string;

  before(async () => {
    bench = await StoreBench.start(60_000);
  });
  after(() => bench.close());
  beforeEach(() => {
    bench.now = PRESENT;
    person = 'ada';
  });

  /** A connection whose person changes when the page of that number is asked for. */
  async function connection(switchAt: number) {
    const { resourceManager } = bench.service.endpoints;
    const found: Connection = {
      ...{ name: 'Mine', cloud: 'custom', credential: 'editor' },
      endpoints: { resourceManager },
    };
    const signIn: ConnectionSignIn = new ConnectionSignIn({
      connection: 'Mine',
      credential: {
        actor: 'user',
        getToken: async () => ({ token: tokenOf(person), expiresOn: Date.now() + 3_600_000 }),
      },
      memory: new SignInMemory(memento()),
      clock: systemClock,
    });
    let pages = 0;
    const { transport } = transportBetween({
      answer({ path }) {
        if (/\/usageDetails\?/i.test(path) && ++pages === switchAt) {
          person = 'grace';
          signIn.forgetTokens();
        }
        return undefined;
      },
    });
    const origin = await originOf(found, signIn);
    assert.ok(origin);
    const asker: Asker = {
      ...{ connection: 'Mine', origin },
      isSame: async () => (await originOf(found, signIn)) === origin,
    };
    const arm = createArmClient({ transport, base: resourceManager, token: signIn.source(resourceManager) });
    return { arm, asker, pages: () => pages, close: () => transport.close() };
  }

  it('is kept by nobody, and the person is told in one sentence', async () => {
    const { arm, asker, pages, close } = await connection(2);
    const store = bench.store('switched');
    await assert.rejects(readStored(store, asker, usageOf(bench.scopes.account, OCTOBER), { arm }, bench.now), {
      kind: 'signIn',
      message: "The account of the connection 'Mine' changed while usage was fetched.",
      advice: 'Nothing was kept, so that no month has rows of two accounts; try again.',
    });
    assert.ok(pages() > 2, 'it changed in the middle');
    assert.deepEqual(await store.list(), []);
    await close();
  });

  it('is kept when it did not change', async () => {
    const { arm, asker, close } = await connection(Number.POSITIVE_INFINITY);
    const store = bench.store('same');
    const usage = await readStored(store, asker, usageOf(bench.scopes.account, OCTOBER), { arm }, bench.now);
    assert.deepEqual(
      usage?.tables.map(({ facts }) => facts.rows),
      [bench.truth(bench.scopes.account, OCTOBER).rows],
    );
    await usage?.release();
    await close();
  });
});
