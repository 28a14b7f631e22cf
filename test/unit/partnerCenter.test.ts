import assert from 'node:assert/strict';
import { CLOUDS } from '../../src/api/clouds.ts';
import type { Answer } from '../../src/api/http/client.ts';
import { type PartnerCall, unavailable } from '../../src/api/partnerCenter/availability.ts';

import { partnerMoment } from '../../src/api/partnerCenter/dates.ts';
import { invoiceLines } from '../../src/api/partnerCenter/invoiceLines.ts';
import { checkLineItems, lineItemKind } from '../../src/api/partnerCenter/lineItemRules.ts';
import { lineItemSource } from '../../src/api/partnerCenter/lineItemSource.ts';
import { resolveLink } from '../../src/api/partnerCenter/links.ts';
import { nextPage, type Paging } from '../../src/api/partnerCenter/nextPage.ts';
import { createPartnerCenterClient, partnerPath } from '../../src/api/partnerCenter/partnerCenterClient.ts';
import { PARTNER_CENTER_DIALECT } from '../../src/api/partnerCenter/refusals.ts';
import { sameId } from '../../src/api/partnerCenter/sameId.ts';
import { azureIds, isIdOf, subscriptionKind } from '../../src/api/partnerCenter/subscriptionKind.ts';
import { usageCurrency } from '../../src/api/partnerCenter/usageCurrency.ts';
import { findUtilizationId, utilizationId } from '../../src/api/partnerCenter/utilizationTarget.ts';
import { sameNumber } from '../../src/json/sameNumber.ts';
import { refusal } from '../support/refusal.ts';

const BASE = 'https://api.partnercenter.microsoft.com/v1';
const TRANSPORT = { send: () => Promise.reject(new Error('nothing is sent here')), close: async () => {} };

function answerOf(status: number, body: string): Answer {
  return {
    status,
    headers: {},
    bytes: Buffer.from(body),
    requestId: 'request',
    correlationId: 'correlation',
    receivedAt: new Date(0),
  };
}

/** The sentence that a call is refused with. */
describe('Partner Center: links', () => {
  const cases: [string, string][] = [
    ['/customers/c1/usagebudget', '/customers/c1/usagebudget'],
    ['/v1/customers?size=40', '/customers?size=40'],
    ['/v1/v1/customers?size=40', '/customers?size=40'],
    ['V1/customers', '/customers'],
    ['customers/c1/utilizations/azure?seek_operation=Next', '/customers/c1/utilizations/azure?seek_operation=Next'],
    ['/v1//invoices/unbilled/lineitems', '/invoices/unbilled/lineitems'],
    ['//invoices/unbilled/lineitems', '/invoices/unbilled/lineitems'],
    ['/customers/c1/subscriptions/s%20/usagerecords/', '/customers/c1/subscriptions/s%20/usagerecords/'],
    [' /customers?x=a%2Bb&y=%3d ', '/customers?x=a%2Bb&y=%3d'],
    [`${BASE}/customers?size=1`, '/customers?size=1'],
    ['https://API.partnercenter.microsoft.com/v1/v1/customers', '/customers'],
    ['https://api.partnercenter.microsoft.com/customers', '/customers'],
    ['/v10/customers', '/v10/customers'],
  ];
  for (const [link, expected] of cases) {
    it(`${link} is below the base`, () => assert.equal(resolveLink(BASE, link), `${BASE}${expected}`));
  }

  it('a link to another host stays one, so that it is refused', () => {
    for (const link of [
      'https://api.partnercenter.microsoft.com.example.net/v1/customers',
      'http://api.partnercenter.microsoft.com/v1/customers',
      'https://api.partnercenter.microsoft.com:444/v1/customers',
      'https://user@api.partnercenter.microsoft.com/v1/customers',
      'ftp://example.net/x',
    ]) {
      assert.equal(resolveLink(BASE, link), link);
    }
    assert.equal(resolveLink(BASE, '//example.net/v1/customers'), 'https://example.net/v1/customers');
    assert.equal(resolveLink(BASE, '//localhost:8080/x'), 'https://localhost:8080/x');
  });

  it('a query is written so that no sign of it changes its meaning', () => {
    assert.equal(partnerPath('/x', { a: 'b c+d&e', n: undefined, f: false }), '/x?a=b%20c%2Bd%26e&f=false');
    assert.equal(partnerPath('/x'), '/x');
  });
});

