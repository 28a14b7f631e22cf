import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import type { Exchange, Wait } from '../../src/api/http/client.ts';
import { BillingError } from '../../src/api/http/errors.ts';
import type { PageWalk } from '../../src/api/http/paging.ts';
import { listAzureEntitlements } from '../../src/api/partnerCenter/azureEntitlements.ts';
import { getPartnerCustomer, listPartnerCustomers } from '../../src/api/partnerCenter/customers.ts';
import { listEntitlements } from '../../src/api/partnerCenter/entitlements.ts';
import { listEstimate, listEstimateLinks } from '../../src/api/partnerCenter/estimateLinks.ts';
import { getInvoiceStatement, getTaxReceipt } from '../../src/api/partnerCenter/invoiceStatement.ts';
import { getAccountBalance, listInvoiceSummaries } from '../../src/api/partnerCenter/invoiceSummaries.ts';
import { getPartnerInvoice, listPartnerInvoices } from '../../src/api/partnerCenter/invoices.ts';
import { listLineItems } from '../../src/api/partnerCenter/lineItems.ts';
import { asOneOperation, type PartnerCenterClient } from '../../src/api/partnerCenter/partnerCenterClient.ts';
import { getRateCard } from '../../src/api/partnerCenter/rateCards.ts';
import { getServiceCosts, listServiceCostLineItems } from '../../src/api/partnerCenter/serviceCosts.ts';
import { getPartnerSubscription, listPartnerSubscriptions } from '../../src/api/partnerCenter/subscriptions.ts';
import { getUsageBudget, setUsageBudget } from '../../src/api/partnerCenter/usageBudget.ts';
import {
  listUsageByMeter,
  listUsageByMeterOfLegacyAzure,
  listUsageByResource,
  listUsageOfCustomers,
  listUsageOfSubscriptions,
} from '../../src/api/partnerCenter/usageRecords.ts';
import {
  getUsageSummaryOfCustomer,
  getUsageSummaryOfPartner,
  getUsageSummaryOfSubscription,
} from '../../src/api/partnerCenter/usageSummaries.ts';
import { listUtilizations } from '../../src/api/partnerCenter/utilizations.ts';
import { collect } from '../support/arm.ts';
import { collectPages, connectPartnerCenter, type PartnerStub, withStub } from '../support/partnerCenter.ts';
import { type StubRequest, sendJson, startStubService } from '../support/stubService.ts';

const ADDRESS = { customer: 'c1', subscription: 's1' };
const WINDOW = { ...ADDRESS, start: '2026-10-01', end: '2026-11-01' };
const LINES = { invoice: 'G1', provider: 'onetime', type: 'billinglineitems' };

