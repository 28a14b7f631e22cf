import assert from 'node:assert/strict';
import { createArmClient } from '../../src/api/arm/armClient.ts';
import { listCustomers } from '../../src/api/arm/customers.ts';
import { exportLines } from '../../src/api/graph/exportLines.ts';
import { createGraphClient } from '../../src/api/graph/graphClient.ts';
import { BillingError } from '../../src/api/http/errors.ts';
import { listPartnerCustomers } from '../../src/api/partnerCenter/customers.ts';
import { getInvoiceStatement, getTaxReceipt } from '../../src/api/partnerCenter/invoiceStatement.ts';
import { getPartnerInvoice } from '../../src/api/partnerCenter/invoices.ts';
import { createPartnerCenterClient } from '../../src/api/partnerCenter/partnerCenterClient.ts';
import type { Credential } from '../../src/signIn/credential.ts';
import { Tokens } from '../../src/signIn/tokens.ts';
import { collect } from '../support/arm.ts';
import { FastClock } from '../support/fastClock.ts';
import { rowTexts } from '../support/graph.ts';
import { type CarrierAnswer, FILE_CARRIERS, type Follower, LINK_CARRIERS } from '../support/linkCarriers.ts';
import { LINK_TRICKS } from '../support/linkTricks.ts';
import { type Arrival, type Listeners, startListeners } from '../support/listeners.ts';
import { AUDIENCE, claimsIn, type SignInBench, startSignInBench } from '../support/signInService/bench.ts';
import { sendBlob } from '../support/stubBlobs.ts';
import { type StubService, sendJson, startStubService } from '../support/stubService.ts';

const HOSTS = {
  arm: 'management.cloud.example',
  partner: 'partner.cloud.example',
  graph: 'graph.cloud.example',
} as const;

const REDIRECTS = [301, 302, 303, 307, 308] as const;

const named = ({ what }: { what: string }): string => what;

/** What a header holds is bytes: those of UTF-8 here. */
const headerText = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