describe('Partner Center: the next page', () => {
  const client = createPartnerCenterClient({ transport: TRANSPORT, base: 'https://api.partnercenter.microsoft.com' });

  function next(
    address: string,
    paging: Paging,
    page: { links?: unknown; continuationToken?: unknown; items?: number },
  ) {
    const call = { operation: 'List', method: 'GET', address, correlationId: 'one' } as const;
    return nextPage(client, call, paging, { items: 2, ...page }, answerOf(200, ''));
  }

  const link = (uri: string, value?: string) => ({
    next: { uri, method: 'GET', headers: value === undefined ? [] : [{ key: 'MS-ContinuationToken', value }] },
  });

  it('is none without a link, whatever else the page says', () => {
    for (const links of [undefined, null, {}, { self: { uri: '/customers' } }, { next: null }]) {
      assert.equal(next('/customers', 'seek', { links, continuationToken: 'AQAAAA==' }), undefined);
    }
  });

  it('carries the token of the link byte for byte', () => {
    const token = '/a/usage-records?id=87f4&start=2015-12-02+00%3a00%3a00Z&count=100&t=eyJyIjoi%3d%3d, x=';
    const call = next('/customers/c/utilizations/azure?size=9', 'seekAlone', {
      links: link('customers/c/utilizations/azure?seek_operation=Next', token),
    });
    assert.equal(call?.address, `${BASE}/customers/c/utilizations/azure?seek_operation=Next`);
    assert.deepEqual(call?.headers, { 'MS-ContinuationToken': token });
    assert.equal(call?.correlationId, 'one');
  });

  it('takes the token at the top of the page when the link has none', () => {
    const page = { links: link('/customers?size=2&seekOperation=Next'), continuationToken: 'a,b=/+' };
    assert.deepEqual(next('/customers?size=2', 'seek', page)?.headers, { 'MS-ContinuationToken': 'a,b=/+' });
    const both = { ...page, links: link('/customers?size=2&seekOperation=Next', 'of the link') };
    assert.deepEqual(next('/customers?size=2', 'seek', both)?.headers, { 'MS-ContinuationToken': 'of the link' });
  });

  const repaired: [string, Paging, string, string, string][] = [
    [
      'two question marks',
      'seek',
      '/invoices/G1/lineitems?provider=onetime&size=2',
      '/invoices/G1/lineitems?provider=OneTime&size=2?seekOperation=Next',
      '/invoices/G1/lineitems?provider=onetime&size=2&seekOperation=Next',
    ],
    [
      'a name without its first letter',
      'seek',
      '/invoices/G1/lineitems?invoicelineitemtype=usagelineitems&size=2&seekOperation=Next',
      '/invoices/G1/lineitems?nvoicelineitemtype=usagelineitems&size=2&seekOperation=Next',
      '/invoices/G1/lineitems?invoicelineitemtype=usagelineitems&size=2&seekOperation=Next',
    ],
    [
      'an offset without a number',
      'index',
      '/invoices?size=2&offset=4',
      '/invoices?size=2&offset=',
      '/invoices?size=2&offset=6',
    ],
    ['no address', 'index', '/invoices', '', '/invoices?offset=2'],
    [
      'two question marks of a link that stands alone',
      'seekAlone',
      `${BASE}/customers/c/utilizations/azure?start_time=x`,
      'customers/c/utilizations/azure??seek_operation=Next',
      `${BASE}/customers/c/utilizations/azure?seek_operation=Next`,
    ],
  ];
  for (const [damage, paging, address, uri, expected] of repaired) {
    it(`is asked for as documented when its link has ${damage}`, () => {
      assert.equal(next(address, paging, { links: link(uri) })?.address, expected);
    });
  }

  it('follows a link in other letters and another order', () => {
    const uri = '/invoices/G1/lineitems?SIZE=2&invoiceLineItemType=UsageLineItems&Provider=OneTime&seekoperation=next';
    const address = '/invoices/G1/lineitems?provider=onetime&invoicelineitemtype=usagelineitems&size=2';
    assert.equal(next(address, 'seek', { links: link(uri) })?.address, `${BASE}${uri}`);
  });

  it('is an error where a damaged link is all there is', () => {
    for (const uri of ['', '/customers/usagerecords?a=b?c=d']) {
      assert.throws(() => next('/customers/usagerecords', 'link', { links: link(uri) }), {
        kind: 'unsafeLink',
        message: /damaged/,
        advice: /not complete/,
        requestId: 'request',
      });
    }
  });

  it('does not let a link set what belongs to the connection', () => {
    for (const [key, value] of [
      ['Authorization', 'Bearer of somebody'],
      ['Host', 'example.net'],
      ['content-length', '0'],
      ['MS-ContinuationToken', 'two\r\nlines: x'],
      ['no name', 'x'],
    ]) {
      const links = { next: { uri: '/customers?seekOperation=Next', headers: [{ key, value }] } };
      assert.throws(() => next('/customers', 'seek', { links }), { kind: 'unsafeLink', message: /set the header/ });
    }
  });

  it('neither keeps the token of the page before nor takes ids from a link', () => {
    const call = {
      operation: 'List',
      method: 'GET',
      address: '/customers',
      headers: { 'MS-ContinuationToken': 'used up' },
    } as const;
    const links = {
      next: {
        uri: '/customers?seekOperation=Next',
        headers: [
          { key: 'ms-continuationtoken', value: 'next' },
          { key: 'MS-REQUESTID', value: 'of another call' },
        ],
      },
    };
    const page = { items: 1, links, continuationToken: 'at the top' };
    assert.deepEqual(nextPage(client, call, 'seek', page, answerOf(200, ''))?.headers, {
      'ms-continuationtoken': 'next',
    });
  });

  it('is an error when the link is of another kind', () => {
    assert.throws(() => next('/customers', 'seek', { links: { next: 'x' } }), {
      kind: 'malformed',
      message: /links\.next/,
    });
    assert.throws(() => next('/customers', 'seek', { links: { next: { uri: '/x', method: 'POST' } } }), {
      message: /not a GET/,
    });
  });
});

