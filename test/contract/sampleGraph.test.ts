import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import type { BlobStore } from '../../src/sample/blobStore.ts';
import { decimalUnits } from '../../src/sample/decimal.ts';
import { EXPORTS_ACCOUNT } from '../../src/sample/graph/exportFiles.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import { type Azurite, startAzurite } from '../support/azurite.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const PARTITION_ROWS = 100;
const COST_SCALE = 20;
const TYPE = '#microsoft.graph.partners.billing';

/** Graph reference: billing attribute sets; what is basic. */
const BASIC =
  'AdditionalInfo BenefitOrderID BenefitType BillingCurrency BillingPreTaxTotal ChargeEndDate ChargeStartDate ChargeType CreditPercentage CreditType CustomerId CustomerName EffectiveUnitPrice EntitlementId InvoiceNumber PartnerEarnedCreditPercentage PartnerId PartnerName PCToBCExchangeRate PricingCurrency PricingPreTaxTotal ProductId PublisherName Quantity ResourceURI SkuId SkuName SubscriptionId UnitPrice UnitType UsageDate'.split(
    ' ',
  );
const ONLY_FULL =
  'AvailabilityId BenefitID ConsumedService CustomerCountry CustomerDomainName EntitlementDescription MeterCategory MeterId MeterName MeterRegion MeterSubCategory MeterType MpnId PCToBCExchangeRateDate ProductName PublisherId ResourceGroup ResourceLocation ServiceInfo1 ServiceInfo2 SubscriptionDescription Tags Tier2MpnId Unit'.split(
    ' ',
  );

interface Manifest {
  id: string;
  dataFormat: string;
  partitionType: string;
  rootDirectory: string;
  sasToken: string;
  blobCount: number;
  blobs: { name: string; sizeInBytes: number; itemCount: number }[];
}

interface OperationBody {
  '@odata.type': string;
  id: string;
  status: string;
  createdDateTime: string;
  lastActionDateTime: string;
  resourceLocation?: Manifest;
  'resourceLocation@odata.navigationLink'?: string;
  error?: { code: string; message: string };
}

/** Numbers as the digits they were written with. */
type Row = Record<string, string | null>;

class Session {
  readonly service: SampleService;

  constructor(service: SampleService) {
    this.service = service;
  }

  get base(): string {
    return `${this.service.endpoints.graph}/v1.0/reports/partners/billing`;
  }

  /** A monthly invoice of the main account, the newest first. */
  invoice(position = 0) {
    const { tenant } = this.service;
    const [account] = tenant.accounts;
    const invoice = account && tenant.invoices(account)[position];
    assert.ok(invoice);
    return invoice;
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return fetch(`${this.base}/${path}/export`, { method: 'POST', body: text, headers });
  }

