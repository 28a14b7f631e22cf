import assert from 'node:assert/strict';
import type { ArmClient } from '../../src/api/arm/armClient.ts';
import type { BudgetProvider } from '../../src/api/arm/budgetRules/context.ts';
import { type Budget, getBudget } from '../../src/api/arm/budgets.ts';
import { scopePath } from '../../src/api/arm/scope.ts';
import { createUndiciTransport } from '../../src/api/http/undiciTransport.ts';
import { type BudgetBody, bodyOf } from '../../src/budgeting/budgetBody.ts';
import { createBudget } from '../../src/budgeting/createBudget.ts';
import { chooseSide } from '../../src/budgeting/mergeBudgets.ts';
import { removeBudget } from '../../src/budgeting/removeBudget.ts';
import { type BudgetPlace, type BudgetUndo, type SaveOptions, saveBudget } from '../../src/budgeting/saveBudget.ts';
import { undoChange } from '../../src/budgeting/undoChange.ts';
import { digitsOf, ExactNumber } from '../../src/json/exact.ts';
import { parseJson } from '../../src/json/parseJson.ts';
import { type BudgetBench, startBudgetBench, TODAY } from '../support/budgetBench.ts';
import { type OfficialBench, startOfficialBench } from '../support/officialClients.ts';
import { type Trouble, TroubledTransport } from '../support/troubledTransport.ts';

const OPTIONS: SaveOptions = { today: TODAY, currency: 'USD' };

const BODY: BudgetBody = {
  category: 'Cost',
  amount: new ExactNumber('1250.00'),
  timeGrain: 'Monthly',
  timePeriod: { startDate: '2026-11-01T00:00:00Z', endDate: '2027-10-31T00:00:00Z' },
  notifications: {
    eighty: { enabled: true, operator: 'GreaterThan', threshold: 80, contactEmails: ['billing@harbourlight.example'] },
  },
};

/** What a save ended as, when it did as expected. */
function of<T extends { kind: string }, K extends T['kind']>(outcome: T, kind: K): Extract<T, { kind: K }> {
  assert.equal(outcome.kind, kind, JSON.stringify(outcome));
  return outcome as Extract<T, { kind: K }>;
}

const amountOf = ({ properties }: Budget) => {
  const { amount } = properties;
  return amount === undefined || amount === null ? undefined : digitsOf(amount);
};

