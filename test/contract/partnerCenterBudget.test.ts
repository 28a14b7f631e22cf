import assert from 'node:assert/strict';
import { BillingError } from '../../src/api/http/errors.ts';
import {
  type BudgetAmount,
  ChangedBudgetError,
  changeUsageBudget,
  getUsageBudget,
  setUsageBudget,
} from '../../src/api/partnerCenter/usageBudget.ts';
import { digitsOf, ExactNumber } from '../../src/json/exact.ts';
import { withStub } from '../support/partnerCenter.ts';
import { type StubAnswer, sendJson } from '../support/stubService.ts';

/** Keeps the digits of the last amount that was set, and answers with them behind a byte order mark. */
function budgetOf(amount: string | undefined): StubAnswer {
  let held = amount;
  return (request, response) => {
    if (request.method === 'PATCH') {
      const set = /"Amount":([^,}]*)/.exec(request.body)?.[1];
      held = set === 'null' ? undefined : set;
    }
    const own = held === undefined ? '' : `"amount":${held},"usageSpendingBudget":${held},`;
    sendJson(response, 200, `\ufeff{${own}"attributes":{"objectType":"SpendingBudget"}}`);
  };
}

const digits = (amount: unknown) => (amount === undefined ? undefined : digitsOf(amount as number));

describe('Partner Center: spending budget', () => {
  it('is none without an amount', async () => {
    await withStub(budgetOf(undefined), async ({ client }) => {
      assert.equal((await getUsageBudget(client, 'c1')).amount, undefined);
    });
  });

  it('is no other answer', async () => {
    for (const body of ['{}', '{"code":"3000","description":"no"}', '[]', 'null', '{"amount":"100"}']) {
      await withStub(
        (_request, response) => sendJson(response, 200, body),
        async ({ client }) => {
          await assert.rejects(getUsageBudget(client, 'c1'), { kind: 'malformed', message: /unexpected shape/ });
        },
      );
    }
  });

  const amounts: [BudgetAmount, string | undefined][] = [
    [100, '100'],
    [0, '0'],
    ['99.50', '99.50'],
    ['0.12345678901234567890', '0.12345678901234567890'],
    [new ExactNumber('123456789012345678.25'), '123456789012345678.25'],
    [null, undefined],
  ];
  for (const [amount, expected] of amounts) {
    it(`${amount} is set digit by digit`, async () => {
      await withStub(budgetOf('7'), async ({ client }) => {
        assert.equal(digits((await setUsageBudget(client, 'c1', amount)).amount), expected);
        assert.equal(digits((await getUsageBudget(client, 'c1')).amount), expected);
      });
    });
  }

  it('refuses what is no amount, and sends nothing', async () => {
    const wrong: [BudgetAmount, RegExp][] = [
      [-1, /^amount: '-1' is negative; give a number from 0 on, or null for no budget\.$/],
      ['-0.01', /is negative/],
      [Number.NaN, /^amount: 'NaN' is not an amount/],
      [1e21, /is not an amount/],
      ['', /is not an amount/],
      ['1,000', /is not an amount/],
      ['007', /is not an amount/],
      ['1e3', /is not an amount/],
      ['100 USD', /is not an amount/],
    ];
    await withStub(budgetOf('7'), async ({ client, service }) => {
      for (const [amount, message] of wrong) {
        assert.throws(() => setUsageBudget(client, 'c1', amount), { kind: 'argument', message });
        await assert.rejects(changeUsageBudget(client, 'c1', { from: 7, to: amount }), { kind: 'argument', message });
      }
      assert.equal(service.requests.length, 0);
    });
  });

  it('is sent again under the same request id, so that the service knows it', async () => {
    const budget = budgetOf('7');
    let sent = 0;
    await withStub(
      (request, response, base) => (sent++ === 0 ? sendJson(response, 500, '') : budget(request, response, base)),
      async ({ client, service }) => {
        assert.equal((await setUsageBudget(client, 'c1', 8)).amount, 8);
        const [first, second] = service.requests.map(({ headers, body }) => [headers['ms-requestid'], body]);
        assert.deepEqual(first, second);
      },
    );
  });

  it('is changed when it still is what the user saw', async () => {
    for (const [held, from] of [
      ['100.0', 100],
      ['99.5', '99.50'],
      [undefined, null],
      [undefined, undefined],
    ] as const) {
      await withStub(budgetOf(held), async ({ client, service }) => {
        const { before, after } = await changeUsageBudget(client, 'c1', { from, to: '250.75' });
        assert.equal(digits(before.amount), held);
        assert.equal(digits(after.amount), '250.75');
        assert.deepEqual(
          service.requests.map(({ method }) => method),
          ['GET', 'PATCH'],
        );
        const [read, write] = service.requests.map(({ headers }) => headers);
        assert.equal(read?.['ms-correlationid'], write?.['ms-correlationid']);
        assert.notEqual(read?.['ms-requestid'], write?.['ms-requestid']);
      });
    }
  });

  it('is left alone when somebody else changed it', async () => {
    for (const [held, from, told] of [
      ['120', 100, /it is 120 by now/],
      [undefined, 100, /it is no budget by now/],
      ['0', null, /it is 0 by now/],
    ] as const) {
      await withStub(budgetOf(held), async ({ client, service }) => {
        const error = await changeUsageBudget(client, 'c1', { from, to: 5 }).catch((reason: unknown) => reason);
        assert.ok(error instanceof ChangedBudgetError && error instanceof BillingError);
        assert.match(error.message, told);
        assert.equal(digits(error.current.amount ?? undefined), held);
        assert.equal(service.requests.length, 1, 'nothing was written');
      });
    }
  });
});
