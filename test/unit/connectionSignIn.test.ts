import assert from 'node:assert/strict';
import type { SecretStorage } from 'vscode';
import { AppSecrets } from '../../src/accounts/appSecrets.ts';
import { ConnectionSignIn } from '../../src/accounts/connectionSignIn.ts';
import { testConnection } from '../../src/accounts/connectionTest.ts';
import { reportSentence, reportText } from '../../src/accounts/reportText.ts';
import { SignInMemory } from '../../src/accounts/signInMemory.ts';
import { createGraphClient } from '../../src/api/graph/graphClient.ts';
import { systemClock } from '../../src/api/http/clock.ts';
import { BillingError } from '../../src/api/http/errors.ts';
import { createUndiciTransport } from '../../src/api/http/undiciTransport.ts';
import { createPartnerCenterClient } from '../../src/api/partnerCenter/partnerCenterClient.ts';
import type { Connection } from '../../src/contributions.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import type { Credential, TokenRequest } from '../../src/signIn/credential.ts';
import { connect } from '../support/arm.ts';
import { memento } from '../support/memento.ts';

const APP = '11111111-2222-4333-8444-555555555555';
const PRINCIPAL: Connection = {
  name: 'Robot',
  cloud: 'public',
  credential: 'servicePrincipal',
  tenantId: 'contoso.example',
  clientId: APP,
};

function storage(): { secrets: AppSecrets; kept: Map<string, string> } {
  const kept = new Map<string, string>();
  const secrets = {
    get: async (key: string) => kept.get(key),
    store: async (key: string, value: string) => void kept.set(key, value),
    delete: async (key: string) => void kept.delete(key),
  };
  return { secrets: new AppSecrets(secrets as unknown as SecretStorage), kept };
}

describe('secrets of app registrations', () => {
  it('come back as they were kept', async () => {
    const { secrets } = storage();
    assert.equal(await secrets.get(PRINCIPAL), undefined);
    for (const proof of [{ secret: 'a b' }, { certificate: 'PEM' }, { certificate: 'PEM', password: 'p' }]) {
      await secrets.store(PRINCIPAL, proof);
      assert.deepEqual(await secrets.get(PRINCIPAL), proof);
    }
  });

  it('stay when the connection is renamed, and are not those of another cloud, tenant, app or authority', async () => {
    const { secrets } = storage();
    await secrets.store(PRINCIPAL, { secret: 's' });
    assert.deepEqual(await secrets.get({ ...PRINCIPAL, name: 'Other' }), { secret: 's' });
    const endpoints = { resourceManager: 'https://arm.example', authority: 'https://login.example' };
    for (const change of [
      { cloud: 'china' as const },
      { tenantId: 'other.example' },
      { clientId: '99999999-2222-4333-8444-555555555555' },
      { cloud: 'custom' as const, endpoints },
    ]) {
      assert.equal(await secrets.get({ ...PRINCIPAL, ...change }), undefined, JSON.stringify(change));
    }
  });

  it('go with the last connection that uses them', async () => {
    const { secrets, kept } = storage();
    await secrets.store(PRINCIPAL, { secret: 's' });
    await secrets.forget(PRINCIPAL, [{ ...PRINCIPAL, name: 'Twin' }]);
    assert.equal(kept.size, 1);
    await secrets.forget(PRINCIPAL, [{ ...PRINCIPAL, name: 'Stranger', tenantId: 'other.example' }]);
    assert.equal(kept.size, 0);
  });
});

describe('what is remembered of sign-ins', () => {
  it('goes by name without regard to case, moves with it, and is forgotten', async () => {
    const memory = new SignInMemory(memento());
    await memory.note('Partner', { account: 'ada' });
    await memory.note('PARTNER', { signedOut: true });
    assert.deepEqual(memory.get('partner'), { account: 'ada', signedOut: true });
    await memory.move('Partner', 'Other');
    assert.deepEqual(memory.get('Partner'), {});
    assert.equal(memory.get('other').account, 'ada');
    await memory.note('Other', { signedOut: undefined });
    assert.deepEqual(memory.get('Other'), { account: 'ada' });
    await memory.move('Other', undefined);
    assert.deepEqual(memory.get('Other'), {});
  });
});