describe('Partner Center: what a refusal says', () => {
  const read = (status: number, body: unknown) =>
    PARTNER_CENTER_DIALECT.readRefusal(answerOf(status, typeof body === 'string' ? body : JSON.stringify(body)));

  it('in each shape of its body', () => {
    const fault = { code: 2001, description: 'start_time is required', data: ['start_time'], source: 'PartnerFD' };
    assert.deepEqual([read(400, fault).code, read(400, fault).message], ['2001', 'start_time is required']);
    assert.equal(
      read(400, { ...fault, description: 'A field is required' }).message,
      'A field is required (start_time)',
    );
    assert.equal(read(400, `\ufeff${JSON.stringify(fault)}`).code, '2001');
    const throttled = read(429, { statusCode: 429, message: 'Rate limit is exceeded. Try again in 3 seconds.' });
    assert.equal(throttled.code, undefined);
    assert.match(throttled.message ?? '', /Try again in 3 seconds/);
    assert.match(throttled.advice ?? '', /limit of Partner Center/);
    assert.equal(read(400, { message: 'The request is invalid.' }).message, 'The request is invalid.');
    assert.equal(read(502, 'upstream gave up').message, 'upstream gave up');
    for (const nothing of ['', '<html><body>no</body></html>', '{"code":', '[]', 'null', '"text"']) {
      assert.equal(read(500, nothing).message, undefined, nothing);
    }
  });

  const advice: [number, string, RegExp][] = [
    [401, '900420', /retired audience/],
    [401, '900421', /multifactor/],
    [401, '400', /App management/],
    [403, '900329', /signs in a user/],
    [403, '900308', /Admin agent/],
    [403, '900124', /Microsoft Partner Agreement/],
    [403, '20002', /commerce relationship/],
    [400, '3000', /no Azure usage/],
    [400, '2012', /Commerce subscription id/],
    [404, '20003', /id of the subscription/],
    [400, '2001', /fields of the request/],
    [500, '800003', /try again/],
    [418, '1', /^$/],
  ];
  for (const [status, code, expected] of advice) {
    it(`${status} with ${code} comes with advice`, () => {
      assert.match(read(status, { code, description: 'x' }).advice ?? '', expected);
    });
  }

  it('an Azure plan asked for utilization is sent to rated usage', () => {
    const description = "Subscription id '1' provided was not found under this customer.";
    const told = read(404, { code: 20003, description }).advice ?? '';
    assert.match(told, /rated usage/);
    assert.match(told, /Commerce subscription id/);
  });
});