/** Every call, behind the name that the user knows it by. */
const CALLS: [string, (client: PartnerCenterClient) => Promise<unknown>][] = [
  ['List customers', (client) => collect(listPartnerCustomers(client))],
  ['Get the customer', (client) => getPartnerCustomer(client, 'c1')],
  ['List subscriptions', (client) => collect(listPartnerSubscriptions(client, 'c1'))],
  ['Get the subscription', (client) => getPartnerSubscription(client, 'c1', 's1')],
  ['List the Azure subscriptions of the plan', (client) => collect(listAzureEntitlements(client, 'c1', 's1'))],
  ['List entitlements', (client) => collect(listEntitlements(client, 'c1'))],
  ['List usage records of customers', (client) => collectPages(listUsageOfCustomers(client))],
  ['List usage records', (client) => collectPages(listUsageOfSubscriptions(client, 'c1'))],
  ['List usage by meter', (client) => collectPages(listUsageByMeter(client, ADDRESS))],
  ['List usage by meter', (client) => collectPages(listUsageByMeterOfLegacyAzure(client, ADDRESS))],
  ['List usage by resource', (client) => collectPages(listUsageByResource(client, ADDRESS))],
  ['Get the usage summary', (client) => getUsageSummaryOfCustomer(client, 'c1')],
  ['Get the usage summary', (client) => getUsageSummaryOfSubscription(client, ADDRESS)],
  ['Get the usage summary', (client) => getUsageSummaryOfPartner(client)],
  ['Get the spending budget', (client) => getUsageBudget(client, 'c1')],
  ['Change the spending budget', (client) => setUsageBudget(client, 'c1', '12.5')],
  ['List utilization records', (client) => collectPages(listUtilizations(client, WINDOW))],
  ['List invoices', (client) => collect(listPartnerInvoices(client))],
  ['Get the invoice', (client) => getPartnerInvoice(client, 'G1')],
  ['Get the account balance', (client) => getAccountBalance(client)],
  ['List invoice summaries', (client) => collect(listInvoiceSummaries(client))],
  ['Download the invoice', (client) => getInvoiceStatement(client, 'G1')],
  ['List estimates', (client) => collect(listEstimateLinks(client, 'USD'))],
  [
    'List unbilled line items',
    (client) => collectPages(listEstimate(client, { link: { uri: '/invoices/unbilled/lineitems' } })),
  ],
  ['List invoice line items', (client) => collectPages(listLineItems(client, LINES))],
  ['Get the service costs', (client) => getServiceCosts(client, 'c1')],
  ['List the line items of service costs', (client) => collectPages(listServiceCostLineItems(client, 'c1'))],
  ['Get the rate card', (client) => getRateCard(client)],
];

/** What any of the calls takes for its answer. */
const RIGHT = {
  id: 'x',
  items: [],
  totalCost: 0,
  balanceAmount: 0,
  meters: [],
  attributes: { objectType: 'Anything' },
};
const PDF = '%PDF-1.7\n%%EOF\n';

function sendRight(request: StubRequest, response: ServerResponse): void {
  if (request.target.endsWith('/documents/statement')) {
    response.writeHead(200, { 'content-type': 'application/pdf' });
    response.end(PDF);
  } else {
    sendJson(response, 200, RIGHT);
  }
}

/** A fault of the service, and how it ends when it stays. */
interface Fault {
  send(response: ServerResponse): void;
  kind: BillingError['kind'];
  /** Milliseconds before each retry; none when the failure is final. */
  waits: readonly number[];
  message: RegExp;
  advice: RegExp;
}

const BACKOFF = [1000, 2000, 4000];

const refuse = (status: number, code: number, description: string) => (response: ServerResponse) =>
  sendJson(response, status, { code, description, data: [], source: 'PartnerFD' });

