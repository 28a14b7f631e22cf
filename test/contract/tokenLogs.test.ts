import assert from 'node:assert/strict';
import { exchangeLine } from '../../src/accounts/exchangeLine.ts';
import { createArmClient } from '../../src/api/arm/armClient.ts';
import { generateCostDetails } from '../../src/api/arm/costDetails.ts';
import { listCustomers } from '../../src/api/arm/customers.ts';
import { prepareInvoiceDocument } from '../../src/api/arm/invoiceDocuments.ts';
import { preparePriceSheet, priceSheetAddress } from '../../src/api/arm/priceSheet.ts';
import { listUsageDetails } from '../../src/api/arm/usageDetails.ts';
import { audienceOf, CLOUDS } from '../../src/api/clouds.ts';
import { runBillingExport } from '../../src/api/graph/billingExports.ts';
import { exportLines } from '../../src/api/graph/exportLines.ts';
import { createGraphClient } from '../../src/api/graph/graphClient.ts';
import type { Exchange } from '../../src/api/http/client.ts';
import type { PageWalk } from '../../src/api/http/paging.ts';
import { createUndiciTransport } from '../../src/api/http/undiciTransport.ts';
import { listPartnerCustomers } from '../../src/api/partnerCenter/customers.ts';
import { createPartnerCenterClient } from '../../src/api/partnerCenter/partnerCenterClient.ts';
import { readBlob } from '../../src/api/storage/blob.ts';
import { ExplorerModel } from '../../src/explorer/model.ts';
import type { SourceOptions } from '../../src/explorer/pages.ts';
import { openChildren } from '../../src/explorer/sources.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import { createCredential } from '../../src/signIn/createCredential.ts';
import type { Credential } from '../../src/signIn/credential.ts';
import type { CredentialSpec } from '../../src/signIn/credentialSpec.ts';
import { Tokens } from '../../src/signIn/tokens.ts';
import { describeForLog } from '../../src/workbench/failures.ts';
import { ARM_CALLS, CALLS_TENANT, type CallNames, callNames } from '../support/armCalls.ts';
import { FastClock } from '../support/fastClock.ts';
import { LeakScanner } from '../support/leakScanner.ts';
import { type SignInBench, startSignInBench, tokenRequest } from '../support/signInService/bench.ts';
import { entraError } from '../support/signInService/entraShape.ts';
import { sendJson, startStubService } from '../support/stubService.ts';

const CONNECTION = 'Partner';
const PARTNER_AUDIENCE = audienceOf(CLOUDS.public.partnerCenter);
const WRONG_SECRET = 'wrong~secret.of-the_app0123456789';
const CUSTOMER_MAIL = 'rowan.vale@customer.example';
const WEB_TOKEN = 'eyJhbGciOiJub25lIn0.eyJhdWQiOiJ4In0.c2lnbmF0dXJl';

/** Refusals in the words of services, which name whom they refuse and quote what they were given. */
const TALKATIVE: readonly string[] = [
  `The client '${CUSTOMER_MAIL}' with object id '0' does not have authorization to perform action 'read' over scope '/x'.`,
  `User ${CUSTOMER_MAIL}, or mailto:${CUSTOMER_MAIL}; is not an admin agent.`,
  `The access token '${WEB_TOKEN}' has expired. Authorization: Bearer ${WEB_TOKEN}`,
  'The link https://files.example/invoice.pdf?sv=2024-08-04&sig=Zm9yZ2Vk%2BsaWc%3D has expired, ask for another.',
];