describe('Partner Center: kinds of subscriptions', () => {
  it('are told by the offer', () => {
    for (const offerId of ['MS-AZR-0145P', 'ms-azr-0146p', 'MS-AZR-DE-0146P', 'MS-AZR-USGOV-0146P']) {
      assert.equal(subscriptionKind({ offerId }), 'legacyAzure');
    }
    for (const offerId of ['DZH318Z0BPS6:0001:DZH318Z0BML6', 'dzh318z0bps6:0001:another', 'DZH318Z0BPS6:0001']) {
      assert.equal(subscriptionKind({ offerId }), 'azurePlan');
    }
    for (const offerId of ['DZH318Z0BPS6:0002:X', 'DB2E705F-B82A-4024-A3D5-D88E12F2DB35', 'DZH318Z0BPS6:00011']) {
      assert.equal(subscriptionKind({ offerId, offerName: 'Azure plan' }), 'other');
    }
  });

  it('are told by the name where there is no offer', () => {
    assert.equal(subscriptionKind({ resourceName: 'Azure plan' }), 'azurePlan');
    assert.equal(subscriptionKind({ offerName: 'Microsoft Azure', billingType: 'usage' }), 'legacyAzure');
    assert.equal(subscriptionKind({ offerName: 'Microsoft Azure', billingType: 'license' }), 'other');
    assert.equal(subscriptionKind({ offerId: null, offerName: null }), 'other');
    assert.equal(subscriptionKind({}), 'other');
  });

  it('keep their ids apart', () => {
    const legacy = azureIds({ id: 'A1', entitlementId: 'B2', offerId: 'MS-AZR-0145P' });
    assert.deepEqual(legacy, { commerceId: 'A1', entitlementId: 'B2' });
    assert.deepEqual(azureIds({ id: 'A1', entitlementId: null, offerId: 'MS-AZR-0145P' }), { commerceId: 'A1' });
    assert.deepEqual(azureIds({ id: 'P1', entitlementId: 'x', offerId: 'DZH318Z0BPS6:0001:Y' }), { planId: 'P1' });
    assert.deepEqual(azureIds({ id: 'L1', offerId: 'LICENCE' }), {});
    assert.ok(isIdOf('b2', legacy) && isIdOf(' a1', legacy) && !isIdOf('', legacy) && !isIdOf('a2', legacy));
    assert.ok(!sameId(undefined, undefined) && !sameId('', '') && sameId('aB', 'Ab '));
  });

  it('utilization is asked for with the Commerce id, and an Azure plan is sent elsewhere', () => {
    assert.equal(utilizationId({ id: 'A1', entitlementId: 'B2', offerId: 'MS-AZR-0145P' }), 'A1');
    assert.match(
      refusal(() => utilizationId({ id: 'P1', offerId: 'DZH318Z0BPS6:0001:Y' })).message,
      /^subscription: an Azure plan has no utilization records; open its rated usage/,
    );
    assert.match(
      refusal(() => utilizationId({ id: 'L1', offerId: 'LICENCE' })).message,
      /^subscription: only Azure subscriptions/,
    );
  });

  it('utilization is found by either id of a subscription, and nothing else has any', () => {
    const subscriptions = [
      { id: 'P1', offerId: 'DZH318Z0BPS6:0001:Y' },
      { id: 'A1', entitlementId: 'B2', offerId: 'MS-AZR-0145P' },
      { id: 'L1', offerId: 'LICENCE' },
    ];
    assert.equal(findUtilizationId('a1', subscriptions), 'A1');
    assert.equal(findUtilizationId('b2', subscriptions), 'A1');
    for (const [id, message] of [
      ['p1', /^subscription: an Azure plan/],
      ['l1', /^subscription: only Azure subscriptions/],
      ['C3', /^subscription: 'C3' is not among the subscriptions of this customer; .*rated usage only/],
      ['', /^subscription: '' is not among/],
    ] as const) {
      assert.match(refusal(() => findUtilizationId(id, subscriptions)).message, message);
    }
  });
});