  async control(name: string, body: unknown, status = 200): Promise<string> {
    const response = await fetch(`${this.service.endpoints.graph}/_sample/${name}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    const text = await response.text();
    assert.equal(response.status, status, text);
    return text;
  }

  async start(path: string, body: unknown): Promise<string> {
    const started = await this.post(path, body);
    assert.equal(started.status, 202, await started.text());
    return started.headers.get('location') ?? '';
  }

  async ask(operation: string): Promise<OperationBody> {
    const response = await fetch(operation);
    assert.equal(response.status, 200);
    return (await response.json()) as OperationBody;
  }

  async end(path: string, body: unknown): Promise<OperationBody> {
    const operation = await this.start(path, body);
    for (;;) {
      const answer = await this.ask(operation);
      if (!answer['@odata.type'].endsWith('.runningOperation')) {
        return answer;
      }
    }
  }

  async rows(path: string, body: unknown): Promise<{ files: number[]; rows: Row[]; manifest: Manifest }> {
    const { resourceLocation: manifest, error } = await this.end(path, body);
    assert.ok(manifest, error?.message);
    const files = await Promise.all(
      manifest.blobs.map(async ({ name, sizeInBytes, itemCount }) => {
        const response = await fetch(`${manifest.rootDirectory}/${name}?${manifest.sasToken}`);
        assert.equal(response.status, 200);
        const bytes = Buffer.from(await response.arrayBuffer());
        assert.equal(bytes.length, sizeInBytes);
        const text = gunzipSync(bytes).toString();
        assert.ok(text.endsWith('\n'));
        const rows = text.trimEnd().split('\n').map(rowOf);
        assert.equal(rows.length, itemCount);
        return rows;
      }),
    );
    return { files: files.map(({ length }) => length), rows: files.flat(), manifest };
  }
}

function rowOf(line: string): Row {
  const reviver = (_key: string, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? context?.source : value;
  return JSON.parse(line, reviver) as Row;
}

function sum(rows: readonly Row[], attribute: string): bigint {
  return rows.reduce((total, row) => total + decimalUnits(row[attribute] ?? '', COST_SCALE), 0n);
}

async function start(storage?: BlobStore): Promise<Session> {
  const service = await startSampleService({
    customers: 30,
    usageRows: 20_000,
    now: NOW,
    graph: { retryAfter: 3, partitionRows: PARTITION_ROWS },
    ...(storage ? { storage } : {}),
  });
  return new Session(service);
}

const STORES = [
  { name: 'the embedded storage', isOwn: true },
  { name: 'Azurite', isOwn: false },
] as const;

for (const { name, isOwn } of STORES) {
  describe(`sample service: billing exports of Microsoft Graph in ${name}`, () => {
    let azurite: Azurite | undefined;
    let session: Session;

    before(async () => {
      azurite = isOwn ? undefined : await startAzurite([EXPORTS_ACCOUNT]);
      session = await start(azurite?.store);
    });
    afterEach(() => session.control('reset', {}));
    after(async () => {
      await session.service.close();
      await azurite?.stop();
    });

    it('billed usage and billed reconciliation add up to the invoice, in every currency', async () => {
      const currencies = new Set<string>();
      for (let position = 0; position < 3; position++) {
        const invoice = session.invoice(position);
        currencies.add(invoice.profile.currency);
        const usage = await session.rows('usage/billed', { invoiceId: invoice.name });
        assert.equal(sum(usage.rows, 'BillingPreTaxTotal'), invoice.total);
        assert.ok(usage.files.slice(0, -1).every((count) => count === PARTITION_ROWS));
        assert.equal(usage.manifest.blobCount, usage.files.length);
        const reconciliation = await session.rows('reconciliation/billed', { invoiceId: invoice.name.toLowerCase() });
        assert.equal(sum(reconciliation.rows, 'Total'), invoice.total);
        for (const row of [...usage.rows, ...reconciliation.rows]) {
          assert.equal(row.InvoiceNumber, invoice.name);
          assert.equal(row.BillingCurrency ?? row.Currency, invoice.profile.currency);
        }
      }
      assert.equal(currencies.size, 3);
    });

    it('unbilled usage adds up to the open month, and has no invoice', async () => {
      const { tenant } = session.service;
      const { profile } = session.invoice();
      const { rows } = await session.rows('usage/unbilled', { currencyCode: 'USD', billingPeriod: 'current' });
      const scope = `/providers/Microsoft.Billing/billingAccounts/${tenant.accounts[0]?.name}/billingProfiles/${profile.name}`;
      const truth = tenant.truth(scope, '2026-11-01', '2026-11-30');
      assert.equal(rows.length, truth.rows);
      assert.equal(sum(rows, 'BillingPreTaxTotal'), decimalUnits(truth.totals.get('USD') ?? '', COST_SCALE));
      assert.ok(
        rows.every(({ InvoiceNumber, UsageDate }) => InvoiceNumber === '' && UsageDate?.startsWith('2026-11-')),
      );
      const open = await session.rows('reconciliation/unbilled', { currencyCode: 'USD', billingPeriod: 'current' });
      const usage = open.rows.filter(({ SubscriptionDescription }) => SubscriptionDescription === 'Azure plan');
      assert.equal(sum(usage, 'Total'), sum(rows, 'BillingPreTaxTotal'));
    });

    it('signatures that have run out are refused by storage, and the operation gives new ones', async () => {
      await session.control('graph', { validSeconds: 0, polls: 0 });
      const operation = await session.start('usage/billed', { invoiceId: session.invoice().name });
      const fetchFirst = async () => {
        const { resourceLocation: manifest } = await session.ask(operation);
        const response = await fetch(`${manifest?.rootDirectory}/${manifest?.blobs[0]?.name}?${manifest?.sasToken}`);
        await response.arrayBuffer();
        return { status: response.status, blobs: manifest?.blobs };
      };
      const refused = await fetchFirst();
      assert.equal(refused.status, 403);
      await session.control('graph', { validSeconds: 60 });
      assert.deepEqual(await fetchFirst(), { ...refused, status: 200 });
    });
  });
}

describe('sample service: billing exports of Microsoft Graph', () => {
  let session: Session;

  before(async () => {
    session = await start();
  });
  afterEach(() => session.control('reset', {}));
  after(() => session.service.close());

  const billed = (more: object = {}) => ({ invoiceId: session.invoice().name, ...more });
  const unbilled = { currencyCode: 'USD', billingPeriod: 'current' };

  it('have all attributes, or the basic ones', async () => {
    for (const [body, names] of [
      [billed(), [...BASIC, ...ONLY_FULL]],
      [billed({ attributeSet: 'full' }), [...BASIC, ...ONLY_FULL]],
      [billed({ attributeSet: 'basic' }), BASIC],
    ] as const) {
      const { rows, manifest } = await session.rows('usage/billed', body);
      for (const row of rows) {
        assert.deepEqual(Object.keys(row).sort(), [...names].sort());
      }
      assert.match(manifest.rootDirectory, names === BASIC ? /\/Fragment=basic\// : /\/Fragment=full\//);
    }
  });

  it('say row by row what the line items of Partner Center say', async () => {
    const invoice = session.invoice();
    const { rows } = await session.rows('usage/billed', billed());
    const { endpoints } = session.service;
    const address = `${endpoints.partnerCenter}/v1/invoices/${invoice.name}/lineitems?provider=onetime&invoicelineitemtype=usagelineitems&currencycode=${invoice.profile.currency}&size=50`;
    const items = JSON.parse(await (await fetch(address)).text(), (_key, value, context?: { source?: string }) =>
      typeof value === 'number' ? context?.source : value,
    ) as { items: Record<string, string>[] };
    assert.equal(items.items.length, 50);
    for (const item of items.items) {
      const row = rows.find(
        (each) =>
          each.ResourceURI === item.resourceUri && each.UsageDate === item.usageDate && each.MeterId === item.meterId,
      );
      assert.ok(row);
      for (const [attribute, member] of [
        ['Quantity', 'quantity'],
        ['BillingPreTaxTotal', 'billingPreTaxTotal'],
        ['EntitlementId', 'entitlementId'],
        ['Unit', 'unitOfMeasure'],
        ['PartnerEarnedCreditPercentage', 'rateOfPartnerEarnedCredit'],
        ['Tags', 'tags'],
      ] as const) {
        assert.equal(row[attribute], item[member], attribute);
      }
    }
  });

  it('run as the reference tells: 202, then always 200', async () => {
    await session.control('graph', { polls: 2 });
    const started = await session.post('usage/billed', billed());
    assert.equal(started.status, 202);
    assert.equal(started.headers.get('retry-after'), '3');
    assert.equal(await started.text(), '');
    const location = started.headers.get('location') ?? '';
    assert.match(location, new RegExp(`^${session.base}/operations/[0-9a-f-]{36}$`));
    const first = await fetch(location);
    assert.equal(first.headers.get('retry-after'), '3');
    const body = (await first.json()) as OperationBody;
    assert.equal(body['@odata.type'], `${TYPE}.runningOperation`);
    assert.equal(body.status, 'notStarted');
    assert.match(body.createdDateTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
    assert.match(body.lastActionDateTime, /\.\d{7}Z$/);
    assert.equal((await session.ask(location)).status, 'running');
    for (let times = 0; times < 2; times++) {
      const last = await session.ask(location);
      assert.equal(last['@odata.type'], `${TYPE}.exportSuccessOperation`);
      assert.equal(last.status, 'succeeded');
      assert.equal(last.resourceLocation?.dataFormat, 'compressedJSON');
      assert.equal(last.resourceLocation?.partitionType, 'Default');
    }
    assert.deepEqual(session.service.counts(), { 'graph.exports.usage.billed': 1, 'graph.operations.get': 4 });
  });

  it('link to the manifest and spell words as the tables do, when told to', async () => {
    await session.control('graph', { manifest: 'link', spelling: 'table' });
    const done = await session.end('usage/unbilled', unbilled);
    assert.equal(done.status, 'completed');
    assert.equal(done.resourceLocation, undefined);
    const manifest = (await (await fetch(done['resourceLocation@odata.navigationLink'] ?? '')).json()) as Manifest;
    assert.equal(manifest.dataFormat, 'compressedJSONLines');
    assert.equal(manifest.partitionType, 'default');
    assert.match(
      manifest.rootDirectory,
      /\/unbilledusagefastpath\/v1\/202611211200\/PartnerTenantId=.*\/Currency=USD\//,
    );
    assert.equal((await fetch(`${session.base}/manifests/${done.id}`)).status, 404);
  });

  it('fail without data: legacy, unknown and purchase invoices, other currencies, a last month that has its invoice', async () => {
    const { tenant } = session.service;
    const { profile, month } = session.invoice();
    const purchases = tenant.purchases.invoiceOf(profile, month);
    assert.ok(purchases);
    const without: [string, object][] = [
      ['usage/billed', { invoiceId: 'D02005YFHI' }],
      ['reconciliation/billed', { invoiceId: 'D02005YFHI' }],
      ['usage/billed', { invoiceId: 'G999999999' }],
      ['usage/billed', { invoiceId: purchases.name }],
      ['usage/unbilled', { ...unbilled, currencyCode: 'CHF' }],
      ['usage/unbilled', { ...unbilled, billingPeriod: 'last' }],
    ];
    for (const [path, body] of without) {
      const { status, error, '@odata.type': type } = await session.end(path, body);
      assert.deepEqual([type, status], [`${TYPE}.failedOperation`, 'failed']);
      assert.deepEqual(error, { message: 'No data available', code: '5000' });
    }
    const { rows } = await session.rows('reconciliation/billed', { invoiceId: purchases.name });
    assert.equal(sum(rows, 'Total'), purchases.total);
  });

  it('fail or never end, when told to', async () => {
    await session.control('graph', { ending: 'Failed' });
    assert.equal((await session.end('usage/unbilled', unbilled)).error?.code, '5001');
    await session.control('graph', { ending: 'Never' });
    const operation = await session.start('usage/unbilled', unbilled);
    for (let times = 0; times < 5; times++) {
      assert.match((await session.ask(operation)).status, /^(notStarted|running)$/);
    }
  });

  it('are refused in the shape of Graph, with the ids of the request', async () => {
    const refused: [string, unknown, RegExp][] = [
      ['usage/billed', 'no JSON', /Unable to read JSON/],
      ['usage/billed', [], /must be a JSON object/],
      ['usage/billed', {}, /invoiceId is required/],
      ['usage/billed', billed({ fragment: 'full' }), /'fragment' is not one of the operation/],
      ['usage/billed', billed({ attributeSet: 'all' }), /attributeSet must be one of full, basic/],
      ['usage/unbilled', { billingPeriod: 'current' }, /currencyCode is required/],
      ['usage/unbilled', { ...unbilled, currencyCode: 'dollar' }, /'dollar' is not valid/],
      ['usage/unbilled', { ...unbilled, billingPeriod: 'previous' }, /billingPeriod must be one of current, last/],
    ];
    for (const [path, body, message] of refused) {
      const response = await session.post(path, body, { 'client-request-id': 'c-1' });
      assert.equal(response.status, 400);
      const { error } = (await response.json()) as { error: { code: string; message: string; innerError: object } };
      assert.equal(error.code, 'BadRequest');
      assert.match(error.message, message);
      const ids = { 'request-id': response.headers.get('request-id'), 'client-request-id': 'c-1' };
      assert.deepEqual({ ...error.innerError, date: '' }, { date: '', ...ids });
      assert.equal(response.headers.get('x-ms-request-id'), null);
    }
    for (const path of ['operations/6fe687d7-1e0f-4bd6-9091-4672691f64bc', 'manifests/1', 'other']) {
      assert.equal((await fetch(`${session.base}/${path}`)).status, 404);
    }
    assert.equal((await fetch(`${session.base}/usage/billed/export`)).status, 405);
    assert.equal(
      (await fetch(`${session.base.toUpperCase().replace('HTTP', 'http')}/usage/billed/export`)).status,
      405,
    );
  });

  it('need a role that reads billing, and have faults in the shape of Graph', async () => {
    for (const [role, status] of [
      ['billingReader', 202],
      ['customer', 403],
      ['none', 403],
    ] as const) {
      await session.control('caller', { role });
      assert.equal((await session.post('usage/billed', billed())).status, status);
    }
    await session.control('reset', {});
    await session.control('fault', { fault: '429' });
    const throttled = await session.post('usage/billed', billed());
    assert.equal(throttled.status, 429);
    assert.equal(throttled.headers.get('retry-after'), '2');
    assert.ok(![...throttled.headers.keys()].some((header) => header.startsWith('x-ms-ratelimit-')));
    const { error } = (await throttled.json()) as { error: { code: string; innerError: object } };
    assert.equal(error.code, 'TooManyRequests');
    assert.ok(error.innerError);
    await session.control('fault', { fault: null });
  });

  it('forget their operations and switches on reset, and refuse unknown switches', async () => {
    await session.control('graph', { polls: 0, partitionRows: 7 });
    const operation = await session.start('usage/billed', billed());
    await session.control('reset', {});
    assert.equal((await fetch(operation)).status, 404);
    const settings = await fetch(`${session.service.endpoints.graph}/_sample/graph`);
    assert.deepEqual(await settings.json(), {
      polls: 1,
      retryAfter: 3,
      ending: 'Succeeded',
      manifest: 'inline',
      spelling: 'examples',
      partitionRows: PARTITION_ROWS,
      validSeconds: 3_600,
    });
    assert.match(await session.control('graph', { pols: 1 }, 400), /graph\.pols is not known: use one of polls, /);
    assert.match(await session.control('graph', { manifest: 'both' }, 400), /manifest must be one of inline, link/);
    assert.match(
      await session.control('graph', { partitionRows: 0 }, 400),
      /partitionRows must be a whole number from 1/,
    );
  });

  it('are the same bytes for the same seed', async () => {
    const other = await start();
    try {
      const [one, two] = await Promise.all(
        [session, other].map((each) => each.rows('usage/billed', { invoiceId: session.invoice().name })),
      );
      assert.deepEqual(one?.rows, two?.rows);
    } finally {
      await other.service.close();
    }
  });
});
