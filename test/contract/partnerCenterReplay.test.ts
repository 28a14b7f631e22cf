import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { PageWalk } from '../../src/api/http/paging.ts';
import { listAzureEntitlements } from '../../src/api/partnerCenter/azureEntitlements.ts';
import { getPartnerCustomer, listPartnerCustomers } from '../../src/api/partnerCenter/customers.ts';
import { getReservationArtifact, listEntitlements } from '../../src/api/partnerCenter/entitlements.ts';
import { listEstimate, listEstimateLinks } from '../../src/api/partnerCenter/estimateLinks.ts';
import { getAccountBalance, listInvoiceSummaries } from '../../src/api/partnerCenter/invoiceSummaries.ts';
import { listPartnerInvoices } from '../../src/api/partnerCenter/invoices.ts';
import { listLineItems } from '../../src/api/partnerCenter/lineItems.ts';
import { resolveLink } from '../../src/api/partnerCenter/links.ts';
import type { PartnerCenterClient } from '../../src/api/partnerCenter/partnerCenterClient.ts';
import { getRateCard } from '../../src/api/partnerCenter/rateCards.ts';
import { getServiceCosts } from '../../src/api/partnerCenter/serviceCosts.ts';
import { getPartnerSubscription, listPartnerSubscriptions } from '../../src/api/partnerCenter/subscriptions.ts';
import { getUsageBudget, setUsageBudget } from '../../src/api/partnerCenter/usageBudget.ts';
import {
  listUsageByMeter,
  listUsageByMeterOfLegacyAzure,
  listUsageByResource,
  listUsageOfCustomers,
  listUsageOfSubscriptions,
  readUsageRecords,
} from '../../src/api/partnerCenter/usageRecords.ts';
import {
  getUsageSummaryOfCustomer,
  getUsageSummaryOfSubscription,
} from '../../src/api/partnerCenter/usageSummaries.ts';
import { listUtilizations } from '../../src/api/partnerCenter/utilizations.ts';
import { parseJson } from '../../src/json/parseJson.ts';
import { collect } from '../support/arm.ts';
import { collectPages, withStub } from '../support/partnerCenter.ts';
import { type StubRequest, sendJson } from '../support/stubService.ts';

/** Public example payloads of the service, kept beside the project and not in it. */
const EXAMPLES = path.resolve(import.meta.dirname, '../../../shared/api/examples/partner-center');

interface Example {
  file: string;
  request: string;
  responseHeaders: Record<string, string>;
}

/** What the request line of an example names. */
interface Names {
  customer: string;
  subscription: string;
  invoice: string;
  query: URLSearchParams;
}

/** Sends the example's call; a list as its items, rows as the bytes of the pages. */
type Replay = (client: PartnerCenterClient, names: Names) => Promise<unknown>;

/** The members of a list, in place of the whole collection. */
const items =
  (list: (client: PartnerCenterClient, names: Names) => PageWalk<unknown[]>): Replay =>
  async (client, names) => ({ items: await collect(list(client, names)) });

const pages =
  (list: (client: PartnerCenterClient, names: Names) => PageWalk<Uint8Array>): Replay =>
  (client, names) =>
    collectPages(list(client, names));

const utilizations = pages((client, { customer, subscription, query }) =>
  listUtilizations(client, {
    customer,
    subscription,
    start: query.get('start_time'),
    end: query.get('end_time'),
    ...(query.has('size') ? { size: Number(query.get('size')) } : {}),
  }),
);

/** The words of a query, which published requests write in several ways. */
const lineItems = (provider: string, type: string): Replay =>
  pages((client, { invoice, query }) =>
    listLineItems(client, {
      invoice,
      provider,
      type,
      currency: query.get('currencycode') ?? query.get('currencyCode') ?? undefined,
      // Billed lines have no period, though one request shows it.
      period: invoice === 'unbilled' ? (query.get('period') ?? undefined) : undefined,
      size: Number(query.get('size')),
    }),
  );