describe('saving budgets', () => {
  let bench: BudgetBench;
  let arm: ArmClient;
  let place: BudgetPlace;

  before(async () => {
    bench = await startBudgetBench();
    arm = bench.arm();
    place = { scope: bench.scopes.customer, name: 'quick' };
  });
  after(() => bench.close());
  beforeEach(() => reset());

  async function reset(): Promise<void> {
    await fetch(`${bench.service.endpoints.resourceManager}/_sample/reset`, { method: 'POST' });
  }

  async function made(of_ = place, client = arm): Promise<Budget> {
    return of(await createBudget(client, of_, BODY, OPTIONS), 'saved').budget;
  }

  /** A client whose PUTs (or DELETEs) meet trouble, the first time. */
  function troubled(trouble: Trouble, method = 'PUT', first?: () => Promise<unknown>) {
    let left = 1;
    const transport = new TroubledTransport(createUndiciTransport(), async (request) => {
      if (request.method !== method || left-- <= 0) {
        return undefined;
      }
      await first?.();
      return trouble;
    });
    return { transport, arm: bench.arm('newest', transport) };
  }

  for (const provider of ['costManagement', 'consumption'] as const) {
    for (const versions of ['newest', 'seed'] as const) {
      it(`creates, edits, meets a conflict, resolves it, takes it back and deletes: ${provider}, ${versions}, every scope`, async () => {
        const [one, other] = [bench.arm(versions), bench.arm(versions)];
        for (const scope of Object.values(bench.scopes)) {
          await walkThrough(one, other, { scope, provider, name: 'walk' });
        }
      });
    }
  }

  async function walkThrough(mine: ArmClient, theirs: ArmClient, at: BudgetPlace & { provider: BudgetProvider }) {
    const opened = await made(at, mine);
    of(await createBudget(theirs, at, { ...BODY, amount: 5 }, OPTIONS), 'exists');
    const edited = { ...bodyOf(opened), amount: new ExactNumber('1300.50') };
    const first = of(await saveBudget(mine, at, opened, edited, OPTIONS), 'saved');
    assert.deepEqual(
      first.change.fields.map(({ sentence }) => sentence),
      ['amount: 1,250.00 → 1,300.50 USD'],
    );
    assert.equal(amountOf(first.budget), '1300.50');
    // The other window still has the first one open.
    const their = { ...bodyOf(opened), amount: 900, timeGrain: 'Quarterly' };
    const { merge, theirs: now } = of(await saveBudget(theirs, at, opened, their, OPTIONS), 'conflict');
    assert.deepEqual(
      merge.conflicts.map(({ pointer }) => pointer),
      ['/amount'],
    );
    const resolved = of(
      await saveBudget(theirs, at, now, chooseSide(merge, '/amount', 'theirs').merged, OPTIONS),
      'saved',
    );
    assert.equal(amountOf(resolved.budget), '1300.50');
    assert.equal(resolved.budget.properties.timeGrain, 'Quarterly');
    const back = of(await undoChange(theirs, at, resolved.undo, OPTIONS), 'saved');
    assert.equal(back.budget.properties.timeGrain, 'Monthly');
    assert.notEqual(back.budget.eTag, resolved.budget.eTag);
    of(await undoChange(mine, at, first.undo, OPTIONS), 'saved');
    of(await removeBudget(mine, at, first.budget, OPTIONS), 'changed');
    const last = await getBudget(mine, at, at.name);
    const removed = of(await removeBudget(mine, at, last, OPTIONS), 'removed');
    of(await removeBudget(theirs, at, last, OPTIONS), 'gone');
    of(await saveBudget(theirs, at, last, { ...bodyOf(last), amount: 7 }, OPTIONS), 'deleted');
    const again = of(await undoChange(mine, at, removed.undo, OPTIONS), 'saved');
    assert.deepEqual(bodyOf(again.budget), bodyOf(last));
    of(await undoChange(mine, at, again.undo, OPTIONS), 'removed');
  }

  it('sends nothing for a budget that breaks a rule, that is unchanged, or whose change is not confirmed', async () => {
    const opened = await made();
    const puts = () => bench.service.requests().filter(({ method }) => method === 'PUT').length;
    const before = puts();
    const wrong = of(await saveBudget(arm, place, opened, { ...bodyOf(opened), amount: 0 }, OPTIONS), 'refused');
    assert.equal(wrong.reason, 'rule');
    assert.equal(wrong.findings[0]?.pointer, '/amount');
    of(
      await saveBudget(arm, place, opened, { ...bodyOf(opened), amount: new ExactNumber('1.25e3') }, OPTIONS),
      'unchanged',
    );
    const shown: string[] = [];
    const confirm: SaveOptions['confirm'] = async ({ fields }) => {
      shown.push(...fields.map(({ sentence }) => sentence));
      return false;
    };
    const edited = { ...bodyOf(opened), amount: 2 };
    assert.deepEqual(await saveBudget(arm, place, opened, edited, { ...OPTIONS, confirm }), {
      kind: 'cancelled',
      sent: false,
    });
    assert.deepEqual(shown, ['amount: 1,250.00 → 2 USD']);
    assert.equal(puts(), before);
  });

  it('tells the steps', async () => {
    const opened = await made();
    const steps: string[] = [];
    const onStep = (step: string) => steps.push(step);
    await saveBudget(arm, place, opened, { ...bodyOf(opened), amount: 2 }, { ...OPTIONS, onStep });
    assert.deepEqual(steps, ['reading', 'checking', 'confirming', 'writing', 'readingBack']);
  });

  it('sends the former budget with the changed members in it: digits and members that nobody knows survive', async () => {
    const opened = await made();
    const odd = parseJson(
      JSON.stringify({ ...opened, tags: { team: 'x' } }).replace('"timeGrain"', '"own":{"a":1.10},"timeGrain"'),
    ) as Budget;
    // The service of the sample forgets what it does not know, so the read is answered in its place.
    let reads = 0;
    const transport = new TroubledTransport(createUndiciTransport(), ({ method }) =>
      method === 'GET' && reads++ === 0 ? { kind: 'instead', status: 200, body: JSON.stringify(odd) } : undefined,
    );
    const edited = { ...bodyOf(odd), timeGrain: 'Quarterly' };
    const { differences } = of(await saveBudget(bench.arm('newest', transport), place, odd, edited, OPTIONS), 'saved');
    assert.deepEqual(differences, []);
    const body = transport.requests.find(({ method }) => method === 'PUT')?.body ?? '';
    assert.deepEqual(JSON.parse(body), {
      tags: { team: 'x' },
      eTag: opened.eTag,
      properties: JSON.parse(JSON.stringify({ ...bodyOf(odd), timeGrain: 'Quarterly' })),
    });
    assert.match(body, /"amount":1250\.00,/);
    assert.match(body, /"own":\{"a":1\.10\}/);
  });

  for (const [what, trouble] of [
    ['breaks off', { kind: 'resetAfter' }],
    ['is an error of the service', { kind: 'answered', status: 500 }],
    ['is one of a gateway', { kind: 'answered', status: 504, body: '<html>' }],
    ['is cut', { kind: 'answered', status: 200, body: '{"id":"x","na' }],
  ] as [string, Trouble][]) {
    it(`finds that a write was done though its answer ${what}`, async () => {
      const opened = await made();
      const { arm: client } = troubled(trouble);
      const saved = of(await saveBudget(client, place, opened, { ...bodyOf(opened), amount: 2 }, OPTIONS), 'saved');
      assert.equal(saved.answerLost, true);
      assert.equal(amountOf(saved.budget), '2');
      of(await undoChange(arm, place, saved.undo, OPTIONS), 'saved');
    });
  }

  for (const [what, trouble] of [
    ['breaks off', { kind: 'resetBefore' }],
    ['is an error', { kind: 'instead', status: 503 }],
  ] as [string, Trouble][]) {
    it(`finds that nothing was written when the answer ${what}`, async () => {
      const opened = await made();
      const { arm: client, transport } = troubled(trouble);
      const edited = { ...bodyOf(opened), amount: 2 };
      const outcome = of(await saveBudget(client, place, opened, edited, OPTIONS), 'notApplied');
      assert.equal(outcome.budget.eTag, opened.eTag);
      assert.equal(transport.requests.filter(({ method }) => method === 'PUT').length, 1);
      of(await saveBudget(client, place, opened, edited, OPTIONS), 'saved');
    });
  }

  it('shows what somebody else wrote while the answer was lost', async () => {
    const opened = await made();
    const other = () => saveBudget(arm, place, opened, { ...bodyOf(opened), amount: 900 }, OPTIONS);
    const { arm: client } = troubled({ kind: 'instead', status: 500 }, 'PUT', other);
    const edited = { ...bodyOf(opened), amount: 2, timeGrain: 'Quarterly' };
    const { merge } = of(await saveBudget(client, place, opened, edited, OPTIONS), 'conflict');
    assert.deepEqual(
      [merge.conflicts[0]?.mine, merge.conflicts[0]?.theirs, merge.merged.timeGrain],
      [2, 900, 'Quarterly'],
    );
  });

  it('says that nothing is known when it cannot be read either', async () => {
    const opened = await made();
    let puts = 0;
    const transport = new TroubledTransport(createUndiciTransport(), ({ method }) => {
      puts += method === 'PUT' ? 1 : 0;
      return puts > 0 ? { kind: 'resetBefore' } : undefined;
    });
    const client = bench.arm('newest', transport);
    const outcome = of(await saveBudget(client, place, opened, { ...bodyOf(opened), amount: 2 }, OPTIONS), 'unknown');
    assert.match(outcome.message, /not known.*Open it again before you save/s);
  });

  for (const status of [400, 409, 412]) {
    it(`shows a conflict when somebody writes between reading and writing: HTTP ${status}`, async () => {
      const opened = await made();
      const other = () => saveBudget(arm, place, opened, { ...bodyOf(opened), amount: 900 }, OPTIONS);
      const message = 'There are changes made to Budget quick. Please get the latest budget to avoid an overwrite.';
      const body = JSON.stringify({ error: { code: String(status), message } });
      const { arm: client } = troubled({ kind: 'instead', status, body }, 'PUT', other);
      const edited = { ...bodyOf(opened), amount: 2 };
      const { theirs } = of(await saveBudget(client, place, opened, edited, OPTIONS), 'conflict');
      assert.equal(amountOf(theirs), '900');
    });
  }

  for (const [status, code, reason] of [
    [400, 'BadRequest', 'rule'],
    [401, 'InvalidAuthenticationToken', 'signIn'],
    [403, 'RBACAccessDenied', 'role'],
    [409, 'ReadOnlyDisabledSubscription', 'readOnly'],
    [404, 'NotFound', 'other'],
  ] as const) {
    it(`is refused by HTTP ${status} ${code}, and nothing is said of a conflict`, async () => {
      const opened = await made();
      const body = JSON.stringify({ error: { code, message: 'No.' } });
      const { arm: client } = troubled({ kind: 'instead', status, body });
      const outcome = of(await saveBudget(client, place, opened, { ...bodyOf(opened), amount: 2 }, OPTIONS), 'refused');
      assert.equal(outcome.reason, reason);
      assert.match(outcome.message, /^Save the budget failed with HTTP/);
    });
  }

  it('is deleted when somebody deletes it between reading and writing, and the write is refused', async () => {
    const opened = await made();
    const other = () => removeBudget(arm, place, opened, OPTIONS);
    const { arm: client } = troubled({ kind: 'instead', status: 412 }, 'PUT', other);
    of(await saveBudget(client, place, opened, { ...bodyOf(opened), amount: 2 }, OPTIONS), 'deleted');
  });

  it('says that a write made the budget anew when somebody deleted it in that moment', async () => {
    const opened = await made();
    let left = 1;
    const transport = new TroubledTransport(createUndiciTransport(), async ({ method }) => {
      if (method === 'PUT' && left-- > 0) {
        await removeBudget(arm, place, opened, OPTIONS);
      }
      return undefined;
    });
    const client = bench.arm('newest', transport);
    const saved = of(await saveBudget(client, place, opened, { ...bodyOf(opened), amount: 2 }, OPTIONS), 'saved');
    assert.equal(saved.recreated, true);
  });

  it('says that somebody changed it right after, and does not call theirs ours', async () => {
    const opened = await made();
    let written = false;
    const transport = new TroubledTransport(createUndiciTransport(), async ({ method }) => {
      if (method === 'GET' && written) {
        written = false;
        const now = await getBudget(arm, place, place.name);
        await saveBudget(arm, place, now, { ...bodyOf(now), timeGrain: 'Quarterly' }, OPTIONS);
      }
      written ||= method === 'PUT';
      return undefined;
    });
    const client = bench.arm('newest', transport);
    const saved = of(await saveBudget(client, place, opened, { ...bodyOf(opened), amount: 2 }, OPTIONS), 'saved');
    assert.equal(saved.changedSince, true);
    assert.deepEqual(saved.differences, []);
    of(await undoChange(arm, place, saved.undo, OPTIONS), 'conflict');
  });

  it('is cancelled before anything is sent, or tells that something was', async () => {
    const opened = await made();
    const early = new AbortController();
    early.abort();
    const edited = { ...bodyOf(opened), amount: 2 };
    const none = await saveBudget(arm, place, opened, edited, { ...OPTIONS, signal: early.signal });
    assert.deepEqual(none, { kind: 'cancelled', sent: false });
    const late = new AbortController();
    const { arm: client } = troubled({ kind: 'resetBefore' }, 'PUT', async () => late.abort());
    const sent = await saveBudget(client, place, opened, edited, { ...OPTIONS, signal: late.signal });
    assert.deepEqual(sent, { kind: 'cancelled', sent: true });
    const later = new AbortController();
    const done = await saveBudget(troubled({ kind: 'resetAfter' }).arm, place, opened, edited, {
      ...OPTIONS,
      signal: later.signal,
      onStep: (step) => step === 'readingBack' && later.abort(),
    });
    assert.equal(of(done, 'saved').answerLost, true);
  });

  it('finds what became of a create and of a delete whose answers were lost', async () => {
    const after = of(await createBudget(troubled({ kind: 'resetAfter' }).arm, place, BODY, OPTIONS), 'saved');
    assert.equal(after.answerLost, true);
    const name = { ...place, name: 'never' };
    of(await createBudget(troubled({ kind: 'resetBefore' }).arm, name, BODY, OPTIONS), 'notCreated');
    const lost = { kind: 'instead', status: 400, body: '{}' } as const;
    of(await removeBudget(troubled(lost, 'DELETE').arm, place, after.budget, OPTIONS), 'refused');
    of(await removeBudget(troubled({ kind: 'resetAfter' }, 'DELETE').arm, place, after.budget, OPTIONS), 'removed');
  });

  it('loses nothing when two windows write the same budget again and again', async () => {
    let count = 0;
    const writer = async (name: string): Promise<void> => {
      const client = bench.arm();
      let base = await getBudget(client, place, place.name);
      for (let round = 0; round < 10; round++) {
        const mail = `${name}${round}@harbourlight.example`;
        const add = ({ notifications, ...rest }: BudgetBody): BudgetBody => ({
          ...rest,
          notifications: {
            eighty: {
              ...notifications?.eighty,
              contactEmails: [...(notifications?.eighty?.contactEmails ?? []), mail],
            },
          },
        });
        let edited = add(bodyOf(base));
        for (;;) {
          const outcome = await saveBudget(client, place, base, edited, OPTIONS);
          if (outcome.kind === 'saved') {
            base = outcome.budget;
            count++;
            break;
          }
          const conflict = of(outcome, 'conflict');
          assert.deepEqual(conflict.merge.conflicts, []);
          base = conflict.theirs;
          edited = conflict.merge.merged;
        }
      }
    };
    await made();
    await Promise.all([writer('one'), writer('two')]);
    const { notifications } = bodyOf(await getBudget(arm, place, place.name));
    const mails = notifications?.eighty?.contactEmails ?? [];
    assert.equal(count, 20);
    assert.equal(new Set(mails).size, 21, mails.join(' '));
  });
});

