import { createPublicKey, generateKeyPairSync, type KeyObject, randomUUID, X509Certificate } from 'node:crypto';
import { IncomingMessage, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import type { Identity } from '../tls.ts';
import { asEntraError, type EntraError, tenantNotFound, unknownApp } from './entraShape.ts';
import { createMemoryStore } from './memoryStore.ts';

/** A tenant with an app of each kind; ids are made anew for each run. */
export interface SignInTenant {
  id: string;
  /** Proves itself with a secret. */
  app: { clientId: string; secret: string };
  /** Proves itself with a certificate. */
  certificateApp: { clientId: string; pem: string };
  /** Signs in a person by a code. */
  publicApp: { clientId: string };
}

/** A request that carried a form. */
export interface SignInRequest {
  tenant: string;
  path: string;
  form: Record<string, string | undefined>;
}

/** An OpenID Connect server on this machine, shaped like the Microsoft identity platform as far as its clients need. */
export interface SignInService {
  /** Address without a tenant. */
  authority: string;
  tenants: readonly [SignInTenant, SignInTenant];
  /** What tokens are signed with. */
  publicKey: KeyObject;
  /** Seconds that an access token lives; may be changed. */
  lifetime: number;
  /** Requests with a form, oldest first. */
  requests: SignInRequest[];
  /** Refuses the next requests for a token. */
  refuse(error: EntraError, options?: { status?: number; times?: number; headers?: Record<string, string> }): void;
  /** Does not answer requests for a token until it is told to; gives what resolves when the next one waits. */
  hold(): { waiting: Promise<void>; release(): void };
  /** What a person does on the page of a code. */
  enter(tenant: string, code: string, decision: 'approve' | 'decline'): Promise<void>;
  /** The one who signs in by a code. */
  person: { id: string; name: string };
  close(): Promise<void>;
}

interface KnownTenant {
  provider: Provider;
  handle: ReturnType<Provider['callback']>;
  apps: ReadonlySet<string>;
}

const SCOPE_END = '/.default';
/** Services beside the one that a code was asked for, which the person trusts the app with too. */
const OTHER_AUDIENCES = ['https://graph.example'];
const DEVICE_CODE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const PERSON = { id: randomUUID(), name: 'jamie.rivera@partner.example' };

export async function startSignInService(tls: Identity, appIdentity: Identity): Promise<SignInService> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const tenants = [newTenant(appIdentity), newTenant(appIdentity)] as const;
  const refusals: { error: EntraError; status: number; headers: Record<string, string> }[] = [];
  let held: { arrived: () => void; released: Promise<void> } | undefined;
  const providers = new Map<string, KnownTenant>();

  const server = createServer({ key: tls.key, cert: tls.cert }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const authority = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const service: SignInService = {
    authority,
    tenants,
    publicKey: createPublicKey(privateKey),
    lifetime: 3600,
    requests: [],
    person: PERSON,
    refuse(error, { status = 400, times = 1, headers = {} } = {}) {
      refusals.push(...Array.from({ length: times }, () => ({ error, status, headers })));
    },
    hold() {
      const arrival = Promise.withResolvers<void>();
      const release = Promise.withResolvers<void>();
      held = { arrived: arrival.resolve, released: release.promise };
      return {
        waiting: arrival.promise,
        release() {
          held = undefined;
          release.resolve();
        },
      };
    },
    async enter(tenant, code, decision) {
      await decide(providers.get(tenant)?.provider, code, decision);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  for (const tenant of tenants) {
    const provider = createProvider(tenant, service, privateKey);
    const apps = new Set([tenant.app, tenant.certificateApp, tenant.publicApp].map(({ clientId }) => clientId));
    providers.set(tenant.id, { provider, handle: provider.callback(), apps });
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, tenant = '', ...rest] = (request.url ?? '').split('/');
    const path = `/${rest.join('/')}`;
    const form = await readForm(request);
    if (request.method === 'POST') {
      service.requests.push({ tenant, path, form });
    }
    if (path.startsWith('/oauth2/v2.0/token')) {
      held?.arrived();
      await held?.released;
      const refusal = refusals.shift();
      if (refusal !== undefined) {
        sendJson(response, refusal.status, refusal.error, refusal.headers);
        return;
      }
    }
    const known = providers.get(tenant);
    if (known === undefined) {
      sendJson(response, 400, tenantNotFound(tenant));
      return;
    }
    if (form.client_id !== undefined && !known.apps.has(form.client_id)) {
      sendJson(response, 400, unknownApp(form.client_id));
      return;
    }
    await known.handle(mounted(request, tenant, path, form), response);
  }

  return service;
}

function newTenant({ key, cert }: Identity): SignInTenant {
  return {
    id: randomUUID(),
    app: { clientId: randomUUID(), secret: `app.secret~${randomUUID()}` },
    certificateApp: { clientId: randomUUID(), pem: `${cert}${key}` },
    publicApp: { clientId: randomUUID() },
  };
}

function createProvider(tenant: SignInTenant, service: SignInService, key: KeyObject): Provider {
  const base = { redirect_uris: [], response_types: [] };
  const certificateKey = new X509Certificate(tenant.certificateApp.pem).publicKey.export({ format: 'jwk' });
  const provider = new Provider(`${service.authority}/${tenant.id}/v2.0`, {
    adapter: createMemoryStore(),
    jwks: { keys: [{ ...key.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
    clients: [
      {
        ...base,
        client_id: tenant.app.clientId,
        client_secret: tenant.app.secret,
        grant_types: ['client_credentials'],
        token_endpoint_auth_method: 'client_secret_post',
      },
      {
        ...base,
        client_id: tenant.certificateApp.clientId,
        grant_types: ['client_credentials'],
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'PS256',
        jwks: { keys: [{ ...certificateKey, use: 'sig' }] },
      },
      {
        ...base,
        client_id: tenant.publicApp.clientId,
        grant_types: [DEVICE_CODE_GRANT, 'refresh_token'],
        token_endpoint_auth_method: 'none',
        application_type: 'native',
      },
    ],
    scopes: ['openid', 'offline_access', 'profile'],
    routes: {
      token: '/oauth2/v2.0/token',
      device_authorization: '/oauth2/v2.0/devicecode',
      authorization: '/oauth2/v2.0/authorize',
      jwks: '/discovery/v2.0/keys',
      code_verification: '/device',
    },
    enabledJWA: { clientAuthSigningAlgValues: ['PS256'] },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      deviceFlow: { enabled: true },
      userinfo: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => undefined,
        useGrantedResource: () => true,
        getResourceServerInfo: (_: unknown, resource: string) => ({
          scope: `${resource}${SCOPE_END}`,
          audience: resource,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    conformIdTokenClaims: false,
    claims: { openid: ['sub', 'tid', 'oid', 'preferred_username', 'ver'] },
    findAccount: (_: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, oid: id, tid: tenant.id, preferred_username: PERSON.name, ver: '2.0' }),
    }),
    issueRefreshToken: (_: unknown, client: { clientId: string }) => client.clientId === tenant.publicApp.clientId,
    rotateRefreshToken: false,
    ttl: {
      AccessToken: () => service.lifetime,
      ClientCredentials: () => service.lifetime,
      DeviceCode: 900,
      Grant: 86_400,
      RefreshToken: 86_400,
      IdToken: 3600,
    },
    extraTokenClaims: (ctx: { oidc: { body?: Record<string, unknown> } }) => ({
      tid: tenant.id,
      ver: '2.0',
      ...(ctx.oidc.body?.grant_type === 'client_credentials'
        ? { idtyp: 'app' }
        : { scp: 'user_impersonation', amr: ['pwd', 'mfa'] }),
      ...demanded(ctx.oidc.body?.claims),
    }),
  });
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.path === '/oauth2/v2.0/token' || ctx.path === '/oauth2/v2.0/devicecode') {
      ctx.body = shaped(ctx.body, (ctx.oidc?.body ?? {}) as Record<string, string>, tenant);
    }
  });
  return provider;
}

/** The claims that a request demands of the access token (OpenID Connect Core, 5.5), given as they were asked for. */
function demanded(claims: unknown): Record<string, unknown> {
  const { access_token: wanted = {} } = (typeof claims === 'string' ? JSON.parse(claims) : {}) as {
    access_token?: Record<string, { value?: unknown; values?: unknown } | null>;
  };
  return Object.fromEntries(
    Object.entries(wanted).map(([name, claim]) => [name, claim?.value ?? claim?.values ?? true]),
  );
}

/** Answers with what clients of the platform look for in them. */
function shaped(body: unknown, form: Record<string, string>, tenant: SignInTenant): unknown {
  if (typeof body !== 'object' || body === null) {
    return body;
  }
  if ('error' in body) {
    return asEntraError(body as { error: string }, form);
  }
  if ('access_token' in body && form.client_info === '1') {
    const clientInfo = Buffer.from(JSON.stringify({ uid: PERSON.id, utid: tenant.id })).toString('base64url');
    return { ...body, client_info: clientInfo };
  }
  // The pause between two questions for a token is the service's to say; a person would need longer.
  return 'user_code' in body ? { ...body, interval: 0.02, message: 'Enter the code.' } : body;
}

/** A person's decision, without the pages that lead to it. */
async function decide(
  provider: Provider | undefined,
  userCode: string,
  decision: 'approve' | 'decline',
): Promise<void> {
  const code = await provider?.DeviceCode.findByUserCode(userCode.replaceAll('-', ''));
  if (provider === undefined || code === undefined) {
    throw new Error(`no such code: ${userCode}`);
  }
  if (decision === 'decline') {
    Object.assign(code, { error: 'access_denied', errorDescription: 'declined' });
    await code.save();
    return;
  }
  const { scope = '', resource = '' } = code.params;
  const grant = new provider.Grant({ accountId: PERSON.id, clientId: code.clientId });
  grant.addOIDCScope('openid offline_access profile');
  const resources = [resource, ...OTHER_AUDIENCES];
  for (const audience of resources) {
    grant.addResourceScope(audience, `${audience}${SCOPE_END}`);
  }
  Object.assign(code, {
    accountId: PERSON.id,
    authTime: Math.floor(Date.now() / 1000),
    grantId: await grant.save(),
    resource: resources,
    scope: [scope, ...OTHER_AUDIENCES.map((audience) => `${audience}${SCOPE_END}`)].join(' '),
    amr: ['pwd', 'mfa'],
  });
  await code.save();
}

/**
 * The request as the provider wants it: under its tenant, and with the service as a resource indicator (RFC 8707), where the
 * platform's clients name it in the scope.
 */
function mounted(
  request: IncomingMessage,
  tenant: string,
  path: string,
  form: Record<string, string | undefined>,
): IncomingMessage {
  const url = path.replace(/^\/v2\.0(?=\/\.well-known\/)/, '');
  const copy = new IncomingMessage(request.socket);
  const text = new URLSearchParams(
    Object.entries(asStandardForm(form)).filter((entry): entry is [string, string] => entry[1] !== undefined),
  ).toString();
  const { 'content-length': _, ...headers } = request.headers;
  Object.assign(copy, { method: request.method, url, originalUrl: `/${tenant}${url}`, complete: true });
  copy.headers = request.method === 'POST' ? { ...headers, 'content-length': String(text.length) } : headers;
  copy.push(text === '' ? null : text);
  if (text !== '') {
    copy.push(null);
  }
  return copy;
}

/** The platform's clients still say a flow's name of before it was a standard. */
function asStandardForm(form: Record<string, string | undefined>): Record<string, string | undefined> {
  const scope = form.scope?.split(' ').find((item) => item.endsWith(SCOPE_END));
  return {
    ...form,
    ...(form.grant_type === 'device_code' ? { grant_type: DEVICE_CODE_GRANT } : {}),
    ...(scope === undefined ? {} : { resource: scope.slice(0, -SCOPE_END.length) }),
  };
}

async function readForm(request: IncomingMessage): Promise<Record<string, string>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  return Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8')));
}

function sendJson(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