const CALLS: Record<string, Replay> = {
  'customers/list.json': items((client) => listPartnerCustomers(client, { size: 40 })),
  'customers/by-id.json': (client, { customer }) => getPartnerCustomer(client, customer),
  'subscriptions/list-by-customer.json': items((client, { customer }) => listPartnerSubscriptions(client, customer)),
  'subscriptions/list-by-partner-mpn.json': items((client, { customer, query }) =>
    listPartnerSubscriptions(client, customer, { partner: query.get('mpn_id') ?? '' }),
  ),
  'subscriptions/by-id-145p.json': (client, { customer, subscription }) =>
    getPartnerSubscription(client, customer, subscription),
  'subscriptions/azure-entitlements.json': items((client, { customer, subscription }) =>
    listAzureEntitlements(client, customer, subscription),
  ),
  'subscriptions/entitlements-collection.json': items((client, { customer }) =>
    listEntitlements(client, customer, { type: 'software', showExpiry: true }),
  ),
  'usage/customers-usagerecords.json': pages((client) => listUsageOfCustomers(client)),
  'usage/subscriptions-usagerecords-145p.json': pages((client, { customer }) =>
    listUsageOfSubscriptions(client, customer),
  ),
  'usage/subscriptions-usagerecords-azure-plan.json': pages((client, { customer }) =>
    listUsageOfSubscriptions(client, customer),
  ),
  'usage/usagerecords-resources-145p.json': pages((client, names) => listUsageByMeterOfLegacyAzure(client, names)),
  'usage/meterusagerecords-azure-plan.json': pages((client, names) => listUsageByMeter(client, names)),
  'usage/resourceusagerecords-azure-plan.json': pages((client, names) => listUsageByResource(client, names)),
  'usage/customer-usagesummary-azure-plan.json': (client, { customer }) => getUsageSummaryOfCustomer(client, customer),
  'usage/subscription-usagesummary-145p.json': (client, names) => getUsageSummaryOfSubscription(client, names),
  'budget/get-usagebudget.json': (client, { customer }) => getUsageBudget(client, customer),
  'utilization/azure-stack-daily.json': utilizations,
  'utilization/app-service-daily-with-next.json': utilizations,
  'ratecards/azure.json': (client) => getRateCard(client),
  'invoices/list.json': items((client) => listPartnerInvoices(client, { size: 200, offset: 0 })),
  'invoices/summaries.json': items((client) => listInvoiceSummaries(client)),
  'invoices/summary-account-balance.json': (client) => getAccountBalance(client),
  'invoices/estimate-links.json': items((client) => listEstimateLinks(client, 'usd')),
  'lineitems/billed-usage-page1.json': lineItems('onetime', 'usagelineitems'),
  'lineitems/unbilled-usage-page1.json': lineItems('onetime', 'usagelineitems'),
  'lineitems/unbilled-usage-last-page.json': lineItems('onetime', 'usagelineitems'),
  'lineitems/unbilled-recon-page1.json': lineItems('onetime', 'billinglineitems'),
  'lineitems/onetime-billing-page1.json': lineItems('one_time', 'billing_line_items'),
  'lineitems/office-billing.json': lineItems('Office', 'BillingLineItems'),
  'lineitems/azure-145p-billing.json': lineItems('Azure', 'BillingLineItems'),
  'servicecosts/summary-mostrecent.json': (client, { customer }) => getServiceCosts(client, customer),
};

/** Payloads that are no answer to a `GET` of ours; each has a test of its own below, or a reason. */
const OTHERS: Record<string, string> = {
  'subscriptions/reserved-instance-artifact.json': 'reached by the link of an entitlement',
  'budget/patch-usagebudget-request.json': 'a request',
  'errors/throttled-429.json': 'an error',
  'misc/webhook-usagerecords-threshold-exceeded.json': 'the service calls the partner with it, not the other way round',
  'auth/token-app-only.json': 'tokens come from the sign-in library, not from this client',
  'auth/token-app-user-refresh.json': 'tokens come from the sign-in library, not from this client',
};

/** What the second page is asked for, where the first has a link to it: path and query behind the version, and the token. */
const NEXT: Record<string, { target: string | RegExp; token?: string }> = {
  'utilization/app-service-daily-with-next.json': { target: /\/utilizations\/azure\?seek_operation=Next$/ },
  'invoices/list.json': { target: '/invoices?size=2&offset=2' },
  'lineitems/billed-usage-page1.json': { target: /&period=previous&size=2000&seekOperation=Next$/ },
  'lineitems/unbilled-usage-page1.json': { target: /&period=previous&size=2000&seekOperation=Next$/ },
  'lineitems/unbilled-recon-page1.json': { target: /&period=previous&size=2000&seekOperation=Next$/ },
  // The published links of these three cannot be followed: a name without its first letter, no offset, two question marks.
  'lineitems/onetime-billing-page1.json': {
    target:
      '/invoices/G000024135/lineitems?provider=onetime&invoicelineitemtype=billinglineitems&size=2&seekOperation=Next',
  },
  'lineitems/office-billing.json': {
    target: '/invoices/1234000000/lineitems?provider=office&invoicelineitemtype=billinglineitems&size=2&offset=2',
  },
  'lineitems/azure-145p-billing.json': {
    target: '/invoices/1234000000/lineitems?provider=Azure&invoicelineitemtype=BillingLineItems&size=2&offset=2',
  },
};

