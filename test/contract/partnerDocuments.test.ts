import assert from 'node:assert/strict';
import type { PartnerCenterClientOptions } from '../../src/api/partnerCenter/partnerCenterClient.ts';
import { usageCurrency } from '../../src/api/partnerCenter/usageCurrency.ts';
import { parseJson } from '../../src/json/parseJson.ts';
import { DecimalSum } from '../../src/records/decimal.ts';
import { FORMATS, type Format } from '../../src/records/formats.ts';
import { type UsageRecordsSubject, writeUsageRecords } from '../../src/usage/partner/writeUsageRecords.ts';
import type { UsageReport } from '../../src/usage/writeUsage.ts';
import { MemorySink } from '../support/arm.ts';
import { cellOf, csvCells } from '../support/csvCells.ts';
import { FastClock } from '../support/fastClock.ts';
import { failureOf } from '../support/graph.ts';
import { connectPartnerCenter, withStub } from '../support/partnerCenter.ts';
import { SamplePartnerCenter } from '../support/samplePartnerCenter.ts';
import { sendJson } from '../support/stubService.ts';

type Members = Readonly<Record<string, unknown>>;

interface Written {
  report: UsageReport;
  text: string;
}

/** Exact sums per currency, from records with all their digits. */
function sumsOf(records: readonly Members[]): Record<string, string> {
  const sums = new Map<string, DecimalSum>();
  for (const record of records) {
    const currency = usageCurrency(record) ?? '';
    const sum = sums.get(currency) ?? new DecimalSum();
    sum.add(String(record.totalCost));
    sums.set(currency, sum);
  }
  return Object.fromEntries([...sums].map(([currency, sum]) => [currency, sum.toString()]));
}

