import assert from 'node:assert/strict';
import { firstDay, isoDay } from '../../src/sample/calendar.ts';
import { decimalText, decimalUnits } from '../../src/sample/decimal.ts';
import { exactSum, type PartnerCollection, SamplePartnerCenter } from '../support/samplePartnerCenter.ts';

const ACCOUNTS = '/providers/Microsoft.Billing/billingAccounts';

describe('sample service: money of Partner Center', () => {
  let center: SamplePartnerCenter;

  before(async () => {
    center = await SamplePartnerCenter.start();
  });
  after(() => center.service.close());
  afterEach(() => center.control('POST', 'reset'));

  const tenant = () => center.service.tenant;
  const monthToDate = () => {
    const { openMonth, window } = tenant().ledger;
    return [isoDay(firstDay(openMonth)), isoDay(window.to)] as const;
  };
  /** Month to date of an ARM scope in one currency, 10^-20. */
  const armTruth = (scope: string, currency: string): bigint =>
    decimalUnits(
      tenant()
        .truth(scope, ...monthToDate())
        .totals.get(currency) ?? '0',
      20,
    );
  const text = async (path: string): Promise<string> => {
    const reply = await center.call(path);
    assert.equal(reply.status, 200, reply.text);
    return reply.text;
  };

  describe('estimates of Azure plans', () => {
    it('are the month to date of the ARM side, by customer, plan, Azure subscription and resource', async () => {
      const records = await center.pages('customers/usagerecords');
      let withUse = 0;
      for (let index = 0; index < tenant().customerCount; index++) {
        const customer = tenant().directory.customer(index);
        if (tenant().directory.subscriptionCount(index) === 0) continue;
        const { currency } = customer.profile;
        const truth = armTruth(`${ACCOUNTS}/${customer.account.name}/customers/${customer.name}`, currency);
        const record =
          records
            .join()
            .split('{"budget"')
            .find((part) => part.includes(`"id":"${customer.name}"`)) ?? '';
        assert.equal(exactSum([record], 'totalCost'), truth);
        assert.ok(record.includes(`"currencyCode":"${currency}"`));
        if (truth === 0n) continue;
        withUse++;
        const one = `/v1/customers/${customer.name}`;
        assert.equal(exactSum([await text(`${one}/usagesummary`)], 'totalCost'), truth);
        const [plan] = await center.items(`customers/${customer.name}/subscriptions`);
        assert.equal(exactSum([await text(`${one}/subscriptions/${plan?.id}/usagesummary`)], 'totalCost'), truth);
        assert.equal(exactSum([await text(`${one}/subscriptions/${plan?.id}/meterusagerecords`)], 'totalCost'), truth);
        const resources = await text(`${one}/subscriptions/${plan?.id}/resourceusagerecords`);
        assert.equal(exactSum([resources], 'totalCost'), truth);
        const subscriptions = tenant().subscriptions(customer);
        for (let n = 0; n < subscriptions.length; n++) {
          const { name } = subscriptions.at(n);
          const own = resources.split('{"subscriptionId"').filter((part) => part.includes(`"entitlementId":"${name}"`));
          assert.equal(exactSum(own, 'totalCost'), armTruth(`/subscriptions/${name}`, currency));
        }
      }
      assert.ok(withUse > 5, `${withUse} customers have use`);
    });

    it('tell the calendar month, end exclusive, and the currency', async () => {
      const { customer } = center.story('mixed');
      const summary = await center.get(`/v1/customers/${customer}/usagesummary`);
      assert.equal(summary.billingStartDate, '2026-11-01T00:00:00+00:00');
      assert.equal(summary.billingEndDate, '2026-12-01T00:00:00+00:00');
      assert.equal(summary.currencyCode, 'EUR');
      assert.equal(summary.currencyLocale, undefined);
    });

    it('are nothing on the first day of a month, and no error', async () => {
      const early = await SamplePartnerCenter.start({ now: new Date('2026-11-01T06:00:00Z') });
      try {
        const { name } = early.service.tenant.directory.customer(0);
        assert.equal((await early.get(`/v1/customers/${name}/usagesummary`)).totalCost, 0);
        assert.deepEqual(
          await early.items(
            'invoices/unbilled/lineitems?provider=all&invoicelineitemtype=usagelineitems&currencycode=usd&period=current',
          ),
          [],
        );
      } finally {
        await early.service.close();
      }
    });
  });

  describe('estimates of 145P', () => {
    it('name a culture, and add up from meters to subscriptions to the customer', async () => {
      for (const { customer, locale } of [
        { customer: center.story('legacy').customer, locale: 'en-US' },
        { customer: center.stories.transferred.customer, locale: 'fr-FR' },
        { customer: center.stories.yen.customer, locale: 'ja-JP' },
      ]) {
        const summary = await text(`/v1/customers/${customer}/usagesummary`);
        assert.ok(summary.includes(`"currencyLocale":"${locale}"`) && !summary.includes('currencyCode'));
        const rows = await text(`/v1/customers/${customer}/subscriptions/usagerecords`);
        assert.equal(exactSum([rows], 'totalCost'), exactSum([summary], 'totalCost'));
        let meters = 0n;
        for (const { id } of await center.items(`customers/${customer}/subscriptions`)) {
          const path = `/v1/customers/${customer}/subscriptions/${id}`;
          const own = exactSum([await text(`${path}/usagerecords/resources`)], 'totalCost');
          assert.equal(exactSum([await text(`${path}/meterusagerecords`)], 'totalCost'), own);
          meters += own;
        }
        assert.equal(meters, exactSum([summary], 'totalCost'));
        assert.ok(meters > 0n);
      }
    });

    it('price each meter by the rate card, and the quantities are those of utilization', async () => {
      const { customer, commerceId } = center.story('legacy');
      const rows = await text(`/v1/customers/${customer}/subscriptions/${commerceId}/usagerecords/resources`);
      const card = await text('/v1/ratecards/azure?currency=USD&region=US');
      for (const row of rows.split('{"category"').slice(1)) {
        const id = /"id":"([^"]+)"/.exec(row)?.[1] ?? '';
        const rate = new RegExp(`"id":"${id}","name":"[^"]*","rates":\\{"0":([0-9.]+)`).exec(card)?.[1];
        assert.ok(rate, `${id} is not on the rate card`);
        const product = (exactSum([row], 'quantityUsed') * decimalUnits(rate, 20)) / 10n ** 20n;
        assert.equal(exactSum([row], 'totalCost'), product);
      }
      const { billingStartDate } = await center.get(`/v1/customers/${customer}/usagesummary`);
      assert.equal(billingStartDate, '2026-11-09T00:00:00-07:00');
      // Everything used in the period is reported within five days after it; the sample's clock stands, so ask far enough.
      const later = await SamplePartnerCenter.start({ now: new Date('2026-12-21T09:00:00Z') });
      try {
        const texts = await later.pages(
          `customers/${customer}/subscriptions/${commerceId}/utilizations/azure?start_time=2026-11-09T00:00:00Z&end_time=2026-12-01T00:00:00Z&granularity=hourly`,
        );
        const used = texts
          .flatMap((page) => page.split('{"usageStartTime":"').slice(1))
          .filter((row) => {
            const at = Date.parse(row.slice(0, row.indexOf('"')));
            return at >= Date.parse('2026-11-09T00:00:00Z') && at < Date.parse('2026-11-21T00:00:00Z');
          });
        assert.equal(exactSum(used, 'quantity'), exactSum([rows], 'quantityUsed'));
      } finally {
        await later.service.close();
      }
    });

    it('sum up for the partner without Azure plans, in one currency', async () => {
      const summary = await text('/v1/usagesummary');
      const legacy = await text(`/v1/customers/${center.story('legacy').customer}/usagesummary`);
      assert.equal(exactSum([summary], 'totalCost'), exactSum([legacy], 'totalCost'));
      assert.equal(
        (JSON.parse(summary) as { customersWithUsageBasedSubscription: number }).customersWithUsageBasedSubscription,
        4,
      );
    });
  });

  it('answers an error 3000 for customers without use, where collections are empty', async () => {
    for (const id of [center.stories.noUsage, center.stories.licencesOnly]) {
      const { status, code } = await center.refusal(`/v1/customers/${id}/usagesummary`);
      assert.deepEqual([status, code], [400, '3000']);
    }
    assert.deepEqual(await center.items(`customers/${center.stories.licencesOnly}/subscriptions/usagerecords`), []);
  });

  it('refuses plans where only 145P is told, 145P where only plans are, licences everywhere, and the obsolete call', async () => {
    const { azurePlan } = center.stories;
    const { customer, commerceId } = center.story('legacy');
    const [licence] = await center.items(`customers/${center.stories.licencesOnly}/subscriptions`);
    for (const [path, code] of [
      [`${azurePlan.customer}/subscriptions/${azurePlan.planId}/usagerecords/resources`, '20003'],
      [`${customer}/subscriptions/${commerceId}/resourceusagerecords`, '800011'],
      [`${center.stories.licencesOnly}/subscriptions/${licence?.id}/usagesummary`, '800011'],
      [`${customer}/subscriptions/${commerceId}/usagerecords/daily`, '900141'],
    ]) {
      assert.equal((await center.refusal(`/v1/customers/${path}`)).code, code, path);
    }
  });

  describe('budgets', () => {
    const path = () => `/v1/customers/${tenant().directory.customer(0).name}/usagebudget`;
    const patch = (body: string, headers: Record<string, string> = {}) =>
      center.call(path(), { method: 'PATCH', body, headers });

    it('are read and written: decimals with their digits, zero, null; and reset', async () => {
      assert.match(await text(path()), /^\{"amount":6500,"usageSpendingBudget":6500,/);
      for (const amount of ['123456789012.3456789012', '0', '0.10']) {
        const written = await patch(`{"Amount":${amount},"Attributes":{"ObjectType":"SpendingBudget"}}`);
        assert.equal(written.status, 200, written.text);
        assert.ok(written.text.startsWith(`{"amount":${amount},"usageSpendingBudget":${amount},`));
        assert.equal(JSON.parse(written.text).links.self.method, 'PATCH');
        assert.ok((await text(path())).startsWith(`{"amount":${amount},`));
      }
      assert.equal((await patch('{"amount":null}')).status, 200);
      assert.ok(!(await text(path())).includes('amount'));
      await center.control('POST', 'reset');
      assert.ok((await text(path())).startsWith('{"amount":6500,'));
    });

    it('refuse what is no amount, and keep what they had', async () => {
      for (const body of ['{"amount":-1}', '{"amount":"100"}', '{"amount":1e3}', '{"amount":', '[]', '5']) {
        const { status, text: refusal } = await patch(body);
        assert.equal(status, 400, body);
        assert.equal(JSON.parse(refusal).code, '800002');
      }
      assert.ok((await text(path())).startsWith('{"amount":6500,'));
    });

    it('answer a repeated MS-RequestId with the first result, and change nothing again', async () => {
      const id = { 'MS-RequestId': '5f0c6a53-3c8c-4f3c-9f0e-0a4f6a2b7d11' };
      const first = await patch('{"amount":10}', id);
      await patch('{"amount":20}');
      const repeated = await patch('{"amount":10}', id);
      assert.equal(repeated.text, first.text);
      assert.ok((await text(path())).startsWith('{"amount":20,'));
      const refused = { 'MS-RequestId': 'f5f8' };
      assert.equal((await patch('{"amount":-1}', refused)).status, 400);
      assert.equal((await patch('{"amount":30}', refused)).status, 200, 'a refusal is no result');
    });

    it('show in records: how much is used, in per cent with two decimals, 0 without budget', async () => {
      const { name } = tenant().directory.customer(0);
      const recordOf = async () => (await center.items('customers/usagerecords')).find(({ id }) => id === name);
      const [customer] = tenant().accounts;
      const truth = armTruth(`${ACCOUNTS}/${customer?.name}/customers/${name}`, 'USD');
      const expected = (budget: bigint): number => Number((truth * 10_000n + budget / 2n) / budget) / 100;
      assert.equal((await recordOf())?.percentUsed, expected(6500n * 10n ** 20n));
      await patch('{"amount":3.3}');
      assert.equal((await recordOf())?.percentUsed, expected(33n * 10n ** 19n));
      await patch('{"amount":null}');
      assert.equal((await recordOf())?.percentUsed, 0);
      assert.deepEqual((await recordOf())?.budget, { attributes: { objectType: 'SpendingBudget' } });
    });
  });

  describe('invoices and line items', () => {
    const line = (id: string, provider: string, kind: string, more = '') =>
      `invoices/${id}/lineitems?provider=${provider}&invoicelineitemtype=${kind}&size=400${more}`;

    it('add up: reconciliation to modern invoices, which are those of the ARM side', async () => {
      const invoices = (await center.items('invoices')).filter(({ invoiceType }) => invoiceType === 'OneTime');
      const seen = new Set<string>();
      for (const { id, currencyCode } of invoices.filter(({ invoiceDate }) => String(invoiceDate) >= '2026-09')) {
        const name = String(id);
        const source = tenant().invoiceNamed(name) ?? tenant().purchases.invoiceNamed(name);
        assert.ok(source, name);
        const whole = await text(`/v1/invoices/${name}`);
        assert.equal(exactSum([whole], 'totalCharges'), source.total);
        assert.equal(
          exactSum(await center.pages(line(name, 'onetime', 'billinglineitems')), 'subtotal'),
          source.total,
          name,
        );
        const paths = await center.pages(`invoices/OneTime-${name}/lineitems/OneTime/BillingLineItems?size=300`);
        assert.equal(exactSum(paths, 'subtotal'), source.total);
        if (source.isMonthly) {
          const daily = await center.pages(
            line(name, 'marketplace', 'UsageLineItems', `&currencycode=${currencyCode}`),
          );
          const { rounding } = tenant().ledger.profileMonth(source.profile, source.month);
          assert.equal(exactSum(daily, 'billingPreTaxTotal') + rounding, source.total);
        }
        seen.add(`${currencyCode} ${source.isMonthly}`);
      }
      assert.deepEqual(
        [...seen].sort(),
        ['EUR', 'JPY', 'KWD', 'USD'].flatMap((c) => [`${c} false`, `${c} true`]),
      );
    });

    it('add up: 145P and licences to legacy invoices, on the minor unit', async () => {
      const invoices = (await center.items('invoices?size=5')).filter(({ invoiceType }) => invoiceType === 'Recurring');
      assert.equal(invoices.length, 36, 'twelve periods in three currencies');
      for (const { id } of invoices.slice(0, 4)) {
        const whole = await text(`/v1/invoices/Recurring-${id}`);
        const azure = await center.pages(line(String(id), 'azure', 'billinglineitems'));
        const office = await center.pages(line(String(id), 'office', 'billinglineitems'));
        const sum = exactSum(azure, 'pretaxCharges') + exactSum(office, 'totalForCustomer');
        assert.equal(sum, exactSum([whole], 'totalCharges'));
        const daily = await center.pages(line(String(id), 'azure', 'usagelineitems').replace('size=400', 'size=150'));
        assert.equal(exactSum(daily, 'consumedQuantity'), exactSum(azure, 'consumedQuantity'));
        assert.ok(daily.length > 1, 'daily use has several pages of index paging');
      }
    });

    it('add up: unbilled line items to the open month of the ARM side', async () => {
      for (const profile of tenant().directory.profiles) {
        const account = tenant().accounts[profile.account]?.name;
        const truth = armTruth(`${ACCOUNTS}/${account}/billingProfiles/${profile.name}`, profile.currency);
        const more = `&currencycode=${profile.currency.toLowerCase()}&period=current`;
        const daily = await center.pages(line('unbilled', 'onetime', 'usagelineitems', more));
        assert.equal(exactSum(daily, 'billingPreTaxTotal'), truth);
        assert.ok(daily.join().includes('"invoiceNumber":""'));
        const rows = (await center.pages(line('unbilled', 'all', 'billinglineitems', more))).flatMap((page) =>
          page.split('{"partnerId"').slice(1),
        );
        const usage = rows.filter((row) => row.includes('"subscriptionDescription":"Azure plan"'));
        assert.equal(exactSum(usage, 'subtotal'), truth);
        assert.deepEqual(
          await center.items(line('unbilled', 'onetime', 'usagelineitems', more.replace('current', 'previous'))),
          [],
        );
      }
    });

    it('multiply: quantity by effective price by exchange rate, and partner earned credit can be asked for', async () => {
      const more = '&currencycode=EUR&period=current';
      const rows = (await center.pages(line('unbilled', 'onetime', 'usagelineitems', more))).flatMap((page) =>
        page.split('{"partnerId"').slice(1),
      );
      for (const row of rows) {
        const usd = (exactSum([row], 'quantity') * exactSum([row], 'effectiveUnitPrice')) / 10n ** 20n;
        assert.equal(exactSum([row], 'pricingPreTaxTotal'), usd);
        assert.equal(exactSum([row], 'billingPreTaxTotal'), (usd * exactSum([row], 'pcToBCExchangeRate')) / 10n ** 20n);
      }
      const parts = await Promise.all(
        ['true', 'false'].map((credit) =>
          center.items(line('unbilled', 'onetime', 'usagelineitems', `${more}&hasPartnerEarnedCredit=${credit}`)),
        ),
      );
      assert.equal(parts.flat().length, rows.length);
      assert.ok(parts[0]?.every(({ rateOfPartnerEarnedCredit }) => rateOfPartnerEarnedCredit === 0.15));
    });

    it('have numbers as texts and as numbers beside each other, and empty dates', async () => {
      const path = line('unbilled', 'onetime', 'billinglineitems', '&currencycode=usd&period=current');
      const page = (await center.pages(path)).join();
      assert.match(page, /"subtotal":"[0-9.]+"/);
      assert.match(page, /"subtotal":[0-9.]+,/);
      assert.match(page, /"orderDate":"0001-01-01T00:00:00"/);
      assert.ok(page.startsWith('{"continuationToken"') || !page.includes('seekOperation'));
      await center.set({ textNumbers: false, emptyDates: false });
      const plain = (await center.pages(path)).join();
      assert.doesNotMatch(plain, /"subtotal":"|0001-01-01/);
      assert.equal(exactSum([plain], 'subtotal'), exactSum([page], 'subtotal'));
    });

    it('come whole through the malformed links that were published', async () => {
      const path = line('unbilled', 'onetime', 'billinglineitems', '&currencycode=usd&period=current').replace(
        '400',
        '4',
      );
      const whole = await center.pages(path);
      await center.set({ malformedLinks: true });
      const { links } = await center.get<PartnerCollection>(`/v1/${path}`);
      assert.match(links?.next?.uri ?? '', /&period=current\?seekOperation=Next$/);
      const pages = await center.pages(path);
      assert.equal(pages.length, whole.length);
      assert.equal(exactSum(pages, 'subtotal'), exactSum(whole, 'subtotal'));
    });

    it('refuse wrong words, missing ones, and everything modern when it is retired', async () => {
      const [legacy] = await center.items('invoices?size=1');
      const id = String(legacy?.id);
      const one = await center.call(`/v1/${line(id, 'one_time', 'billinglineitems')}`);
      assert.deepEqual([one.status, JSON.parse(one.text)], [400, { message: 'The request is invalid.' }]);
      const wrong = await center.refusal(`/v1/${line(id, 'onetime', 'lines')}`);
      assert.equal(wrong.description, 'Invoice Line Item type is not valid.');
      for (const path of [
        line('unbilled', 'onetime', 'usagelineitems', '&period=current'),
        line('unbilled', 'onetime', 'usagelineitems', '&currencycode=usd'),
        line('unbilled', 'onetime', 'usagelineitems', '&currencycode=xyz&period=current'),
        line('unbilled', 'azure', 'usagelineitems', '&currencycode=usd&period=current'),
        `invoices/${id}/lineitems`,
        `invoices/${id}/lineitems?provider=azure&invoicelineitemtype=billinglineitems&size=2001`,
      ]) {
        assert.equal((await center.refusal(`/v1/${path}`)).code, '800002', path);
      }
      assert.equal((await center.refusal('/v1/invoices/G1')).status, 404);
      assert.deepEqual(await center.items(line(id, 'onetime', 'usagelineitems', '&currencycode=usd')), []);
      await center.set({ modernLineItemsRetired: true });
      const unbilled = `/v1/${line('unbilled', 'onetime', 'usagelineitems', '&currencycode=usd&period=current')}`;
      assert.match((await center.refusal(unbilled)).description, /Microsoft Graph/);
      assert.equal((await center.call(`/v1/${line(id, 'azure', 'billinglineitems')}`)).status, 200);
    });

    it('sum up what is owed in each currency, split by type', async () => {
      const invoices = await center.pages('invoices');
      const summaries = await center.get<PartnerCollection>('/v1/invoices/summaries');
      assert.deepEqual(summaries.items.map(({ currencyCode }) => currencyCode).sort(), ['EUR', 'JPY', 'KWD', 'USD']);
      for (const summary of summaries.items) {
        const own = invoices
          .flatMap((page) => page.split('{"id"').slice(1))
          .filter(
            (part) => part.includes(`"currencyCode":"${summary.currencyCode}"`) && !/void_note|amendsOf/.test(part),
          );
        const owed = exactSum(own, 'totalCharges') + exactSum(own, 'paidAmount');
        assert.equal(String(summary.balanceAmount), decimalText(owed, 20));
      }
      const balance = await center.get('/v1/invoices/summary');
      assert.equal(balance.currencyCode, 'USD');
    });

    it('take a void invoice back by an adjustment inside it', async () => {
      const voids = (await center.items('invoices')).filter(({ documentType }) => documentType === 'void_note');
      assert.deepEqual(
        voids.map(({ currencyCode }) => currencyCode),
        ['JPY'],
      );
      const [first] = voids;
      assert.ok(first);
      const [adjustment] = first.amendments as { totalCharges: number; amendsOf: string; documentType: string }[];
      assert.deepEqual(
        [adjustment?.totalCharges, adjustment?.amendsOf, adjustment?.documentType],
        [-Number(first.totalCharges), first.id, 'adjustment_note'],
      );
    });

    it('filter by date, page legacy ones by index, and have a statement', async () => {
      const newest = encodeURIComponent(
        '{"Field":"InvoiceDate","Value":"2026-11-01","Operator":"greater_than_or_equals"}',
      );
      const found = await center.items(`invoices?filter=${newest}&size=2`);
      assert.ok(found.length > 0 && found.every(({ invoiceDate }) => String(invoiceDate) >= '2026-11-01'));
      const all = await center.items('invoices');
      assert.deepEqual(
        new Set((await center.items('invoices?size=7')).map(({ id }) => id)),
        new Set(all.map(({ id }) => id)),
      );
      const id = String(found[0]?.id);
      const statement = await center.call(`/v1/invoices/${id}/documents/statement`);
      assert.equal(statement.headers.get('content-type'), 'application/pdf');
      assert.equal(statement.headers.get('content-disposition'), `attachment; filename=Invoice_${id}.pdf`);
      assert.match(statement.text, /^%PDF-1\.4\n[\s\S]*%%EOF\n$/);
      const wrong = encodeURIComponent('{"Field":"Total","Value":"1","Operator":"equals"}');
      assert.equal((await center.refusal(`/v1/invoices?filter=${wrong}`)).code, '900126');
    });

    it('link to what is not billed yet, and every link leads there', async () => {
      const links = await center.items('invoices/estimates/links?currencycode=usd');
      assert.equal(links.length, 4);
      for (const { link: to } of links) await center.pages((to as { uri: string }).uri);
      assert.equal((await center.refusal('/v1/invoices/estimates/links')).code, '800002');
    });
  });

  it('tells service costs of the last closed period: a customer’s rows are its summary', async () => {
    const { name, profile, index } = tenant().directory.customer(0);
    for (const id of [
      name,
      center.story('legacy').customer,
      center.story('mixed').customer,
      center.stories.licencesOnly,
    ]) {
      const summary = JSON.parse(await text(`/v1/customers/${id}/servicecosts/mostrecent`)) as { details: unknown[] };
      const [total] = /"pretaxTotal":[0-9.]+,/.exec(JSON.stringify(summary)) ?? [];
      assert.ok(total && summary.details.length > 0);
      const raw = await text(`/v1/customers/${id}/servicecosts/MostRecent`);
      const rows = await center.pages(`customers/${id}/servicecosts/mostrecent/lineitems`);
      assert.equal(
        exactSum(rows, 'pretaxTotal') * 2n,
        exactSum([raw], 'pretaxTotal'),
        'once in the sum and once in its parts',
      );
    }
    const { ledger, purchases } = tenant();
    const month = ledger.openMonth - 1;
    const usage = ledger.sumOfLines(profile, ledger.linesOfCustomer(index), {
      from: firstDay(month),
      to: firstDay(month + 1) - 1,
    });
    const bought = purchases.chargesOfCustomer(tenant().directory.customer(0), month);
    const sum = bought.reduce((total, charge) => total + purchases.amount(charge), usage.cost);
    assert.equal(
      exactSum(await center.pages(`customers/${name}/servicecosts/mostrecent/lineitems`), 'pretaxTotal'),
      sum,
    );
    assert.equal((await center.refusal(`/v1/customers/${name}/servicecosts/october`)).code, '900126');
  });

  it('chooses the currency of a rate card by parameter, market or language', async () => {
    const cardOf = async (query: string, headers: Record<string, string> = {}) =>
      (await center.get<{ currency: string; meters: unknown[] }>(`/v1/ratecards/azure${query}`, headers)).currency;
    assert.equal(await cardOf(''), 'USD');
    assert.equal(await cardOf('?currency=eur'), 'EUR');
    assert.equal(await cardOf('?region=JP'), 'JPY');
    assert.equal(await cardOf('', { 'X-Locale': 'fr-FR' }), 'EUR');
    assert.equal(await cardOf('?currency=USD&region=US', { 'X-Locale': 'fr-FR' }), 'USD');
    assert.equal((await center.refusal('/v1/ratecards/azure?currency=XYZ')).code, '800002');
    assert.equal((await center.call('/v1/ratecards/azure-shared')).status, 200);
  });
});