describe('the sign-in of a connection', () => {
  function signedIn(refuse: (request: TokenRequest) => boolean = () => false) {
    const asked: string[] = [];
    let outs = 0;
    const credential: Credential = {
      actor: 'app',
      async getToken(request) {
        asked.push(request.audience);
        if (refuse(request)) {
          throw new BillingError('signIn', 'refused');
        }
        return { token: `for ${request.audience}`, expiresOn: Date.now() + 3_600_000 };
      },
      async signOut() {
        outs++;
      },
    };
    const memory = new SignInMemory(memento());
    const signIn = new ConnectionSignIn({ connection: 'Robot', credential, memory, clock: systemClock });
    return { signIn, asked, outs: () => outs };
  }
  const { signal } = new AbortController();

  it('gives each service a token for its own origin, and no other', async () => {
    const { signIn } = signedIn();
    assert.equal(await signIn.source('https://gateway.example/arm')({ signal }), 'for https://gateway.example');
    assert.equal(await signIn.source('https://gateway.example:8443')({ signal }), 'for https://gateway.example:8443');
  });

  it('signed out, nothing is asked of the credential until somebody signs in', async () => {
    const { signIn, asked, outs } = signedIn();
    const source = signIn.source('https://arm.example');
    await source({ signal });
    await signIn.signOut();
    assert.equal(outs(), 1);
    await assert.rejects(source({ signal }), (error: unknown) => (error as BillingError).code === 'notSignedIn');
    assert.equal(asked.length, 1);
    await signIn.signIn(['https://arm.example'], signal);
    await source({ signal });
    assert.equal(asked.length, 3, 'one to prove the sign-in, one for the source');
  });

  it('a refusal of the first service stands; of another, it is told beside', async () => {
    const { signIn } = signedIn(({ audience }) => audience.includes('partner'));
    assert.equal((await signIn.signIn(['https://arm.example', 'https://partner.example'], signal)).length, 1);
    await assert.rejects(signIn.signIn(['https://partner.example', 'https://arm.example'], signal), /refused/);
  });
});

describe('what a sign-in can see', () => {
  let service: SampleService;
  before(async () => {
    service = await startSampleService({ now: new Date('2026-11-21T12:00:00Z'), customers: 12, usageRows: 2_000 });
  });
  after(() => service.close());
  afterEach(() => {
    service.setFault(undefined);
  });

  async function report(signIn?: 'appOnly' | 'appAndUser') {
    const { arm, close } = connect(service.endpoints.resourceManager);
    const transport = createUndiciTransport();
    try {
      return await testConnection(
        'Partner',
        {
          arm,
          signIn: undefined,
          partnerCenter: async () =>
            createPartnerCenterClient({ transport, base: service.endpoints.partnerCenter, signIn }),
          graph: async () => createGraphClient({ transport, base: service.endpoints.graph }),
        },
        service.endpoints,
        { signal: new AbortController().signal, now: new Date('2026-11-21T12:00:00Z') },
      );
    } finally {
      await close();
      await transport.close();
    }
  }
  const access = ({ services }: Awaited<ReturnType<typeof report>>) => services.map((one) => one.access);

  it('an admin agent sees everything, and no export is started for it', async () => {
    const seen = await report('appAndUser');
    assert.deepEqual(access(seen), ['full', 'full', 'full']);
    assert.ok(seen.accounts.every(({ permissions = 0 }) => permissions > 0));
    assert.ok(service.requests().every(({ method }) => method === 'GET'));
    assert.match(
      reportSentence(seen),
      /^'Partner': Sees \d billing accounts?, \d under a partner agreement\. Partner Center: yes\./,
    );
  });

  it('an app alone sees a part of Partner Center, and is told why', async () => {
    const seen = await report('appOnly');
    assert.deepEqual(access(seen), ['full', 'limited', 'full']);
    assert.match(seen.services[1]?.advice[0] ?? '', /multifactor authentication/);
  });

  it('what is refused is part of the report, with what to do', async () => {
    service.setFault('403@billingAccounts');
    const seen = await report();
    assert.equal(access(seen)[0], 'none');
    assert.match(seen.services[0]?.summary ?? '', /^List billing accounts failed with HTTP 403/);
    assert.match(reportText(seen), /→ .*Admin agent/);
    assert.equal(access(seen)[1], 'full', 'the others are looked at all the same');
  });

  it('permissions that cannot be read are told at their account', async () => {
    service.setFault('403@permissions');
    const seen = await report();
    assert.equal(access(seen)[0], 'full');
    assert.match(seen.accounts[0]?.problem ?? '', /403/);
    assert.match(reportText(seen), /Permissions cannot be read: .*403/);
  });

  it('is cancelled without a report', async () => {
    const stop = new AbortController();
    stop.abort();
    const { arm, close } = connect(service.endpoints.resourceManager);
    const none = async () => assert.fail('not asked');
    await assert.rejects(
      testConnection(
        'A',
        { arm, signIn: undefined, partnerCenter: none, graph: none },
        {},
        { signal: stop.signal, now: new Date() },
      ),
      { name: 'AbortError' },
    );
    await close();
  });
});
