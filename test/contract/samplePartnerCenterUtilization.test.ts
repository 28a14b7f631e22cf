import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { decimalUnits } from '../../src/sample/decimal.ts';
import { exactSum, type PartnerCollection, SamplePartnerCenter } from '../support/samplePartnerCenter.ts';

interface Row {
  readonly usageStartTime: string;
  readonly usageEndTime: string;
  readonly resource: { readonly id: string; readonly category: string };
  readonly quantity: number;
  readonly infoFields: Readonly<Record<string, string>>;
  readonly instanceData?: { readonly resourceUri: string; readonly tags?: Readonly<Record<string, string>> };
}

/** Runs in a process of its own, where nothing but the service and its reader fills the heap. */
const MILLION = `
  import { startSampleService } from ${JSON.stringify(new URL('../../src/sample/service.ts', import.meta.url).href)};
  const service = await startSampleService({
    customers: 20,
    usageRows: 2_000,
    now: new Date('2026-11-21T09:00:00Z'),
    partnerCenter: { utilizationRows: 1_000_000 },
  });
  const { customer, commerceId } = service.partnerCenter.stories.legacy;
  const base = service.endpoints.partnerCenter + '/v1/customers/' + customer + '/subscriptions/' + commerceId + '/utilizations/azure';
  let url = base + '?start_time=2025-10-15T00:00:00Z&end_time=2026-11-19T00:00:00Z&granularity=hourly';
  let headers = {};
  const heap = () => { globalThis.gc(); return process.memoryUsage().heapUsed; };
  let afterTwo = 0;
  let pages = 0;
  while (pages < 60) {
    const bytes = Buffer.from(await (await fetch(url, { headers })).arrayBuffer());
    const token = /"MS-ContinuationToken","value":"([^"]+)"/.exec(bytes.subarray(-2_000).toString())?.[1];
    if (token === undefined) break;
    url = base + '?seek_operation=Next';
    headers = { 'MS-ContinuationToken': token };
    pages++;
    if (pages === 2) afterTwo = heap();
  }
  console.log(JSON.stringify({ pages, growth: (heap() - afterTwo) / 1_048_576 }));
  process.exit();
`;

const WEEK = { start: '2026-11-01T00:00:00Z', end: '2026-11-08T00:00:00Z' };
const HOUR = 3_600_000;