describe('tokens stay with the services of the connection', () => {
  let listeners: Listeners;
  let clock: FastClock;
  let answers: CarrierAnswer[];
  let storage: (arrival: Arrival) => CarrierAnswer | undefined;

  before(async () => {
    listeners = await startListeners(
      Object.values(HOSTS),
      (_arrival, response) => {
        const { status, body = '', headers = {} } = answers.shift() ?? { status: 404, body: {} };
        for (const [name, value] of Object.entries(headers)) {
          response.setHeader(name, headerText(value));
        }
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(typeof body === 'string' ? body : JSON.stringify(body));
      },
      (arrival, response) => {
        const special = storage(arrival);
        if (special !== undefined) {
          response.writeHead(special.status, special.headers);
          response.end();
        } else {
          sendBlob(response, arrival, { content: Buffer.from('one,two\r\n') });
        }
      },
    );
  });
  after(() => listeners.close());
  beforeEach(reset);

  function reset(): void {
    clock = new FastClock();
    answers = [];
    storage = () => undefined;
    for (const arrivals of [listeners.own, listeners.foreign, listeners.knocks]) {
      arrivals.length = 0;
    }
  }

  /** Tries each of them from the beginning; a failure names all that failed. */
  async function forEach<T>(cases: readonly T[], nameOf: (one: T) => string, run: (one: T) => Promise<void>) {
    const failed: string[] = [];
    for (const one of cases) {
      reset();
      await run(one).catch((error: Error) => failed.push(`${nameOf(one)}: ${error.message}`));
    }
    assert.deepEqual(failed, []);
  }

  /** The clients of one connection, with one sign-in. */
  function connection(kept = ''): Follower {
    const credential: Credential = {
      actor: 'user',
      getToken: async ({ audience }) => ({
        token: `token-for-${new URL(audience).hostname}`,
        expiresOn: clock.now() + 3_600_000,
      }),
    };
    const tokens = new Tokens(credential, clock);
    const options = (host: string) => {
      const base = `https://${host}`;
      return { base, transport: listeners.transport, clock, token: tokens.source(base) };
    };
    return {
      arm: createArmClient(options(HOSTS.arm)),
      partner: createPartnerCenterClient(options(HOSTS.partner)),
      graph: createGraphClient(options(HOSTS.graph)),
      kept,
    };
  }

  async function failureOf(work: Promise<unknown>): Promise<BillingError> {
    const error = await work.then(
      () => assert.fail('it succeeded'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof BillingError, String(error));
    assert.doesNotMatch(`${error.explanation} ${error.call?.url}`, /token-for|user:|word@/);
    return error;
  }

  /** Nobody but the services of the connection heard anything, and each of them its own token only. */
  function assertNothingLeft(): void {
    assert.deepEqual(listeners.knocks, []);
    assert.deepEqual(listeners.foreign, []);
    for (const { origin, headers } of listeners.own) {
      assert.equal(headers.authorization, `Bearer token-for-${new URL(origin).hostname}`);
    }
  }

  it('the listeners hear whoever follows a link as a browser would', () =>
    forEach(LINK_TRICKS, named, async ({ link, leads }) => {
      const home = `https://${HOSTS.arm}/first`;
      const text = link(HOSTS.arm, HOSTS.partner);
      const url = URL.canParse(text, home) ? new URL(text, home) : undefined;
      if (url === undefined || !/^https?:$/.test(url.protocol)) {
        assert.equal(leads, 'nowhere');
        return;
      }
      const { body } = await listeners.transport.send({
        method: 'GET',
        origin: url.origin,
        path: url.pathname + url.search,
        headers: { authorization: 'Bearer stray' },
        signal: new AbortController().signal,
      });
      for await (const chunk of body) {
        assert.ok(chunk);
      }
      const reached = [...listeners.foreign, ...listeners.own];
      assert.equal(reached[0]?.headers.authorization, 'Bearer stray');
      assert.equal(leads, url.origin === `https://${HOSTS.arm}` ? 'home' : 'away');
    }));

  for (const carrier of LINK_CARRIERS) {
    const { what, service, inHeader, secured } = carrier;
    const base = `https://${HOSTS[service]}`;
    const other = service === 'arm' ? HOSTS.partner : HOSTS.arm;
    const tricks = LINK_TRICKS.filter(({ bodyOnly }) => inHeader !== true || bodyOnly !== true);

    it(`${what} leads nowhere else`, () =>
      forEach(tricks, named, async ({ link, leads }) => {
        const address = link(HOSTS[service], other);
        answers = carrier.answers(address, base);
        const before = answers.length;
        const error = await failureOf(carrier.follow(connection(address)));
        assertNothingLeft();
        if (listeners.own.length === before) {
          assert.equal(error.kind, 'unsafeLink', error.message);
          return;
        }
        // Read as a path of the service, which does not have it.
        assert.deepEqual([listeners.own.length, error.kind, error.status], [before + 1, 'refused', 404], error.message);
        const mended = secured === true && /^http:/i.test(address);
        assert.ok(leads === 'home' || mended || !/^https?:\/\/[^\\]/i.test(address), 'an address was mended');
      }));

    it(`${what} leads nowhere else by a redirect`, () =>
      forEach(REDIRECTS, String, async (status) => {
        const away = { status, headers: { location: 'https://evil.example/next' } };
        const plain = { status, headers: { location: `http://${HOSTS[service]}/next` } };
        const all = carrier.answers(`${base}/next`, base);
        for (const sequence of [[...all, away], [...all, plain], [away], [plain]]) {
          listeners.own.length = 0;
          answers = [...sequence];
          const error = await failureOf(carrier.follow(connection(`${base}/next`)));
          assertNothingLeft();
          assert.deepEqual([listeners.own.length, error.kind, error.status], [sequence.length, 'refused', status]);
        }
      }));
  }

  for (const { what, service, answers: answersWith, download } of FILE_CARRIERS) {
    const base = `https://${HOSTS[service]}`;
    const other = service === 'arm' ? HOSTS.graph : HOSTS.arm;

    /** What arrived besides the calls that led to the file. */
    const fileRequests = (before: number): Arrival[] => [...listeners.own.slice(before), ...listeners.foreign];

    it(`${what} is fetched without a token, over https or not at all`, () =>
      forEach(LINK_TRICKS, named, async ({ link }) => {
        const address = link(HOSTS[service], other);
        answers = answersWith(address, base);
        const before = answers.length;
        const error = await download(connection()).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        const requests = fileRequests(before);
        for (const request of requests) {
          assert.equal(new URL(request.origin).protocol, 'https:');
          assert.doesNotMatch(JSON.stringify(request), /token-for|authorization|cookie|clienttype/i);
        }
        const url = URL.canParse(address) ? new URL(address) : undefined;
        if (url?.protocol === 'https:' && url.username === '') {
          assert.ok(requests.length > 0, String(error));
        } else {
          assert.deepEqual([requests, listeners.knocks], [[], []]);
          assert.ok(error instanceof BillingError && error.kind === 'unsafeLink', String(error));
        }
      }));

    it(`${what} is fetched from nowhere else by a redirect`, () =>
      forEach(REDIRECTS, String, async (status) => {
        answers = answersWith('https://files.example/folder/file?sig=c2lnbmF0dXJl', base);
        const before = answers.length;
        storage = () => ({ status, headers: { location: 'https://evil.example/file' } });
        await failureOf(download(connection()));
        const origins = fileRequests(before).map(({ origin }) => origin);
        assert.deepEqual(origins, ['https://files.example']);
      }));
  }

  it('files of an export stay at the host of its folder, whatever they are called', async () => {
    const names = ['../../x', '//evil.example/x', '@evil.example/x', '\\\\evil.example', '?x', '#x', 'a:b@c'];
    const { graph } = connection();
    for (const name of names) {
      const ready = { rootDirectory: 'https://files.example', sasToken: 'sig=c2lnbmF0dXJl', blobs: [{ name }] };
      await failureOf(rowTexts(exportLines(graph, { operation: '/operation', manifest: ready })));
    }
    assert.deepEqual(
      listeners.foreign.map(({ origin }) => origin),
      names.map(() => 'https://files.example'),
    );
  });

  it('links of a resource that nobody asked to follow are not followed', async () => {
    const evil = 'https://evil.example/invoice';
    const links = { self: { uri: evil, method: 'GET' }, next: { uri: evil }, statement: { uri: evil } };
    const { partner } = connection();
    answers = [
      {
        status: 200,
        body: { id: 'G1', pdfDownloadLink: evil, taxReceipts: [{ id: 'T1', taxReceiptPdfDownloadLink: evil }], links },
      },
      { status: 200, body: '%PDF-1.7' },
      { status: 200, body: '%PDF-1.7', headers: { location: evil, link: `<${evil}>; rel=next` } },
    ];
    const { id, taxReceipts } = await getPartnerInvoice(partner, 'G1');
    await getInvoiceStatement(partner, id);
    await getTaxReceipt(partner, id, taxReceipts?.[0]?.id ?? '');
    assert.equal(listeners.own.length, 3);
    assertNothingLeft();
  });

  it('a link sets no header that belongs to the connection', async () => {
    const headers = [
      'Authorization',
      'Host',
      'Cookie',
      'Proxy-Authorization',
      'X-Forwarded-Host',
      'Origin',
      'Forwarded',
    ];
    for (const key of headers) {
      const next = { uri: '/customers?page=2', headers: [{ key, value: 'evil.example' }] };
      answers = [{ status: 200, body: { items: [], links: { next } } }];
      const { kind } = await failureOf(collect(listPartnerCustomers(connection().partner)));
      assert.equal(kind, 'unsafeLink', key);
    }
    assert.equal(listeners.own.length, headers.length);
    assertNothingLeft();
  });
});

describe('a challenge does not lead the sign-in elsewhere', () => {
  let bench: SignInBench;
  let foreign: StubService;
  let own: StubService;
  let challenge: string;
  before(async () => {
    bench = await startSignInBench();
    foreign = await startStubService((_request, response) => sendJson(response, 200, {}), bench.tls.server);
    own = await startStubService((_request, response) => {
      sendJson(response, 401, { error: { code: 'TokenNotGoodEnough' } }, { 'www-authenticate': challenge });
    }, bench.tls.server);
  });
  after(async () => {
    await own.close();
    await foreign.close();
    await bench.close();
  });

  const CLAIMS = Buffer.from(
    JSON.stringify({
      access_token: { aud: { value: 'https://evil.example' }, acrs: { essential: true, value: 'c1' } },
    }),
  ).toString('base64');

  for (const [what, told] of [
    ['its authorization_uri', (evil: string) => `authorization_uri="${evil}/common/oauth2/authorize"`],
    ['its authorization', (evil: string) => `authorization="${evil}/common"`],
    ['its resource', (evil: string) => `resource_id="${evil}", resource="${evil}", scope="${evil}/.default"`],
    ['its realm and tenant', (evil: string) => `realm="${evil}", tenant_id="evil.example", trusted_issuers="${evil}"`],
  ] as const) {
    it(`by ${what}`, async () => {
      bench.sent.length = 0;
      own.requests.length = 0;
      challenge = `Bearer ${told(foreign.base)}, error="insufficient_claims", claims="${CLAIMS}"`;
      const { id, app } = bench.home;
      const credential = bench.credential({
        credential: 'servicePrincipal',
        tenant: id,
        clientId: app.clientId,
        proof: async () => ({ secret: app.secret }),
      });
      const token = new Tokens(credential, new FastClock(Date.now())).source(AUDIENCE);
      const arm = createArmClient({ base: own.base, transport: bench.transport, token });
      await assert.rejects(collect(listCustomers(arm, { account: 'a' })), { kind: 'refused', status: 401 });
      assert.equal(own.requests.length, 2, 'once more, with another token');
      for (const { headers } of own.requests) {
        assert.equal(claimsIn(String(headers.authorization)).aud, AUDIENCE);
      }
      assert.deepEqual(foreign.requests, []);
      const origins = new Set(bench.sent.map(({ origin }) => origin));
      assert.deepEqual([...origins].sort(), [bench.service.authority, own.base].sort());
    });
  }
});
