import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MemoryShares, type Shareholder } from '../../src/engine/process/memoryShares.ts';

/** What has a share. What is at work is never told to give back. */
class Holder implements Shareholder {
  megabytes: number;
  isBusy = false;

  constructor(megabytes: number) {
    this.megabytes = megabytes;
  }

  async limitTo(megabytes: number): Promise<void> {
    assert.ok(!this.isBusy || megabytes > this.megabytes, 'a question lost memory');
    this.megabytes = megabytes;
  }
}

const WHOLE = 1024;
const LEAST = WHOLE / 16;
const MOST = (WHOLE * 3) / 4;
const sum = (holders: readonly Holder[]) => holders.reduce((all, { megabytes }) => all + megabytes, 0);

describe('shares of the memory of the engine', () => {
  const open = async (megabytes: number) => new Holder(megabytes);

  it('are nearly all of it for one at work, the rest for who comes, and little for the others', async () => {
    const shares = new MemoryShares(WHOLE);
    const [first, second, third] = [await shares.join(open), await shares.join(open), await shares.join(open)];
    const megabytes = () => [first, second, third].map((holder) => holder.megabytes);
    await shares.begin(second);
    assert.deepEqual(megabytes(), [LEAST, MOST, LEAST]);
    await shares.begin(first);
    assert.deepEqual(megabytes(), [WHOLE - MOST - LEAST, MOST, LEAST], 'nothing is taken from a question');
    await shares.end(second);
    assert.deepEqual(megabytes(), [MOST, LEAST, LEAST]);
  });

  it('are nobody’s when opening fails', async () => {
    const shares = new MemoryShares(WHOLE);
    await assert.rejects(
      shares.join(async () => {
        throw new Error('no');
      }),
      /no/,
    );
    assert.equal((await shares.join(open)).megabytes, MOST);
  });

  it('wait for nobody who opens slowly', async () => {
    const shares = new MemoryShares(WHOLE);
    void shares.join(() => new Promise<Holder>(() => {}));
    const other = await shares.join(open);
    await shares.begin(other);
    assert.equal(other.megabytes, WHOLE - MOST);
  });

  it('are never more than the whole together but for the least of each that came late, whoever comes, goes and works', async () => {
    const steps = fc.array(fc.tuple(fc.constantFrom('join', 'leave', 'work', 'rest'), fc.nat(5)), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const shares = new MemoryShares(WHOLE);
        const holders: Holder[] = [];
        let least = 0;
        for (const [step, which] of all) {
          const holder = holders[which % Math.max(1, holders.length)];
          if (step === 'join' && holders.length < 6) {
            holders.push(await shares.join(open));
            least += LEAST;
          } else if (step === 'leave' && holder !== undefined) {
            holders.splice(holders.indexOf(holder), 1);
            shares.leave(holder);
          } else if (holder !== undefined && step === 'work' && !holder.isBusy) {
            await shares.begin(holder);
            holder.isBusy = true;
          } else if (holder?.isBusy === true && step === 'rest') {
            holder.isBusy = false;
            await shares.end(holder);
          }
          const busy = holders.some(({ isBusy }) => isBusy);
          assert.ok(sum(holders) <= WHOLE + (busy ? least : 0), `${sum(holders)}`);
        }
        for (const holder of holders.filter(({ isBusy }) => isBusy)) {
          holder.isBusy = false;
          await shares.end(holder);
        }
        const [one, ...others] = holders;
        if (one !== undefined) {
          await shares.begin(one);
          assert.equal(one.megabytes, Math.min(MOST, WHOLE - others.length * LEAST));
        }
      }),
    );
  });
});
