import assert from 'node:assert/strict';
import { ConnectionSignIn } from '../../src/accounts/connectionSignIn.ts';
import { askedAs } from '../../src/accounts/origin.ts';
import { SignInMemory } from '../../src/accounts/signInMemory.ts';
import { createArmClient } from '../../src/api/arm/armClient.ts';
import { systemClock } from '../../src/api/http/clock.ts';
import { BillingError } from '../../src/api/http/errors.ts';
import type { Connection } from '../../src/contributions.ts';
import { askerOf } from '../../src/store/askerOf.ts';
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
  /** Undefined: no token can be had any more. */
  let person: string | undefined;

  before(async () => {
    bench = await StoreBench.start(60_000);
  });
  after(() => bench.close());
  beforeEach(() => {
    bench.now = PRESENT;
    person = 'ada';
  });

  /**
   * A connection to which something happens when the pages of those numbers are asked for.
   *
   * @param isKnown whether somebody can be told at the start
   */
  async function connection(happenings: Record<number, (signIn: ConnectionSignIn) => unknown>, isKnown = true) {
    const { resourceManager } = bench.service.endpoints;
    const found: Connection = {
      ...{ name: 'Mine', cloud: 'custom', credential: 'editor' },
      endpoints: { resourceManager },
    };
    const signIn: ConnectionSignIn = new ConnectionSignIn({
      connection: 'Mine',
      credential: {
        actor: 'user',
        async getToken() {
          if (person === undefined) {
            throw new BillingError('signIn', 'The sign-in has expired.');
          }
          return { token: tokenOf(person), expiresOn: Date.now() + 3_600_000 };
        },
      },
      memory: new SignInMemory(memento()),
      clock: systemClock,
    });
    let pages = 0;
    const { transport } = transportBetween({
      async answer({ path }) {
        if (/\/usageDetails\?/i.test(path)) {
          await happenings[++pages]?.(signIn);
        }
        return undefined;
      },
    });
    const began = await askedAs(found, signIn);
    assert.ok(began.origin);
    const asker = askerOf('Mine', isKnown ? began : { ...began, origin: undefined }, 'nobody 1', () =>
      askedAs(found, signIn),
    );
    const arm = createArmClient({ transport, base: resourceManager, token: signIn.source(resourceManager) });
    return { arm, asker, signIn, pages: () => pages, close: () => transport.close() };
  }

  let challenges = 0;
  const grace = () => {
    person = 'grace';
  };
  const ada = () => {
    person = 'ada';
  };
  /** The editor tells of the change. */
  const told = (change: () => void) => (signIn: ConnectionSignIn) => {
    change();
    signIn.forgetTokens();
  };
  /** Nobody tells of it (`az login`, another window): the next token is another person's. */
  const untold = (change: () => void) => (signIn: ConnectionSignIn) => {
    change();
    const claims = Buffer.from(JSON.stringify({ nonce: ++challenges })).toString('base64');
    return signIn.source(bench.service.endpoints.resourceManager)({
      ...{
        signal: new AbortController().signal,
        challenge: `Bearer error="insufficient_claims", claims="${claims}"`,
        refused: 'an older one',
      },
    });
  };
  const signsIn = (change: () => void) => (signIn: ConnectionSignIn) => {
    change();
    return signIn.signIn([bench.service.endpoints.resourceManager], new AbortController().signal);
  };

  const changed = {
    kind: 'signIn',
    message: "The account of the connection 'Mine' changed while usage was fetched.",
    advice: 'Nothing was kept, so that no month has rows of two accounts; try again.',
  };
  const unknown = {
    kind: 'signIn',
    message: "Nobody can tell any more who is signed in to the connection 'Mine'.",
    advice: 'Nothing was kept: sign in and try again.',
  };

  const refused: [string, Parameters<typeof connection>[0], object, boolean?][] = [
    ['another', { 2: told(grace) }, changed],
    ['another, who is not told of', { 2: untold(grace) }, changed],
    ['another and back', { 2: told(grace), 3: told(ada) }, changed],
    ['another and back, and nobody tells', { 2: untold(grace), 3: untold(ada) }, changed],
    ['another and back by sign-ins', { 2: signsIn(grace), 3: signsIn(ada) }, changed],
    ['another, where nobody was known at the start', { 2: told(grace) }, changed, false],
  ];
  for (const [title, happenings, error, isKnown] of refused) {
    it(`is kept by nobody, and the person is told in one sentence: ${title}`, async () => {
      const { arm, asker, pages, close } = await connection(happenings, isKnown);
      const store = bench.store(`switched ${title}`);
      await assert.rejects(readStored(store, asker, usageOf(bench.scopes.account, OCTOBER), { arm }, bench.now), error);
      assert.ok(pages() > 3, 'it changed in the middle');
      assert.deepEqual(await store.list(), []);
      await close();
    });
  }

  it('is kept by nobody when the sign-in ends before it is whole, which is not called another account', async () => {
    const { arm, asker, signIn, close } = await connection({});
    const store = bench.store('expired');
    const ending: Asker = {
      ...asker,
      sameness() {
        person = undefined;
        signIn.forgetTokens();
        return asker.sameness();
      },
    };
    const source = usageOf(bench.scopes.account, OCTOBER);
    await assert.rejects(readStored(store, ending, source, { arm }, bench.now), unknown);
    assert.deepEqual(await store.list(), []);
    await close();
  });

  const whole: [string, Parameters<typeof connection>[0], boolean?][] = [
    ['nothing happened', {}],
    ['the token was renewed', { 2: untold(ada) }],
    ['the same person signed in again', { 2: signsIn(ada) }],
    ['nobody could be told at the start', {}, false],
  ];
  for (const [title, happenings, isKnown] of whole) {
    it(`is kept when ${title}`, async () => {
      const { arm, asker, close } = await connection(happenings, isKnown);
      const store = bench.store(`same ${title}`);
      const usage = await readStored(store, asker, usageOf(bench.scopes.account, OCTOBER), { arm }, bench.now);
      assert.deepEqual(
        usage?.tables.map(({ facts }) => facts.rows),
        [bench.truth(bench.scopes.account, OCTOBER).rows],
      );
      await usage?.release();
      await close();
    });
  }
});