describe('saved budgets and the official client', () => {
  let official: OfficialBench;

  before(async () => {
    official = await startOfficialBench({ customers: 10, usageRows: 2000 });
  });
  after(() => official.close());

  it('@azure/arm-consumption reads back exactly what was saved', async () => {
    const { arm, service, account, consumption } = official;
    const customer = service.tenant.directory.customer(0).name;
    const place: BudgetPlace = {
      scope: { kind: 'customer', account, customer },
      provider: 'consumption',
      name: 'both',
    };
    let undo: BudgetUndo | undefined;
    for (const amount of ['1250.00', '0.12345678901234567890', '99999999999999999999.99']) {
      const body = {
        ...BODY,
        amount: new ExactNumber(amount),
        filter: { tags: { name: 'team', operator: 'In', values: ['a'] } },
      };
      const outcome =
        undo?.after === undefined
          ? await createBudget(arm, place, body, OPTIONS)
          : await saveBudget(arm, place, undo.after, body, OPTIONS);
      const saved = of(outcome, 'saved');
      undo = saved.undo;
      official.takeTexts();
      const read = await consumption.budgets.get(scopePath(place.scope).slice(1), place.name);
      const [text = ''] = official.takeTexts();
      const { properties } = parseJson(text) as Budget;
      assert.equal(digitsOf(properties.amount ?? 0), amount);
      assert.equal(read.eTag, saved.budget.eTag);
      assert.equal(read.timeGrain, 'Monthly');
      assert.equal(read.timePeriod?.startDate.toISOString(), '2026-11-01T00:00:00.000Z');
      assert.deepEqual(read.filter?.tags, body.filter.tags);
      assert.deepEqual(read.notifications?.eighty?.contactEmails, ['billing@harbourlight.example']);
      assert.deepEqual(bodyOf(parseJson(text) as Budget), bodyOf(saved.budget));
    }
  });
});
