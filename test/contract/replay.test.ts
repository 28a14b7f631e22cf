import assert from 'node:assert/strict';
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
import { parseJson } from '../../src/json/parseJson.ts';
import { writeUsage } from '../../src/usage/writeUsage.ts';
import { collect, MemorySink } from '../support/arm.ts';
import { describeReplay, type Parameters, parameter, type Replay, same } from '../support/replay.ts';

const PERIOD = { from: '2018-01-01', to: '2018-06-30' };

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);

const parent = (p: Parameters) => ({
  account: text(p.billingAccountName) ?? 'default',
  profile: text(p.billingProfileName),
  invoiceSection: text(p.invoiceSectionName),
  customer: text(p.customerName),
});

const subscriptions = same(async (arm, p) => ({ value: await collect(listBillingSubscriptions(arm, parent(p))) }));
const customers = same(async (arm, p) => ({ value: await collect(listCustomers(arm, parent(p))) }));
const invoices = same(async (arm, p) => {
  const subscription = text(p.billingSubscriptionName) ?? text(p.subscriptionId);
  return { value: await collect(listInvoices(arm, { ...parent(p), subscription }, PERIOD)) };
});

/** The pages come through byte for byte, and the documents made of them hold the same records. */
const usage: Replay = async (arm, { parameters, text: served, body }) => {
  const scope = parseScope(parameter(parameters, 'scope'));
  const page = await listUsageDetails(arm, { scope }).nextPage();
  assert.equal(Buffer.from(page?.value ?? []).toString('utf8'), served);

  const records = (body as { value: unknown[] }).value;
  for (const format of ['json', 'ndjson'] as const) {
    const sink = new MemorySink();
    const report = await writeUsage({ arm, scope, format }, sink);
    const written = format === 'json' ? sink.text : `[${sink.text.trim().split('\n').join(',')}]`;
    assert.deepEqual(parseJson(written), records);
    assert.equal(report.rows, records.length);
    assert.deepEqual(report.unknownFields, []);
  }
};

describeReplay(
  'replay of public example payloads: accounts, customers, subscriptions, invoices, usage details',
  ['billing-accounts', 'customers', 'billing-subscriptions', 'invoices', 'usage-details'],
  {
    versions: (file) => (/-(2024-04-01|2023-11-01)-/.test(file) ? 'newest' : 'seed'),
    calls: {
      BillingAccounts_Get: same((arm, p) => getBillingAccount(arm, parameter(p, 'billingAccountName'))),
      BillingAccounts_List: same(async (arm) => ({ value: await collect(listBillingAccounts(arm)) })),
      BillingProperty_Get: same((arm, p) => getBillingProperty(arm, parameter(p, 'subscriptionId'))),
      BillingSubscriptions_Get: same((arm, p) =>
        getBillingSubscription(arm, parent(p), parameter(p, 'billingSubscriptionName')),
      ),
      BillingSubscriptions_ListByBillingAccount: subscriptions,
      BillingSubscriptions_ListByBillingProfile: subscriptions,
      BillingSubscriptions_ListByCustomer: subscriptions,
      BillingSubscriptions_ListByCustomerAtBillingAccount: subscriptions,
      Customers_Get: same((arm, { customerName, ...p }) => getCustomer(arm, parent(p), String(customerName))),
      Customers_ListByBillingAccount: customers,
      Customers_ListByBillingProfile: customers,
      Invoices_Get: same((arm, p) => getInvoice(arm, parent(p), parameter(p, 'invoiceName'))),
      Invoices_GetById: same((arm, p) => getInvoice(arm, { account: 'default' }, parameter(p, 'invoiceName'))),
      Invoices_ListByBillingAccount: invoices,
      Invoices_ListByBillingProfile: invoices,
      Invoices_ListByBillingSubscription: invoices,
      Invoices_DownloadByBillingAccount: same((arm, p) =>
        prepareInvoiceDocument(
          arm,
          parameter(p, 'billingAccountName'),
          parameter(p, 'invoiceName'),
          parameter(p, 'documentName'),
        ),
      ),
      Invoices_DownloadSummaryByBillingAccount: same((arm, p) =>
        prepareInvoiceSummary(arm, parameter(p, 'billingAccountName'), parameter(p, 'invoiceName')),
      ),
      Invoices_DownloadInvoice: same((arm, p, base) => {
        const account = encodeURIComponent(parameter(p, 'billingAccountName'));
        const invoice = encodeURIComponent(parameter(p, 'invoiceName'));
        const path = `/providers/Microsoft.Billing/billingAccounts/${account}/invoices/${invoice}/download`;
        return prepareDocumentUrls(arm, parent(p), [`${base}${path}?downloadToken=${parameter(p, 'downloadToken')}`]);
      }),
      Invoices_DownloadMultipleBillingProfileInvoices: same((arm, p) =>
        prepareDocumentUrls(arm, parent(p), p.downloadUrls as string[]),
      ),
      UsageDetails_List: usage,
    },
  },
);
