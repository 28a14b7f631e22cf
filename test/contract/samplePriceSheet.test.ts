import assert from 'node:assert/strict';
import { CostManagementClient } from '@azure/arm-costmanagement';
import { type Entry, fromBuffer, type ZipFile } from 'yauzl';
import {
  COST_SCALE,
  decimalText,
  decimalUnits,
  PRICE_SCALE,
  QUANTITY_SCALE,
  RATE_SCALE,
} from '../../src/sample/decimal.ts';
import { digitsOf, parseExact } from '../../src/sample/exactJson.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';

type Row = Record<string, string>;

const FIRST = '2019-10-01-preview';
const LATER = ['2022-10-01', '2023-03-01', '2023-08-01', '2023-09-01', '2023-11-01', '2024-08-01', '2025-03-01'];
const NEWEST = '2025-03-01';

/** Cells of price sheets have no quotes in them. */
function rowsOf(csv: string): Row[] {
  const [header = '', ...lines] = csv.trimEnd().split('\r\n');
  const names = header.split(',');
  return lines.map((line) => {
    const cells = [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']));
  });
}

async function unzipped(bytes: Buffer): Promise<{ name: string; content: Buffer }[]> {
  const files: { name: string; content: Buffer }[] = [];
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    fromBuffer(bytes, { lazyEntries: true }, (error, opened) => (opened ? resolve(opened) : reject(error)));
  });
  await new Promise<void>((resolve, reject) => {
    zip.once('end', resolve).once('error', reject);
    zip.on('entry', (entry: Entry) => {
      zip.openReadStream(entry, (error, stream) => {
        if (!stream) return reject(error);
        stream.toArray().then((pieces) => {
          files.push({ name: entry.fileName, content: Buffer.concat(pieces) });
          zip.readEntry();
        }, reject);
      });
    });
    zip.readEntry();
  });
  return files;
}

