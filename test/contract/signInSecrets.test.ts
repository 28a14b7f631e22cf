import assert from 'node:assert/strict';
import { createServer as createPlainServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { BillingError } from '../../src/api/http/errors.ts';
import type { CredentialSpec } from '../../src/signIn/credentialSpec.ts';
import { type SignInBench, startSignInBench, tokenRequest } from '../support/signInService/bench.ts';
import { entraError } from '../support/signInService/entraShape.ts';

const TENANT = 'contoso.example';
const SECRET = 'secret~of.the-app_0123456789abcdefghijklmn';

interface Listener {
  /** Scheme, host and port. */
  base: string;
  port: number;
  requests: string[];
  close(): Promise<void>;
}

describe('secrets of the sign-in', () => {
  let bench: SignInBench;
  let foreign: Listener;
  let plain: Listener;
  before(async () => {
    bench = await startSignInBench();
    foreign = await listen('https', () => undefined);
    plain = await listen('http', () => undefined);
  });
  after(async () => {
    await plain.close();
    await foreign.close();
    await bench.close();
  });

  /** A server that answers every request with 200 and an empty object where the test says nothing else. */
  async function listen(
    scheme: 'http' | 'https',
    answer: (request: IncomingMessage, response: ServerResponse) => boolean | undefined,
  ): Promise<Listener> {
    const requests: string[] = [];
    const handle = (request: IncomingMessage, response: ServerResponse) => {
      requests.push(`${request.method} ${request.url}`);
      request.resume();
      if (answer(request, response) !== true) {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end('{}');
      }
    };
    const { key, cert } = bench.tls.server;
    const server = scheme === 'https' ? createServer({ key, cert }, handle) : createPlainServer(handle);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return {
      base: `${scheme}://127.0.0.1:${port}`,
      port,
      requests,
      close: () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    };
  }

  const app: CredentialSpec = {
    credential: 'servicePrincipal',
    tenant: TENANT,
    clientId: 'app',
    proof: async () => ({ secret: SECRET }),
  };

  /** An authority whose document names this token endpoint. */
  async function leadingTo(tokenEndpoint: (own: string) => string): Promise<Listener> {
    const own: Listener = await listen('https', (request, response) => {
      if (request.url?.includes('.well-known') !== true) {
        return undefined;
      }
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          issuer: `${own.base}/${TENANT}/v2.0`,
          authorization_endpoint: `${own.base}/${TENANT}/authorize`,
          device_authorization_endpoint: tokenEndpoint(own.base),
          token_endpoint: tokenEndpoint(own.base),
          jwks_uri: `${own.base}/keys`,
        }),
      );
      return true;
    });
    return own;
  }

  const failureOf = async (work: Promise<unknown> | undefined): Promise<BillingError> => {
    const error = await work?.then(
      () => assert.fail('it went well'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof BillingError);
    return error;
  };

  const LEADS: readonly [title: string, endpoint: (own: string) => string][] = [
    ['another port', () => `${foreign.base}/token`],
    ['plain http', () => `${plain.base}/token`],
    ['http on the same port', (own) => `${own.replace('https', 'http')}/token`],
    [
      'a host that only begins like it',
      (own) => `${own}.localhost/token`.replace(/:(\d+)\.localhost/, `.localhost:${foreign.port}`),
    ],
    [
      'a user name that looks like the host',
      (own) => `https://${new URL(own).host.replace(':', '%3A')}@127.0.0.1:${foreign.port}/token`,
    ],
    ['another name of this machine', (own) => `${own.replace('127.0.0.1', 'localhost')}/token`],
  ];
  for (const [title, endpoint] of LEADS) {
    it(`are not sent on by a document of the service: ${title}`, async () => {
      const own = await leadingTo(endpoint);
      const device = bench.credentialAt(own.base, {
        credential: 'deviceCode',
        tenant: TENANT,
        clientId: 'app',
        showCode: async () => assert.fail('no code was got'),
      });
      try {
        const errors = [
          await failureOf(bench.credentialAt(own.base, app).getToken(tokenRequest())),
          await failureOf(device.signIn?.(tokenRequest())),
        ];
        for (const error of errors) {
          assert.equal(error.code, 'foreignAuthority');
          assert.match(error.message, /^The sign-in was led from 127\.0\.0\.1:\d+ to /);
          assert.ok(!error.explanation.includes(SECRET));
        }
        assert.deepEqual([...foreign.requests, ...plain.requests], []);
        assert.ok(own.requests.every((request) => request.includes('.well-known')));
      } finally {
        await own.close();
      }
    });
  }

  it('are not sent on by a redirect', async () => {
    for (const status of [302, 307, 308]) {
      const own: Listener = await listen('https', (_, response) => {
        response.writeHead(status, { location: `${foreign.base}/token` });
        response.end();
        return true;
      });
      try {
        const { code } = await failureOf(bench.credentialAt(own.base, app).getToken(tokenRequest()));
        assert.equal(code, `HTTP ${status}`);
        assert.deepEqual(foreign.requests, []);
      } finally {
        await own.close();
      }
    }
  });

  it('are not sent on by the environment', async () => {
    process.env.AZURE_REGIONAL_AUTHORITY_NAME = 'westeurope';
    process.env.AZURE_AUTHORITY_HOST = foreign.base;
    try {
      bench.sent.length = 0;
      await bench
        .credentialAt(bench.service.authority, { ...app, tenant: bench.home.id })
        .getToken(tokenRequest())
        .catch(() => 0);
      assert.ok(bench.sent.length > 0);
      assert.ok(bench.sent.every(({ origin }) => origin === bench.service.authority));
      assert.deepEqual(foreign.requests, []);
    } finally {
      delete process.env.AZURE_REGIONAL_AUTHORITY_NAME;
      delete process.env.AZURE_AUTHORITY_HOST;
    }
  });

  it('are in no log line and no error, whatever happened', async () => {
    const { app: secretApp, certificateApp, publicApp, id } = bench.home;
    const secrets = [secretApp.secret, SECRET, bench.service.person.name, 'PRIVATE KEY'];
    const errors: BillingError[] = [];
    const noteToken = (token: string) => secrets.push(token, token.split('.')[2] ?? token);
    const spec = (proof: CredentialSpec & { credential: 'servicePrincipal' }) => bench.credential(proof);
    const bySecret = (secret: string) =>
      spec({
        credential: 'servicePrincipal',
        tenant: id,
        clientId: secretApp.clientId,
        proof: async () => ({ secret }),
      });
    bench.log.length = 0;

    noteToken((await bySecret(secretApp.secret).getToken(tokenRequest())).token);
    errors.push(await failureOf(bySecret(SECRET).getToken(tokenRequest())));
    const byCertificate = spec({
      credential: 'servicePrincipal',
      tenant: id,
      clientId: certificateApp.clientId,
      proof: async () => ({ certificate: certificateApp.pem }),
    });
    noteToken((await byCertificate.getToken(tokenRequest())).token);
    const person = bench.credential({
      credential: 'deviceCode',
      tenant: id,
      clientId: publicApp.clientId,
      showCode: ({ code }) => bench.service.enter(id, code, 'approve'),
    });
    await person.signIn?.(tokenRequest());
    noteToken((await person.getToken(tokenRequest())).token);
    for (const number of [50020, 50034, 424242]) {
      bench.service.refuse(
        entraError(number, 'invalid_grant', `User '${bench.service.person.name}' with ${SECRET} is not welcome.`),
      );
      errors.push(await failureOf(bySecret(SECRET).getToken(tokenRequest())));
    }
    for (const { form } of bench.service.requests) {
      secrets.push(
        ...[form.client_secret, form.client_assertion, form.device_code, form.refresh_token].filter(
          (text) => text !== undefined,
        ),
      );
    }

    assert.ok(bench.log.length > 5);
    const written = [
      JSON.stringify(bench.log),
      ...errors.flatMap((error) => [
        error.message,
        error.explanation,
        error.stack ?? '',
        JSON.stringify(error),
        String(error.cause),
      ]),
    ].join('\n');
    for (const secret of secrets) {
      assert.ok(!written.includes(secret), 'a secret was written');
    }
  });

  it('ask a person to go to web pages only', async () => {
    for (const address of [
      'http://127.0.0.1/device',
      'file:///etc/passwd',
      'command:x',
      'https://user@host/device',
      '',
    ]) {
      const own: Listener = await listen('https', (request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const endpoint = (name: string) => `${own.base}/${TENANT}/${name}`;
        response.end(
          JSON.stringify(
            request.url?.includes('.well-known') === true
              ? {
                  issuer: `${own.base}/${TENANT}/v2.0`,
                  authorization_endpoint: endpoint('authorize'),
                  device_authorization_endpoint: endpoint('devicecode'),
                  token_endpoint: endpoint('token'),
                  jwks_uri: endpoint('keys'),
                }
              : {
                  device_code: 'd',
                  user_code: 'ABCD-EFGH',
                  verification_uri: address,
                  expires_in: 900,
                  interval: 0.02,
                },
          ),
        );
        return true;
      });
      const credential = bench.credentialAt(own.base, {
        credential: 'deviceCode',
        tenant: TENANT,
        clientId: 'app',
        showCode: async () => assert.fail('shown'),
      });
      try {
        assert.equal((await failureOf(credential.signIn?.(tokenRequest()))).code, 'noUserCode');
      } finally {
        await own.close();
      }
    }
  });
});
