import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { dismissAlert } from '../../src/api/arm/alerts.ts';
import { type ArmClient, createArmClient } from '../../src/api/arm/armClient.ts';
import { type CostQuery, queryCost } from '../../src/api/arm/costQuery.ts';
import { readCostTable } from '../../src/api/arm/costTable.ts';
import { discoverDimensions } from '../../src/api/arm/dimensions.ts';
import { forecastCost } from '../../src/api/arm/forecast.ts';
import { parseCostScope } from '../../src/api/arm/scope.ts';
import { BillingError } from '../../src/api/http/errors.ts';
import type { Transport } from '../../src/api/http/transport.ts';
import { digitsOf, ExactNumber } from '../../src/json/exact.ts';
import { connect } from '../support/arm.ts';
import { FastClock } from '../support/fastClock.ts';
import { type StubAnswer, type StubRequest, sendJson, startStubService } from '../support/stubService.ts';

const SCOPE = parseCostScope('/providers/Microsoft.Billing/billingAccounts/a:b_2019-05-31/customers/c');
const QUERY: CostQuery = {
  type: 'ActualCost',
  timeframe: 'MonthToDate',
  dataset: { granularity: 'None', filter: { tags: { name: 'team', operator: 'In', values: ['ä'] } } },
};

async function against(
  answer: StubAnswer,
  test: (arm: ArmClient, requests: StubRequest[], base: string) => Promise<void>,
): Promise<void> {
  const service = await startStubService(answer);
  const { arm, close } = connect(service.base, { clock: new FastClock() });
  try {
    await test(arm, service.requests, service.base);
  } finally {
    await close();
    await service.close();
  }
}

/** Answers the pages one after the other, each with a link to the next. */
function pages(...list: { columns: string[]; rows: string }[]): StubAnswer {
  let sent = 0;
  return (_request, response, base) => {
    const page = list[sent++];
    const link = sent < list.length ? `${base}/Query?api-version=2019-10-01&$skiptoken=A%3D%3D${sent}` : '';
    const columns = JSON.stringify(page?.columns.map((name) => ({ name, type: 'Number' })));
    sendJson(response, 200, `{"properties":{"nextLink":"${link}","columns":${columns},"rows":${page?.rows}}}`);
  };
}

describe('cost tables', () => {
  it('are read to the end by posting the same body to each link as it is', async () => {
    const answer = pages(
      { columns: ['Cost', 'Currency'], rows: '[[1.12345678901234567890,"USD"]]' },
      { columns: ['Cost', 'Currency'], rows: '[[0.10,null],[3,"EUR"]]' },
    );
    await against(answer, async (arm, requests) => {
      const table = await readCostTable(queryCost(arm, SCOPE, QUERY, { top: 5000 }));
      assert.deepEqual(
        table.rows.map(([cost]) => (cost instanceof ExactNumber || typeof cost === 'number' ? digitsOf(cost) : cost)),
        ['1.12345678901234567890', '0.10', '3'],
      );
      assert.deepEqual(
        table.columns.map(({ name }) => name),
        ['Cost', 'Currency'],
      );
      assert.equal(table.pages, 2);
      const [first, second] = requests;
      assert.equal(new URL(first?.target ?? '', 'http://x').searchParams.get('$top'), '5000');
      assert.equal(second?.target, '/Query?api-version=2019-10-01&$skiptoken=A%3D%3D1');
      assert.equal(second?.method, 'POST');
      assert.deepEqual(JSON.parse(first?.body ?? ''), QUERY);
      assert.equal(second?.body, first?.body);
    });
  });

  it('are empty when there is nothing (204)', async () => {
    await against(
      (_request, response) => response.writeHead(204).end(),
      async (arm) => {
        const { columns, rows, pages } = await readCostTable(queryCost(arm, SCOPE, QUERY));
        assert.deepEqual([columns, rows, pages], [[], [], 1]);
      },
    );
  });

  it('are asked for again after a throttled answer', async () => {
    const answer = pages({ columns: ['Cost'], rows: '[[1]]' });
    let calls = 0;
    await against(
      (request, response, base) => {
        if (calls++ === 0) {
          const headers = { 'x-ms-ratelimit-microsoft.costmanagement-entity-retry-after': '38' };
          sendJson(response, 429, { error: { code: '429', message: 'Too many requests. Please retry.' } }, headers);
        } else {
          answer(request, response, base);
        }
      },
      async (arm) => {
        const waits: number[] = [];
        const options = { onWait: (wait: { milliseconds: number }) => waits.push(wait.milliseconds) };
        assert.equal((await readCostTable(queryCost(arm, SCOPE, QUERY), options)).rows.length, 1);
        assert.deepEqual(waits, [38_000]);
      },
    );
  });

  for (const [title, list] of [
    [
      'whose columns change between pages',
      [
        { columns: ['Cost'], rows: '[[1]]' },
        { columns: ['USD'], rows: '[[1]]' },
      ],
    ],
    ['with a row that is too short', [{ columns: ['Cost', 'Currency'], rows: '[[1]]' }]],
    ['with rows and no columns', [{ columns: [], rows: '[[1]]' }]],
  ] as const) {
    it(`${title} are refused`, async () => {
      await against(pages(...list.map((page) => ({ ...page, columns: [...page.columns] }))), async (arm) => {
        await assert.rejects(
          readCostTable(queryCost(arm, SCOPE, QUERY)),
          (error: unknown) => error instanceof BillingError && error.kind === 'malformed',
        );
      });
    });
  }

  it('are not asked for with a wrong page size', async () => {
    await against(pages(), async (arm, requests) => {
      for (const top of [0, 5001, 1.5, Number.NaN]) {
        assert.throws(() => queryCost(arm, SCOPE, QUERY, { top }), /top: /);
      }
      assert.equal(requests.length, 0);
    });
  });

  it('that cannot be forecast say what is missing', async () => {
    const failure = { error: { code: 'FailedDependency', message: 'Bad training data' } };
    const forecast = {
      type: 'ActualCost',
      timeframe: 'Custom',
      timePeriod: { from: '2026-10-01', to: '2026-10-31' },
      dataset: { aggregation: { total: { name: 'Cost', function: 'Sum' } } },
    } as const;
    await against(
      (_request, response) => sendJson(response, 424, failure),
      async (arm) => {
        await assert.rejects(
          readCostTable(forecastCost(arm, SCOPE, forecast)),
          (error: unknown) => error instanceof BillingError && /four weeks|one currency/.test(error.advice ?? ''),
        );
      },
    );
  });
});

