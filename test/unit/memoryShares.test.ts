import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MemoryShares, type Shareholder } from '../../src/engine/process/memoryShares.ts';

/** What has a share, and gives nothing back while it is at work. */
class Holder implements Shareholder {
  megabytes: number;
  isBusy = false;

  constructor(megabytes: number) {
    this.megabytes = megabytes;
  }

  async limitTo(megabytes: number): Promise<void> {
    if (this.isBusy && megabytes < this.megabytes) {
      throw new Error('in use');
    }
    this.megabytes = megabytes;
  }
}

const WHOLE = 1024;
const LEAST = WHOLE / 16;
const sum = (holders: readonly Holder[]) => holders.reduce((all, { megabytes }) => all + megabytes, 0);

describe('shares of the memory of the engine', () => {
  it('are all of it for one, the same for those at work, and little for the others', async () => {
    const shares = new MemoryShares(WHOLE);
    const open = async (megabytes: number) => new Holder(megabytes);
    const first = await shares.join(open);
    assert.equal(first.megabytes, WHOLE);
    const second = await shares.join(open);
    const third = await shares.join(open);
    const megabytes = () => [first, second, third].map((holder) => holder.megabytes);
    await shares.begin(second);
    assert.deepEqual(megabytes(), [LEAST, WHOLE - 2 * LEAST, LEAST]);
    await shares.begin(first);
    assert.deepEqual(megabytes(), [(WHOLE - LEAST) / 2, (WHOLE - LEAST) / 2, LEAST]);
    await shares.end(second);
    assert.deepEqual(megabytes(), [WHOLE - 2 * LEAST, LEAST, LEAST]);
    shares.leave(third);
    shares.leave(second);
    await shares.begin(first);
    assert.equal(first.megabytes, WHOLE);
  });

  it('are nobody’s when opening fails', async () => {
    const shares = new MemoryShares(WHOLE);
    await assert.rejects(
      shares.join(async () => {
        throw new Error('no');
      }),
      /no/,
    );
    const { megabytes } = await shares.join(async (given) => new Holder(given));
    assert.equal(megabytes, WHOLE);
  });

  it('are never more than the whole together, whoever comes, goes and works; what busy ones keep, newcomers lack', async () => {
    const steps = fc.array(fc.tuple(fc.constantFrom('join', 'leave', 'work', 'rest'), fc.nat(5)), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const shares = new MemoryShares(WHOLE);
        const holders: Holder[] = [];
        // Each that came while nothing was free has the least there is.
        let least = 0;
        for (const [step, which] of all) {
          const holder = holders[which % Math.max(1, holders.length)];
          if (step === 'join' && holders.length < 6) {
            holders.push(await shares.join(async (megabytes) => new Holder(megabytes)));
            least += LEAST;
          } else if (step === 'leave' && holder !== undefined) {
            holders.splice(holders.indexOf(holder), 1);
            shares.leave(holder);
          } else if (holder !== undefined) {
            const isBusy = step === 'work';
            if (isBusy !== holder.isBusy) {
              holder.isBusy = false;
              await (isBusy ? shares.begin(holder) : shares.end(holder));
              holder.isBusy = isBusy;
            }
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
          assert.equal(one.megabytes, WHOLE - others.length * LEAST);
        }
      }),
    );
  });
});
