import assert from 'node:assert/strict';
import { type PartnerCollection, SamplePartnerCenter } from '../support/samplePartnerCenter.ts';

const BOM = '\uFEFF';

/** An unsigned token with these claims. */
const tokenOf = (claims: object): Record<string, string> => ({
  authorization: `Bearer e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.sig`,
});
const USER = { aud: 'https://api.partnercenter.microsoft.com', scp: 'user_impersonation', amr: ['pwd', 'mfa'] };
const filter = (field: string, value: string, operator = 'starts_with'): string =>
  encodeURIComponent(JSON.stringify({ Field: field, Value: value, Operator: operator }));

describe('sample service: Partner Center', () => {
  let center: SamplePartnerCenter;

  before(async () => {
    center = await SamplePartnerCenter.start();
  });
  after(() => center.service.close());
  afterEach(async () => {
    await center.control('POST', 'reset');
    center.service.setFault(undefined);
  });

  const customerAt = (index: number) => center.service.tenant.directory.customer(index);

  describe('customers', () => {
    it('lists every customer of the ARM side under the same tenant id, and those that only Partner Center knows', async () => {
      const ids = (await center.items('customers')).map((item) => item.id);
      assert.equal(ids.length, 63);
      assert.equal(new Set(ids).size, 63);
      for (let index = 0; index < 60; index++) assert.equal(ids[index], customerAt(index).name);
      assert.ok(ids.includes(center.stories.transferred.customer));
    });

    it('pages by seeking: the next link has the token in a header, and no filter or offset', async () => {
      const first = await center.get<PartnerCollection>('/v1/customers?size=25');
      assert.equal(first.items.length, 25);
      assert.equal(first.links?.next?.uri, '/v1/customers?size=25&seekOperation=Next');
      assert.equal(first.links?.next?.headers[0]?.key, 'MS-ContinuationToken');
      assert.equal((await center.pages('customers?size=25')).length, 3);
    });

    it('refuses a token that is missing, of another list, or altered in any one byte', async () => {
      const { links } = await center.get<PartnerCollection>('/v1/customers?size=25');
      const token = links?.next?.headers[0]?.value ?? '';
      const path = '/v1/customers?size=25&seekOperation=Next';
      assert.equal((await center.refusal(path)).status, 400);
      for (let i = 0; i < token.length; i++) {
        const altered = token.slice(0, i) + (token[i] === 'A' ? 'B' : 'A') + token.slice(i + 1);
        const { status, code } = await center.refusal(path, { headers: { 'MS-ContinuationToken': altered } });
        assert.deepEqual([status, code], [400, '800002'], altered);
      }
      const other =
        '/v1/invoices/unbilled/lineitems?provider=onetime&invoicelineitemtype=usagelineitems&currencycode=usd&period=current&seekOperation=Next';
      assert.equal((await center.refusal(other, { headers: { 'MS-ContinuationToken': token } })).status, 400);
    });

    it('filters by the beginning of the name or the domain, without case, over all pages', async () => {
      const { displayName } = customerAt(20);
      const start = displayName.slice(0, 4).toLowerCase();
      const found = await center.items(`customers?size=1&filter=${filter('CompanyName', start)}`);
      assert.ok(found.length > 0);
      for (const { companyProfile } of found) {
        assert.ok((companyProfile as { companyName: string }).companyName.toLowerCase().startsWith(start));
      }
      const whole = await center.get<{ companyProfile: { domain: string } }>(`/v1/customers/${customerAt(20).name}`);
      const byDomain = await center.items(`customers?filter=${filter('domain', whole.companyProfile.domain)}`);
      assert.deepEqual(
        byDomain.map((item) => item.id),
        [customerAt(20).name],
      );
      assert.deepEqual(await center.items(`customers?filter=${filter('IndirectReseller', 'a')}`), []);
      for (const wrong of [filter('Name', 'a'), filter('CompanyName', 'a', 'contains')]) {
        assert.equal((await center.refusal(`/v1/customers?filter=${wrong}`)).code, '900126');
      }
      assert.equal((await center.refusal('/v1/customers?filter=%7B')).code, '800002');
    });

    it('tells more by id, and tells apart ids that are none, unknown, and of another partner', async () => {
      const { transferred, foreign } = center.stories;
      const customer = await center.get<{ billingProfile: { culture: string }; relationshipToPartner: string }>(
        `/v1/customers/${transferred.customer.toUpperCase()}`,
      );
      assert.equal(customer.billingProfile.culture, 'fr-FR');
      const unknown = '6b7d4f5e-0c1a-4b7e-9d52-2f0a8c3e1d94';
      for (const [id, status, code] of [
        ['contoso', 400, '900118'],
        [unknown, 404, '60003'],
        [foreign, 403, '20002'],
      ] as const) {
        for (const path of ['', '/subscriptions', '/usagesummary', '/usagebudget']) {
          const refusal = await center.refusal(`/v1/customers/${id}${path}`);
          assert.deepEqual([refusal.status, refusal.code], [status, code], `${id}${path}`);
        }
      }
    });
  });

  describe('subscriptions', () => {
    const kindsOf = async (id: string) => (await center.items(`customers/${id}/subscriptions`)).map((s) => s.offerId);

    it('tells the stories: legacy, plan, both, licences only, two in yen', async () => {
      const { yen, licencesOnly } = center.stories;
      assert.deepEqual(await kindsOf(center.story('legacy').customer), ['MS-AZR-0145P']);
      assert.deepEqual((await kindsOf(center.story('mixed').customer)).slice(0, 2), [
        'DZH318Z0BPS6:0001:DZH318Z0BML6',
        'MS-AZR-0145P',
      ]);
      assert.equal((await kindsOf(yen.customer)).length, 2);
      assert.ok((await kindsOf(licencesOnly)).every((offer) => /^[0-9A-F-]{36}$/.test(String(offer))));
      const statuses = (await center.items(`customers/${yen.customer}/subscriptions`)).map((s) => s.status);
      assert.deepEqual(statuses, ['active', 'suspended']);
    });

    it('keeps Commerce id and Azure subscription id of 145P apart, and answers by Commerce id', async () => {
      const { customer, commerceId, entitlementId } = center.story('legacy');
      assert.notEqual(commerceId.toLowerCase(), entitlementId.toLowerCase());
      const found = await center.get(`/v1/customers/${customer}/subscriptions/${commerceId.toLowerCase()}`);
      assert.equal(found.id, commerceId);
      assert.equal(found.entitlementId, entitlementId);
      const { status, code } = await center.refusal(`/v1/customers/${customer}/subscriptions/${entitlementId}`);
      assert.deepEqual([status, code], [404, '20003']);
    });

    it('lists the Azure subscriptions of the ARM side under the plan, and none under anything else', async () => {
      const customer = customerAt(0);
      const [plan] = await center.items(`customers/${customer.name}/subscriptions`);
      const entitlements = await center.items(`customers/${customer.name}/subscriptions/${plan?.id}/azureEntitlements`);
      const azure = center.service.tenant.subscriptions(customer);
      assert.deepEqual(
        entitlements.map(({ id, friendlyName, subscriptionId }) => [id, friendlyName, subscriptionId]),
        Array.from({ length: azure.length }, (_, n) => [azure.at(n).name, azure.at(n).displayName, plan?.id]),
      );
      const { customer: other, commerceId } = center.story('legacy');
      const { code } = await center.refusal(`/v1/customers/${other}/subscriptions/${commerceId}/azureEntitlements`);
      assert.equal(code, '800011');
    });

    it('filters by order and by partner, and has reservations among the entitlements', async () => {
      const { name } = customerAt(0);
      const all = await center.items(`customers/${name}/subscriptions`);
      const byOrder = await center.items(`customers/${name}/subscriptions?order_id=${all[0]?.orderId}`);
      assert.deepEqual(
        byOrder.map(({ id }) => id),
        [all[0]?.id],
      );
      assert.deepEqual(await center.items(`customers/${name}/subscriptions?mpn_id=1`), []);
      const entitlements = await center.items(
        `customers/${name}/entitlements?entitlementType=reservedinstance&showExpiry=true`,
      );
      assert.ok(entitlements.length > 0);
      assert.ok(entitlements.every(({ expiryDate }) => /^\d{4}-/.test(String(expiryDate))));
    });
  });

  describe('how it is written', () => {
    it('accepts any letter case and doubled slashes', async () => {
      const { status } = await center.call(`/V1//Customers//${customerAt(0).name}/USAGESUMMARY/`);
      assert.equal(status, 200);
      const { customer, commerceId } = center.story('legacy');
      const window =
        'START_TIME=2026-11-01T00:00:00Z&End_Time=2026-11-02T00:00:00Z&GRANULARITY=HOURLY&Show_Details=false';
      assert.equal(
        (await center.call(`/v1/customers/${customer}/subscriptions/${commerceId}/Utilizations/Azure?${window}`))
          .status,
        200,
      );
    });

    it('writes links in three styles', async () => {
      const path = `/v1/customers/${customerAt(0).name}/subscriptions/usagerecords`;
      for (const [links, prefix] of [
        ['documented', '/customers/'],
        ['slash', '/customers/'],
        ['version', '/v1/customers/'],
        ['bare', 'customers/'],
      ] as const) {
        await center.set({ links });
        assert.ok((await center.get<PartnerCollection>(path)).links?.self.uri.startsWith(prefix), links);
        assert.equal((await center.pages('customers?size=25')).length, 3, links);
      }
    });

    it('begins bodies with a byte order mark where the real service was seen to, and nowhere else', async () => {
      await center.set({ bom: true });
      const { customer, commerceId } = center.story('legacy');
      const one = `/v1/customers/${customer}`;
      for (const path of [
        '/v1/customers?size=1',
        one,
        `${one}/subscriptions`,
        `${one}/usagesummary`,
        `${one}/usagebudget`,
        `${one}/subscriptions/${commerceId}/utilizations/azure?start_time=2026-11-01T00:00:00Z&end_time=2026-11-02T00:00:00Z`,
      ]) {
        const { text } = await center.call(path);
        assert.ok(text.startsWith(`${BOM}{`), path);
      }
      assert.ok((await center.call('/v1/invoices')).text.startsWith('{'));
      assert.ok((await center.call('/v1/customers/x')).text.startsWith('{'), 'errors have none');
    });

    it('counts the items of a page, or tells a number that is no count at all', async () => {
      assert.equal((await center.get<PartnerCollection>('/v1/customers?size=4')).totalCount, 4);
      await center.set({ totals: 'larger' });
      assert.equal((await center.get<PartnerCollection>('/v1/customers?size=4')).totalCount, 25);
    });

    it('echoes the ids of a request on answers and errors, and makes them where there are none', async () => {
      const headers = { 'MS-RequestId': 'b7d0', 'MS-CorrelationId': 'c0de', 'X-Locale': '"fr-FR"' };
      for (const path of ['/v1/customers?size=1', '/v1/customers/x', '/v1/nothing']) {
        const reply = await center.call(path, { headers });
        assert.equal(reply.headers.get('ms-requestid'), 'b7d0');
        assert.equal(reply.headers.get('ms-correlationid'), 'c0de');
        assert.equal(reply.headers.get('x-locale'), 'fr-FR');
      }
      const bare = await center.call('/v1/customers?size=1');
      assert.match(bare.headers.get('ms-requestid') ?? '', /^[0-9a-f-]{36}$/);
    });

    it('answers unknown addresses and methods in its own shape', async () => {
      assert.equal((await center.refusal('/v1/nothing')).status, 404);
      assert.equal((await center.refusal('/v1/customers', { method: 'DELETE' })).status, 405);
    });

    it('refuses switches that are not known or not possible with a sentence that names them', async () => {
      for (const [settings, names] of [
        [{ marks: true }, /partnerCenter\.marks is not known/],
        [{ links: 'short' }, /partnerCenter\.links must be one of/],
        [{ bom: 'yes' }, /partnerCenter\.bom must be true or false/],
        [{ notReady: -1 }, /partnerCenter\.notReady must be a whole number/],
      ] as const) {
        const { status, text } = await center.control('POST', 'partnerCenter', settings);
        assert.equal(status, 400);
        assert.match(text, names);
      }
      await assert.rejects(SamplePartnerCenter.start({ partnerCenter: { utilizationRows: 0 } }), /utilizationRows/);
    });
  });

  describe('sign-in, roles and clouds', () => {
    const spending = () => `/v1/customers/${customerAt(0).name}/usagesummary`;

    it('refuses app-only tokens where a user must sign in, and serves them elsewhere', async () => {
      const headers = tokenOf({ aud: USER.aud, idtyp: 'app', roles: [] });
      assert.deepEqual(await center.refusal(spending(), { headers }).then(({ status, code }) => [status, code]), [
        403,
        '900329',
      ]);
      const [invoice] = await center.items('invoices?size=1');
      for (const path of [
        `/v1/invoices/${invoice?.id}`,
        `/v1/invoices/summaries`,
        '/v1/customers/usagerecords',
        '/v1/usagesummary',
      ]) {
        assert.equal((await center.refusal(path, { headers })).code, '900329', path);
      }
      const { customer, commerceId } = center.story('legacy');
      for (const path of [
        '/v1/customers?size=1',
        '/v1/invoices',
        `/v1/customers/${customer}/usagebudget`,
        `/v1/customers/${customer}/subscriptions/${commerceId}/usagerecords/resources`,
      ]) {
        assert.equal((await center.call(path, { headers })).status, 200, path);
      }
      await center.set({ signIn: 'appOnly' });
      assert.equal((await center.refusal(spending())).code, '900329');
    });

    it('refuses tokens without MFA, of a retired or another audience, expired, or missing where one is required', async () => {
      const codeFor = async (claims: object) => (await center.refusal(spending(), { headers: tokenOf(claims) })).code;
      assert.equal((await center.call(spending(), { headers: tokenOf(USER) })).status, 200);
      assert.equal(await codeFor({ ...USER, amr: ['pwd'] }), '900421');
      assert.equal(await codeFor({ ...USER, aud: 'https://graph.windows.net/' }), '900420');
      assert.equal(await codeFor({ ...USER, aud: 'https://management.azure.com' }), '400');
      assert.equal(await codeFor({ ...USER, exp: 1_000_000_000 }), '400');
      assert.equal((await center.call(spending())).status, 200);
      await center.set({ requireToken: true });
      const { status, code } = await center.refusal(spending());
      assert.deepEqual([status, code], [401, '800001']);
      await center.set({ mfa: 'missing' });
      assert.equal(await codeFor(USER), '900421');
      await center.set({ audience: 'retired' });
      assert.equal(await codeFor(USER), '900420');
    });

    it('tells whether a sign-in has MFA when asked', async () => {
      const asked = async (claims: object) =>
        (
          await center.call('/v1/customers?size=1', { headers: { ...tokenOf(claims), ValidateMfa: 'true' } })
        ).headers.get('ismfacompliant');
      assert.equal(await asked(USER), 'true');
      assert.equal(await asked({ ...USER, amr: ['pwd'] }), 'false');
      assert.equal((await center.call('/v1/customers?size=1')).headers.get('ismfacompliant'), null);
    });

    it('lets billing readers see invoices only, others nothing, and no token of another tenant', async () => {
      center.service.setCaller('billingReader');
      assert.equal((await center.call('/v1/invoices')).status, 200);
      assert.equal((await center.refusal('/v1/customers')).code, '900308');
      center.service.setCaller('none');
      assert.equal((await center.refusal('/v1/invoices')).status, 403);
      center.service.setCaller('wrongTenant');
      assert.equal((await center.refusal('/v1/invoices')).status, 401);
    });

    it('has no spending, budgets and utilization in 21Vianet, and all of it for the US Government', async () => {
      const { customer, commerceId } = center.story('legacy');
      const window = 'start_time=2026-11-01T00:00:00Z&end_time=2026-11-02T00:00:00Z';
      const paths = [
        spending(),
        '/v1/customers/usagerecords',
        `/v1/customers/${customer}/usagebudget`,
        `/v1/customers/${customer}/subscriptions/${commerceId}/utilizations/azure?${window}`,
      ];
      await center.set({ cloud: 'china' });
      for (const path of paths) assert.equal((await center.refusal(path)).code, '900127', path);
      assert.equal((await center.call('/v1/invoices')).status, 200);
      assert.equal((await center.call('/v1/customers')).status, 200);
      await center.set({ cloud: 'usGovernment' });
      for (const path of paths) assert.equal((await center.call(path)).status, 200, path);
    });
  });

  describe('limits and faults', () => {
    it('answers 429 in the shape of the gateway, for each customer on its own, until the minute is over', async () => {
      await center.set({ throttle: 'documented', requestsPerMinute: 2 });
      const [one, other] = [0, 1].map((index) => `/v1/customers/${customerAt(index).name}/subscriptions`);
      for (let i = 0; i < 2; i++) assert.equal((await center.call(one ?? '')).status, 200);
      const { status, headers, text } = await center.call(one ?? '');
      assert.equal(status, 429);
      const wait = headers.get('retry-after');
      assert.match(wait ?? '', /^\d+$/);
      assert.deepEqual(JSON.parse(text), {
        statusCode: 429,
        message: `Rate limit is exceeded. Try again in ${wait} seconds.`,
      });
      assert.equal((await center.call(other ?? '')).status, 200);
      assert.equal((await center.call('/v1/invoices')).status, 200, 'invoices are not limited');
      await center.control('POST', 'clock', { advance: 61_000 });
      assert.equal((await center.call(one ?? '')).status, 200);
      const told = JSON.parse((await center.control('GET', 'partnerCenter')).text) as {
        throttle: { refused: number };
        stories: unknown;
      };
      assert.equal(told.throttle.refused, 1);
      assert.deepEqual(told.stories, center.stories);
    });

    it('counts all calls for the partner when set so', async () => {
      await center.set({ throttle: 'documented', requestsPerMinute: 1, buckets: 'partner' });
      assert.equal((await center.call(`/v1/customers/${customerAt(0).name}`)).status, 200);
      assert.equal((await center.call(`/v1/customers/${customerAt(1).name}`)).status, 429);
    });

    it('misbehaves like the other half, in the shapes of Partner Center', async () => {
      const { service } = center;
      service.setFault('429-retry-after*1@/v1/');
      const throttled = await center.call('/v1/customers');
      assert.deepEqual(JSON.parse(throttled.text), {
        statusCode: 429,
        message: 'Rate limit is exceeded. Try again in 1 seconds.',
      });
      service.setFault('500*1');
      assert.equal((await center.refusal('/v1/customers')).code, '800003');
      service.setFault('401*1');
      assert.deepEqual(await center.refusal('/v1/customers').then(({ status, code }) => [status, code]), [401, '400']);
      service.setFault('503-html*1');
      assert.match((await center.call('/v1/customers')).text, /^<!DOCTYPE html>/);
      service.setFault('truncated*1');
      await assert.rejects(center.get('/v1/customers'), SyntaxError);
      service.setFault('reset*1');
      await assert.rejects(center.call('/v1/customers'));
      assert.equal((await center.call('/v1/customers')).status, 200);
    });

    it('leads to another place, or round in circles, from any collection', async () => {
      for (const path of ['/v1/customers', `/v1/customers/${customerAt(0).name}/subscriptions`, '/v1/invoices']) {
        center.service.setFault('foreign-next-link');
        const foreign = await center.get<PartnerCollection>(path);
        assert.match(foreign.links?.next?.uri ?? '', /^https:\/\/management\.azure\.com\.example\.net\//);
        center.service.setFault('repeating-next-link');
        const repeating = await center.get<PartnerCollection>(path);
        assert.equal(repeating.links?.next?.uri, `${center.service.endpoints.partnerCenter}${path}?`);
        assert.ok(repeating.items.length > 0);
      }
    });

    it('refuses the token on later pages only', async () => {
      center.service.setFault('401-after-first-page');
      const { links } = await center.get<PartnerCollection>('/v1/customers?size=25');
      const headers = { 'MS-ContinuationToken': links?.next?.headers[0]?.value ?? '' };
      assert.equal((await center.call('/v1/customers?size=25&seekOperation=Next', { headers })).status, 401);
    });
  });
});