const FAULTS: Record<string, Fault> = {
  '429 of the gateway': {
    send: (response) =>
      sendJson(response, 429, { statusCode: 429, message: 'Rate limit is exceeded.' }, { 'retry-after': '57' }),
    kind: 'refused',
    waits: [57_000, 57_000, 57_000],
    message: /failed with HTTP 429: Rate limit is exceeded\.$/,
    advice: /wait a minute/,
  },
  '429 without a body': {
    send: (response) => response.writeHead(429).end(),
    kind: 'refused',
    waits: BACKOFF,
    message: /failed with HTTP 429\.$/,
    advice: /limit of Partner Center/,
  },
  '500': {
    send: refuse(500, 800003, 'Unexpected service error'),
    kind: 'refused',
    waits: BACKOFF,
    message: /HTTP 500 800003: Unexpected service error\.$/,
    advice: /try again/,
  },
  '503 as a web page': {
    send: (response) => response.writeHead(503, { 'content-type': 'text/html' }).end('<html>busy</html>'),
    kind: 'refused',
    waits: BACKOFF,
    message: /failed with HTTP 503\.$/,
    advice: /try again/,
  },
  'reset in the middle': {
    send: (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"items":[');
      setImmediate(() => response.destroy());
    },
    kind: 'unreachable',
    waits: BACKOFF,
    message: /the connection to 127\.0\.0\.1:\d+ broke\.$/,
    advice: /try again/,
  },
  'sign-in without multifactor authentication': {
    send: refuse(401, 900421, 'MFA is required'),
    kind: 'refused',
    waits: [],
    message: /HTTP 401 900421: MFA is required\.$/,
    advice: /multifactor/,
  },
  'token of a retired audience': {
    send: refuse(401, 900420, 'Audience is not valid'),
    kind: 'refused',
    waits: [],
    message: /HTTP 401 900420/,
    advice: /graph\.windows\.net/,
  },
  'access denied': {
    send: refuse(401, 400, 'Access denied'),
    kind: 'refused',
    waits: [],
    message: /HTTP 401 400: Access denied\.$/,
    advice: /App management/,
  },
  'an application on its own': {
    send: refuse(403, 900329, 'App only is not supported'),
    kind: 'refused',
    waits: [],
    message: /HTTP 403 900329/,
    advice: /signs in a user/,
  },
  'a user without the role': {
    send: refuse(403, 900308, 'Forbidden'),
    kind: 'refused',
    waits: [],
    message: /HTTP 403 900308/,
    advice: /Admin agent/,
  },
  'nothing of JSON': {
    send: (response) => response.writeHead(404).end('No such route'),
    kind: 'refused',
    waits: [],
    message: /failed with HTTP 404: No such route\.$/,
    advice: /belongs to this partner/,
  },
};

/** Faults of bodies that the document calls meet in another way. */
const BODY_FAULTS: Record<string, Fault> = {
  'truncated JSON': {
    send: (response) => sendJson(response, 200, '{"items":[{"id":"a"},{"i'),
    kind: 'malformed',
    waits: BACKOFF,
    message: /cut short or is not JSON/,
    advice: /request id/,
  },
  'an empty body': {
    send: (response) => sendJson(response, 200, ''),
    kind: 'malformed',
    waits: BACKOFF,
    message: /the answer is empty/,
    advice: /Try again/,
  },
  'a web page': {
    send: (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>sign in</html>'),
    kind: 'malformed',
    waits: [],
    message: /a web page, not data/,
    advice: /proxy or a sign-in page/,
  },
  'another shape': {
    send: (response) => sendJson(response, 200, '[{"amount":1}]'),
    kind: 'malformed',
    waits: [],
    message: /unexpected shape/,
    advice: /endpoint is Partner Center/,
  },
};

async function errorOf(run: Promise<unknown>): Promise<BillingError> {
  try {
    await run;
  } catch (error) {
    assert.ok(error instanceof BillingError, String(error));
    return error;
  }
  return assert.fail('it did not fail');
}

const header = (request: StubRequest | undefined, name: string) => String(request?.headers[name]);

describe('Partner Center: calls under faults of the service', () => {
  for (const [name, fault] of Object.entries({ ...FAULTS, ...BODY_FAULTS })) {
    it(`${name}: each call ends in one clear error, and is right again when the fault goes`, async () => {
      for (const [operation, call] of CALLS) {
        if (operation === 'Download the invoice' && name in BODY_FAULTS) {
          continue;
        }
        await withStub(
          (_request, response) => fault.send(response),
          async ({ client, service, clock }) => {
            const error = await errorOf(call(client));
            assert.equal(error.kind, fault.kind, operation);
            assert.match(error.message, fault.message);
            assert.ok(error.message.startsWith(`${operation} failed`), error.message);
            assert.match(error.advice ?? '', fault.advice);
            assert.deepEqual(clock.waits, fault.waits);
            const ids = service.requests.map((request) => header(request, 'ms-requestid'));
            assert.equal(new Set(ids).size, 1, 'the same call when it is sent again');
            assert.equal(error.requestId, ids[0]);
            assert.equal(error.correlationId, header(service.requests[0], 'ms-correlationid'));
          },
        );
        if (fault.waits.length > 0) {
          let sent = 0;
          await withStub(
            (request, response) => (sent++ < 2 ? fault.send(response) : sendRight(request, response)),
            async ({ client, service }) => {
              await call(client);
              assert.equal(service.requests.length, 3);
            },
          );
        }
      }
    });
  }
});

describe('Partner Center: headers', () => {
  it('names the application, the language and both ids, and no id twice', async () => {
    await withStub(
      sendRight,
      async ({ client, service }) => {
        await getUsageBudget(client, 'c1');
        await getUsageBudget(client, 'c1');
        const operation = asOneOperation(client);
        await getUsageBudget(operation, 'c1');
        await getUsageBudget(operation, 'c2');
        const [one, two, three, four] = service.requests;
        assert.equal(header(one, 'authorization'), 'Bearer secret');
        assert.equal(header(one, 'accept'), 'application/json');
        assert.equal(header(one, 'x-locale'), 'de-DE');
        assert.equal(header(one, 'ms-partnercenter-application'), 'Azure Billing Explorer');
        assert.equal(one?.headers['x-ms-client-request-id'], undefined);
        assert.equal(new Set(service.requests.map((request) => header(request, 'ms-requestid'))).size, 4);
        assert.notEqual(header(one, 'ms-correlationid'), header(two, 'ms-correlationid'));
        assert.equal(header(three, 'ms-correlationid'), header(four, 'ms-correlationid'));
      },
      { token: async () => 'secret', locale: 'de-DE' },
    );
  });

  it('has the ids of the answer in the log, and those it sent where there was none', async () => {
    const log: Exchange[] = [];
    await withStub(
      (request, response) =>
        request.target.includes('lost')
          ? response.destroy()
          : sendJson(response, 200, RIGHT, { 'MS-RequestId': 'theirs', 'MS-CorrelationId': 'theirs too' }),
      async ({ client, service }) => {
        await getUsageBudget(client, 'c1');
        const error = await errorOf(getUsageBudget(client, 'lost'));
        const sent = service.requests[1];
        assert.equal(log[0]?.requestId, 'theirs');
        assert.equal(log[1]?.requestId, header(sent, 'ms-requestid'));
        assert.equal(log[1]?.correlationId, header(sent, 'ms-correlationid'));
        assert.equal(error.requestId, log[1]?.requestId);
        assert.equal(error.correlationId, log[1]?.correlationId);
        assert.doesNotMatch(JSON.stringify([log, error]), /secret/);
      },
      { token: async () => 'secret', log: (exchange) => log.push(exchange) },
    );
  });

  it('keeps the continuation token out of errors and the log', async () => {
    const log: Exchange[] = [];
    await withStub(
      (request, response) =>
        request.headers['ms-continuationtoken'] === undefined
          ? sendJson(response, 200, pageOf(request, 'token-of-somebody'))
          : sendJson(response, 400, { code: 800002, description: 'The continuation token is not valid.' }),
      async ({ client }) => {
        const error = await errorOf(collectPages(listLineItems(client, LINES)));
        assert.doesNotMatch(JSON.stringify([log, error, error.explanation]), /token-of-somebody/);
        assert.match(error.message, /HTTP 400 800002: The continuation token is not valid\.$/);
      },
      { log: (exchange) => log.push(exchange) },
    );
  });
});

/** One row, and a link to the next page with a token. */
function pageOf(request: StubRequest, token: string): object {
  const own = request.target.replace(/[?&]seek_?operation=Next/i, '');
  return {
    totalCount: 25,
    items: [{ id: token }],
    links: {
      next: {
        uri: `${own}${own.includes('?') ? '&' : '?'}seekOperation=Next`,
        method: 'GET',
        headers: [{ key: 'MS-ContinuationToken', value: token }],
      },
    },
  };
}

describe('Partner Center: walks', () => {
  /** Pages of one customer each, found by their token; refuses a token that it did not give. */
  function customersInPages(count: number) {
    const tokenOf = (page: number) => `a,/+=%3d&${page}==`;
    return (request: StubRequest, response: ServerResponse) => {
      const token = request.headers['ms-continuationtoken'];
      const page = token === undefined ? 0 : Array.from({ length: count }, (_, n) => tokenOf(n)).indexOf(String(token));
      if (page < 0) {
        sendJson(response, 400, { code: 800002, description: 'The continuation token was changed.' });
      } else {
        const { links } = pageOf(request, tokenOf(page + 1)) as { links: object };
        sendJson(response, 200, { totalCount: 1, items: [{ id: `c${page}` }], ...(page + 1 < count ? { links } : {}) });
      }
    };
  }

  it('reads all pages by their tokens, as one operation', async () => {
    await withStub(customersInPages(7), async ({ client, service }) => {
      const customers = await collect(listPartnerCustomers(client, { size: 1 }));
      assert.deepEqual(
        customers.map(({ id }) => id),
        ['c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6'],
      );
      assert.equal(new Set(service.requests.map((request) => header(request, 'ms-correlationid'))).size, 1);
      assert.equal(new Set(service.requests.map((request) => header(request, 'ms-requestid'))).size, 7);
      assert.ok(service.requests.slice(1).every(({ target }) => target === '/v1/customers?size=1&seekOperation=Next'));
    });
  });

  it('ends with a clear error when a token does not arrive as it was', async () => {
    const altered = customersInPages(3);
    await withStub(
      (request, response) => {
        const token = request.headers['ms-continuationtoken'];
        const headers = token === undefined ? {} : { 'ms-continuationtoken': `${String(token).slice(0, -1)}A` };
        altered({ ...request, headers: { ...request.headers, ...headers } }, response);
      },
      async ({ client }) => {
        const error = await errorOf(collect(listPartnerCustomers(client)));
        assert.equal(error.status, 400);
        assert.match(
          error.message,
          /^List customers failed with HTTP 400 800002: The continuation token was changed\.$/,
        );
      },
    );
  });

  it('asks for a new token on every page', async () => {
    let given = 0;
    await withStub(
      customersInPages(3),
      async ({ client, service }) => {
        await collect(listPartnerCustomers(client));
        assert.deepEqual(
          service.requests.map((request) => header(request, 'authorization')),
          ['Bearer t0', 'Bearer t1', 'Bearer t2'],
        );
      },
      { token: async () => `t${given++}` },
    );
  });

  it('goes on behind a page that failed, without skipping one', async () => {
    let broken = true;
    const pages = customersInPages(3);
    await withStub(
      (request, response) =>
        broken && request.headers['ms-continuationtoken'] !== undefined
          ? sendJson(response, 401, { code: 900421, description: 'MFA' })
          : pages(request, response),
      async ({ client }) => {
        const walk = listPartnerCustomers(client);
        assert.equal((await walk.nextPage())?.value[0]?.id, 'c0');
        await errorOf(walk.nextPage());
        broken = false;
        assert.deepEqual(
          (await collect(walk)).map(({ id }) => id),
          ['c1', 'c2'],
        );
      },
    );
  });

  it('counts items itself where a link has no offset', async () => {
    const rows = 5;
    await withStub(
      (request, response) => {
        const offset = Number(new URLSearchParams(request.target.split('?')[1]).get('offset'));
        const items = [{ n: offset }, { n: offset + 1 }].filter(({ n }) => n < rows);
        const more = offset + 2 < rows;
        const uri = '/invoices/D1/lineitems?provider=azure&nvoicelineitemtype=BillingLineItems&size=2&offset=';
        sendJson(response, 200, { totalCount: 99, items, ...(more ? { links: { next: { uri } } } : {}) });
      },
      async ({ client }) => {
        const query = { invoice: 'D1', provider: 'azure', type: 'billinglineitems', size: 2 };
        const pages = (await collectPages(listLineItems(client, query))).map((page) => JSON.parse(String(page)).items);
        assert.deepEqual(
          pages.flat().map(({ n }) => n),
          [0, 1, 2, 3, 4],
        );
      },
    );
  });

  it('refuses a link to another host, and sends nothing there', async () => {
    for (const uri of [
      'https://api.partnercenter.microsoft.com.example.net/v1/customers',
      '//example.net/v1/customers?size=2?damaged',
      'http://localhost:1/v1/customers',
    ]) {
      await withStub(
        (_request, response) => sendJson(response, 200, { items: [], links: { next: { uri } } }),
        async ({ client, service }) => {
          for (const walk of [listPartnerCustomers(client), listUsageOfCustomers(client)] as PageWalk<unknown>[]) {
            await walk.nextPage();
            const error = await errorOf(walk.nextPage());
            assert.equal(error.kind, 'unsafeLink');
            assert.match(error.message, /which is not one of this connection's hosts/);
          }
          assert.equal(service.requests.length, 2);
        },
      );
    }
  });

  it('ends a circle with an error', async () => {
    await withStub(
      (request, response) => sendJson(response, 200, pageOf(request, 'the same')),
      async ({ client, service }) => {
        for (const walk of [listPartnerCustomers(client), listLineItems(client, LINES)] as PageWalk<unknown>[]) {
          const error = await errorOf(
            (async () => {
              for (;;) {
                await walk.nextPage();
              }
            })(),
          );
          assert.match(error.message, /leads back to a page that was read before/);
          assert.match(error.advice ?? '', /not complete/);
        }
        assert.ok(service.requests.length <= 4);
      },
    );
  });

  it('takes no page without its list for an empty one', async () => {
    for (const body of ['{"totalCount":0}', '{"items":null}', '{"items":{}}', '{"value":[]}']) {
      await withStub(
        (_request, response) => sendJson(response, 200, body),
        async ({ client }) => {
          assert.match((await errorOf(collectPages(listUsageOfCustomers(client)))).message, /no list named 'items'/);
          assert.match((await errorOf(collect(listPartnerCustomers(client)))).message, /'items' is/);
        },
      );
    }
  });

  it('filters customers by the start of a name', async () => {
    await withStub(sendRight, async ({ client, service }) => {
      await collect(listPartnerCustomers(client, { startsWith: { field: 'CompanyName', text: 'A+B & "C"' } }));
      const filter = new URL(service.requests[0]?.target ?? '', 'http://x').searchParams.get('filter');
      assert.deepEqual(JSON.parse(filter ?? ''), { Field: 'CompanyName', Value: 'A+B & "C"', Operator: 'starts_with' });
      assert.doesNotMatch(service.requests[0]?.target ?? '', /\+/);
    });
  });

  it('sends nothing for wrong input', async () => {
    await withStub(sendRight, async ({ client, service }) => {
      const wrong: [() => unknown, RegExp][] = [
        [() => listPartnerCustomers(client, { size: 501 }), /^size: 501/],
        [
          () => listPartnerCustomers(client, { startsWith: { field: 'Domain', text: ' ' } }),
          /^startsWith\.text: is empty/,
        ],
        [
          () => listPartnerCustomers(client, { startsWith: { field: 'Phone' as 'Domain', text: 'x' } }),
          /^startsWith\.field/,
        ],
        [() => getPartnerCustomer(client, ''), /^customer: '' is not the id of a customer/],
        [
          () => getPartnerSubscription(client, 'c1', '../c2'),
          /^subscription: '\.\.\/c2' is not the id of a subscription/,
        ],
        [() => getUsageBudget(client, '..'), /^customer: '\.\.'/],
        [() => getPartnerInvoice(client, 'a/b'), /^invoice: 'a\/b'/],
        [() => listUtilizations(client, { ...WINDOW, size: 1001 }), /^size: 1001/],
        [() => listUtilizations(client, { ...WINDOW, end: '2027-01-01' }), /^end: .*in the future/],
        [() => listUtilizations(client, { ...WINDOW, showDetails: 'no' as unknown as boolean }), /^showDetails/],
        [() => listPartnerInvoices(client, { offset: -1 }), /^offset: -1/],
        [() => listEstimateLinks(client, 'dollar'), /^currency: 'dollar'/],
        [() => listEstimate(client, {}), /^link: has no address/],
        [() => getRateCard(client, { market: { currency: 'USD', region: 'USA' } }), /^market\.region: 'USA'/],
      ];
      for (const [call, message] of wrong) {
        assert.throws(call, { kind: 'argument', message });
      }
      assert.equal(service.requests.length, 0);
    });
  });
});

describe('Partner Center: utilization that is not ready', () => {
  /** Answers 204 so many times, then with one record. */
  const readyAfter = (times: number, retryAfter: string | undefined) => {
    let asked = 0;
    return (_request: StubRequest, response: ServerResponse) =>
      asked++ < times
        ? response.writeHead(204, retryAfter === undefined ? {} : { 'retry-after': retryAfter }).end()
        : sendJson(response, 200, '{"items":[{"quantity":0.12345678901234567890}]}');
  };

  it('is waited for as long as the service asks, visibly, and then complete', async () => {
    await withStub(readyAfter(5, '20'), async ({ client, service, clock }) => {
      const waits: Wait[] = [];
      const page = await listUtilizations(client, WINDOW).nextPage({ onWait: (wait) => waits.push(wait) });
      assert.equal(String(Buffer.from(page?.value ?? [])), '{"items":[{"quantity":0.12345678901234567890}]}');
      assert.deepEqual(clock.waits, Array(5).fill(20_000));
      assert.deepEqual(
        waits,
        Array(5).fill({ milliseconds: 20_000, reason: 'operation', operation: 'List utilization records' }),
      );
      assert.equal(
        new Set(service.requests.map((request) => header(request, 'ms-requestid'))).size,
        6,
        'each was answered',
      );
      assert.equal(new Set(service.requests.map((request) => header(request, 'ms-correlationid'))).size, 1);
    });
  });

  it('is asked for as the service documents it', async () => {
    await withStub(readyAfter(0, undefined), async ({ client, service }) => {
      const query = {
        ...WINDOW,
        start: '2026-10-01T02:30:00+05:30',
        granularity: 'hourly',
        showDetails: false,
        size: 10,
      };
      await listUtilizations(client, query).nextPage();
      const { pathname, searchParams } = new URL(service.requests[0]?.target ?? '', 'http://x');
      assert.equal(pathname, '/v1/customers/c1/subscriptions/s1/utilizations/azure');
      assert.deepEqual(Object.fromEntries(searchParams), {
        start_time: '2026-09-30T21:00:00Z',
        end_time: '2026-11-01T00:00:00Z',
        granularity: 'Hourly',
        show_details: 'False',
        size: '10',
      });
    });
  });

  it('is waited for where the service names no time, and never without a pause', async () => {
    for (const [retryAfter, wait] of [
      [undefined, 30_000],
      ['0', 1000],
    ] as const) {
      await withStub(readyAfter(2, retryAfter), async ({ client, clock }) => {
        await listUtilizations(client, WINDOW).nextPage();
        assert.deepEqual(clock.waits, [wait, wait]);
      });
    }
  });

  it('survives a failure between two waits', async () => {
    let asked = 0;
    await withStub(
      (_request, response) => {
        asked++;
        if (asked === 1 || asked === 5) {
          response.writeHead(204, { 'retry-after': '5' }).end();
        } else if (asked < 5) {
          sendJson(response, 500, '');
        } else {
          sendJson(response, 200, '{"items":[]}');
        }
      },
      async ({ client, clock }) => {
        await listUtilizations(client, WINDOW).nextPage();
        assert.deepEqual(clock.waits, [5000, 1000, 2000, 4000, 5000]);
      },
    );
  });

  it('ends in an error when it never comes, and is no empty list', async () => {
    for (const [retryAfter, asked] of [
      ['300', 7],
      ['7200', 1],
    ] as const) {
      await withStub(readyAfter(99, retryAfter), async ({ client, service }) => {
        const error = await errorOf(collectPages(listUtilizations(client, WINDOW)));
        assert.equal(error.kind, 'refused');
        assert.match(error.message, /^List utilization records failed: the service is still preparing the data\.$/);
        assert.match(error.advice ?? '', /more minutes; try again later/);
        assert.equal(service.requests.length, asked);
      });
    }
  });

  it('can be cancelled while it waits', async () => {
    const { service, close, client } = await slowStub();
    const stop = new AbortController();
    const reason = new Error('enough');
    try {
      await assert.rejects(
        listUtilizations(client, WINDOW).nextPage({
          signal: stop.signal,
          onWait: () => setImmediate(() => stop.abort(reason)),
        }),
        reason,
      );
      assert.equal(service.requests.length, 1);
    } finally {
      await close();
    }
  });

  /** With a clock that really waits. */
  async function slowStub(): Promise<Omit<PartnerStub, 'clock'> & { close(): Promise<void> }> {
    const service = await startStubService(readyAfter(99, '600'));
    const { client, close } = connectPartnerCenter(service.base);
    return {
      client,
      service,
      async close() {
        await close();
        await service.close();
      },
    };
  }

  it('sends an Azure plan to rated usage', async () => {
    const description = "Subscription id 's1' provided was not found under this customer.";
    await withStub(
      (_request, response) => sendJson(response, 404, { code: 20003, description }),
      async ({ client }) => {
        const error = await errorOf(collectPages(listUtilizations(client, WINDOW)));
        assert.match(error.explanation, /was not found under this customer\. .*rated usage.*Commerce subscription id/);
      },
    );
  });
});

describe('Partner Center: statements', () => {
  const pdf =
    (headers: Record<string, string>, body = PDF) =>
    (_request: StubRequest, response: ServerResponse) =>
      response.writeHead(200, { 'content-type': 'application/pdf', ...headers }).end(body);

  it('come as they are, with a plain name', async () => {
    const names = [
      ['attachment; filename=Invoice_G1.pdf', 'Invoice_G1.pdf'],
      ['attachment; filename="Invoice G1.PDF"; size=3', 'Invoice_G1.pdf'],
      ['attachment; filename="../../etc/passwd"', 'etc_passwd.pdf'],
      ['attachment; filename=".."', 'Invoice.pdf'],
      ['', 'Invoice_G1.pdf'],
    ] as const;
    for (const [disposition, name] of names) {
      await withStub(pdf({ 'content-disposition': disposition }), async ({ client, service }) => {
        const { bytes, fileName } = await getInvoiceStatement(client, 'G1');
        assert.equal(String(Buffer.from(bytes)), PDF);
        assert.equal(fileName, name);
        assert.equal(service.requests[0]?.target, '/v1/invoices/G1/documents/statement');
        assert.equal(header(service.requests[0], 'accept'), 'application/pdf');
      });
    }
  });

  it('of tax receipts too', async () => {
    await withStub(pdf({}), async ({ client, service }) => {
      assert.equal((await getTaxReceipt(client, 'G1', '7')).fileName, 'E-Tax-7.pdf');
      assert.equal(service.requests[0]?.target, '/v1/invoices/G1/receipts/7/documents/statement');
    });
  });

  it('are errors when they are no documents', async () => {
    for (const body of ['', '<html>sign in</html>', '{"items":[]}']) {
      await withStub(pdf({}, body), async ({ client }) => {
        const error = await errorOf(getInvoiceStatement(client, 'G1'));
        assert.match(error.message, /^Download the invoice failed: the answer is no PDF document\.$/);
        assert.match(error.advice ?? '', /Nothing was saved/);
      });
    }
  });
});
