import assert from 'node:assert/strict';
import type { ArmClient } from '../../src/api/arm/armClient.ts';
import { getAvailableBalance } from '../../src/api/arm/availableBalance.ts';
import { checkAccess, listBillingPermissions } from '../../src/api/arm/billingPermissions.ts';
import { getBillingProfile, listBillingProfiles } from '../../src/api/arm/billingProfiles.ts';
import { type ChargesScope, listCharges } from '../../src/api/arm/charges.ts';
import { getCostPolicy, getSubscriptionPolicy, setCostPolicy, type ViewCharges } from '../../src/api/arm/costPolicy.ts';
import { getInvoiceSection, listInvoiceSections } from '../../src/api/arm/invoiceSections.ts';
import { getProduct, listProducts } from '../../src/api/arm/products.ts';
import {
  getTransactionSummary,
  listInvoiceTransactions,
  listTransactions,
  type TransactionType,
} from '../../src/api/arm/transactions.ts';
import { BillingError } from '../../src/api/http/errors.ts';
import { parseJson } from '../../src/json/parseJson.ts';
import { collect, connect } from '../support/arm.ts';
import { FastClock } from '../support/fastClock.ts';
import { type StubAnswer, type StubService, sendJson, startStubService } from '../support/stubService.ts';

const ACCOUNT = '/providers/Microsoft.Billing/billingAccounts/a:b_2019-05-31';
const account = 'a:b_2019-05-31';
const period = { from: '2026-10-01', to: '2026-10-31' };
const PERIOD = 'periodStartDate=2026-10-01&periodEndDate=2026-10-31';
const OLD = 'api-version=2019-10-01-preview';
const NEW = 'api-version=2024-04-01';

const LIST = { value: [] };
const RESOURCE = { id: '/x/policies/default', name: 'default', properties: {} };