describe('sample service: utilization of 145P', () => {
  let center: SamplePartnerCenter;

  before(async () => {
    center = await SamplePartnerCenter.start();
  });
  after(() => center.service.close());
  afterEach(() => center.control('POST', 'reset'));

  const path = (customer: string, subscription: string, start: string, end: string, more = ''): string =>
    `customers/${customer}/subscriptions/${subscription}/utilizations/azure?start_time=${start}&end_time=${end}${more}`;
  const legacyPath = (start = WEEK.start, end = WEEK.end, more = ''): string =>
    path(center.story('legacy').customer, center.story('legacy').commerceId, start, end, more);
  const rowsOf = async (of: string): Promise<readonly Row[]> => (await center.items(of)) as unknown as readonly Row[];
  const truthOf = (start: string, end: string, granularity: 'Daily' | 'Hourly', showDetails = true) =>
    center.service.partnerCenter.utilizationTruth(center.story('legacy').commerceId, {
      start: new Date(start),
      end: new Date(end),
      granularity,
      showDetails,
    });

  it('gives all rows of a window, in pages of any size, daily and hourly, with details and by meter', async () => {
    for (const granularity of ['Daily', 'Hourly'] as const) {
      for (const showDetails of [true, false]) {
        const more = `&granularity=${granularity.toLowerCase()}&show_details=${showDetails}&size=${granularity === 'Daily' ? 7 : 499}`;
        const texts = await center.pages(legacyPath(WEEK.start, WEEK.end, more));
        const rows = texts.flatMap((text) => (JSON.parse(text) as { items: readonly Row[] }).items);
        const truth = truthOf(WEEK.start, WEEK.end, granularity, showDetails);
        assert.equal(rows.length, truth.rows);
        assert.equal(exactSum(texts, 'quantity'), decimalUnits(truth.total, 20));
        assert.ok(texts.length > 2);
        const keys = rows.map(
          (row) =>
            `${row.usageStartTime} ${row.resource.id} ${row.instanceData?.resourceUri} ${row.infoFields.project}`,
        );
        assert.equal(new Set(keys).size, keys.length, 'no row comes twice');
        const hours = granularity === 'Daily' ? 24 : 1;
        for (const row of rows) {
          assert.equal(Date.parse(row.usageEndTime) - Date.parse(row.usageStartTime), hours * HOUR);
          assert.equal(row.instanceData === undefined && Object.keys(row.infoFields).length === 0, !showDetails);
        }
      }
    }
  });

  it('selects by the time of report and groups by the time of use: rows before the window are normal', async () => {
    const rows = await rowsOf(legacyPath());
    const times = rows.map(({ usageStartTime }) => Date.parse(usageStartTime));
    assert.ok(Math.min(...times) < Date.parse(WEEK.start), 'late rows of days before');
    assert.deepEqual(
      times,
      [...times].sort((a, b) => a - b),
    );
    assert.ok(Math.max(...times) < Date.parse(WEEK.end));
  });

  it('has every hour in one of two windows that touch, so that neither rows nor quantities are lost or doubled', async () => {
    const middle = '2026-11-04T00:00:00Z';
    const sum = async (start: string, end: string) =>
      exactSum(await center.pages(legacyPath(start, end, '&granularity=hourly')), 'quantity');
    const [whole, first, second] = await Promise.all([
      sum(WEEK.start, WEEK.end),
      sum(WEEK.start, middle),
      sum(middle, WEEK.end),
    ]);
    assert.equal(first + second, whole);
    const daily = exactSum(await center.pages(legacyPath(WEEK.start, WEEK.end)), 'quantity');
    assert.equal(daily, whole);
  });

  it('cuts daily windows to midnight UTC and hourly ones to the hour, and echoes them with all defaults', async () => {
    const { customer, commerceId } = center.story('legacy');
    const own = `customers/${customer}/subscriptions/${commerceId}/utilizations/azure`;
    const selfOf = async (more: string) =>
      (
        await center.get<PartnerCollection>(
          `/v1/${legacyPath('2026-11-02T10:54:34Z', '2026-11-04T23:59:59-08:00', more)}`,
        )
      ).links?.self.uri;
    assert.equal(
      await selfOf(''),
      `${own}?start_time=2026-11-02T00:00:00Z&end_time=2026-11-05T00:00:00Z&granularity=Daily&show_details=True&size=1000`,
    );
    assert.equal(
      await selfOf('&granularity=HOURLY&show_details=false&size=10'),
      `${own}?start_time=2026-11-02T10:00:00Z&end_time=2026-11-05T07:00:00Z&granularity=Hourly&show_details=False&size=10`,
    );
  });

  it('continues by seek_operation alone, and refuses a token that is missing, another subscription’s, or altered in any byte', async () => {
    const first = await center.get<PartnerCollection>(`/v1/${legacyPath(WEEK.start, WEEK.end, '&size=5')}`);
    const next = first.links?.next;
    assert.match(next?.uri ?? '', /\/utilizations\/azure\?seek_operation=Next$/);
    const token = next?.headers[0]?.value ?? '';
    assert.match(
      token,
      /^\/[^?]+\?entitlement_id=[0-9a-f-]+&.*%3a00%3a00Z&count=5&show_details=True&error_if_not_processed=True&granularity=Daily&continuation_token=/,
    );
    const ask = (value: string) => center.refusal(`/v1/${next?.uri}`, { headers: { 'MS-ContinuationToken': value } });
    assert.equal((await center.refusal(`/v1/${next?.uri}`)).code, '800002');
    for (let i = 0; i < token.length; i += 3) {
      const { status, code } = await ask(token.slice(0, i) + (token[i] === 'x' ? 'y' : 'x') + token.slice(i + 1));
      assert.deepEqual([status, code], [400, '800002'], `byte ${i}`);
    }
    const { customer, commerceId } = center.stories.transferred;
    const other = `/v1/customers/${customer}/subscriptions/${commerceId}/utilizations/azure?seek_operation=Next`;
    assert.equal((await center.refusal(other, { headers: { 'MS-ContinuationToken': token } })).status, 400);
  });

  it('is not ready within two hours before now, or as often as it is told to be', async () => {
    for (const end of ['2026-11-21T07:00:01Z', '2026-11-22T00:00:00Z']) {
      const { status, headers, text } = await center.call(`/v1/${legacyPath(WEEK.start, end)}`);
      assert.deepEqual([status, headers.get('retry-after'), text], [204, '1', '']);
    }
    assert.equal((await center.call(`/v1/${legacyPath(WEEK.start, '2026-11-21T07:00:00Z')}`)).status, 200);
    await center.set({ notReady: 5, retryAfter: 0 });
    for (let i = 0; i < 5; i++) {
      const { status, headers } = await center.call(`/v1/${legacyPath()}`);
      assert.deepEqual([status, headers.get('retry-after')], [204, '0']);
    }
    assert.equal((await center.call(`/v1/${legacyPath()}`)).status, 200);
  });

  it('names what is wrong with a window', async () => {
    const { customer, commerceId } = center.story('legacy');
    const own = `/v1/customers/${customer}/subscriptions/${commerceId}/utilizations/azure`;
    const missing = await center.call(`${own}?end_time=${WEEK.end}`);
    assert.equal(missing.status, 400);
    const { code, description, data } = JSON.parse(missing.text) as {
      code: string;
      description: string;
      data: string[];
    };
    assert.deepEqual([code, description, data], ['2001', 'start_time is required', ['start_time']]);
    assert.equal((await center.refusal(`${own}?start_time=${WEEK.start}`)).description, 'end_time is required');
    for (const [start, end, more, wrong] of [
      [WEEK.end, WEEK.start, '', '800002'],
      ['2026-11-01', WEEK.end, '', '800002'],
      ['2026-11-01T00:00:00 08:00', WEEK.end, '', '800002'],
      [WEEK.start, WEEK.end, '&granularity=weekly', '900126'],
      [WEEK.start, WEEK.end, '&show_details=maybe', '900126'],
      [WEEK.start, WEEK.end, '&size=0', '800002'],
      [WEEK.start, WEEK.end, '&size=1001', '800002'],
    ] as const) {
      assert.equal(
        (await center.refusal(`/v1/${legacyPath(start, end, more)}`)).code,
        wrong,
        `${start} ${end} ${more}`,
      );
    }
  });

  it('does not know Azure plans, their subscriptions, or ids of other customers', async () => {
    const { directory } = center.service.tenant;
    const customer = directory.customer(0);
    const [plan] = await center.items(`customers/${customer.name}/subscriptions`);
    for (const id of [String(plan?.id), directory.subscription(customer, 0).name, center.story('legacy').commerceId]) {
      const { status, code, description } = await center.refusal(
        `/v1/${path(customer.name, id, WEEK.start, WEEK.end)}`,
      );
      assert.deepEqual([status, code], [404, '20003']);
      assert.equal(description, `Subscription id '${id}' provided was not found under this customer.`);
    }
  });

  it('takes either id of a 145P subscription, but only the Commerce id of a transferred one', async () => {
    const { legacy, transferred } = center.stories;
    for (const id of [legacy?.commerceId, legacy?.entitlementId.toLowerCase()]) {
      assert.ok((await rowsOf(path(legacy?.customer ?? '', id ?? '', WEEK.start, WEEK.end))).length > 0);
    }
    const { customer, commerceId, entitlementId } = transferred;
    const rows = await rowsOf(path(customer, commerceId, WEEK.start, WEEK.end));
    const uris = rows.flatMap(({ instanceData }) => instanceData?.resourceUri ?? []);
    assert.ok(uris.length > 0 && uris.every((uri) => uri.startsWith(`/subscriptions/${entitlementId.toLowerCase()}/`)));
    assert.ok(rows.every(({ usageStartTime }) => usageStartTime.endsWith('T00:00:00+00:00')));
    const { status, code } = await center.refusal(`/v1/${path(customer, entitlementId, WEEK.start, WEEK.end)}`);
    assert.deepEqual([status, code], [404, '20003']);
  });

  it('has rows of an upgraded customer until the upgrade, under the id of the Azure subscription that lives on, and none after', async () => {
    const { customer, entitlementId, lastUse } = center.story('mixed');
    assert.ok(center.service.tenant.directory.subscriptionNamed(entitlementId), 'known on the ARM side');
    const last = Date.parse(`${lastUse}T00:00:00Z`);
    const at = (days: number) => new Date(last + days * 24 * HOUR).toISOString();
    const rows = await rowsOf(path(customer, entitlementId, at(-3), at(20)));
    assert.ok(rows.length > 0);
    assert.equal(Math.max(...rows.map(({ usageStartTime }) => Date.parse(usageStartTime))), last);
    assert.deepEqual(await rowsOf(path(customer, entitlementId, WEEK.start, WEEK.end)), []);
  });

  it('writes old and new rows, Pacific time with its summer, tags with commas, and an empty page as such', async () => {
    const rows = await rowsOf(legacyPath('2026-10-28T00:00:00Z', '2026-11-05T00:00:00Z'));
    const old = rows.find(({ resource }) => resource.category === 'Azure App Service');
    assert.ok(old?.infoFields.project && old.instanceData === undefined);
    assert.ok(rows.some(({ instanceData }) => instanceData?.tags?.['cost center']?.includes(',')));
    assert.ok(rows.some(({ usageStartTime }) => usageStartTime.endsWith('T17:00:00-07:00')));
    assert.ok(rows.some(({ usageStartTime }) => usageStartTime.endsWith('T16:00:00-08:00')));
    assert.ok(rows.every(({ usageStartTime }) => Date.parse(usageStartTime) % (24 * HOUR) === 0));
    assert.deepEqual(await rowsOf(legacyPath('2010-01-01T00:00:00Z', '2010-02-01T00:00:00Z')), []);
  });

  it('holds no more memory after many pages of a million records than after few', () => {
    const args = ['--expose-gc', '--input-type=module', '--eval', MILLION];
    const { pages, growth } = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as {
      pages: number;
      growth: number;
    };
    assert.equal(pages, 60);
    assert.ok(growth < 15, `the heap grew by ${growth.toFixed(1)} MB`);
  });

  it('tells the truth of a window to tests that only have the address', async () => {
    const { commerceId } = center.story('legacy');
    const query = `subscription=${commerceId}&start=${WEEK.start}&end=${WEEK.end}&granularity=hourly`;
    const { status, text } = await center.control('GET', `utilizationTruth?${query}`);
    assert.equal(status, 200);
    const truth = truthOf(WEEK.start, WEEK.end, 'Hourly');
    assert.deepEqual(JSON.parse(text), { ...truth, quantities: Object.fromEntries(truth.quantities) });
    assert.equal(
      (await center.control('GET', 'utilizationTruth?subscription=x&start=2026-11-01&end=2026-11-02')).status,
      400,
    );
  });
});
