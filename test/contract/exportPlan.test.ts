import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type ArmClient, createArmClient } from '../../src/api/arm/armClient.ts';
import { parseScope } from '../../src/api/arm/scope.ts';
import { listUsageDetails } from '../../src/api/arm/usageDetails.ts';
import type { VersionSet } from '../../src/api/arm/versions.ts';
import type { WireRequest } from '../../src/api/http/transport.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import { isBig } from '../../src/usage/estimate.ts';
import type { Period } from '../../src/usage/period.ts';
import { keepPlan, type Plan, RESUME_REFUSED } from '../../src/usage/plan/plan.ts';
import { planExport, reopenPlan } from '../../src/usage/plan/planExport.ts';
import { type Between, transportBetween } from '../support/between.ts';
import { FastClock } from '../support/fastClock.ts';
import { failureOf } from '../support/graph.ts';
import { chunksOf, chunksOfPlan, rowsOf } from '../support/pieces.ts';
import { type SmallPages, startSmallPages } from '../support/smallPages.ts';

const OCTOBER = { from: '2026-10-01', to: '2026-10-31' };
const isStart = ({ path }: WireRequest) => /\/usageDetails\?(?!.*skiptoken)/i.test(path);
const isPage = ({ path }: WireRequest) => /skiptoken/i.test(path);

