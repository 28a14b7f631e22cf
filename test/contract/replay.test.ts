import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ArmClient } from '../../src/api/arm/armClient.ts';
import { getBillingAccount, listBillingAccounts } from '../../src/api/arm/billingAccounts.ts';
import {
  getBillingProperty,
  getBillingSubscription,
  listBillingSubscriptions,
} from '../../src/api/arm/billingSubscriptions.ts';
import { getCustomer, listCustomers } from '../../src/api/arm/customers.ts';
import {
  prepareDocumentUrls,
  prepareInvoiceDocument,
  prepareInvoiceSummary,
} from '../../src/api/arm/invoiceDocuments.ts';
import { getInvoice, listInvoices } from '../../src/api/arm/invoices.ts';
import { parseScope } from '../../src/api/arm/scope.ts';
import { listUsageDetails } from '../../src/api/arm/usageDetails.ts';
import { parseJson } from '../../src/json/exact.ts';
import { writeUsage } from '../../src/usage/writeUsage.ts';
import { collect, connect, MemorySink } from '../support/arm.ts';
import { FastClock } from '../support/fastClock.ts';
import { type StubService, sendJson, startStubService } from '../support/stubService.ts';

/** Public example payloads of the services, kept beside the project and not in it. */
const EXAMPLES = path.resolve(import.meta.dirname, '../../../shared/api/examples/arm');
const AREAS = ['billing-accounts', 'customers', 'billing-subscriptions', 'invoices', 'usage-details'];

interface Example {
  file: string;
  method: string;
  path: string;
  operationId: string;
}

type Parameters = Record<string, string>;

const PERIOD = { from: '2018-01-01', to: '2018-06-30' };

/** Operation of the REST reference → the client's call and what of its result the body has to equal. */
const CALLS: Record<string, (arm: ArmClient, p: Parameters) => Promise<unknown>> = {
  BillingAccounts_Get: (arm, p) => getBillingAccount(arm, name(p, 'billingAccountName')),
  BillingAccounts_List: async (arm) => ({ value: await collect(listBillingAccounts(arm)) }),
  BillingProperty_Get: (arm, p) => getBillingProperty(arm, name(p, 'subscriptionId')),
  BillingSubscriptions_Get: (arm, p) => getBillingSubscription(arm, parent(p), name(p, 'billingSubscriptionName')),
  BillingSubscriptions_ListByBillingAccount: async (arm, p) => ({
    value: await collect(listBillingSubscriptions(arm, parent(p))),
  }),
  BillingSubscriptions_ListByBillingProfile: async (arm, p) => ({
    value: await collect(listBillingSubscriptions(arm, parent(p))),
  }),
  BillingSubscriptions_ListByCustomer: async (arm, p) => ({
    value: await collect(listBillingSubscriptions(arm, parent(p))),
  }),
  BillingSubscriptions_ListByCustomerAtBillingAccount: async (arm, p) => ({
    value: await collect(listBillingSubscriptions(arm, parent(p))),
  }),
  Customers_Get: (arm, { customerName = '', ...p }) => getCustomer(arm, parent(p), customerName),
  Customers_ListByBillingAccount: async (arm, p) => ({ value: await collect(listCustomers(arm, parent(p))) }),
  Customers_ListByBillingProfile: async (arm, p) => ({ value: await collect(listCustomers(arm, parent(p))) }),
  Invoices_Get: (arm, p) => getInvoice(arm, parent(p), name(p, 'invoiceName')),
  Invoices_GetById: (arm, p) => getInvoice(arm, { account: 'default' }, name(p, 'invoiceName')),
  Invoices_ListByBillingAccount: async (arm, p) => ({ value: await collect(listInvoices(arm, parent(p), PERIOD)) }),
  Invoices_ListByBillingProfile: async (arm, p) => ({ value: await collect(listInvoices(arm, parent(p), PERIOD)) }),
  Invoices_ListByBillingSubscription: async (arm, { billingSubscriptionName, subscriptionId, ...p }) => ({
    value: await collect(
      listInvoices(arm, { ...parent(p), subscription: billingSubscriptionName ?? subscriptionId }, PERIOD),
    ),
  }),
  Invoices_DownloadByBillingAccount: (arm, p) =>
    prepareInvoiceDocument(arm, name(p, 'billingAccountName'), name(p, 'invoiceName'), name(p, 'documentName')),
  Invoices_DownloadSummaryByBillingAccount: (arm, p) =>
    prepareInvoiceSummary(arm, name(p, 'billingAccountName'), name(p, 'invoiceName')),
  Invoices_DownloadInvoice: (arm, p) =>
    prepareDocumentUrls(arm, parent(p), [
      `${p.base}/providers/Microsoft.Billing/billingAccounts/${encodeURIComponent(name(p, 'billingAccountName'))}/invoices/${encodeURIComponent(name(p, 'invoiceName'))}/download?downloadToken=${p.downloadToken}&api-version=2020-05-01`,
    ]),
  Invoices_DownloadMultipleBillingProfileInvoices: (arm, p) =>
    prepareDocumentUrls(arm, parent(p), p.downloadUrls as unknown as string[]),
};