describe('Partner Center: clouds and sign-ins', () => {
  const SPENDING: PartnerCall[] = [
    'usageOfCustomers',
    'usageSummaryOfPartner',
    'usageByMeter',
    'usageBudget',
    'utilizations',
  ];

  it('China has no Azure spending, but invoices', () => {
    for (const call of SPENDING) {
      assert.match(unavailable(call, 'china', 'appAndUser') ?? '', /21Vianet/);
      assert.equal(unavailable(call, 'usGovernment', 'appAndUser'), undefined);
    }
    assert.equal(unavailable('lineItems', 'china', 'appOnly'), undefined);
    assert.equal(unavailable('invoice', 'china', 'appAndUser'), undefined);
  });

  it('an application on its own sees no rated spending and no invoice by id', () => {
    for (const call of [
      'usageOfCustomers',
      'entitlements',
      'invoice',
      'invoiceSummaries',
      'invoiceStatement',
      'serviceCosts',
    ] as const) {
      assert.match(unavailable(call, 'public', 'appOnly') ?? '', /signs in a user/);
      assert.equal(unavailable(call, 'public', 'appAndUser'), undefined);
      assert.equal(unavailable(call, 'public'), undefined);
    }
    for (const call of [
      'customers',
      'utilizations',
      'usageBudget',
      'usageByMeterOfLegacyAzure',
      'invoices',
      'lineItems',
      'rateCards',
    ] as const) {
      assert.equal(unavailable(call, 'public', 'appOnly'), undefined);
    }
  });

  it('the billing exports of Microsoft Graph are in the public cloud only', () => {
    assert.equal(unavailable('billingExports', 'public', 'appOnly'), undefined);
    assert.match(unavailable('billingExports', 'usGovernment') ?? '', /public cloud only/);
    assert.deepEqual(
      Object.values(CLOUDS).map(({ graph }) => graph !== undefined),
      [true, false, false],
    );
  });

  it('the base may come with its version', () => {
    for (const base of ['https://h', 'https://h/', 'https://h/v1', 'https://h/V1//']) {
      assert.equal(createPartnerCenterClient({ transport: TRANSPORT, base }).base, 'https://h/v1');
    }
  });

  it('the base is that of the cloud where none is given', () => {
    assert.equal(createPartnerCenterClient({ transport: TRANSPORT }).base, BASE);
    assert.equal(
      createPartnerCenterClient({ transport: TRANSPORT, cloud: 'china' }).base,
      'https://partner.partnercenterapi.microsoftonline.cn/v1',
    );
  });

  it('a locale that is none is refused', () => {
    const create = (locale: string) => createPartnerCenterClient({ transport: TRANSPORT, base: 'https://h', locale });
    assert.match(refusal(() => create('en-US\r\nx: y')).message, /^locale: /);
    assert.match(refusal(() => create('')).message, /^locale: /);
    assert.ok(create('zh-Hant-TW'));
  });
});