describe('sample service: price sheets', () => {
  let service: SampleService;
  let account: string;
  let profiles: readonly string[];

  before(async () => {
    service = await startSampleService({ customers: 24, usageRows: 6_000, now: new Date('2026-11-21T12:00:00Z') });
    const [main] = service.tenant.accounts;
    assert.ok(main);
    account = `/providers/Microsoft.Billing/billingAccounts/${main.name}`;
    profiles = main.profiles.map(({ name }) => `${account}/billingProfiles/${name}`);
  });
  after(() => service.close());
  beforeEach(() => fetch(`${service.endpoints.resourceManager}/_sample/reset`, { method: 'POST' }));

  const invoice = (profileIndex: number, monthsBack: number, purchases = false) => {
    const { tenant } = service;
    const profile = tenant.accounts[0]?.profiles[profileIndex];
    assert.ok(profile);
    const month = tenant.ledger.openMonth - monthsBack;
    const found = purchases ? tenant.purchases.invoiceOf(profile, month) : tenant.invoiceOf(profile, month);
    assert.ok(found);
    return `${profiles[profileIndex]}/invoices/${found.name}`;
  };
  const start = (owner: string, version: string, method = 'POST') => {
    const form = version === FIRST ? 'pricesheet' : 'providers/Microsoft.CostManagement/pricesheets';
    return fetch(`${service.endpoints.resourceManager}${owner}/${form}/default/download?api-version=${version}`, {
      method,
    });
  };

  /** Asks for a price sheet and follows the Location until it is there. */
  async function prepared(owner: string, version: string) {
    const started = await start(owner, version);
    assert.equal(started.status, 202, await started.text());
    const location = started.headers.get('location') ?? '';
    for (let polls = 0; polls < 5; polls++) {
      const answer = await fetch(location);
      const text = await answer.text();
      if (answer.status !== 202) {
        const body = text === '' ? {} : (JSON.parse(text) as Record<string, string>);
        return { status: answer.status, body, location, headers: started.headers };
      }
      assert.equal(answer.headers.get('location'), location);
      assert.ok(answer.headers.get('retry-after'));
    }
    throw new Error('the operation does not end');
  }
  async function downloaded(url = ''): Promise<Buffer> {
    const answer = await fetch(url);
    assert.equal(answer.status, 200);
    return Buffer.from(await answer.arrayBuffer());
  }
  const control = (name: string, body: object) =>
    fetch(`${service.endpoints.resourceManager}/_sample/${name}`, { method: 'POST', body: JSON.stringify(body) });

  it('gives one csv in the first form, of a billing profile and of an invoice', async () => {
    for (const [owner, month] of [
      [profiles[1] ?? '', '11/01/2026'],
      [invoice(1, 3), '08/01/2026'],
    ] as const) {
      const { status, body, location, headers } = await prepared(owner, FIRST);
      assert.equal(status, 200);
      assert.match(
        location,
        /\/billingProfiles\/[^/]+\/pricesheetDownloadOperations\/([0-9a-f-]{36})\?sessiontoken=0:11186&api-version=2019-10-01-preview$/,
      );
      assert.ok(location.includes(`/${headers.get('odata-entityid')}?`));
      assert.deepEqual(Object.keys(body), ['url', 'expiryTime']);
      assert.ok(Date.parse(body.expiryTime ?? '') > Date.now());
      const rows = rowsOf((await downloaded(body.url)).toString());
      assert.equal(Object.keys(rows[0] ?? {}).length, 25);
      assert.ok(rows.every((row) => row.BillingCurrency === 'EUR' && row.Currency === 'USD'));
      assert.ok(rows.every(({ EffectiveStartDate }) => EffectiveStartDate === month));
    }
  });

  it('gives a zip in the later form, in every version of it', async () => {
    for (const version of LATER) {
      const { body, location } = await prepared(profiles[2] ?? '', version);
      assert.match(location, /^http:\/\/127\.0\.0\.1:\d+\//);
      assert.match(location, /\/providers\/Microsoft\.CostManagement\/operationResults\/[^?]+\?sessiontoken=0:11186&/);
      assert.match(location, /&OperationType=PriceSheet\b/);
      assert.deepEqual(Object.keys(body), ['downloadUrl', 'expiryTime']);
      const files = await unzipped(await downloaded(body.downloadUrl));
      assert.equal(files.length, 1);
      const names = Object.keys(rowsOf(files[0]?.content.toString() ?? '')[0] ?? {});
      assert.equal(names.includes('MeterId'), version === NEWEST);
      assert.equal(names.includes('ProductOrderName'), version === NEWEST);
    }
    const { body } = await prepared(invoice(2, 1), NEWEST);
    assert.deepEqual(Object.keys(body), ['downloadUrl', 'expiryTime', 'validTill']);
  });

  it('cuts the csv files of a zip where they get too big, and repeats the header', async () => {
    const whole = await unzipped(await downloaded((await prepared(profiles[0] ?? '', NEWEST)).body.downloadUrl));
    await control('reports', { priceSheetPartBytes: 20_000 });
    const parts = await unzipped(await downloaded((await prepared(profiles[0] ?? '', NEWEST)).body.downloadUrl));
    assert.ok(parts.length > 2);
    assert.ok(parts.every(({ content }) => content.length <= 20_000));
    assert.equal(new Set(parts.map(({ name }) => name)).size, parts.length);
    assert.deepEqual(
      parts.flatMap(({ content }) => rowsOf(content.toString())),
      rowsOf(whole[0]?.content.toString() ?? ''),
    );
  });

  it('has the unit price of every usage row, with which quantity gives its cost', async () => {
    let withoutCredit = 0;
    for (const profile of profiles) {
      const rows = rowsOf((await downloaded((await prepared(profile, FIRST)).body.url)).toString());
      const prices = new Map(
        rows
          .filter(({ PriceType }) => PriceType === 'Consumption')
          .map((row) => [`${row.MeterId}/${row.MeterRegion}`, row.UnitPrice ?? '']),
      );
      const usage = await fetch(
        `${service.endpoints.resourceManager}${profile}/providers/Microsoft.Consumption/usageDetails?api-version=2023-11-01`,
      );
      const { value } = parseExact(await usage.text()) as { value: { properties: Record<string, unknown> }[] };
      assert.ok(value.length > 0);
      for (const { properties } of value) {
        const number = (name: string) => digitsOf(properties[name]) ?? '';
        const price = prices.get(`${properties.meterId}/${properties.meterRegion}`) ?? '';
        assert.equal(price, number('unitPrice'));
        const cost = decimalText(
          decimalUnits(price, PRICE_SCALE) *
            decimalUnits(number('quantity'), QUANTITY_SCALE) *
            decimalUnits(number('exchangeRatePricingToBilling'), RATE_SCALE),
          COST_SCALE,
        );
        assert.equal(cost, number('paygCostInBillingCurrency'));
        if (properties.partnerEarnedCreditApplied === '1') continue;
        withoutCredit++;
        assert.equal(cost, number('costInBillingCurrency'));
      }
    }
    assert.ok(withoutCredit > 0);
  });

  it('prices consumption, savings plans and reservations, with their terms', async () => {
    const { body } = await prepared(profiles[0] ?? '', NEWEST);
    const [file] = await unzipped(await downloaded(body.downloadUrl));
    const terms = new Map<string, Set<string>>();
    for (const { PriceType = '', Term = '' } of rowsOf(file?.content.toString() ?? '')) {
      terms.set(PriceType, (terms.get(PriceType) ?? new Set()).add(Term));
    }
    assert.deepEqual(Object.fromEntries([...terms].map(([type, found]) => [type, [...found].sort()])), {
      Consumption: [''],
      SavingsPlan: ['P1Y', 'P3Y'],
      ReservedInstance: ['P1Y', 'P3Y'],
    });
  });

  it('has no content for an invoice of purchases', async () => {
    for (const version of [FIRST, NEWEST]) {
      const { status, body } = await prepared(invoice(0, 2, true), version);
      assert.deepEqual([status, body], [204, {}]);
    }
  });

  it('has no content for months before January 2023, in the later form', async () => {
    const old = await startSampleService({ customers: 12, usageRows: 1_000, now: new Date('2023-03-10T00:00:00Z') });
    try {
      const [main] = old.tenant.accounts;
      const [profile] = main?.profiles ?? [];
      assert.ok(main && profile);
      for (const [monthsBack, expected] of [
        [1, 200],
        [2, 200],
        [3, 204],
      ] as const) {
        const { name } = old.tenant.invoiceOf(profile, old.tenant.ledger.openMonth - monthsBack) ?? assert.fail();
        const owner = `/providers/Microsoft.Billing/billingAccounts/${main.name}/billingProfiles/${profile.name}/invoices/${name}`;
        const path = `${owner}/providers/Microsoft.CostManagement/pricesheets/default/download?api-version=${NEWEST}`;
        const started = await fetch(`${old.endpoints.resourceManager}${path}`, { method: 'POST' });
        const location = started.headers.get('location') ?? '';
        await fetch(location);
        assert.equal((await fetch(location)).status, expected);
      }
    } finally {
      await old.close();
    }
  });

  it('refuses what does not exist or is asked wrongly', async () => {
    for (const version of [FIRST, NEWEST]) {
      for (const owner of [
        `${account}/billingProfiles/NONE`,
        `${profiles[0]}/invoices/G000000000`,
        `${profiles[0]}/invoices/${invoice(1, 1).split('/').at(-1)}`,
        `${account.slice(0, -1)}x/billingProfiles/NONE`,
      ]) {
        const answer = await start(owner, version);
        assert.equal(answer.status, 404, owner);
        assert.match(await answer.text(), /was not found/);
      }
      assert.equal((await start(profiles[0] ?? '', version, 'GET')).status, 405);
    }
    assert.equal((await start(profiles[0] ?? '', '2018-01-01')).status, 400);
    const format = `${profiles[0]}/pricesheet/default/download?api-version=${FIRST}&format=xlsx`;
    const answer = await fetch(`${service.endpoints.resourceManager}${format}`, { method: 'POST' });
    assert.match(await answer.text(), /format is not valid/);
  });

  it('knows an operation only by the whole address', async () => {
    for (const version of [FIRST, NEWEST]) {
      const location = (await start(profiles[0] ?? '', version)).headers.get('location') ?? '';
      const cut = await fetch(location.replace('sessiontoken=0:11186&', ''));
      assert.equal(cut.status, 400);
      assert.match(await cut.text(), /follow it as it was given/);
      assert.equal((await fetch(location)).status, 202);
      assert.equal((await fetch(location.replace(/[0-9a-f]\?/, '?'))).status, 404);
    }
  });

  it('fails and never ends as operations are told, and its addresses expire', async () => {
    await control('operations', { ending: 'Failed' });
    assert.equal((await prepared(profiles[0] ?? '', NEWEST)).status, 500);
    await control('operations', { ending: 'Never' });
    await assert.rejects(prepared(profiles[0] ?? '', FIRST), /does not end/);
    await control('operations', { ending: 'Succeeded' });
    await control('reports', { validSeconds: 0 });
    const { body } = await prepared(profiles[0] ?? '', FIRST);
    const expired = await fetch(body.url ?? '');
    assert.equal(expired.status, 403);
    assert.match(await expired.text(), /AuthenticationFailed/);
  });

  it('serves the official client', async () => {
    const client = new CostManagementClient(
      { getToken: async () => ({ token: 'none', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) },
      { endpoint: service.endpoints.resourceManager, allowInsecureConnection: true },
    );
    client.pipeline.removePolicy({ name: 'bearerTokenAuthenticationPolicy' });
    const names = (path: string) => path.split('/').filter((_, i) => i === 4 || i === 6 || i === 8);
    const [billingAccount = '', profile = '', invoiceName = ''] = names(invoice(0, 1));
    const options = { updateIntervalInMs: 1 };
    const ofProfile = await client.priceSheet.beginDownloadByBillingProfileAndWait(billingAccount, profile, options);
    const ofInvoice = await client.priceSheet.beginDownloadAndWait(billingAccount, profile, invoiceName, options);
    for (const { downloadUrl } of [ofProfile, ofInvoice]) {
      assert.equal((await unzipped(await downloaded(downloadUrl))).length, 1);
    }
  });
});