describe('the log of a connection at its most talkative', () => {
  const scanner = new LeakScanner();
  const lines: string[] = [];
  const closers: (() => Promise<void>)[] = [];
  let bench: SignInBench;
  let service: SampleService;
  let names: CallNames;
  let app: Credential;

  /** As the extension writes them: see `Connections` and `CommandRegistry`. */
  const log = (exchange: Exchange) => lines.push(exchangeLine(CONNECTION, exchange));
  const logFailure = (error: unknown) => lines.push(describeForLog(error));

  before(async () => {
    bench = await startSignInBench();
    service = await startSampleService(CALLS_TENANT);
    names = callNames(service);
    const { directory } = service.tenant;
    for (let index = 0; index < directory.customerCount; index++) {
      scanner.add('customer', directory.customerName(index));
    }
    scanner.add('person', bench.service.person.name);
    scanner.add('secret', bench.home.app.secret);
    scanner.add('secret', WRONG_SECRET);
    app = credential({
      credential: 'servicePrincipal',
      tenant: bench.home.id,
      clientId: bench.home.app.clientId,
      proof: async () => ({ secret: bench.home.app.secret }),
    });
  });
  after(async () => {
    for (const close of [...closers, service.close, bench.close]) {
      await close();
    }
  });

  function credential(spec: CredentialSpec): Credential {
    const { authority } = bench.service;
    return createCredential(spec, { authority, transport: scanner.learning(bench.transport), log });
  }

  /** Options of a client that signs in as the app; its clock does not wait. */
  function signedIn(base: string, audience = 'https://management.azure.com') {
    const transport = scanner.learning(createUndiciTransport());
    closers.push(() => transport.close());
    const clock = new FastClock(Date.now());
    return { base, transport, clock, log, token: new Tokens(app, clock).source(audience) };
  }

  async function whole(walk: PageWalk<unknown> | AsyncIterable<unknown>): Promise<void> {
    for await (const part of 'rest' in walk ? walk.rest() : walk) {
      void part;
    }
  }

  const attempt = (work: Promise<unknown>): Promise<unknown> => work.catch(logFailure);

  it('hears every call, as it goes well and as it fails', async () => {
    const arm = createArmClient(signedIn(service.endpoints.resourceManager));
    for (const fault of [undefined, '401', '403', '429*1', '500', 'html', 'truncated']) {
      for (const call of Object.values(ARM_CALLS)) {
        await fetch(`${service.endpoints.resourceManager}/_sample/reset`, { method: 'POST', body: '{}' });
        service.setFault(undefined);
        const prepared = await call.prepare?.({ ...arm, versions: call.only ?? 'newest' }, names);
        service.setFault(fault);
        await attempt(call.run({ ...arm, versions: call.only ?? 'newest' }, names, {}, prepared));
      }
    }
    service.setFault(undefined);
  });

  it('hears a walk over the tree, both services of it', async () => {
    const arm = createArmClient(signedIn(service.endpoints.resourceManager));
    const partner = createPartnerCenterClient({
      ...signedIn(service.endpoints.partnerCenter, PARTNER_AUDIENCE),
      signIn: 'appAndUser',
    });
    const sources: SourceOptions = {
      arm: async () => arm,
      now: () => new Date('2026-11-21T12:00:00Z'),
      locale: 'en',
      partner: {
        has: () => true,
        client: async () => partner,
        filter: () => undefined,
        billingCustomers: () => new Map(),
      },
    };
    const root = { id: 'connection:x', kind: 'connection', connection: CONNECTION, parent: undefined } as const;
    const model = new ExplorerModel({
      roots: () => [{ ...root, label: CONNECTION, expandable: true }],
      open: (node) => openChildren(node, sources),
      annotate: async () => [],
      emptyText: () => ({ label: 'Nothing' }),
      explain: (error, node) => {
        lines.push(`[${node.connection}] ${node.resourceId ?? node.kind}: ${describeForLog(error)}`);
        return { summary: 'Failed', message: '', tooltip: '' };
      },
    });
    const opened = new Map<string, number>();
    const waiting = await model.children();
    for (let node = waiting.shift(); node !== undefined; node = waiting.shift()) {
      service.setFault(opened.size % 5 === 4 ? '403*1' : undefined);
      for (const child of await model.children(node)) {
        const times = (opened.get(child.kind) ?? 0) + 1;
        opened.set(child.kind, times);
        if (child.expandable && times <= 2) {
          waiting.push(child);
        }
      }
    }
    service.setFault(undefined);
    assert.ok(opened.size > 20, String([...opened.keys()]));
  });

  it('hears documents and files, with their signatures and continuations', async () => {
    const arm = createArmClient(signedIn(service.endpoints.resourceManager));
    const graph = createGraphClient(signedIn(service.endpoints.graph));
    const partner = createPartnerCenterClient(signedIn(service.endpoints.partnerCenter, PARTNER_AUDIENCE));
    const { account, profile, customer, invoice } = names;
    const scope = { kind: 'customer', account, customer } as const;
    await whole(listUsageDetails(arm, { scope, from: '2026-10-01', to: '2026-10-31', top: 7 }));
    await whole(listPartnerCustomers(partner, { size: 3 }));
    await whole(listPartnerCustomers(partner, { startsWith: { field: 'CompanyName', text: 'Ember' } }));
    const file = (address: string) => whole(readBlob(arm.storage, address, { operation: 'Download the file' }));
    await file((await prepareInvoiceDocument(arm, account, invoice)).url);
    await file(priceSheetAddress(await preparePriceSheet(arm, { account, profile })));
    const period = { start: '2026-10-01', end: '2026-10-31' };
    for (const { blobLink } of (await generateCostDetails(arm, scope, { timePeriod: period }, '2026-11-21')).blobs) {
      await file(blobLink);
      await attempt(file(blobLink.replace(/sig=[^&]*/, 'sig=Zm9yZ2VkIHNpZ25hdHVyZQ%3D%3D')));
    }
    const request = { kind: 'unbilledUsage', currencyCode: 'USD', billingPeriod: 'current' } as const;
    await whole(exportLines(graph, await runBillingExport(graph, request)));
  });

  it('hears services that name people and quote what they were given', async () => {
    scanner.add('person', CUSTOMER_MAIL);
    scanner.add('token', WEB_TOKEN);
    for (const message of TALKATIVE) {
      for (const status of [400, 401, 403, 404]) {
        const stub = await startStubService((_request, response) =>
          sendJson(response, status, { error: { code: 'AuthorizationFailed', message } }),
        );
        const arm = createArmClient(signedIn(stub.base));
        await attempt(whole(listCustomers(arm, { account: 'a' })));
        await stub.close();
        await attempt(whole(listCustomers(arm, { account: 'a' })));
      }
    }
    logFailure(new Error(`Something broke for ${CUSTOMER_MAIL} with Bearer ${WEB_TOKEN}`));
  });

  it('hears every way of signing in, and the failures of each', async () => {
    const { id, app: secretApp, certificateApp, publicApp } = bench.home;
    const principal = (clientId: string, proof: { secret: string } | { certificate: string }) =>
      credential({ credential: 'servicePrincipal', tenant: id, clientId, proof: async () => proof });
    await principal(secretApp.clientId, { secret: secretApp.secret }).getToken(tokenRequest());
    await attempt(principal(secretApp.clientId, { secret: WRONG_SECRET }).getToken(tokenRequest()));
    await principal(certificateApp.clientId, { certificate: certificateApp.pem }).getToken(tokenRequest());
    for (const decision of ['approve', 'decline'] as const) {
      const device = credential({
        credential: 'deviceCode',
        tenant: id,
        clientId: publicApp.clientId,
        async showCode({ code }) {
          scanner.add('code', code);
          await bench.service.enter(id, code, decision);
        },
      });
      await attempt(device.signIn?.(tokenRequest()) ?? assert.fail());
      await attempt(device.getToken(tokenRequest()).then(({ token }) => scanner.add('token', token)));
    }
    for (const number of [50020, 50034, 53003, 7000222, 424242]) {
      const said = `User '${CUSTOMER_MAIL}' or ${bench.service.person.name} with ${WRONG_SECRET} is not welcome.`;
      bench.service.refuse(entraError(number, 'invalid_grant', said));
      await attempt(principal(secretApp.clientId, { secret: WRONG_SECRET }).getToken(tokenRequest()));
    }
  });

  it('holds no token, secret, signature, continuation, e-mail address or customer', () => {
    const known = ['token', 'signature', 'continuation', 'form', 'code', 'customer'].map((what) => scanner.known(what));
    assert.ok(
      known.every((count) => count > 0),
      String(known),
    );
    assert.ok(lines.length > 500, String(lines.length));
    assert.deepEqual(scanner.found(lines.join('\n')), []);
  });

  it('would be caught with one', () => {
    const [first = ''] = lines;
    assert.equal(scanner.found(`${first} ${bench.home.app.secret}`).length, 1);
    assert.equal(scanner.found(`${first} ${service.tenant.directory.customerName(0)}`).length, 1);
    assert.equal(scanner.found(`GET https://files.example/a?sig=abc`).length, 1);
  });
});