describe('Partner Center: odd values', () => {
  it('dates in every form that is sent', () => {
    assert.equal(partnerMoment('2015-11-25T06: 41: 12Z'), Date.parse('2015-11-25T06:41:12Z'));
    assert.equal(partnerMoment('2018-02-08T18:44:37.5381456Z'), Date.parse('2018-02-08T18:44:37.538Z'));
    assert.equal(partnerMoment('2018-03-16T00:00:00'), Date.parse('2018-03-16T00:00:00Z'));
    assert.equal(partnerMoment('2019-08-28T00:00:00-07:00'), Date.parse('2019-08-28T07:00:00Z'));
    assert.equal(partnerMoment('2019-08-28'), Date.parse('2019-08-28T00:00:00Z'));
    for (const none of ['0001-01-01T00:00:00', '0001-01-01T00:00:00Z', '', 'soon', '2019-13-41', null, undefined, 7]) {
      assert.equal(partnerMoment(none), undefined);
    }
  });

  it('a culture tells its currency, an unknown one itself', () => {
    assert.equal(usageCurrency({ currencyCode: 'gbp' }), 'GBP');
    assert.equal(usageCurrency({ currencyCode: 'SEK', currencyLocale: 'en-US' }), 'SEK');
    assert.equal(usageCurrency({ currencyLocale: 'fr-FR' }), 'EUR');
    assert.equal(usageCurrency({ currencyLocale: 'fr-CH' }), 'CHF');
    assert.equal(usageCurrency({ currencyLocale: 'zh-Hant-TW' }), 'TWD');
    assert.equal(usageCurrency({ currencyLocale: 'xx-YY' }), 'xx-YY');
    assert.equal(usageCurrency({ currencyLocale: 'fr' }), 'fr');
    assert.equal(usageCurrency({ currencyCode: '', currencyLocale: null }), undefined);
  });

  it('numbers are compared by value and not by double', () => {
    for (const [one, other] of [
      ['100', '100.0'],
      ['1e2', '100'],
      ['0', '0.000'],
      ['-0', '0'],
      ['10.50', '1.05E+1'],
      ['120.56829999999959047160', '120.5682999999995904716'],
    ] as const) {
      assert.ok(sameNumber(one, other), `${one} ${other}`);
    }
    for (const [one, other] of [
      ['100', '1000'],
      ['1', '-1'],
      ['0.1', '0.01'],
      ['120.5682999999995904716', '120.5682999999995904717'],
    ] as const) {
      assert.ok(!sameNumber(one, other), `${one} ${other}`);
    }
  });
});

