import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Clock } from '../../src/api/http/clock.ts';
import { QuotaScheduler } from '../../src/api/http/quota.ts';
import type { QuotaArea } from '../../src/api/http/quotaRules.ts';

/** Time that moves when the test says so; sleepers wake in the order of their time. */
class ManualClock implements Clock {
  #time = 0;
  #sleepers: { at: number; wake(): void }[] = [];

  now(): number {
    return this.#time;
  }

  random(): number {
    return 0;
  }

  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper = { at: this.#time + milliseconds, wake: resolve };
      this.#sleepers.push(sleeper);
      signal.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((one) => one !== sleeper);
        reject(signal.reason);
      });
    });
  }

  async advance(milliseconds: number): Promise<void> {
    // What was admitted before is noted before time moves.
    await settle();
    const end = this.#time + milliseconds;
    for (;;) {
      const next = this.#sleepers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) {
        break;
      }
      this.#time = Math.max(this.#time, next.at);
      this.#sleepers = this.#sleepers.filter((one) => one !== next);
      next.wake();
      await settle();
    }
    this.#time = end;
    await settle();
  }
}

const COUNTING = { 'x-ms-ratelimit-remaining-microsoft.consumption-tenant-requests': 'DefaultQuota:19' };

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('QuotaScheduler', () => {
  const start = () => {
    const clock = new ManualClock();
    const scheduler = new QuotaScheduler(clock);
    // The service counts.
    scheduler.learn({ area: 'costQuery', scope: '' }, 200, COUNTING, undefined);
    const sent: [string, number][] = [];
    const ask = (
      name: string,
      area: QuotaArea,
      scope: string,
      options: Parameters<QuotaScheduler['admit']>[1] & { units?: number } = {},
    ) => {
      const { units, ...rest } = options;
      const done = scheduler.admit({ area, scope, ...(units === undefined ? {} : { units }) }, rest).then(() => {
        sent.push([name, clock.now()]);
      });
      done.catch(() => {});
      return done;
    };
    return { clock, scheduler, sent, ask };
  };

  it('lets four queries of a scope go in a minute, the fifth when the first is a minute old', async () => {
    const { clock, scheduler, sent, ask } = start();
    const waits: number[] = [];
    for (let i = 0; i < 4; i++) {
      await ask(`${i}`, 'costQuery', 'a');
      await clock.advance(1000);
    }
    assert.equal(scheduler.remaining({ area: 'costQuery', scope: 'a' }), 0);
    const fifth = ask('4', 'costQuery', 'a', { onWait: (wait) => waits.push(wait) });
    await ask('other scope', 'costQuery', 'b').catch(() => {});
    await clock.advance(60_000);
    await fifth;
    assert.deepEqual(waits, [56_000]);
    assert.deepEqual(
      sent.find(([name]) => name === '4'),
      ['4', 60_000],
    );
  });

  it('lets everything go while the service has not shown that it counts', async () => {
    const scheduler = new QuotaScheduler(new ManualClock());
    const claim = { area: 'costQuery', scope: 'a' } as const;
    for (let i = 0; i < 20; i++) {
      await scheduler.admit(claim);
    }
    scheduler.learn(claim, 200, { 'x-ms-ratelimit-remaining-tenant-reads': '0' }, undefined);
    await scheduler.admit(claim);
    scheduler.learn(claim, 200, COUNTING, undefined);
    assert.equal(scheduler.remaining(claim) <= 0, true, 'what went before counts');
  });

  it('counts units: a year of data is twelve queries of the connection', async () => {
    const { clock, sent, ask } = start();
    await ask('year', 'costQuery', 'a', { units: 12 });
    const next = ask('month', 'costQuery', 'b');
    await clock.advance(9_999);
    assert.equal(sent.length, 1);
    await clock.advance(1);
    await next;
    assert.deepEqual(sent[1], ['month', 10_000]);
  });

  it('sends what is on screen first, then in the order of arrival', async () => {
    const { clock, sent, ask } = start();
    await Promise.all([0, 1].map((i) => ask(`first ${i}`, 'costDetails', 'a')));
    const all = [
      ask('hidden 1', 'costDetails', 'a'),
      ask('hidden 2', 'costDetails', 'a'),
      ask('visible', 'costDetails', 'a', { priority: 1 }),
    ];
    await clock.advance(3 * 60_000);
    await Promise.all(all);
    assert.deepEqual(
      sent.slice(2).map(([name]) => name),
      ['visible', 'hidden 1', 'hidden 2'],
    );
  });

  it('forgets whoever is cancelled, at no cost for the others', async () => {
    const { clock, scheduler, sent, ask } = start();
    for (let i = 0; i < 4; i++) {
      await ask('x', 'costQuery', 'a');
    }
    const abort = new AbortController();
    const dropped = ask('dropped', 'costQuery', 'a', { signal: abort.signal });
    const kept = ask('kept', 'costQuery', 'a');
    abort.abort(new Error('collapsed'));
    await assert.rejects(dropped, /collapsed/);
    await clock.advance(60_000);
    await kept;
    assert.deepEqual(sent.at(-1), ['kept', 60_000]);
    assert.equal(scheduler.waiting, 0);
    await assert.rejects(ask('late', 'costQuery', 'a', { signal: AbortSignal.abort(new Error('before')) }), /before/);
  });

  it('learns from a refusal and from counters that stand at zero', async () => {
    const { clock, scheduler, sent, ask } = start();
    const claim = { area: 'usageDetails', scope: 'a' } as const;
    scheduler.learn(claim, 429, {}, 38_000);
    const held = ask('held', 'usageDetails', 'a');
    await ask('free', 'usageDetails', 'b');
    await clock.advance(38_000);
    await held;
    assert.deepEqual(sent, [
      ['free', 0],
      ['held', 38_000],
    ]);

    scheduler.learn(
      claim,
      200,
      { 'x-ms-ratelimit-remaining-microsoft.costmanagement-entity-requests': 'DefaultQuota:0' },
      undefined,
    );
    assert.equal(scheduler.remaining(claim), 0);
    await clock.advance(60_000);
    assert.equal(scheduler.remaining(claim), 6);
    scheduler.learn(
      claim,
      200,
      { 'x-ms-ratelimit-remaining-microsoft.costmanagement-entity-requests': 'DefaultQuota:10' },
      undefined,
    );
    assert.equal(scheduler.remaining(claim), 6);
  });

  it('never exceeds a limit, whatever is asked when, and sends everything in the end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            scope: fc.constantFrom('a', 'b', 'c'),
            units: fc.integer({ min: 1, max: 14 }),
            pause: fc.nat(8000),
            priority: fc.nat(2),
          }),
          { maxLength: 40 },
        ),
        async (asked) => {
          const { clock, sent, ask } = start();
          const all: Promise<void>[] = [];
          for (const [i, { scope, units, pause, priority }] of asked.entries()) {
            all.push(ask(String(i), 'costQuery', scope, { units, priority }));
            await clock.advance(pause);
          }
          await clock.advance(10 * 3600_000);
          await Promise.all(all);
          assert.equal(sent.length, asked.length);
          for (const [window, limit, key] of [
            [60_000, 4, 'scope'],
            [10_000, 12, ''],
            [60_000, 60, ''],
          ] as const) {
            for (const [, at] of sent) {
              const within = sent.filter(([, other]) => other > at - window && other <= at);
              for (const scope of key === '' ? [undefined] : ['a', 'b', 'c']) {
                const rows = within.filter(([name]) => scope === undefined || asked[Number(name)]?.scope === scope);
                const units =
                  key === 'scope'
                    ? rows.length
                    : rows.reduce((sum, [name]) => sum + (asked[Number(name)]?.units ?? 0), 0);
                // A claim above the limit can only go alone.
                assert.ok(
                  units <= limit || rows.length === 1,
                  `${units} units of ${scope ?? 'all'} within ${window} ms`,
                );
              }
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  describe('tells', () => {
    const scope = '/subscriptions/s';
    const claim = { area: 'costQuery', scope } as const;
    const ENTITY = 'x-ms-ratelimit-remaining-microsoft.costmanagement-entity-requests';
    const UNITS = 'x-ms-ratelimit-microsoft.costmanagement-qpu-remaining';

    it('nothing when nothing was asked', () => {
      const { scheduler } = start();
      assert.deepEqual(scheduler.snapshot(), {
        at: 0,
        metered: true,
        limits: [],
        blocked: [],
        counters: [],
        waiting: [],
      });
    });

    it('what is left of each limit, the tightest first, and when more is free', async () => {
      const { clock, scheduler, ask } = start();
      await ask('1', 'costQuery', scope, { units: 2 });
      await clock.advance(5_000);
      await ask('2', 'costQuery', scope);
      const seen = scheduler
        .snapshot()
        .limits.map((limit) => [limit.scope, limit.remaining, limit.limit, limit.freesAt]);
      assert.deepEqual(seen, [
        [scope, 2, 4, 60_000],
        [undefined, 9, 12, 10_000],
        [undefined, 18, 20, 60_000],
        [undefined, 57, 60, 60_000],
        [undefined, 597, 600, 3_600_000],
      ]);
      await clock.advance(3_600_000);
      assert.deepEqual(scheduler.snapshot().limits, [], 'all is free again');
    });

    it('the counters of the service, where they say less than was counted, until they are old', async () => {
      const { clock, scheduler, ask } = start();
      await ask('1', 'costQuery', scope);
      scheduler.learn(
        claim,
        200,
        { [ENTITY]: 'DefaultQuota:1', [UNITS]: 'QueriesPerHour:577,QueriesPerMin:59,QueriesPer10Sec:x' },
        undefined,
      );
      const left = () =>
        scheduler.snapshot().limits.map(({ remaining, limit, told }) => [remaining, limit, told?.remaining]);
      assert.deepEqual(left(), [
        [1, 4, 1],
        [11, 12, undefined],
        [19, 20, undefined],
        [577, 600, 577],
        [59, 60, 59],
      ]);
      await clock.advance(60_000);
      assert.deepEqual(left(), [[577, 600, 577]]);
    });

    it("Azure Resource Manager's own counters, by subscription", () => {
      const { scheduler } = start();
      const reads = (owner: string, left: string) => ({ [`x-ms-ratelimit-remaining-${owner}-reads`]: left });
      scheduler.learn(
        undefined,
        200,
        reads('tenant', '249'),
        undefined,
        '/providers/Microsoft.Billing/billingAccounts',
      );
      scheduler.learn(undefined, 200, reads('subscription', '11'), undefined, '/Subscriptions/ABC/providers/x');
      scheduler.learn(undefined, 200, reads('tenant', 'many'), undefined, '/');
      assert.deepEqual(scheduler.snapshot().counters, [
        { name: 'subscription-reads', scope: 'abc', remaining: 11, at: 0 },
        { name: 'tenant-reads', remaining: 249, at: 0 },
      ]);
    });

    it('who waits, for what and until when', async () => {
      const { clock, scheduler, ask } = start();
      scheduler.learn(claim, 429, {}, 38_000);
      const abort = new AbortController();
      const held = ask('held', 'costQuery', scope, { operation: 'Query costs', signal: abort.signal });
      const refused = scheduler.waitRefused(
        { operation: 'Forecast costs', area: undefined, scope: undefined },
        20_000,
        clock.sleep(20_000, abort.signal),
      );
      assert.deepEqual(scheduler.snapshot().waiting, [
        { operation: 'Forecast costs', area: undefined, scope: undefined, until: 20_000, cause: 'refused' },
        { operation: 'Query costs', area: 'costQuery', scope, until: 38_000, cause: 'paced' },
      ]);
      assert.deepEqual(scheduler.snapshot().blocked, [{ area: 'costQuery', scope, until: 38_000 }]);
      abort.abort(new Error('closed'));
      await assert.rejects(held, /closed/);
      await assert.rejects(refused, /closed/);
      assert.deepEqual(scheduler.snapshot().waiting, []);
    });

    it('whoever listens of each of these, until they stop', async () => {
      const { scheduler, ask } = start();
      let told = 0;
      const stop = scheduler.onDidChange(() => told++);
      await ask('1', 'costQuery', scope);
      const admitted = told;
      assert.ok(admitted > 0);
      scheduler.learn(claim, 429, {}, 1_000);
      const learned = told;
      assert.ok(learned > admitted);
      const abort = new AbortController();
      const held = ask('2', 'costQuery', scope, { signal: abort.signal });
      const waiting = told;
      assert.ok(waiting > learned);
      abort.abort(new Error('closed'));
      await assert.rejects(held, /closed/);
      assert.ok(told > waiting);
      stop();
      const last = told;
      scheduler.learn(claim, 200, COUNTING, undefined);
      assert.equal(told, last);
    });

    it('about thousands of scopes without remembering those that are free again', async () => {
      const { clock, scheduler, ask } = start();
      for (let i = 0; i < 2_000; i++) {
        await ask(`${i}`, 'priceSheet', `/scope/${i}`);
        if (i % 20 === 0) {
          await clock.advance(10_000);
        }
      }
      await clock.advance(60_000);
      assert.deepEqual(scheduler.snapshot().limits, []);
    });
  });
});