describe('calls of Microsoft.Billing', () => {
  let stub: StubService;
  let answer: StubAnswer;
  let clock: FastClock;
  let clients: Record<'newest' | 'seed', { arm: ArmClient; close(): Promise<void> }>;

  before(async () => {
    stub = await startStubService((...exchange) => answer(...exchange));
  });
  beforeEach(() => {
    stub.requests.length = 0;
    clock = new FastClock();
    clients = {
      newest: connect(stub.base, { versions: 'newest', clock }),
      seed: connect(stub.base, { versions: 'seed', clock }),
    };
  });
  afterEach(() => Promise.all([clients.newest.close(), clients.seed.close()]));
  after(() => stub.close());

  const sent = () => stub.requests.map(({ method, target }) => `${method} ${decodeURIComponent(target)}`);

  async function refuses(field: string, call: () => unknown): Promise<BillingError> {
    const error = await (async () => call())().then(
      () => assert.fail(`${field} was accepted`),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof BillingError, String(error));
    assert.equal(error.kind, 'argument');
    assert.ok(error.message.startsWith(`${field}: `), error.message);
    assert.notEqual(error.advice ?? '', '');
    assert.deepEqual(stub.requests, [], 'nothing was sent');
    return error;
  }

  interface Row {
    title: string;
    call(arm: ArmClient): unknown;
    body: unknown;
    /** Target in each version set. */
    newest: string;
    seed: string;
  }

  const rows: Row[] = [
    {
      title: 'billing profiles',
      call: (arm) => collect(listBillingProfiles(arm, account)),
      body: LIST,
      newest: `GET ${ACCOUNT}/billingProfiles?${NEW}`,
      seed: `GET ${ACCOUNT}/billingProfiles?${OLD}`,
    },
    {
      title: 'one billing profile',
      call: (arm) => getBillingProfile(arm, account, 'p'),
      body: RESOURCE,
      newest: `GET ${ACCOUNT}/billingProfiles/p?${NEW}`,
      seed: `GET ${ACCOUNT}/billingProfiles/p?${OLD}`,
    },
    {
      title: 'invoice sections',
      call: (arm) => collect(listInvoiceSections(arm, account, 'p')),
      body: LIST,
      newest: `GET ${ACCOUNT}/billingProfiles/p/invoiceSections?${NEW}`,
      seed: `GET ${ACCOUNT}/billingProfiles/p/invoiceSections?${OLD}`,
    },
    {
      title: 'one invoice section',
      call: (arm) => getInvoiceSection(arm, account, 'p', 's'),
      body: RESOURCE,
      newest: `GET ${ACCOUNT}/billingProfiles/p/invoiceSections/s?${NEW}`,
      seed: `GET ${ACCOUNT}/billingProfiles/p/invoiceSections/s?${OLD}`,
    },
    {
      title: 'products of an account, filtered',
      call: (arm) => collect(listProducts(arm, { account }, { filter: "properties/status eq 'Active'" })),
      body: LIST,
      newest: `GET ${ACCOUNT}/products?${NEW}&filter=properties/status+eq+'Active'`,
      seed: `GET ${ACCOUNT}/products?${OLD}&$filter=properties/status+eq+'Active'`,
    },
    {
      title: 'products of a billing profile, which the seed version does not list',
      call: (arm) => collect(listProducts(arm, { account, profile: 'p' })),
      body: LIST,
      newest: `GET ${ACCOUNT}/billingProfiles/p/products?${NEW}`,
      seed: `GET ${ACCOUNT}/billingProfiles/p/products?${NEW}`,
    },
    {
      title: 'products of an invoice section',
      call: (arm) => collect(listProducts(arm, { account, profile: 'p', invoiceSection: 's' })),
      body: LIST,
      newest: `GET ${ACCOUNT}/billingProfiles/p/invoiceSections/s/products?${NEW}`,
      seed: `GET ${ACCOUNT}/billingProfiles/p/invoiceSections/s/products?${OLD}`,
    },
    {
      title: 'products of a customer',
      call: (arm) => collect(listProducts(arm, { account, profile: 'p', customer: 'c' })),
      body: LIST,
      newest: `GET ${ACCOUNT}/customers/c/products?${NEW}`,
      seed: `GET ${ACCOUNT}/customers/c/products?${OLD}`,
    },
    {
      title: "one product of a customer's",
      call: (arm) => getProduct(arm, { account, customer: 'c' }, 'x'),
      body: RESOURCE,
      newest: `GET ${ACCOUNT}/products/x?${NEW}`,
      seed: `GET ${ACCOUNT}/customers/c/products/x?${OLD}`,
    },
    {
      title: 'one product of an account',
      call: (arm) => getProduct(arm, { account }, 'x'),
      body: RESOURCE,
      newest: `GET ${ACCOUNT}/products/x?${NEW}`,
      seed: `GET ${ACCOUNT}/products/x?${NEW}`,
    },
    {
      title: 'unbilled transactions of a billing profile',
      call: (arm) => collect(listTransactions(arm, { account, profile: 'p' }, { period, type: 'Unbilled' })),
      body: LIST,
      newest: `GET ${ACCOUNT}/billingProfiles/p/transactions?${NEW}&${PERIOD}&type=Unbilled`,
      seed: `GET ${ACCOUNT}/billingProfiles/p/transactions?${OLD}&${PERIOD}`,
    },
    {
      title: 'transactions of an invoice section',
      call: (arm) =>
        collect(listTransactions(arm, { account, profile: 'p', invoiceSection: 's' }, { period, type: 'Billed' })),
      body: LIST,
      newest: `GET ${ACCOUNT}/billingProfiles/p/invoiceSections/s/transactions?${NEW}&${PERIOD}&type=Billed`,
      seed: `GET ${ACCOUNT}/billingProfiles/p/invoiceSections/s/transactions?${OLD}&${PERIOD}`,
    },
    {
      title: 'transactions of a customer',
      call: (arm) =>
        collect(listTransactions(arm, { account, profile: 'p', customer: 'c' }, { period, type: 'Billed' })),
      body: LIST,
      newest: `GET ${ACCOUNT}/billingProfiles/p/customers/c/transactions?${NEW}&${PERIOD}&type=Billed`,
      seed: `GET ${ACCOUNT}/customers/c/transactions?${OLD}&${PERIOD}`,
    },
    {
      title: 'transactions of an invoice',
      call: (arm) => collect(listInvoiceTransactions(arm, { account, profile: 'p' }, 'G1')),
      body: LIST,
      newest: `GET ${ACCOUNT}/invoices/G1/transactions?${NEW}`,
      seed: `GET ${ACCOUNT}/billingProfiles/p/invoices/G1/transactions?${OLD}`,
    },
    {
      title: 'the transaction summary of an invoice',
      call: (arm) => getTransactionSummary(arm, account, 'G1'),
      body: { total: null },
      newest: `GET ${ACCOUNT}/invoices/G1/transactionSummary?${NEW}`,
      seed: `GET ${ACCOUNT}/invoices/G1/transactionSummary?${NEW}`,
    },
    {
      title: 'permissions at a customer',
      call: (arm) => collect(listBillingPermissions(arm, { account, profile: 'p', customer: 'c' })),
      body: LIST,
      newest: `GET ${ACCOUNT}/billingProfiles/p/customers/c/billingPermissions?${NEW}`,
      seed: `GET ${ACCOUNT}/customers/c/billingPermissions?${OLD}`,
    },
    {
      title: 'permissions at an account',
      call: (arm) => collect(listBillingPermissions(arm, { account })),
      body: LIST,
      newest: `GET ${ACCOUNT}/billingPermissions?${NEW}`,
      seed: `GET ${ACCOUNT}/billingPermissions?${OLD}`,
    },
    {
      title: 'access',
      call: (arm) => checkAccess(arm, { account }, ['Microsoft.Billing/billingAccounts/read']),
      body: [{}],
      newest: `POST ${ACCOUNT}/checkAccess?${NEW}`,
      seed: `POST ${ACCOUNT}/checkAccess?${NEW}`,
    },
    {
      title: 'the balance of a billing profile',
      call: (arm) => getAvailableBalance(arm, { account, profile: 'p' }),
      body: RESOURCE,
      newest: `GET ${ACCOUNT}/billingProfiles/p/availableBalance/default?${NEW}`,
      seed: `GET ${ACCOUNT}/billingProfiles/p/availableBalance/default?${OLD}`,
    },
    {
      title: 'the balance of an account',
      call: (arm) => getAvailableBalance(arm, { account }),
      body: RESOURCE,
      newest: `GET ${ACCOUNT}/availableBalance/default?${NEW}`,
      seed: `GET ${ACCOUNT}/availableBalance/default?${NEW}`,
    },
    {
      title: 'the cost policy of a customer',
      call: (arm) => getCostPolicy(arm, { account, customer: 'c' }),
      body: RESOURCE,
      newest: `GET ${ACCOUNT}/customers/c/policies/default?${NEW}`,
      seed: `GET ${ACCOUNT}/customers/c/policies/default?${OLD}`,
    },
    {
      title: 'the cost policy of a customer below its profile',
      call: (arm) => setCostPolicy(arm, { account, profile: 'p', customer: 'c' }, 'Allowed'),
      body: RESOURCE,
      newest: `PUT ${ACCOUNT}/billingProfiles/p/customers/c/policies/default?${NEW}`,
      seed: `PUT ${ACCOUNT}/customers/c/policies/default?${OLD}`,
    },
    {
      title: 'the policy of a subscription',
      call: (arm) => getSubscriptionPolicy(arm, 's'),
      body: RESOURCE,
      newest: `GET /subscriptions/s/providers/Microsoft.Billing/policies/default?${NEW}`,
      seed: `GET /subscriptions/s/providers/Microsoft.Billing/policies/default?${NEW}`,
    },
    {
      title: 'charges of an account by customer',
      call: (arm) =>
        collect(listCharges(arm, { scope: { kind: 'billingAccount', account }, period, groupBy: 'customer' })),
      body: LIST,
      newest: `GET ${ACCOUNT}/providers/Microsoft.Consumption/charges?api-version=2023-11-01&startDate=2026-10-01&endDate=2026-10-31&$apply=groupby((properties/customerId))`,
      seed: `GET ${ACCOUNT}/providers/Microsoft.Consumption/charges?api-version=2019-10-01&startDate=2026-10-01&endDate=2026-10-31&$apply=groupby((properties/customerId))`,
    },
    {
      title: 'charges of an invoice section',
      call: (arm) =>
        collect(listCharges(arm, { scope: { kind: 'invoiceSection', account, profile: 'p', invoiceSection: 's' } })),
      body: LIST,
      newest: `GET ${ACCOUNT}/billingProfiles/p/invoiceSections/s/providers/Microsoft.Consumption/charges?api-version=2023-11-01`,
      seed: `GET ${ACCOUNT}/billingProfiles/p/invoiceSections/s/providers/Microsoft.Consumption/charges?api-version=2019-10-01`,
    },
  ];

  for (const { title, call, body, ...expected } of rows) {
    for (const versions of ['newest', 'seed'] as const) {
      it(`asks for ${title} (${versions})`, async () => {
        answer = (_request, response) => sendJson(response, 200, body);
        await call(clients[versions].arm);
        assert.deepEqual(sent(), [expected[versions]]);
      });
    }
  }

  it('lists the transactions of an account in the seed version, and refuses it where it is gone', async () => {
    await refuses('profile', () => listTransactions(clients.newest.arm, { account }, { period, type: 'Billed' }));
    await refuses('profile', () =>
      listTransactions(clients.newest.arm, { account, customer: 'c' }, { period, type: 'Billed' }),
    );
    answer = (_request, response) => sendJson(response, 200, LIST);
    await collect(listTransactions(clients.seed.arm, { account }, { period }));
    assert.deepEqual(sent(), [`GET ${ACCOUNT}/transactions?${OLD}&${PERIOD}`]);
  });

  it('sorts billed from unbilled transactions where the service does not, on every page', async () => {
    const line = (name: string, invoice: unknown) => ({ id: `/t/${name}`, name, properties: { invoice } });
    answer = (request, response, base) =>
      request.target.endsWith('?page=2')
        ? sendJson(response, 200, { value: [line('4', 'G2'), line('5', null)], nextLink: '' })
        : sendJson(response, 200, {
            value: [line('1', 'G1'), line('2', 'pending'), line('3', 'Pending')],
            nextLink: `${base}/x?page=2`,
          });
    const names = async (type?: TransactionType) => {
      const list = await collect(listTransactions(clients.seed.arm, { account, profile: 'p' }, { period, type }));
      return list.map(({ name }) => name).join('');
    };
    assert.equal(await names('Billed'), '14');
    assert.equal(await names('Unbilled'), '235');
    assert.equal(await names(), '12345');
  });

  it('treats a list without content as empty', async () => {
    answer = (_request, response) => response.writeHead(204).end();
    assert.deepEqual(await collect(listTransactions(clients.seed.arm, { account }, { period })), []);
    assert.deepEqual(
      await collect(listCharges(clients.newest.arm, { scope: { kind: 'billingAccount', account } })),
      [],
    );
  });

  it('refuses wrong input before anything is sent', async () => {
    const { newest, seed } = clients;
    const profile = { account, profile: 'p' };
    const billed = { type: 'Billed' } as const;
    await refuses('type', () => listTransactions(newest.arm, profile, { period }));
    await refuses('type', () => listTransactions(seed.arm, profile, { period, type: 'Other' }));
    await refuses('type', () => listTransactions(newest.arm, profile, { period, type: 'billed' as TransactionType }));
    await refuses('period.to', () =>
      listTransactions(newest.arm, profile, { ...billed, period: { from: '2026-02-01', to: '2026-02-30' } }),
    );
    await refuses('period.from', () =>
      listTransactions(newest.arm, profile, { ...billed, period: { from: '2026-02-01T00:00:00Z', to: '2026-02-02' } }),
    );
    await refuses('period', () =>
      listTransactions(newest.arm, profile, { ...billed, period: { from: '2026-02-02', to: '2026-02-01' } }),
    );
    await refuses('profile', () => listTransactions(seed.arm, { account, invoiceSection: 's' }, { period }));
    await refuses('profile', () => listInvoiceTransactions(seed.arm, { account }, 'G1'));
    await refuses('search', () => listProducts(seed.arm, { account }, { search: 'x' }));
    await refuses('orderBy', () => listTransactions(seed.arm, profile, { period, orderBy: 'properties/date' }));
    await refuses('invoice', () => listInvoiceTransactions(newest.arm, { account }, ''));
    await refuses('account', () => listBillingProfiles(newest.arm, '..'));
    await refuses('customer', () => getCostPolicy(newest.arm, { account, customer: '' }));
    await refuses('customer', () => getCostPolicy(newest.arm, { account } as { account: string; customer: string }));
    await refuses('viewCharges', () => setCostPolicy(newest.arm, { account, customer: 'c' }, 'Other' as ViewCharges));
    await refuses('actions', () => checkAccess(newest.arm, { account }, []));
    await refuses('actions', () => checkAccess(newest.arm, { account }, [' ']));
    await refuses('profile', () => checkAccess(newest.arm, { account, customer: 'c' }, ['x']));
    const customer = { kind: 'customer', account, customer: 'c' } as const;
    await refuses('groupBy', () => listCharges(newest.arm, { scope: customer, groupBy: 'customer' }));
    const subscription = { kind: 'subscription', subscription: 's' } as unknown as ChargesScope;
    await refuses('scope', () => listCharges(newest.arm, { scope: subscription }));
  });

  describe('what is not known here', () => {
    const money = '{"currency":"","value":0.12345678901234567890,"symbol":"¤"}';
    const odd = (properties: string) =>
      `{"id":"providers/Microsoft.Billing/x","name":"","type":null,"properties":{${properties},"novel":{"a":[1.10]}},"novel":null}`;
    const lists: [string, string, (arm: ArmClient) => Promise<unknown[]>][] = [
      [
        'billing profiles',
        odd('"displayName":"","status":"Sleeping","invoiceDay":null,"enabledAzurePlans":null,"hasReadAccess":null'),
        (arm) => collect(listBillingProfiles(arm, account)),
      ],
      [
        'invoice sections',
        odd('"displayName":null,"state":"Sleeping","targetCloud":""'),
        (arm) => collect(listInvoiceSections(arm, account, 'p')),
      ],
      [
        'products',
        odd(`"status":"Sleeping","quantity":1.50,"lastCharge":${money},"reseller":null,"endDate":""`),
        (arm) => collect(listProducts(arm, { account })),
      ],
      [
        'transactions',
        odd(`"transactionType":"Gift","transactionAmount":${money},"tax":null,"units":1e-20,"exchangeRate":1.0`),
        (arm) => collect(listTransactions(arm, { account, profile: 'p' }, { period, type: 'Other' })),
      ],
      [
        'permissions',
        '{"actions":["30000000-aaaa"],"notActions":null,"novel":1}',
        (arm) => collect(listBillingPermissions(arm, { account })),
      ],
      [
        'charges',
        odd(`"isInvoiced":null,"azureCharges":${money},"customerId":"","usageStart":null`),
        (arm) => collect(listCharges(arm, { scope: { kind: 'billingAccount', account } })),
      ],
    ];
    for (const [title, item, call] of lists) {
      it(`stays as it is in ${title}`, async () => {
        answer = (_request, response) => sendJson(response, 200, `{"value":[${item}],"nextLink":null,"totalCount":1}`);
        assert.deepEqual(await call(clients.newest.arm), [parseJson(item)]);
      });
    }

    it('stays as it is in balances and summaries', async () => {
      const balance = odd(`"amount":${money},"paymentsOnAccount":[{"date":"","amount":null}]`);
      answer = (_request, response) => sendJson(response, 200, balance);
      assert.deepEqual(await getAvailableBalance(clients.newest.arm, { account }), parseJson(balance));
      const summary = '{"billingCurrency":null,"total":1200.50,"tax":null,"novel":""}';
      answer = (_request, response) => sendJson(response, 200, summary);
      assert.deepEqual(await getTransactionSummary(clients.newest.arm, account, 'G1'), parseJson(summary));
    });
  });

  describe('changing a cost policy', () => {
    const customer = { account, profile: 'p', customer: 'c' };
    const policy = (viewCharges: string) => ({ ...RESOURCE, properties: { viewCharges } });
    const PATH = `${ACCOUNT}/billingProfiles/p/customers/c/policies/default`;
    const change = () => setCostPolicy(clients.newest.arm, customer, 'Allowed');

    it('sends the one member that is set', async () => {
      answer = (_request, response) => sendJson(response, 200, policy('Allowed'));
      assert.deepEqual(await change(), policy('Allowed'));
      assert.deepEqual(
        stub.requests.map(({ body }) => JSON.parse(body)),
        [{ properties: { viewCharges: 'Allowed' } }],
      );
      assert.deepEqual(clock.waits, []);
    });

    it('follows 201 with Location, as told, to the policy at its end', async () => {
      answer = ({ method, target }, response, base) => {
        const location = `${base}/providers/Microsoft.Billing/operationResults/7?t=0:1`;
        if (method === 'PUT') {
          sendJson(response, 201, policy('NotAllowed'), { location, 'retry-after': '20' });
        } else {
          assert.equal(target, '/providers/Microsoft.Billing/operationResults/7?t=0:1');
          const running = stub.requests.length === 2;
          sendJson(response, running ? 202 : 200, running ? '' : policy('Allowed'), { location, 'retry-after': '30' });
        }
      };
      assert.deepEqual(await change(), policy('Allowed'));
      assert.equal(stub.requests.length, 3);
      assert.deepEqual(clock.waits, [20_000, 30_000]);
    });

    it('takes 201 as the end where no Location comes with it, or the one of the policy', async () => {
      for (const headers of [{}, { location: `${stub.base}${PATH.toUpperCase()}` }]) {
        stub.requests.length = 0;
        answer = (_request, response) => sendJson(response, 201, policy('Allowed'), headers);
        assert.deepEqual(await change(), policy('Allowed'));
        assert.equal(stub.requests.length, 1);
      }
    });

    it('reads the policy where the operation ends without telling it', async () => {
      answer = ({ method, target }, response, base) => {
        if (method === 'PUT') {
          sendJson(response, 202, '', { location: `${base}/operations/1`, 'retry-after': '10' });
        } else if (target === '/operations/1') {
          response.writeHead(204).end();
        } else {
          sendJson(response, 200, policy('Allowed'));
        }
      };
      assert.deepEqual(await change(), policy('Allowed'));
      assert.deepEqual(sent().slice(1), ['GET /operations/1', `GET ${PATH}?${NEW}`]);
    });

    it('follows no Location to another host', async () => {
      answer = (_request, response) => sendJson(response, 201, policy('Allowed'), { location: 'http://127.0.0.2:1/x' });
      await assert.rejects(change(), (error) => error instanceof BillingError && error.kind === 'unsafeLink');
      assert.equal(stub.requests.length, 1);
    });

    it('is sent again after a failure, and explains a refusal', async () => {
      answer = (_request, response) =>
        stub.requests.length === 1
          ? sendJson(response, 503, { error: { code: '503', message: 'busy' } }, { 'retry-after': '5' })
          : sendJson(response, 200, policy('Allowed'));
      assert.deepEqual(await change(), policy('Allowed'));
      assert.deepEqual(clock.waits, [5000]);
      answer = (_request, response) =>
        sendJson(response, 403, { error: { code: 'AuthorizationFailed', message: 'no' } });
      await assert.rejects(
        change(),
        (error) => error instanceof BillingError && error.status === 403 && /Admin agent/.test(error.advice ?? ''),
      );
    });
  });

  it('asks again for access after a failure: it changes nothing', async () => {
    const decisions = [{ action: 'x', accessDecision: 'Perhaps', novel: 1 }];
    answer = (_request, response) =>
      stub.requests.length === 1 ? sendJson(response, 500, '') : sendJson(response, 200, decisions);
    assert.deepEqual(await checkAccess(clients.newest.arm, { account, profile: 'p', customer: 'c' }, ['x']), decisions);
    assert.deepEqual(
      stub.requests.map(({ body }) => body),
      ['{"actions":["x"]}', '{"actions":["x"]}'],
    );
  });
});