describe('the plan of an export of usage details', () => {
  const clock = new FastClock();
  let service: SampleService;
  let small: SmallPages;
  let account: string;
  let scopes: { account: string; profile: string; customer: string; subscription: string };
  let subscriptions: string[];
  let invoice: string;
  const open: (() => Promise<void>)[] = [];

  before(async () => {
    service = await startSampleService({
      customers: 24,
      usageRows: 8_000,
      now: new Date('2026-11-21T12:00:00Z'),
      throttle: 'documented',
      clock: () => clock.now(),
    });
    small = await startSmallPages(service.endpoints.resourceManager, 15);
    const [main] = service.tenant.accounts;
    assert.ok(main);
    account = `/providers/Microsoft.Billing/billingAccounts/${main.name}`;
    const customer = service.tenant.directory.customer(0);
    subscriptions = Array.from({ length: 24 }, (_, index) => index)
      .flatMap((index) => {
        const all = service.tenant.subscriptions(service.tenant.directory.customer(index));
        return Array.from({ length: all.length }, (_, i) => `/subscriptions/${all.at(i).name}`);
      })
      .filter((scope) => service.tenant.truth(scope, OCTOBER.from, OCTOBER.to).rows > 0);
    scopes = {
      account,
      profile: `${account}/billingProfiles/${main.profiles[0]?.name}`,
      customer: `${account}/customers/${customer.name}`,
      subscription: subscriptions[0] ?? '',
    };
    invoice = `${account}/invoices/${service.tenant.invoices(main)[0]?.name}`;
  });
  after(async () => {
    await small.close();
    await service.close();
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((close) => close()));
    await fetch(`${service.endpoints.resourceManager}/_sample/reset`, { method: 'POST' });
    service.setFault(undefined);
  });

  const connected = (between: Between = {}, versions: VersionSet = 'newest', base = small.base) => {
    const { transport, seen } = transportBetween(between);
    open.push(() => transport.close());
    return { arm: createArmClient({ transport, base, clock, versions }), seen };
  };

  const refused = async () => {
    const counts = await fetch(`${service.endpoints.resourceManager}/_sample/throttle`);
    return ((await counts.json()) as { refused: number }).refused;
  };

  const plan = (arm: ArmClient, scope: string, period?: Period) =>
    planExport({ kind: 'usageDetails', scopes: [{ scope }], ...(period && { period }) }, { arm });

  /** The rows of one list from its first page to its last. */
  const sequential = async (arm: ArmClient, scope: string, period?: Period) => {
    const pages = [];
    for await (const { value, answer } of listUsageDetails(arm, { scope: parseScope(scope), ...period }).rest()) {
      pages.push({ bytes: value, receivedAt: answer.receivedAt });
    }
    return rowsOf('pages', pages);
  };

  for (const versions of ['newest', 'seed'] as const) {
    it(`has every row once and in the order of one list, without a refusal (${versions})`, async () => {
      for (const [name, scope] of Object.entries(scopes)) {
        for (const period of [OCTOBER, { from: '2026-08-17', to: '2026-11-30' }]) {
          clock.pass(60_000);
          const { arm } = connected({}, versions);
          const made = await plan(arm, scope, period);
          const rows = rowsOf('pages', await chunksOfPlan(made));
          assert.equal(rows.length, service.tenant.truth(scope, period.from, period.to).rows, name);
          clock.pass(60_000);
          assert.deepEqual(rows, await sequential(arm, scope, period), `${name} ${period.from}`);
          assert.equal(made.source, `Usage Details ${versions === 'newest' ? '2023-11-01' : '2019-10-01'}`);
        }
      }
      assert.equal(await refused(), 0);
    });
  }

  it('has them for any period and scope', async () => {
    const day = fc
      .nat(150)
      .map((days) => new Date(Date.parse('2026-07-05') + days * 86_400_000).toISOString().slice(0, 10));
    const periods = fc.tuple(day, day).map(([a, b]) => (a < b ? { from: a, to: b } : { from: b, to: a }));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('customer', 'subscription'), periods, async (name, period) => {
        clock.pass(60_000);
        const { arm } = connected();
        const scope = scopes[name];
        const rows = rowsOf('pages', await chunksOfPlan(await plan(arm, scope, period)));
        clock.pass(60_000);
        assert.deepEqual(rows, await sequential(arm, scope, period));
      }),
      { numRuns: 25 },
    );
    assert.equal(await refused(), 0);
  });

  it('begins several lists at once for much, and keeps one start of ten for the user', async () => {
    const { arm, seen } = connected();
    const made = await plan(arm, scopes.account, OCTOBER);
    assert.equal(seen.requests.length, 1, 'one page tells');
    assert.equal(made.pieces.length, 6);
    await chunksOfPlan(made);
    assert.equal(seen.requests.filter(isStart).length, 6);
    assert.ok(seen.mostAtATime >= 5);

    const other = connected({}, 'newest', (await smallest()).base);
    const ofSubscription = await plan(other.arm, scopes.subscription, OCTOBER);
    assert.equal(ofSubscription.pieces.length, 9);
    assert.equal(ofSubscription.estimate.known, false, 'a page that ends within its first day tells a lower bound');
    assert.equal(isBig(ofSubscription.estimate), true);
    const pages = (await Promise.all(ofSubscription.pieces.map((piece) => chunksOf(piece)))).map(
      ({ length }) => length,
    );
    const all = pages.reduce((sum, each) => sum + each, 0);
    // The first page of the first list comes before all others begin.
    assert.ok((1 + Math.max(...pages)) * 6 <= all, `${pages.join()} of ${all}`);
    assert.equal(await refused(), 0);
  });

  /** A row a page: whatever there is, is much. */
  const smallest = async () => {
    const pages = await startSmallPages(service.endpoints.resourceManager, 1);
    open.push(() => pages.close());
    return pages;
  };

  it('takes two calls for little, and one for a day or an invoice', async () => {
    const { arm, seen } = connected({}, 'newest', service.endpoints.resourceManager);
    const few = await plan(arm, scopes.subscription, OCTOBER);
    await chunksOfPlan(few);
    assert.equal(seen.requests.length, 2);
    assert.deepEqual([few.estimate.calls, few.estimate.known], [2, true]);
    assert.equal(isBig(few.estimate), false);

    seen.requests.length = 0;
    const one = await plan(arm, scopes.customer, { from: '2026-10-07', to: '2026-10-07' });
    await chunksOfPlan(one);
    assert.equal(seen.requests.length, 1);

    seen.requests.length = 0;
    const ofInvoice = await plan(arm, invoice);
    const rows = rowsOf('pages', await chunksOfPlan(ofInvoice));
    assert.equal(ofInvoice.pieces.length, 1);
    assert.equal(rows.length, service.tenant.truth(invoice, '2000-01-01', '2100-01-01').rows);
  });

  it('keeps to the reads of Azure Resource Manager, however fast pages come', async () => {
    const { arm, seen } = connected({}, 'newest', (await smallest()).base);
    const waits = clock.waits.length;
    const rows = rowsOf('pages', await chunksOfPlan(await plan(arm, account, OCTOBER)));
    assert.equal(rows.length, service.tenant.truth(account, OCTOBER.from, OCTOBER.to).rows);
    assert.ok(seen.requests.length > 250, 'more than may be asked for at once');
    assert.ok(clock.waits.length > waits);
    assert.equal(await refused(), 0);
  });

  it('asks for nothing twice', async () => {
    const { arm, seen } = connected();
    await chunksOfPlan(await plan(arm, scopes.customer, { from: '2026-09-01', to: '2026-10-31' }));
    const paths = seen.requests.map(({ path }) => path);
    assert.deepEqual(paths, [...new Set(paths)]);
  });

  it('goes on behind any chunk, in another process too, and gives exactly the rest', async () => {
    const { arm } = connected();
    const made = await plan(arm, scopes.customer, OCTOBER);
    const kept = JSON.parse(JSON.stringify(keepPlan(made)));
    const again = reopenPlan(kept, { arm: connected().arm });
    assert.deepEqual(
      again.pieces.map(({ id }) => id),
      made.pieces.map(({ id }) => id),
    );
    for (const [index, piece] of made.pieces.entries()) {
      const chunks = await chunksOf(piece);
      assert.equal(chunks.at(-1)?.resume, undefined);
      for (const [at, chunk] of chunks.slice(0, -1).entries()) {
        assert.ok(chunk.resume);
        clock.pass(60_000);
        const rest = await chunksOf(again.pieces[index] ?? piece, { from: chunk.resume });
        assert.deepEqual(
          rest.map(({ bytes }) => bytes),
          chunks.slice(at + 1).map(({ bytes }) => bytes),
        );
      }
      clock.pass(60_000);
      assert.deepEqual(
        (await chunksOf(again.pieces[index] ?? piece)).map(({ bytes }) => bytes),
        chunks.map(({ bytes }) => bytes),
      );
    }
  });

  it('says when a mark leads nowhere any more', async () => {
    const { arm } = connected();
    const [piece] = (await plan(arm, scopes.account, OCTOBER)).pieces;
    assert.ok(piece);
    const [first] = await chunksOf(piece);
    const mark = JSON.parse(first?.resume ?? '{}') as { address: string };
    const stale = [
      { ...mark, address: mark.address.replace(/skiptoken=[^&]+/i, 'skiptoken=c3RhbGU') },
      { ...mark, address: mark.address.replace(/^http:\/\/[^/]+/, 'https://management.azure.com.example.net') },
      'no mark',
      {},
      { address: 1 },
    ];
    for (const from of stale) {
      const failure = await failureOf(chunksOf(piece, { from: JSON.stringify(from) }));
      assert.equal(failure.code, RESUME_REFUSED, failure.message);
    }
  });

  it('keeps no token in a plan or a mark', async () => {
    const { transport } = transportBetween({});
    open.push(() => transport.close());
    const arm = createArmClient({ transport, base: small.base, clock, token: async () => 'very-secret' });
    const made = await plan(arm, scopes.customer, OCTOBER);
    const chunks = await chunksOfPlan(made);
    assert.ok(!JSON.stringify([keepPlan(made), chunks.map(({ resume }) => resume)]).includes('very-secret'));
  });

  describe('when something goes wrong', () => {
    for (const fault of ['reset', 'truncated', '503', '429']) {
      it(`survives ${fault} in the middle of its lists`, async () => {
        const { arm } = connected();
        const made = await plan(arm, scopes.customer, OCTOBER);
        service.setFault(`${fault}*2@skiptoken`);
        const rows = rowsOf('pages', await chunksOfPlan(made));
        clock.pass(60_000);
        assert.deepEqual(rows, await sequential(arm, scopes.customer, OCTOBER));
      });
    }

    it('fails with the failure of a page that stays broken, and never ends short', async () => {
      const { arm } = connected();
      const made = await plan(arm, scopes.account, OCTOBER);
      service.setFault('500@skiptoken');
      for (const piece of made.pieces) {
        const read: Uint8Array[] = [];
        const failure = await failureOf(
          (async () => {
            for await (const { bytes } of piece.read()) {
              read.push(bytes);
            }
          })(),
        );
        assert.equal(failure.status, 500);
        assert.equal(read.length, 1, 'what came before is given');
        clock.pass(60_000);
      }
    });

    it('ends at once with the signal', async () => {
      const stop = new AbortController();
      const { arm, seen } = connected({
        answer(request) {
          if (isPage(request)) {
            stop.abort(new Error('enough'));
          }
          return undefined;
        },
      });
      const made = await plan(arm, scopes.account, OCTOBER);
      await assert.rejects(chunksOf(made.pieces[0] as Plan['pieces'][number], { signal: stop.signal }), /enough/);
      assert.equal(seen.requests.filter(isPage).length, 1);
      await assert.rejects(
        planExport({ kind: 'usageDetails', scopes: [{ scope: account }] }, { arm }, { signal: stop.signal }),
        /enough/,
      );
    });

    it('refuses what cannot be asked for, before anything is sent', async () => {
      const { arm, seen } = connected();
      const failing = (scopes: { scope: string }[], period?: Period) =>
        failureOf(planExport({ kind: 'usageDetails', scopes, ...(period && { period }) }, { arm }));
      assert.match((await failing([])).message, /^scopes:/);
      assert.match((await failing([{ scope: '/elsewhere' }])).message, /^scope:/);
      assert.match((await failing([{ scope: account }, { scope: account.toUpperCase() }])).message, /^scopes:.*twice/);
      assert.match((await failing([{ scope: invoice }], OCTOBER)).message, /^period:/);
      assert.equal(seen.requests.length, 0);
    });
  });

  describe('of several scopes', () => {
    const several = (arm: ArmClient, count: number, period = OCTOBER) =>
      planExport(
        {
          kind: 'usageDetails',
          scopes: subscriptions.slice(0, count).map((scope, i) => ({ scope, label: `Subscription ${i}` })),
          period,
        },
        { arm },
      );

    for (const count of [2, 4, 11]) {
      it(`has the rows of ${count} one after the other, each piece with its scope`, async () => {
        const { arm } = connected();
        const made = await several(arm, count);
        const found = new Map<string, string[]>();
        for (const piece of made.pieces) {
          const { scope, label } = piece.scope ?? { scope: '', label: '' };
          assert.match(label, /^Subscription \d/);
          found.set(scope, [...(found.get(scope) ?? []), ...rowsOf('pages', await chunksOf(piece))]);
        }
        const expected = subscriptions.slice(0, count);
        assert.deepEqual([...found.keys()], expected);
        for (const scope of expected) {
          clock.pass(60_000);
          assert.deepEqual(found.get(scope), await sequential(arm, scope, OCTOBER));
        }
        assert.equal(await refused(), 0);
      });
    }

    it('has one piece of each, and one page read, where there are more than can be begun', async () => {
      const { arm, seen } = connected();
      const made = await several(arm, subscriptions.length);
      assert.equal(made.pieces.length, subscriptions.length);
      assert.equal(seen.requests.length, 1);
      assert.ok(made.estimate.seconds >= 60, 'it has to wait for the next minute');
      assert.equal(made.estimate.known, false);
    });
  });
});
