import assert from 'node:assert/strict';
import { createArmClient } from '../../src/api/arm/armClient.ts';
import type { WireRequest, WireResponse } from '../../src/api/http/transport.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import { keepPlan, type Plan, RESUME_REFUSED } from '../../src/usage/plan/plan.ts';
import { planExport, reopenPlan } from '../../src/usage/plan/planExport.ts';
import { type Between, transportBetween } from '../support/between.ts';
import { FastClock } from '../support/fastClock.ts';
import { failureOf } from '../support/graph.ts';
import { chunksOf, chunksOfPlan, rowsOf } from '../support/pieces.ts';

const AUTUMN = { from: '2026-09-10', to: '2026-11-05' };
const OCTOBER = { from: '2026-10-01', to: '2026-10-31' };

const isUsage = ({ path }: WireRequest) => /\/usageDetails\?/i.test(path);
const isBlob = ({ path }: WireRequest) => /[?&]sig=/.test(path);
const isCreation = ({ path }: WireRequest) => /generateCostDetailsReport/i.test(path);

async function* bytes(text: string): AsyncGenerator<Uint8Array, void, undefined> {
  yield Buffer.from(text);
}

const refusal = (status: number, code: string, message: string): WireResponse => ({
  status,
  headers: {},
  body: bytes(JSON.stringify({ error: { code, message } })),
});

/** Usage details are refused as unsupported, everything else goes through. */
const unsupported = (request: WireRequest) =>
  isUsage(request) ? refusal(400, 'BadRequest', 'The offer of this subscription is not supported.') : undefined;