const BOM = '\ufeff';
const LAST_PAGE = '{"totalCount":0,"items":[],"attributes":{"objectType":"Collection"}}';

describe('replay of public example payloads: Partner Center', () => {
  if (!existsSync(EXAMPLES)) {
    it('needs the examples beside the project', function () {
      this.skip();
    });
    return;
  }
  const index = JSON.parse(readFileSync(path.join(EXAMPLES, 'index.json'), 'utf8')) as Example[];
  // Microsoft Graph has a client of its own.
  const examples = index.filter(({ file }) => !file.startsWith('graph/'));
  const textOf = (file: string) => readFileSync(path.join(EXAMPLES, file), 'utf8');

  it('leaves no payload out', () => {
    assert.deepEqual(examples.map(({ file }) => file).sort(), [...Object.keys(CALLS), ...Object.keys(OTHERS)].sort());
  });

  for (const example of examples) {
    const call = CALLS[example.file];
    if (call === undefined) {
      continue;
    }
    for (const mark of ['', BOM]) {
      it(`${example.file} comes through unchanged${mark === '' ? '' : ', behind a byte order mark'}`, async () => {
        const text = mark + textOf(example.file);
        let served = 0;
        await withStub(
          (_request, response) => {
            const first = served++ === 0;
            sendJson(response, 200, first ? text : LAST_PAGE, first ? idsOf(example) : {});
          },
          async ({ client, service }) => {
            const result = await call(client, namesOf(example.request));
            check(example, text, result);
            checkRequests(example, service.requests, parseJson(textOf(example.file)));
          },
        );
      });
    }
  }
  /** Digits and texts of the answer, in whatever way the call gives it. */
  function check({ file }: Example, text: string, result: unknown): void {
    const body = parseJson(text.replace(BOM, '')) as { items?: unknown[] };
    if (!Array.isArray(result)) {
      assert.deepEqual(result, body.items === undefined ? body : { items: body.items });
      return;
    }
    const [first] = result as Buffer[];
    assert.ok(first);
    assert.ok(first.equals(Buffer.from(text)), 'the page is what was served, byte for byte');
    if (file.startsWith('usage/')) {
      assert.deepEqual(readUsageRecords(first), body.items);
    }
  }

  function checkRequests({ file, request }: Example, requests: readonly StubRequest[], body: unknown): void {
    const [first, second, ...more] = requests;
    assert.ok(first);
    assert.equal(first.method, 'GET');
    assert.deepEqual(withoutForm(decodeURIComponent(pathOf(first.target))), withoutForm(pathOf(behindHost(request))));
    const sent = parametersOf(first.target);
    for (const [name, value] of parametersOf(behindHost(request))) {
      if (SAME.has(name) && (name !== 'period' || request.includes('/unbilled/'))) {
        assert.equal(sent.get(name), value, name);
      }
    }
    assert.equal(first.headers['ms-continuationtoken'], undefined);
    const next = NEXT[file];
    assert.equal(second !== undefined, next !== undefined, 'asks for the pages that there are');
    assert.equal(more.length, 0);
    if (second === undefined || next === undefined) {
      return;
    }
    const { links } = body as { links: { next: { headers: { key: string; value: string }[] } } };
    const behind = second.target.replace(/^\/v1/, '');
    typeof next.target === 'string' ? assert.equal(behind, next.target) : assert.match(behind, next.target);
    assert.equal(second.headers['ms-continuationtoken'], links.next.headers[0]?.value, 'the token byte for byte');
    assert.equal(second.headers['ms-correlationid'], first.headers['ms-correlationid'], 'one operation');
    assert.notEqual(second.headers['ms-requestid'], first.headers['ms-requestid'], 'another call');
  }

  it('a reservation is found by the link to it', async () => {
    const file = 'subscriptions/reserved-instance-artifact.json';
    const uri = behindHost(examples.find((example) => example.file === file)?.request ?? '');
    await withStub(
      (_request, response) => sendJson(response, 200, textOf(file)),
      async (stub) => {
        assert.deepEqual(await getReservationArtifact(stub.client, { uri }), parseJson(textOf(file)));
        assert.equal(stub.service.requests[0]?.target, uri);
      },
    );
  });

  it('the estimate links lead to line items', async () => {
    const { items: links } = parseJson(textOf('invoices/estimate-links.json')) as {
      items: { link: { uri: string } }[];
    };
    const page = textOf('lineitems/unbilled-usage-last-page.json');
    await withStub(
      (_request, response) => sendJson(response, 200, page),
      async ({ client, service: stub }) => {
        for (const link of links) {
          assert.equal(String(await collectPages(listEstimate(client, link))), page);
        }
        assert.deepEqual(
          stub.requests.map(({ target }) => target),
          links.map(({ link }) => `/v1${link.uri}`),
        );
      },
    );
  });

  it('a budget is set with the published body', async () => {
    const answer = textOf('budget/get-usagebudget.json');
    await withStub(
      (_request, response) => sendJson(response, 200, BOM + answer),
      async ({ client, service: stub }) => {
        assert.deepEqual(await setUsageBudget(client, 'someone', 100), parseJson(answer));
        const [request] = stub.requests;
        assert.equal(request?.method, 'PATCH');
        assert.deepEqual(parseJson(request?.body ?? ''), parseJson(textOf('budget/patch-usagebudget-request.json')));
      },
    );
  });

  it('the published throttling answer is waited for', async () => {
    const file = 'errors/throttled-429.json';
    const wait = examples.find((example) => example.file === file)?.responseHeaders['Retry-After'] ?? '';
    const balance = textOf('invoices/summary-account-balance.json');
    let served = 0;
    await withStub(
      (_request, response) =>
        served++ === 0
          ? sendJson(response, 429, textOf(file), { 'retry-after': wait })
          : sendJson(response, 200, balance),
      async ({ client, clock }) => {
        assert.deepEqual(await getAccountBalance(client), parseJson(balance));
        assert.deepEqual(clock.waits, [57_000]);
      },
    );
  });

  it('the resource that a webhook names is one that we read', async () => {
    const event = parseJson(textOf('misc/webhook-usagerecords-threshold-exceeded.json')) as { ResourceUri: string };
    const base = 'https://api.partnercenter.microsoft.com/v1';
    assert.equal(resolveLink(base, event.ResourceUri), `${base}/customers/usagerecords`);
  });
});