describe('Partner Center: queries of line items', () => {
  const billed = { invoice: 'G000024130', provider: 'onetime', type: 'billinglineitems' };

  it('take the words of answers too', () => {
    const { provider, type } = checkLineItems({
      ...billed,
      provider: 'one_time',
      type: 'Usage_Line_Items',
      currency: 'usd',
    });
    assert.deepEqual([provider, type], ['onetime', 'usagelineitems']);
    assert.equal(
      checkLineItems({ ...billed, invoice: 'Unbilled', currency: 'EUR', period: 'last' }).period,
      'previous',
    );
  });

  it('come from an invoice, as far as its kinds are known', () => {
    const lines = invoiceLines({
      id: 'G000024130',
      currencyCode: 'CHF',
      invoiceDetails: [
        { billingProvider: 'one_time', invoiceLineItemType: 'billing_line_items' },
        { billingProvider: 'marketplace', invoiceLineItemType: 'usage_line_items' },
        { billingProvider: 'quantum', invoiceLineItemType: 'billing_line_items' },
        { billingProvider: null },
      ],
    });
    assert.deepEqual(
      lines.map(({ invoice, provider, type, currency }) => [invoice, provider, type, currency]),
      [
        ['G000024130', 'onetime', 'billinglineitems', 'CHF'],
        ['G000024130', 'marketplace', 'usagelineitems', 'CHF'],
      ],
    );
    assert.deepEqual(invoiceLines({ id: 'G000024130' }), []);
  });

  it('of new commerce are in the exports of Microsoft Graph, once those begin', () => {
    const usage = { provider: 'onetime', type: 'usagelineitems', cloud: 'public' } as const;
    const charges = { ...usage, type: 'billinglineitems' } as const;
    assert.equal(lineItemSource(usage), 'graph');
    assert.equal(lineItemSource({ ...usage, month: '2022-09' }), 'graph');
    assert.equal(lineItemSource({ ...usage, month: '2022-08' }), 'lineItems');
    assert.equal(lineItemSource({ ...charges, month: '2024-01' }), 'lineItems');
    assert.equal(lineItemSource({ ...charges, month: '2024-02' }), 'graph');
    assert.equal(lineItemSource({ ...usage, cloud: 'china' }), 'lineItems');
    assert.equal(lineItemSource({ ...charges, provider: 'azure', month: '2026-01' }), 'lineItems');
  });

  it('tell what rows they bring', () => {
    const kinds = [
      ['azure', 'billinglineitems', 'UsageBasedLineItem'],
      ['azure', 'usagelineitems', 'DailyUsageLineItem'],
      ['office', 'billinglineitems', 'LicenseBasedLineItem'],
      ['onetime', 'billinglineitems', 'OneTimeInvoiceLineItem'],
      ['marketplace', 'usagelineitems', 'DailyRatedUsageLineItem'],
      ['all', 'usagelineitems', 'DailyRatedUsageLineItem'],
    ] as const;
    for (const [provider, type, kind] of kinds) {
      assert.equal(lineItemKind({ provider, type }), kind);
    }
  });

  const wrong: [string, object, RegExp][] = [
    ['an unknown provider', { provider: 'azure plan' }, /^provider: 'azure plan' is not known; use onetime/],
    ['an unknown type', { type: 'lines' }, /^type: 'lines' is not known; use billinglineitems, usagelineitems/],
    ['usage of licences', { invoice: 'D1', provider: 'office', type: 'usagelineitems' }, /^type: licences/],
    ['charges of the marketplace', { provider: 'marketplace' }, /^type: marketplace stands for usage only/],
    ['usage without a currency', { type: 'usagelineitems' }, /^currency: is missing/],
    ['a currency that is none', { currency: '$' }, /^currency: '\$' is not a currency/],
    [
      'unbilled without a period',
      { invoice: 'unbilled', currency: 'USD' },
      /^period: is missing; use current, previous/,
    ],
    ['unbilled without a currency', { invoice: 'unbilled', period: 'current' }, /^currency: is missing/],
    ['a period of an invoice', { period: 'current' }, /^period: belongs to what is unbilled/],
    ['unbilled of legacy', { invoice: 'unbilled', provider: 'azure', period: 'current' }, /^provider: legacy commerce/],
    [
      'a legacy provider of a new invoice',
      { provider: 'azure' },
      /^provider: 'G000024130' is an invoice of new commerce/,
    ],
    [
      'a new provider of a legacy invoice',
      { invoice: 'D02005YFHI' },
      /^provider: 'D02005YFHI' is an invoice of legacy/,
    ],
    ['a page that is too large', { size: 2001 }, /^size: 2001 is not a number of rows between 1 and 2000/],
    [
      'the credit filter elsewhere',
      { hasPartnerEarnedCredit: true },
      /^hasPartnerEarnedCredit: filters usagelineitems/,
    ],
  ];
  for (const [what, change, message] of wrong) {
    it(`${what} is refused`, () =>
      assert.match(refusal(() => checkLineItems({ ...billed, ...change })).message, message));
  }
});