describe('the plan of an export by Cost Details', () => {
  let service: SampleService;
  let account: string;
  let customer: string;
  const open: (() => Promise<void>)[] = [];

  before(async () => {
    service = await startSampleService({ customers: 12, usageRows: 60_000, now: new Date('2026-11-21T12:00:00Z') });
    const [main] = service.tenant.accounts;
    assert.ok(main);
    account = `/providers/Microsoft.Billing/billingAccounts/${main.name}`;
    customer = `${account}/customers/${service.tenant.directory.customer(0).name}`;
  });
  after(() => service.close());
  afterEach(async () => {
    await Promise.all(open.splice(0).map((close) => close()));
    await control('reset', {});
    service.setFault(undefined);
  });

  const control = (name: string, body: object) =>
    fetch(`${service.endpoints.resourceManager}/_sample/${name}`, { method: 'POST', body: JSON.stringify(body) });

  const connected = (answer: NonNullable<Between['answer']> = unsupported) => {
    const { transport, seen } = transportBetween({ answer });
    open.push(() => transport.close());
    const arm = createArmClient({ transport, base: service.endpoints.resourceManager, clock: new FastClock() });
    return { arm, seen };
  };

  const truth = (scope: string, { from, to }: { from: string; to: string }) =>
    service.tenant.truth(scope, from, to).rows;

  const plan = (arm: ReturnType<typeof connected>['arm'], period = OCTOBER, scope = account): Promise<Plan> =>
    planExport({ kind: 'usageDetails', scopes: [{ scope }], period }, { arm });

  it('has a report of each month, newest first, with every row', async () => {
    const { arm, seen } = connected();
    const made = await plan(arm, AUTUMN);
    assert.deepEqual(
      [made.content, made.source, made.why],
      ['files', 'Cost Details 2025-03-01', 'usage details do not support this scope or offer'],
    );
    assert.equal(seen.requests.filter(isCreation).length, 0, 'no report is asked for before anybody wants it');
    assert.deepEqual(
      made.pieces.map(({ label }) => label),
      ['2026-11-01 to 2026-11-05', '2026-10', '2026-09-10 to 2026-09-30'],
    );
    assert.equal(rowsOf('files', await chunksOfPlan(made)).length, truth(account, AUTUMN));
    assert.equal(seen.requests.filter(isCreation).length, 3);
  });

  for (const compress of [false, true]) {
    describe(compress ? 'of gzip files' : 'of plain files', () => {
      beforeEach(() => control('reports', { compress, partitionRows: 1_700 }));

      it('gives each file its header once, and its end', async () => {
        const { arm } = connected();
        const [piece] = (await plan(arm)).pieces;
        assert.ok(piece);
        const chunks = await chunksOf(piece);
        assert.equal(chunks.filter(({ endsFile }) => endsFile === true).length, 2);
        const headers = chunks.flatMap(({ header }) => (header === undefined ? [] : [Buffer.from(header).toString()]));
        assert.equal(headers.length, 2);
        assert.match(headers[0] ?? '', /^\ufeff?invoiceId,.*\r?\n$/);
        assert.ok(chunks.length > 4, 'more than one chunk a file');
        assert.equal(rowsOf('files', chunks).length, truth(account, OCTOBER));
        assert.equal(chunks.at(-1)?.resume, undefined);
      });

      it('goes on behind any chunk, in another process too', async () => {
        const made = await plan(connected().arm);
        const kept = JSON.parse(JSON.stringify(keepPlan(made)));
        const [piece] = made.pieces;
        assert.ok(piece);
        const chunks = await chunksOf(piece);
        for (const [at, { resume }] of chunks.slice(0, -1).entries()) {
          assert.ok(resume);
          assert.ok(!/sig=/.test(resume), 'no signature is kept');
          const other = connected();
          const [again] = reopenPlan(kept, { arm: other.arm }).pieces;
          assert.ok(again);
          const rest = await chunksOf(again, { from: resume });
          assert.deepEqual(rowsOf('files', rest), rowsOf('files', chunks.slice(at + 1)));
          assert.equal(other.seen.requests.filter(isCreation).length, 0, 'the report is not written again');
          assert.equal(rest[0]?.header === undefined, false, 'the header is told again');
        }
      });
    });
  }

  it('renews links that have run out, and asks for what is missing only', async () => {
    let blobs = 0;
    const { arm, seen } = connected((request) => {
      if (isBlob(request) && ++blobs === 2) {
        return refusal(403, 'AuthenticationFailed', 'Signature not valid in the specified time frame.');
      }
      return unsupported(request);
    });
    await control('reports', { partitionRows: 1_700 });
    const rows = rowsOf('files', await chunksOfPlan(await plan(arm)));
    assert.equal(rows.length, truth(account, OCTOBER));
    assert.equal(seen.requests.filter(isCreation).length, 1);
  });

  it('says so when the report is gone, or another one', async () => {
    const { arm } = connected();
    await control('reports', { partitionRows: 1_700 });
    const [piece] = (await plan(arm)).pieces;
    assert.ok(piece);
    const [first] = await chunksOf(piece);
    const mark = JSON.parse(first?.resume ?? '{}') as { report: string; sizes: number[] };
    for (const changed of [
      { ...mark, sizes: [...mark.sizes, 1] },
      { ...mark, report: mark.report.replace(/[^/]+(\?|$)/, 'ffffffff-0000-0000-0000-000000000000$1') },
      { ...mark, report: 'https://management.azure.com.example.net/report' },
      { ...mark, eTag: '"another"' },
      { ...mark, offset: 'x' },
    ]) {
      const failure = await failureOf(chunksOf(piece, { from: JSON.stringify(changed) }));
      assert.equal(failure.code, RESUME_REFUSED, failure.message);
    }
  });

  it('has one empty chunk where there is no data', async () => {
    const { arm } = connected();
    const none = { from: '2026-11-30', to: '2026-11-30' };
    const chunks = await chunksOfPlan(await plan(arm, none, customer));
    assert.equal(rowsOf('files', chunks).length, 0);
  });

  it('stays with the refusal where Cost Details cannot bring it', async () => {
    const { arm } = connected();
    const failure = await failureOf(
      planExport({ kind: 'usageDetails', scopes: [{ scope: account }], period: OCTOBER, metric: 'Usage' }, { arm }),
    );
    assert.match(failure.message, /not supported/);
  });

  it('stays with any failure that says nothing about usage details', async () => {
    const { arm } = connected((request) =>
      isUsage(request) ? refusal(403, 'RBACAccessDenied', 'You may not see charges.') : undefined,
    );
    assert.equal((await failureOf(plan(arm))).status, 403);
  });

  it('takes over where it is there first', async () => {
    const clock = new FastClock();
    const { transport } = transportBetween({
      // A page takes half a minute.
      answer(request) {
        clock.pass(isUsage(request) ? 30_000 : 0);
        return undefined;
      },
    });
    open.push(() => transport.close());
    const arm = createArmClient({ transport, base: service.endpoints.resourceManager, clock });
    const made = await plan(arm);
    assert.equal(made.content, 'files');
    assert.match(made.why ?? '', /^usage details would have taken about \d+ calls, about/);
    assert.equal(rowsOf('files', await chunksOfPlan(made)).length, truth(account, OCTOBER));
  });
});