/** The ids that the example's answer carried. */
function idsOf({ responseHeaders }: Example): Record<string, string> {
  return Object.fromEntries(
    Object.entries(responseHeaders).filter(([name]) => /^MS-(Request|Correlation)Id$/.test(name)),
  );
}

function behindHost(request: string): string {
  return request.replace(/^[A-Z]+\s+https:\/\/[^/]+/, '').replace(/\sHTTP\/.*$/, '');
}

/** Parameters that published requests spell right; times are rounded, and billed lines have no period. */
const SAME = new Set(
  'size granularity show_details mpn_id entitlementtype showexpiry provider invoicelineitemtype currencycode period'.split(
    ' ',
  ),
);

/** In lower case, as the service compares them. */
function parametersOf(target: string): URLSearchParams {
  return new URLSearchParams(target.split('?')[1]?.toLowerCase());
}

function pathOf(target: string): string {
  return target.split('?')[0] ?? '';
}

/** Without a doubled slash, and with line items in the newer of their two forms. */
function withoutForm(target: string): string {
  return target
    .replace(/\/{2,}/g, '/')
    .replace(/(\/lineitems)\/.*$/, '$1')
    .toLowerCase();
}

function namesOf(request: string): Names {
  const target = behindHost(request);
  const segment = (collection: string) =>
    new RegExp(`/${collection}/([^/?]+)`).exec(target)?.[1] ?? `no ${collection} in the example`;
  return {
    customer: segment('customers'),
    subscription: segment('subscriptions'),
    invoice: segment('invoices'),
    query: new URLSearchParams(target.split('?')[1] ?? ''),
  };
}
