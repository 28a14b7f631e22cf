import type { ArmClient } from '../../src/api/arm/armClient.ts';
import { generateCostDetails, resumeCostDetails } from '../../src/api/arm/costDetails.ts';
import { setCostPolicy } from '../../src/api/arm/costPolicy.ts';
import { queryCost } from '../../src/api/arm/costQuery.ts';
import { readCostTable } from '../../src/api/arm/costTable.ts';
import { listCustomers } from '../../src/api/arm/customers.ts';
import {
  generateDetailedCostReport,
  getDetailedCostReportStatus,
  resumeDetailedCostReport,
} from '../../src/api/arm/detailedCostReport.ts';
import { listDimensions } from '../../src/api/arm/dimensions.ts';
import { prepareDocumentUrls, prepareInvoiceDocument } from '../../src/api/arm/invoiceDocuments.ts';
import { preparePriceSheet, priceSheetAddress } from '../../src/api/arm/priceSheet.ts';
import type { CostScope } from '../../src/api/arm/scope.ts';
import { listUsageDetails } from '../../src/api/arm/usageDetails.ts';
import { resumeBillingExport, runBillingExport } from '../../src/api/graph/billingExports.ts';
import { exportLines } from '../../src/api/graph/exportLines.ts';
import type { GraphClient } from '../../src/api/graph/graphClient.ts';
import { runOperation } from '../../src/api/http/longRunning.ts';
import type { PageWalk } from '../../src/api/http/paging.ts';
import { listPartnerCustomers } from '../../src/api/partnerCenter/customers.ts';
import { listEstimate } from '../../src/api/partnerCenter/estimateLinks.ts';
import { listPartnerInvoices } from '../../src/api/partnerCenter/invoices.ts';
import { listLineItems } from '../../src/api/partnerCenter/lineItems.ts';
import type { PartnerCenterClient } from '../../src/api/partnerCenter/partnerCenterClient.ts';
import { listUsageOfCustomers } from '../../src/api/partnerCenter/usageRecords.ts';
import { listUtilizations } from '../../src/api/partnerCenter/utilizations.ts';
import { readBlob } from '../../src/api/storage/blob.ts';

/** The clients of a connection, and what it keeps over a reload. */
export interface Follower {
  arm: ArmClient;
  partner: PartnerCenterClient;
  graph: GraphClient;
  /** A link that was kept. */
  kept: string;
}

/** An answer of the service. */
export interface CarrierAnswer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** A place where the service can put an address that a token follows. */
export interface LinkCarrier {
  what: string;
  service: 'arm' | 'partner' | 'graph';
  /** What the service answers in turn, the link in the last one; none where the link was kept. */
  answers(link: string, base: string): CarrierAnswer[];
  /** Header values hold no line ends. */
  inHeader?: true;
  /** The service is known to write its own host with http here: the link is followed with https, and checked as any other. */
  secured?: true;
  follow(follower: Follower): Promise<unknown>;
}

const SCOPE: CostScope & { kind: 'customer' } = { kind: 'customer', account: 'a', customer: 'c' };
const OWNER = { account: 'a', profile: 'p' };
const OCTOBER = { start: '2026-10-01', end: '2026-10-31' };
const WINDOW = { customer: 'c', subscription: 's', start: '2026-10-01', end: '2026-11-01' };
const BILLED = { kind: 'billedUsage', invoiceId: 'G016907411' } as const;

async function whole(walk: PageWalk<unknown>): Promise<void> {
  for await (const page of walk.rest()) {
    void page;
  }
}

const page = (link: string): CarrierAnswer[] => [{ status: 200, body: { value: [], nextLink: link } }];
const location = (link: string): CarrierAnswer => ({ status: 202, headers: { location: link, 'retry-after': '1' } });
const status = (link: string): CarrierAnswer => ({
  status: 202,
  headers: { 'azure-asyncoperation': link, 'retry-after': '1' },
});
const items = (link: string): CarrierAnswer[] => [{ status: 200, body: { items: [], links: { next: { uri: link } } } }];