describe('usage records as documents', () => {
  let center: SamplePartnerCenter;
  const open: (() => Promise<void>)[] = [];

  before(async () => {
    center = await SamplePartnerCenter.start({ customers: 30 });
  });
  after(() => center.service.close());
  afterEach(async () => {
    await Promise.all(open.splice(0).map((close) => close()));
    center.service.setFault(undefined);
    await center.control('POST', 'reset');
  });

  const connected = (options: Partial<PartnerCenterClientOptions> = {}) => {
    const { client, close } = connectPartnerCenter(center.service.endpoints.partnerCenter, {
      clock: new FastClock(),
      ...options,
    });
    open.push(close);
    return client;
  };

  const write = async (
    subject: UsageRecordsSubject,
    format: Format,
    options: Partial<PartnerCenterClientOptions> = {},
  ): Promise<Written> => {
    const sink = new MemorySink();
    const report = await writeUsageRecords(connected(options), subject, format, sink, {});
    return { report, text: sink.text };
  };

  /** Records as the service sends them, with all their digits. */
  const recordsOf = async (path: string): Promise<Members[]> =>
    (await center.pages(path)).flatMap(
      (text) => (parseJson(text.replace(/^\ufeff/, '')) as { items: Members[] }).items,
    );

  interface Case {
    subject: UsageRecordsSubject;
    path: string;
    call: string;
    /** Currencies that its totals are in; each has rows. */
    currencies: number;
  }

  /** Every list of usage records, and every kind of subscription that has it. */
  const cases = (): Record<string, Case> => {
    const { azurePlan, yen } = center.stories;
    const [legacy, mixed] = [center.story('legacy'), center.story('mixed')];
    const below = (customer: string, subscription: string) => `customers/${customer}/subscriptions/${subscription}`;
    const plan = { customer: azurePlan.customer, subscription: azurePlan.planId };
    const commerce = { customer: legacy.customer, subscription: legacy.commerceId };
    const subscriptions = (customer: string, currencies = 1): Case => ({
      subject: { of: 'subscriptions', customer },
      path: `customers/${customer}/subscriptions/usagerecords`,
      call: 'subscription usage records of the customer',
      currencies,
    });
    return {
      'all customers': {
        subject: { of: 'customers' },
        path: 'customers/usagerecords',
        call: 'usage records of customers',
        currencies: 4,
      },
      'the subscriptions of a legacy customer': subscriptions(legacy.customer),
      'the plans of a customer': subscriptions(azurePlan.customer),
      'a customer that has both': subscriptions(mixed.customer),
      'two subscriptions in yen': subscriptions(yen.customer),
      'the meters of a plan': {
        subject: { of: 'meters', ...plan },
        path: `${below(plan.customer, plan.subscription)}/meterusagerecords`,
        call: 'usage records by meter',
        currencies: 1,
      },
      'the meters of a legacy subscription': {
        subject: { of: 'meters', ...commerce },
        path: `${below(commerce.customer, commerce.subscription)}/meterusagerecords`,
        call: 'usage records by meter',
        currencies: 1,
      },
      'the resources of a plan': {
        subject: { of: 'resources', ...plan },
        path: `${below(plan.customer, plan.subscription)}/resourceusagerecords`,
        call: 'usage records by resource',
        currencies: 1,
      },
    };
  };

  for (const name of [
    'all customers',
    'the subscriptions of a legacy customer',
    'the plans of a customer',
    'a customer that has both',
    'two subscriptions in yen',
    'the meters of a plan',
    'the meters of a legacy subscription',
    'the resources of a plan',
  ]) {
    it(`of ${name} are complete and exact in every format`, async () => {
      const { subject, path, call, currencies } = cases()[name] as Case;
      const records = await recordsOf(path);
      assert.ok(records.length > 0);
      for (const format of FORMATS) {
        const { report, text } = await write(subject, format);
        assert.deepEqual([report.rows, report.pages, report.bytes], [records.length, 1, Buffer.byteLength(text)]);
        assert.equal(report.requestIds.length, 1);
        assert.equal(report.source, `Partner Center v1, ${call}`);
        assert.deepEqual([report.unknownFields, report.rowsWithoutCost], [[], 0]);
        const sums = sumsOf(records);
        assert.deepEqual(report.totals, sums);
        assert.equal(Object.keys(sums).length, currencies);
        if (format === 'csv') {
          const cells = csvCells(text);
          assert.deepEqual(
            cells,
            records.map((record) =>
              Object.fromEntries(Object.keys(cells[0] ?? {}).map((column) => [column, cellOf(record[column])])),
            ),
          );
        } else {
          const values = format === 'json' ? parseJson(text) : text.trimEnd().split('\n').map(parseJson);
          assert.deepEqual(values, records);
        }
      }
    });
  }

  it('tell the money of legacy Azure by a culture and of plans by a code, in one list', async () => {
    const cells = csvCells((await write({ of: 'customers' }, 'csv')).text);
    const column = (name: string) => cells.map((row) => row[name] ?? '');
    const [codes, cultures] = [column('currencyCode'), column('currencyLocale')];
    assert.ok(codes.some((code) => /^[A-Z]{3}$/.test(code)) && cultures.some((culture) => /^\w\w-\w\w$/.test(culture)));
    assert.ok(
      codes.every((code, i) => (code === '') !== (cultures[i] === '')),
      'each has one of them',
    );
  });

  it('are the same whatever marks, links and totals the service writes', async () => {
    const { subject } = cases()['the meters of a plan'] as Case;
    const plain = await write(subject, 'csv');
    for (const settings of [{ bom: true }, { totals: 'larger' }, { links: 'version', bom: true }, { links: 'bare' }]) {
      await center.set(settings);
      const { text, report } = await write(subject, 'csv');
      assert.equal(text, plain.text);
      assert.equal(report.rows, plain.report.rows);
    }
  });

  it('of who has no Azure are whole and empty', async () => {
    for (const format of FORMATS) {
      const { report, text } = await write({ of: 'subscriptions', customer: center.stories.licencesOnly }, format);
      assert.deepEqual([report.rows, report.pages, report.totals], [0, 1, {}]);
      assert.match(text, { csv: /^resourceName,[^\n]*,unknownFields\n$/, json: /^\[\]\n$/, ndjson: /^$/ }[format]);
    }
  });

  it('by meter of legacy Azure come to an application without a user too, by the older call', async () => {
    await center.set({ signIn: 'appOnly' });
    const { customer, commerceId: subscription } = center.story('legacy');
    const subject = { of: 'meters', customer, subscription } as const;
    const { report, text } = await write(subject, 'json', { signIn: 'appOnly' });
    const records = await recordsOf(`customers/${customer}/subscriptions/${subscription}/usagerecords/resources`);
    assert.deepEqual(parseJson(text), records);
    assert.deepEqual(report.totals, sumsOf(records));
  });

  it('are refused to an application without a user, with what is missing', async () => {
    await center.set({ signIn: 'appOnly' });
    const error = await failureOf(write({ of: 'customers' }, 'csv'));
    assert.deepEqual([error.kind, error.status, error.code], ['refused', 403, '900329']);
    assert.match(error.advice ?? '', /user/);
  });

  for (const fault of ['429-retry-after*2', '503*1', 'reset*1', 'truncated*1', 'empty-body*1']) {
    it(`are whole after ${fault}`, async () => {
      const plain = await write({ of: 'customers' }, 'csv');
      center.service.setFault(`${fault}@usagerecords`);
      assert.equal((await write({ of: 'customers' }, 'csv')).text, plain.text);
    });
  }

  for (const [fault, words] of [
    ['500', /^List usage records of customers failed with HTTP 500/],
    ['truncated', /cut short/],
    ['reset', /^List usage records of customers failed/],
    ['html', /web page/],
    ['empty-body', /the answer is empty/],
    ['wrong-shape', /no list named 'items'/],
    ['foreign-next-link', /not one of this connection's hosts/],
  ] as const) {
    it(`end in one clear error for ${fault} that stays, and nothing looks whole`, async () => {
      center.service.setFault(fault);
      const sink = new MemorySink();
      const error = await failureOf(writeUsageRecords(connected(), { of: 'customers' }, 'json', sink, {}));
      assert.match(error.message, words);
      assert.throws(() => JSON.parse(sink.text));
    });
  }

  it('stop when they are cancelled', async () => {
    const cancel = new AbortController();
    center.service.setFault('hang');
    const sink = new MemorySink();
    const writing = writeUsageRecords(connected(), { of: 'customers' }, 'csv', sink, { signal: cancel.signal });
    setTimeout(() => cancel.abort(), 50);
    await assert.rejects(writing, { name: 'AbortError' });
    assert.equal(sink.text, '');
  });
});

describe('usage records that the sample tenant does not have', () => {
  /** The document of a list that comes in these pages, each the JSON text of its items. */
  const written = (pages: readonly string[], format: Format, subject: UsageRecordsSubject = { of: 'customers' }) => {
    let page = 0;
    return withStub(
      (_request, response) => {
        const items = pages[page++] ?? '';
        const next = { uri: `/v1/customers/usagerecords?page=${page}`, method: 'GET' };
        const links = page < pages.length ? `,"links":{"next":${JSON.stringify(next)}}` : '';
        sendJson(response, 200, `\ufeff{"totalCount":25,"items":[${items}]${links}}`);
      },
      async ({ client }): Promise<Written> => {
        const sink = new MemorySink();
        const report = await writeUsageRecords(client, subject, format, sink, {});
        return { report, text: sink.text };
      },
    );
  };

  it('keep fields that nobody knows, and name them', async () => {
    const record = '{"name":"a","totalCost":1.50,"currencyCode":"EUR","discount":{"rate":0.10},"budget":null}';
    const csv = await written([record], 'csv');
    assert.deepEqual(csv.report.unknownFields, ['discount']);
    assert.equal(csvCells(csv.text)[0]?.unknownFields, '{"discount":{"rate":0.10}}');
    assert.deepEqual(parseJson((await written([record], 'json')).text), [parseJson(record)]);
  });

  it('are joined over pages, an empty one among them', async () => {
    const { report, text } = await written(['{"name":"a"},{"name":"b"}', '', '{"name":"c"}'], 'ndjson');
    assert.equal(text, '{"name":"a"}\n{"name":"b"}\n{"name":"c"}\n');
    assert.deepEqual([report.rows, report.pages, report.rowsWithoutCost], [3, 3, 3]);
  });

  it('are told by either of their twin names', async () => {
    const { text } = await written(
      ['{"id":"1","name":"only these"},{"resourceId":"2","resourceName":"only those"}'],
      'csv',
    );
    const told = csvCells(text).map((row) => [row.resourceName, row.name, row.resourceId, row.id]);
    assert.deepEqual(told, [
      ['', 'only these', '', '1'],
      ['only those', '', '2', ''],
    ]);
  });

  it('have totals with every digit, of credits and of currencies without minor units too', async () => {
    const { report } = await written(
      [
        '{"totalCost":120.5682999999995904716,"currencyCode":"USD"},{"totalCost":-0.5682999999995904716,"currencyCode":"USD"}',
        '{"totalCost":1250,"currencyLocale":"ja-JP"},{"totalCost":0,"currencyLocale":"ko-KR"},{"totalCost":"14.4","currencyCode":"USD"}',
      ],
      'csv',
    );
    assert.deepEqual(report.totals, { JPY: '1250', KRW: '0', USD: '134.4' });
  });
});