describe('dimensions of a scope', () => {
  it('are read through the links inside the items, each once', async () => {
    const item = (category: string, data: string[], nextLink: string | null = null) => ({
      id: category,
      name: category,
      properties: { category, data, nextLink, filterEnabled: true, groupingEnabled: category !== 'ResourceId' },
    });
    let cut = true;
    await against(
      (request, response, base) => {
        const page = /page=(\w+)/.exec(request.target)?.[1] ?? 'first';
        const link = (name: string) => `${base}/dimensions?page=${name}`;
        const items: Record<string, unknown[]> = {
          first: [item('Meter', ['m1'], link('meter2')), item('ResourceId', ['r1'], link('resource2'))],
          meter2: [item('Meter', ['m2'], link('meter3'))],
          meter3: [item('Meter', ['m3'], '')],
          resource2: [item('ResourceId', ['r2'])],
        };
        const text = JSON.stringify({ value: items[page] });
        sendJson(response, 200, cut && page === 'meter2' ? text.slice(0, -5) : text);
        cut &&= page !== 'meter2';
      },
      async (arm, requests) => {
        assert.deepEqual(await discoverDimensions(arm, SCOPE, { values: true }), [
          { category: 'Meter', description: 'Meter', canGroup: true, canFilter: true, values: ['m1', 'm2', 'm3'] },
          { category: 'ResourceId', description: 'ResourceId', canGroup: false, canFilter: true, values: ['r1', 'r2'] },
        ]);
        // Four pages; one of them was cut short and asked for again.
        assert.equal(requests.length, 5);
      },
    );
  });

  it('cost one call when no values are asked for', async () => {
    await against(
      (_request, response, base) => {
        const properties = { category: 'Meter', groupingEnabled: true, nextLink: `${base}/dimensions?page=2` };
        sendJson(response, 200, { value: [{ properties }] });
      },
      async (arm, requests) => {
        const [only] = await discoverDimensions(arm, SCOPE);
        assert.deepEqual([only?.category, only?.canGroup, only?.canFilter], ['Meter', true, false]);
        assert.equal(requests.length, 1);
      },
    );
  });

  it('are followed over https where the service links to itself over http, and nowhere else', async () => {
    const asked: string[] = [];
    const transport: Transport = {
      async send({ origin, path }) {
        asked.push(origin + path);
        const nextLink =
          asked.length === 1 ? "http://arm.test/d?$filter=a eq 'b'&$skiptoken=A%3D" : 'http://evil.test/d';
        const text = JSON.stringify({ value: [{ properties: { category: 'Meter', nextLink } }] });
        return { status: 200, headers: {}, body: Readable.from([Buffer.from(text)]) };
      },
      close: async () => undefined,
    };
    const arm = createArmClient({ transport, base: 'https://arm.test' });
    await assert.rejects(
      discoverDimensions(arm, SCOPE, { values: true }),
      (error: unknown) => error instanceof BillingError && error.kind === 'unsafeLink',
    );
    assert.deepEqual(asked.slice(1), ['https://arm.test/d?$filter=a%20eq%20%27b%27&$skiptoken=A%3D']);
  });

  it('are none when there is nothing (204)', async () => {
    await against(
      (_request, response) => response.writeHead(204).end(),
      async (arm) => assert.deepEqual(await discoverDimensions(arm, SCOPE), []),
    );
  });
});

describe('dismissing an alert', () => {
  it('is not repeated after a failure', async () => {
    await against(
      (_request, response) => sendJson(response, 503, {}),
      async (arm, requests) => {
        await assert.rejects(dismissAlert(arm, SCOPE, 'x'), BillingError);
        assert.equal(requests.length, 1);
        assert.deepEqual(JSON.parse(requests[0]?.body ?? ''), { properties: { status: 'Dismissed' } });
      },
    );
  });
});