const ARM: Omit<LinkCarrier, 'service'>[] = [
  { what: 'nextLink of a list', answers: page, follow: ({ arm }) => whole(listCustomers(arm, { account: 'a' })) },
  {
    what: 'nextLink of usage details',
    answers: page,
    follow: ({ arm }) => whole(listUsageDetails(arm, { scope: SCOPE })),
  },
  {
    what: 'nextLink of a cost query, which is a POST',
    answers: (link) => [
      {
        status: 200,
        body: { properties: { columns: [{ name: 'Cost', type: 'Number' }], rows: [[1]], nextLink: link } },
      },
    ],
    follow: ({ arm }) =>
      readCostTable(
        queryCost(arm, SCOPE, {
          type: 'Usage',
          timeframe: 'MonthToDate',
          dataset: { granularity: 'None', aggregation: { total: { name: 'Cost', function: 'Sum' } } },
        }),
      ),
  },
  {
    what: 'nextLink of a dimension',
    secured: true,
    answers: (link) => [
      {
        status: 200,
        body: { value: [{ name: 'd', properties: { category: 'ServiceName', data: [], nextLink: link } }] },
      },
    ],
    follow: ({ arm }) => whole(listDimensions(arm, SCOPE, { category: 'ServiceName', values: true })),
  },
  {
    what: 'Location of an invoice document',
    inHeader: true,
    answers: (link) => [location(link)],
    follow: ({ arm }) => prepareInvoiceDocument(arm, 'a', 'i'),
  },
  {
    what: 'Location of a price sheet',
    inHeader: true,
    answers: (link) => [location(link)],
    follow: ({ arm }) => preparePriceSheet(arm, OWNER),
  },
  {
    what: 'Location of a poll that goes on',
    inHeader: true,
    answers: (link, base) => [location(`${base}/poll`), location(link)],
    follow: ({ arm }) => preparePriceSheet(arm, OWNER),
  },
  {
    what: 'Azure-AsyncOperation of a detailed report',
    inHeader: true,
    answers: (link) => [status(link)],
    follow: ({ arm }) => generateDetailedCostReport(arm, SCOPE, { metric: 'ActualCost', timePeriod: OCTOBER }),
  },
  {
    what: 'Azure-AsyncOperation of a poll that goes on',
    inHeader: true,
    answers: (link, base) => [
      status(`${base}/poll`),
      { status: 200, body: { status: 'Running' }, headers: { 'azure-asyncoperation': link } },
    ],
    follow: ({ arm }) => runOperation(arm.http, { operation: 'Begin', method: 'POST', address: '/begin' }),
  },
  {
    what: 'Location of the result of an operation',
    inHeader: true,
    answers: (link, base) => [
      status(`${base}/poll`),
      { status: 200, body: { status: 'Succeeded' }, headers: { location: link } },
    ],
    follow: ({ arm }) => runOperation(arm.http, { operation: 'Begin', method: 'POST', address: '/begin' }),
  },
  {
    what: 'Location of a cost policy, with 201 to a PUT',
    inHeader: true,
    answers: (link) => [{ status: 201, body: {}, headers: { location: link } }],
    follow: ({ arm }) => setCostPolicy(arm, { ...OWNER, customer: 'c' }, 'Allowed'),
  },
  {
    what: 'the address of a document in an invoice of an older version, which is posted to',
    answers: () => [],
    follow: ({ arm, kept }) => prepareDocumentUrls({ ...arm, versions: 'seed' }, OWNER, [kept]),
  },
  { what: 'a kept link of cost details', answers: () => [], follow: ({ arm, kept }) => resumeCostDetails(arm, kept) },
  {
    what: 'a kept link of a detailed report',
    answers: () => [],
    follow: ({ arm, kept }) => resumeDetailedCostReport(arm, kept),
  },
  {
    what: 'a kept status link of a detailed report',
    answers: () => [],
    follow: ({ arm, kept }) => getDetailedCostReportStatus(arm, kept),
  },
];

const PARTNER: Omit<LinkCarrier, 'service'>[] = [
  {
    what: 'links.next of customers, by a token in a header',
    answers: items,
    follow: ({ partner }) => whole(listPartnerCustomers(partner)),
  },
  {
    what: 'links.next of utilization, by a token alone',
    answers: items,
    follow: ({ partner }) => whole(listUtilizations(partner, WINDOW)),
  },
  {
    what: 'links.next of invoices, by position',
    answers: items,
    follow: ({ partner }) => whole(listPartnerInvoices(partner)),
  },
  {
    what: 'links.next of line items',
    answers: items,
    follow: ({ partner }) =>
      whole(listLineItems(partner, { invoice: 'G1', provider: 'onetime', type: 'billinglineitems' })),
  },
  {
    what: 'links.next of usage records, by the link alone',
    answers: items,
    follow: ({ partner }) => whole(listUsageOfCustomers(partner)),
  },
  {
    what: 'the link of an estimate',
    answers: () => [],
    follow: ({ partner, kept }) => whole(listEstimate(partner, { link: { uri: kept } })),
  },
];