function name(p: Parameters, key: string): string {
  const value = p[key];
  assert.ok(value, `the example has no ${key}`);
  return value;
}

function parent(p: Parameters) {
  return {
    account: p.billingAccountName ?? 'default',
    profile: p.billingProfileName,
    invoiceSection: p.invoiceSectionName,
    customer: p.customerName,
  };
}

/** `/a/{x}/b` with the example's values, as a path of ours is written. */
function expectedPath(template: string, p: Parameters): string {
  return template.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(p[key] ?? '').replaceAll('%3A', ':'));
}

function versionSet(file: string): 'newest' | 'seed' {
  return /-(2024-04-01|2023-11-01)-/.test(file) ? 'newest' : 'seed';
}

describe('replay of public example payloads', () => {
  if (!existsSync(EXAMPLES)) {
    it('needs the examples beside the project', function () {
      this.skip();
    });
    return;
  }
  const { files } = JSON.parse(readFileSync(path.join(EXAMPLES, 'index.json'), 'utf8')) as { files: Example[] };
  const examples = files.filter(({ file }) => AREAS.includes(file.split('/')[0] ?? ''));

  let service: StubService | undefined;
  afterEach(async () => {
    await service?.close();
  });

  it('finds all five areas', () => {
    assert.deepEqual([...new Set(examples.map(({ file }) => file.split('/')[0]))].sort(), [...AREAS].sort());
  });

  for (const example of examples) {
    it(`${example.file} comes through unchanged`, async () => {
      const text = readFileSync(path.join(EXAMPLES, example.file), 'utf8');
      const { parameters, responses } = parseJson(text) as {
        parameters: Parameters;
        responses: Record<string, { body?: unknown; headers?: Record<string, string> }>;
      };
      const body = JSON.stringify(responses['200']?.body);
      const location = responses['202']?.headers?.Location;
      const running = await startStubService((request, response, base) => {
        const moved = location?.replace('https://management.azure.com', base).replace(/[{}]/g, encodeURIComponent);
        if (request.method === 'POST' && moved !== undefined) {
          sendJson(response, 202, '', { location: moved, 'retry-after': '10' });
        } else {
          sendJson(response, 200, body);
        }
      });
      service = running;
      const clock = new FastClock();
      const { arm, close } = connect(running.base, { versions: versionSet(example.file), clock });
      try {
        if (example.operationId === 'UsageDetails_List') {
          await replayUsage(arm, parameters, body);
        } else {
          const call = CALLS[example.operationId];
          assert.ok(call, `no client call for ${example.operationId}`);
          const result = await call(arm, { ...parameters, base: running.base });
          assert.deepEqual(result, parseJson(body));
          assert.equal(running.requests[0]?.target.split('?')[0], expectedPath(example.path, parameters));
        }
        assert.equal(running.requests[0]?.method, example.method);
        assert.deepEqual(clock.waits, location === undefined ? [] : [10_000]);
      } finally {
        await close();
      }
    });
  }
});

async function replayUsage(arm: ArmClient, parameters: Parameters, body: string): Promise<void> {
  const scope = parseScope(name(parameters, 'scope'));
  const page = await listUsageDetails(arm, { scope }).nextPage();
  assert.equal(Buffer.from(page?.value ?? []).toString('utf8'), body);

  const records = (parseJson(body) as { value: unknown[] }).value;
  for (const format of ['json', 'ndjson'] as const) {
    const sink = new MemorySink();
    const report = await writeUsage({ arm, scope, format }, sink);
    const written = format === 'json' ? sink.text : `[${sink.text.trim().split('\n').join(',')}]`;
    assert.deepEqual(parseJson(written), records);
    assert.equal(report.rows, records.length);
    assert.deepEqual(report.unknownFields, []);
  }
}
