import assert from 'node:assert/strict';
import { inflateRawSync } from 'node:zlib';
import { isoDay } from '../../src/sample/calendar.ts';
import { decimalText, decimalUnits } from '../../src/sample/decimal.ts';
import type { BillingProfile, Customer } from '../../src/sample/directory.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';

interface Resource {
  id: string;
  name: string;
  type: string;
  properties: Record<string, unknown>;
}
interface List {
  value: Resource[];
  nextLink?: string | null;
}
interface Reply {
  status: number;
  headers: Headers;
  text: string;
}

const FIRST = '2019-10-01-preview';
const MIDDLE = '2020-05-01';
const NEWEST = '2024-04-01';
const VERSIONS = [FIRST, MIDDLE, NEWEST] as const;
const OCTOBER = 'periodStartDate=2026-10-01&periodEndDate=2026-10-31';
const DATES = 'startDate=2026-10-01&endDate=2026-10-31';

describe('sample service: profiles, products, transactions, policies, charges, documents', () => {
  let service: SampleService;
  let account: string;
  let profile: string;
  let profileFacts: BillingProfile;
  let customer: Customer;

  before(async () => {
    service = await startSampleService({
      customers: 60,
      usageRows: 10_000,
      now: new Date('2026-11-21T09:00:00Z'),
      operations: { retryAfter: 0 },
    });
    const [main] = service.tenant.accounts;
    assert.ok(main);
    customer = service.tenant.directory.customer(0);
    profileFacts = customer.profile;
    account = `/providers/Microsoft.Billing/billingAccounts/${main.name}`;
    profile = `${account}/billingProfiles/${profileFacts.name}`;
  });
  after(() => service.close());
  afterEach(() => call('POST', '/_sample/reset'));

  const address = (path: string, version?: string): string => {
    if (/^https?:/.test(path)) return path;
    const query = version ? `${path.includes('?') ? '&' : '?'}api-version=${version}` : '';
    return `${service.endpoints.resourceManager}${path}${query}`;
  };

  async function call(method: string, path: string, version?: string, body?: unknown): Promise<Reply> {
    const response = await fetch(address(path, version), {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  async function get<T>(path: string, version?: string): Promise<T> {
    const { status, text } = await call('GET', path, version);
    assert.equal(status, 200, text);
    return JSON.parse(text) as T;
  }

  /** Texts of all pages, so that digits can be compared. */
  async function pages(path: string, version: string): Promise<string[]> {
    const texts: string[] = [];
    let next: string | null | undefined = address(path, version);
    while (next) {
      const { status, text } = await call('GET', next);
      assert.equal(status, 200, text);
      texts.push(text);
      next = (JSON.parse(text) as List).nextLink;
    }
    return texts;
  }

  const items = (texts: readonly string[]): Resource[] => texts.flatMap((text) => (JSON.parse(text) as List).value);

  /** The exact sum of a money member over all pages, in 10^-20. */
  const sum = (texts: readonly string[], field: string): bigint =>
    texts
      .flatMap((text) => [...text.matchAll(new RegExp(`"${field}":\\{"currency":"\\w+","value":(-?[0-9.]+)\\}`, 'g'))])
      .reduce((total, match) => total + decimalUnits(match[1] ?? '', 20), 0n);

  async function refused(method: string, path: string, version: string, status: number, body?: unknown) {
    const reply = await call(method, path, version, body);
    assert.equal(reply.status, status, reply.text);
    return (JSON.parse(reply.text) as { error: { code: string; message: string } }).error;
  }

  /** Follows Location until it is not 202 any more. */
  async function follow(start: Reply): Promise<{ reply: Reply; polls: number }> {
    let polls = 0;
    let reply = start;
    let location = reply.headers.get('location') ?? '';
    do {
      assert.ok(location.startsWith(`${service.endpoints.resourceManager}/`), `Location: ${location}`);
      assert.equal(reply.headers.get('retry-after'), '0');
      reply = await call('GET', location);
      location = reply.headers.get('location') ?? '';
      polls++;
    } while (reply.status === 202);
    return { reply, polls };
  }

  const invoiceOf = (month: number, of = profileFacts) => {
    const invoice = service.tenant.invoiceOf(of, month);
    assert.ok(invoice);
    return invoice;
  };
  const lastMonth = () => service.tenant.ledger.openMonth - 1;

  for (const version of VERSIONS) {
    describe(`api-version ${version}`, () => {
      it('gets a billing profile as the list has it, and its one invoice section', async () => {
        const { value } = await get<List>(`${account}/billingProfiles`, version);
        assert.deepEqual(await get(profile, version), value[0]);
        const sections = await get<List>(`${profile}/invoiceSections`, version);
        assert.equal(sections.value.length, 1);
        const [section] = sections.value;
        assert.deepEqual(await get(section?.id ?? '', version), section);
        assert.equal(section?.properties.state, 'Active');
        const expanded = await get<Resource>(`${profile}?$expand=invoiceSections`, version);
        assert.equal('invoiceSections' in expanded.properties, version !== NEWEST);
      });

      it('lists products by account, profile, section and customer, and gets one', async () => {
        const all = items(await pages(`${account}/products`, version));
        const of = async (path: string) => items(await pages(`${path}/products`, version));
        const profiles = await Promise.all(
          service.tenant.accounts[0]?.profiles.map(({ name }) => of(`${account}/billingProfiles/${name}`)) ?? [],
        );
        const names = (list: readonly Resource[]) => list.map(({ name }) => name).sort();
        assert.deepEqual(names(profiles.flat()), names(all));
        const own = await of(`${account}/customers/${customer.name}`);
        assert.deepEqual(
          own.map(({ properties }) => properties.billingFrequency),
          ['UsageBased', 'OneTime', 'Monthly', 'Monthly'],
        );
        const section = await of(`${profile}/invoiceSections/${profileFacts.systemId}`);
        assert.equal(section.length, 1);
        assert.ok(!('customerId' in (section[0]?.properties ?? {})));
        for (const product of [...own, ...section]) {
          assert.deepEqual(await get(`${account}/products/${product.name}`, version), product);
        }
        const none = service.tenant.directory.customer(7);
        assert.deepEqual(await of(`${account}/customers/${none.name}`), []);
        assert.match((await refused('GET', `${account}/products/none`, version, 404)).message, /product 'none'/);
      });

      it('tells permissions at every scope, and balances', async () => {
        for (const scope of [
          account,
          profile,
          `${profile}/invoiceSections/${profileFacts.systemId}`,
          `${account}/customers/${customer.name}`,
          `${profile}/customers/${customer.name}`,
        ]) {
          const { value } = await get<{ value: { actions: string[]; notActions: string[] }[] }>(
            `${scope}/billingPermissions`,
            version,
          );
          assert.ok((value[0]?.actions.length ?? 0) > 0);
        }
        const euro = service.tenant.directory.profiles[1];
        assert.ok(euro);
        const path = `${account}/billingProfiles/${euro.name}/availableBalance/default`;
        const { properties } = await get<Resource>(path, version);
        const { amount } = properties as { amount: { currency: string; value: number } };
        assert.equal(amount.currency, 'EUR');
        assert.ok(amount.value > 0);
        assert.equal('paymentsOnAccount' in properties, version === NEWEST);
        const dollar = await get<Resource>(`${profile}/availableBalance/default`, version);
        assert.deepEqual(dollar.properties.amount, { currency: 'USD', value: 0 });
      });

      it('finds the customer of a subscription', async () => {
        const subscription = service.tenant.subscriptions(customer).at(0);
        const path = `/subscriptions/${subscription.name}/providers/Microsoft.Billing/billingProperty/default`;
        const { properties } = await get<Resource>(path, version);
        assert.equal(properties.billingProfileId, profile);
        assert.equal(properties.billingAccountId, account);
        const parent = version === NEWEST ? profile : account;
        assert.equal(properties.customerId, `${parent}/customers/${customer.name}`);
        assert.match((await refused('GET', path.replace(/[^/]{12}\/prov/, '0/prov'), version, 404)).code, /NotFound/);
      });

      it('adds the transactions of an invoice up to its total', async () => {
        const invoice = invoiceOf(lastMonth());
        const parent = version === FIRST ? profile : account;
        const texts = await pages(`${parent}/invoices/${invoice.name}/transactions`, version);
        assert.equal(sum(texts, 'transactionAmount'), invoice.total);
        assert.ok(items(texts).every(({ properties }) => properties.invoice === invoice.name));
        const purchases = service.tenant.purchases.invoiceOf(profileFacts, lastMonth());
        assert.ok(purchases);
        const separate = await pages(`${parent}/invoices/${purchases.name}/transactions`, version);
        assert.equal(sum(separate, 'transactionAmount'), purchases.total);
        const { properties } = await get<Resource>(`${account}/invoices/${purchases.name}`, version);
        assert.equal(properties.isMonthlyInvoice, false);
        const pending = items(await pages(`${parent}/invoices/pending/transactions`, version));
        assert.ok(pending.length > 0);
        assert.ok(pending.every((item) => item.properties.invoice === 'pending' && !('tax' in item.properties)));
      });

      it('reads and changes the cost policy of a customer, until the reset', async () => {
        const path = `${account}/customers/${customer.name}/policies/default`;
        const policy = await get<Resource>(path, version);
        assert.equal(policy.properties.viewCharges, 'Allowed');
        const parent = version === NEWEST ? profile : account;
        assert.equal(policy.id, `${parent}/customers/${customer.name}/policies/default`);
        const off = service.tenant.directory.customer(2);
        const other = await get<Resource>(`${account}/customers/${off.name}/policies/default`, version);
        assert.equal(other.properties.viewCharges, 'NotAllowed');
        const reply = await call('PUT', path, version, { properties: { viewCharges: 'NotAllowed' } });
        assert.equal(reply.status, 200);
        assert.deepEqual(JSON.parse(reply.text), await get(path, version));
        assert.equal((await get<Resource>(path, version)).properties.viewCharges, 'NotAllowed');
        await call('POST', '/_sample/reset');
        assert.deepEqual(await get(path, version), policy);
      });

      it('refuses a policy it does not know, and bodies without viewCharges, by name', async () => {
        const path = `${account}/customers/${customer.name}/policies`;
        assert.match((await refused('PUT', `${path}/default`, version, 400, {})).message, /properties\.viewCharges/);
        const wrong = { properties: { viewCharges: 'Sometimes' } };
        assert.match((await refused('PUT', `${path}/default`, version, 400, wrong)).message, /Sometimes.*viewCharges/);
        assert.match((await refused('GET', `${path}/other`, version, 404)).message, /other/);
      });

      it('prepares the PDF of an invoice through its document', async () => {
        const name = invoiceOf(lastMonth()).name;
        const { properties } = await get<Resource>(`${account}/invoices/${name}`, version);
        const [document] = properties.documents as { url?: string; name?: string }[];
        const start = document?.url ?? `${account}/invoices/${name}/download?documentName=${document?.name}`;
        const first = await call('POST', start, document?.url ? undefined : version);
        assert.equal(first.status, 202, first.text);
        assert.match(first.headers.get('location') ?? '', new RegExp(`api-version=${version}`));
        const { reply, polls } = await follow(first);
        assert.equal(polls, 2);
        const result = JSON.parse(reply.text) as { url: string; expiryTime?: string };
        assert.equal(result.expiryTime !== undefined, version !== FIRST);
        const pdf = await fetch(result.url);
        assert.equal(pdf.headers.get('content-type'), 'application/pdf');
        const text = await pdf.text();
        assert.match(text, /^%PDF-1\.4\n.*%%EOF\n$/s);
        assert.ok(text.includes(`Invoice ${name}`));
        assert.equal(text.slice(Number(/startxref\n(\d+)/.exec(text)?.[1])).slice(0, 4), 'xref');
        for (const [, offset, index] of [...text.matchAll(/^(\d{10}) 00000 n/gm)].map((m, i) => [m[0], m[1], i + 1])) {
          assert.ok(text.slice(Number(offset)).startsWith(`${index} 0 obj`));
        }
        assert.equal((await fetch(result.url, { headers: { authorization: 'Bearer x' } })).status, 400);
        assert.equal((await fetch(result.url.replace(/sig=./, 'sig='))).status, 403);
      });

      it('prepares several documents as one zip', async () => {
        const invoices = [invoiceOf(lastMonth()), invoiceOf(lastMonth() - 1)];
        const documents = await Promise.all(
          invoices.map(async ({ name }) => {
            const { properties } = await get<Resource>(`${account}/invoices/${name}`, version);
            const [document] = properties.documents as { url: string; name: string }[];
            return version === NEWEST ? { invoiceName: name, documentName: document?.name } : document?.url;
          }),
        );
        const path = `${version === FIRST ? profile : account}/downloadDocuments`;
        const { reply } = await follow(await call('POST', path, version, documents));
        const zip = Buffer.from(await (await fetch((JSON.parse(reply.text) as { url: string }).url)).arrayBuffer());
        const directory = zip.readUInt32LE(zip.length - 6);
        assert.equal(zip.readUInt16LE(zip.length - 12), 2);
        assert.equal(zip.readUInt32LE(directory), 0x02014b50);
        const nameLength = zip.readUInt16LE(26);
        assert.equal(zip.toString('latin1', 30, 30 + nameLength), `${invoices[0]?.name}.pdf`);
        const packed = zip.subarray(30 + nameLength, 30 + nameLength + zip.readUInt32LE(18));
        assert.ok(inflateRawSync(packed).toString().startsWith('%PDF-'));
        assert.match((await refused('POST', path, version, 400, [])).message, /list/);
      });
    });
  }

  it('lists what was billed and what was not, by the ways that each version has', async () => {
    const { tenant } = service;
    const truth = tenant.truth(`${account}/customers/${customer.name}`, '2026-10-01', '2026-10-31').totals.get('USD');
    const month = lastMonth();
    const bought = tenant.purchases.chargesOfCustomer(customer, month);
    const expected =
      decimalUnits(truth ?? '', 20) + bought.reduce((total, charge) => total + tenant.purchases.amount(charge), 0n);
    const own = await pages(`${account}/customers/${customer.name}/transactions?${OCTOBER}`, FIRST);
    assert.equal(sum(own, 'transactionAmount'), expected);
    const newest = await pages(`${profile}/customers/${customer.name}/transactions?${OCTOBER}&type=Billed`, NEWEST);
    assert.equal(sum(newest, 'transactionAmount'), expected);

    const invoiced = (tenant.accounts[0]?.profiles ?? []).reduce(
      (total, of) => total + invoiceOf(month, of).total + (tenant.purchases.invoiceOf(of, month)?.total ?? 0n),
      0n,
    );
    assert.equal(sum(await pages(`${account}/transactions?${OCTOBER}`, FIRST), 'transactionAmount'), invoiced);

    const open = 'periodStartDate=2026-11-01&periodEndDate=11-30-2026';
    const unbilled = await pages(`${profile}/transactions?${open}&type=Unbilled`, NEWEST);
    const pending = items(unbilled);
    assert.ok(pending.length > 0 && pending.every(({ properties }) => properties.invoice === 'pending'));
    assert.deepEqual(items(await pages(`${profile}/transactions?${open}&type=Billed`, NEWEST)), []);
    assert.deepEqual(items(await pages(`${profile}/transactions?${OCTOBER}&type=Unbilled`, NEWEST)), []);
    assert.deepEqual(items(await pages(`${profile}/transactions?${OCTOBER}&type=Other`, NEWEST)), []);

    const section = `${profile}/invoiceSections/${profileFacts.systemId}/transactions?${OCTOBER}`;
    const types = items(await pages(section, FIRST)).map(({ properties }) => properties.transactionType);
    assert.deepEqual(types.sort(), ['Purchase', 'Rounding Adjustment']);
  });

  it('refuses ways that a version does not have, a missing type and a missing period', async () => {
    const billed = `transactions?${OCTOBER}&type=Billed`;
    assert.equal((await refused('GET', `${account}/${billed}`, NEWEST, 400)).code, 'InvalidResourceType');
    const old = await refused('GET', `${account}/customers/${customer.name}/${billed}`, NEWEST, 400);
    assert.match(old.message, /2019-10-01-preview/);
    assert.equal((await refused('GET', `${profile}/${billed}`, MIDDLE, 400)).code, 'InvalidResourceType');
    assert.match((await refused('GET', `${profile}/transactions?${OCTOBER}`, NEWEST, 400)).message, /type is required/);
    assert.match((await refused('GET', `${profile}/transactions?type=Billed`, NEWEST, 400)).message, /periodStartDate/);
    assert.match((await refused('GET', `${profile}/transactions?${OCTOBER}&type=No`, NEWEST, 400)).message, /'No'/);
  });

  it('filters transactions by date and search, gets one, and sums them', async () => {
    const all = `${profile}/transactions?${OCTOBER}&type=Billed`;
    const filter = encodeURIComponent("properties/date lt '2026-10-31'");
    const early = items(await pages(`${all}&filter=${filter}`, NEWEST));
    assert.ok(early.length > 0 && early.every(({ properties }) => properties.transactionType === 'Purchase'));
    const found = items(await pages(`${all}&search=RESERVED`, NEWEST));
    assert.ok(
      found.length > 0 && found.every(({ properties }) => /Reserv/i.test(String(properties.productDescription))),
    );
    const wrong = await refused(
      'GET',
      `${all}&filter=${encodeURIComponent("properties/date ne '2026-10-31'")}`,
      NEWEST,
      400,
    );
    assert.match(wrong.message, /properties\/date ne/);
    const [one] = items(await pages(`${profile}/transactions?${OCTOBER}`, FIRST));
    assert.ok(one);
    assert.deepEqual(await get(`${profile}/transactions/${one.name}?${OCTOBER}`, FIRST), one);
    const invoice = invoiceOf(lastMonth());
    const { text } = await call('GET', `${account}/invoices/${invoice.name}/transactionSummary`, NEWEST);
    const total = decimalText(invoice.total, 20);
    assert.ok(text.includes(`"total":${total}}`) && text.includes(`"subTotal":${total},`), text);
  });

  it('decides access by provider', async () => {
    const body = { actions: ['Microsoft.Billing/billingAccounts/read', 'Microsoft.Subscription/subscriptions/write'] };
    const { text } = await call('POST', `${account}/customers/${customer.name}/checkAccess`, NEWEST, body);
    const decisions = (JSON.parse(text) as { accessDecision: string }[]).map(({ accessDecision }) => accessDecision);
    assert.deepEqual(decisions, ['Allowed', 'NotAllowed']);
    assert.match((await refused('POST', `${account}/checkAccess`, NEWEST, 400, {})).message, /actions/);
    assert.equal((await refused('POST', `${account}/checkAccess`, FIRST, 400, body)).code, 'InvalidResourceType');
  });

  it('changes the policy of some customers in a while, in the newest version only', async () => {
    const slow = service.tenant.directory.customer(1);
    const path = `${profile}/customers/${slow.name}/policies/default`;
    const before = await get<Resource>(path, NEWEST);
    const started = await call('PUT', path, NEWEST, { properties: { viewCharges: 'NotAllowed' } });
    assert.equal(started.status, 201);
    assert.deepEqual(await get(path, NEWEST), before);
    const { reply } = await follow(started);
    assert.equal(reply.status, 200);
    const after = await get<Resource>(path, NEWEST);
    assert.deepEqual(JSON.parse(reply.text), after);
    assert.equal(after.properties.viewCharges, 'NotAllowed');
    const subscription = service.tenant.subscriptions(slow).at(0).name;
    const seen = `/subscriptions/${subscription}/providers/Microsoft.Billing/policies/default`;
    const { properties } = await get<Resource>(seen, NEWEST);
    assert.equal((properties.policies as { value: string }[])[0]?.value, 'NotAllowed');
    const old = `${account}/customers/${slow.name}/policies/default`;
    assert.equal((await call('PUT', old, FIRST, { properties: { viewCharges: 'Allowed' } })).status, 200);
  });

  it('lets operations take longer, fail or never end, and forgets unknown ones', async () => {
    const start = () => call('POST', `${account}/invoices/${invoiceOf(lastMonth()).name}/download`, NEWEST);
    await call('POST', '/_sample/operations', undefined, { polls: 4 });
    assert.equal((await follow(await start())).polls, 5);
    await call('POST', '/_sample/operations', undefined, { polls: 0, ending: 'Failed' });
    const { reply } = await follow(await start());
    assert.equal(reply.status, 500);
    await call('POST', '/_sample/operations', undefined, { ending: 'Never' });
    const location = (await start()).headers.get('location') ?? '';
    for (let poll = 0; poll < 5; poll++) assert.equal((await call('GET', location)).status, 202);
    await call('POST', '/_sample/reset');
    assert.equal((await call('GET', location)).status, 404);
    assert.equal((await call('POST', '/_sample/operations', undefined, { polls: -1 })).status, 400);
  });

  it('refuses documents that are not the invoice’s, and what only enrolments have', async () => {
    const { name } = invoiceOf(lastMonth());
    const path = `${account}/invoices/${name}`;
    assert.equal((await refused('POST', `${path}/download?documentName=D1`, NEWEST, 404)).code, 'NotFound');
    assert.match((await refused('POST', `${path}/download`, MIDDLE, 400)).message, /downloadToken/);
    assert.match((await refused('POST', `${path}/download?downloadToken=x`, MIDDLE, 400)).message, /downloadToken/);
    assert.match((await refused('POST', `${path}/downloadSummary`, NEWEST, 400)).message, /Enterprise Agreement/);
    const other = invoiceOf(lastMonth(), service.tenant.directory.profiles[3]).name;
    assert.equal((await refused('POST', `${account}/invoices/${other}/download`, NEWEST, 404)).code, 'NotFound');
  });

  it('summarises charges by customer, profile and section, the same money each time', async () => {
    const scope = `${account}/providers/Microsoft.Consumption/charges?${DATES}`;
    const grouped = (by: string) => pages(`${scope}&$apply=groupby((properties/${by}))`, '2019-10-01');
    const whole = await pages(scope, '2019-10-01');
    const byCustomer = await grouped('customerId');
    for (const field of ['azureCharges', 'chargesBilledSeparately', 'marketplaceCharges']) {
      assert.ok(sum(whole, field) > 0n);
      for (const texts of [byCustomer, await grouped('billingProfileId'), await grouped('invoiceSectionId')]) {
        assert.equal(sum(texts, field), sum(whole, field));
      }
    }
    const invoices = (service.tenant.accounts[0]?.profiles ?? []).map((of) => invoiceOf(lastMonth(), of).total);
    assert.equal(
      sum(whole, 'azureCharges'),
      invoices.reduce((a, b) => a + b),
    );
    const id = `${account}/customers/${customer.name}`;
    const one = items(byCustomer).find(({ properties }) => properties.customerId === id);
    const own = await get<List>(`${id}/providers/Microsoft.Consumption/charges?${DATES}`, '2023-11-01');
    assert.deepEqual(own.value, [one]);
    assert.equal(one?.properties.isInvoiced, true);
    const open = await get<List>(`${id}/providers/Microsoft.Consumption/charges`, '2019-10-01');
    assert.equal(open.value[0]?.properties.isInvoiced, false);
    assert.equal(open.value[0]?.properties.usageEnd, isoDay(service.tenant.ledger.window.to));
    const filter = encodeURIComponent("properties/usageStart ge '2026-10-01' and properties/usageEnd le '2026-10-31'");
    const filtered = await get<List>(`${id}/providers/Microsoft.Consumption/charges?$filter=${filter}`, '2019-10-01');
    assert.deepEqual(filtered.value, [one]);
    assert.match(
      (await refused('GET', `${scope}&$apply=groupby((properties/x))`, '2019-10-01', 400)).message,
      /\$apply/,
    );
  });
});