const SUCCEEDED = { '@odata.type': '#microsoft.graph.partners.billing.exportSuccessOperation' };

const GRAPH: Omit<LinkCarrier, 'service'>[] = [
  {
    what: 'Location of a billing export',
    inHeader: true,
    answers: (link) => [location(link)],
    follow: ({ graph }) => runBillingExport(graph, BILLED),
  },
  {
    what: 'the link to the manifest of a billing export',
    answers: (link, base) => [
      location(`${base}/v1.0/operation`),
      { status: 200, body: { ...SUCCEEDED, status: 'succeeded', 'resourceLocation@odata.navigationLink': link } },
    ],
    follow: ({ graph }) => runBillingExport(graph, BILLED),
  },
  {
    what: 'a kept link of a billing export',
    answers: () => [],
    follow: ({ graph, kept }) => resumeBillingExport(graph, kept),
  },
];

/** A place where the service puts the address of a file, which is fetched without a token. */
export interface FileCarrier {
  what: string;
  service: 'arm' | 'graph';
  /** What the service answers in turn, the address in the last one. */
  answers(address: string, base: string): CarrierAnswer[];
  download(follower: Follower): Promise<unknown>;
}

async function drained(chunks: AsyncIterable<unknown>): Promise<void> {
  for await (const chunk of chunks) {
    void chunk;
  }
}

const fetched = ({ storage }: ArmClient, address: string) =>
  drained(readBlob(storage, address, { operation: 'Download the file' }));

const manifest = (rootDirectory: string) => ({
  dataFormat: 'compressedJSON',
  rootDirectory,
  sasToken: 'sv=2021-08-06&sig=c2lnbmF0dXJl',
  partitionType: 'Default',
  blobCount: 1,
  blobs: [{ name: 'part.gz', partitionValue: 'default' }],
});

export const FILE_CARRIERS: readonly FileCarrier[] = [
  {
    what: 'the file of an invoice',
    service: 'arm',
    answers: (url) => [{ status: 200, body: { url } }],
    download: async ({ arm }) => fetched(arm, (await prepareInvoiceDocument(arm, 'a', 'i')).url),
  },
  {
    what: 'the file of a price sheet',
    service: 'arm',
    answers: (downloadUrl, base) => [
      location(`${base}/poll`),
      { status: 200, body: { downloadUrl, validTill: '2026-11-22T00:00:00Z' } },
    ],
    download: async ({ arm }) => fetched(arm, priceSheetAddress(await preparePriceSheet(arm, OWNER))),
  },
  {
    what: 'a file of cost details',
    service: 'arm',
    answers: (blobLink) => [
      { status: 200, body: { status: 'Completed', manifest: { blobCount: 1, blobs: [{ blobLink, byteCount: 9 }] } } },
    ],
    async download({ arm }) {
      const { blobs } = await generateCostDetails(
        arm,
        SCOPE,
        { metric: 'ActualCost', timePeriod: OCTOBER },
        '2026-11-21',
      );
      for (const { blobLink } of blobs) {
        await fetched(arm, blobLink);
      }
    },
  },
  {
    what: 'the file of a detailed report',
    service: 'arm',
    answers: (downloadUrl) => [{ status: 200, body: { status: 'Completed', properties: { downloadUrl } } }],
    async download({ arm }) {
      const report = await generateDetailedCostReport(arm, SCOPE, { metric: 'ActualCost', timePeriod: OCTOBER });
      await fetched(arm, report?.properties?.downloadUrl ?? '');
    },
  },
  {
    what: 'the folder of a billing export',
    service: 'graph',
    answers: (folder, base) => [
      location(`${base}/v1.0/operation`),
      { status: 200, body: { ...SUCCEEDED, status: 'succeeded', resourceLocation: manifest(folder) } },
    ],
    download: async ({ graph }) => drained(exportLines(graph, await runBillingExport(graph, BILLED))),
  },
];

/** Every link of the services that is followed with a token. */
export const LINK_CARRIERS: readonly LinkCarrier[] = [
  ...ARM.map((carrier) => ({ ...carrier, service: 'arm' as const })),
  ...PARTNER.map((carrier) => ({ ...carrier, service: 'partner' as const })),
  ...GRAPH.map((carrier) => ({ ...carrier, service: 'graph' as const })),
];
