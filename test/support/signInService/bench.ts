import type { Exchange } from '../../../src/api/http/client.ts';
import type { Transport, WireRequest } from '../../../src/api/http/transport.ts';
import { createUndiciTransport } from '../../../src/api/http/undiciTransport.ts';
import { createCredential } from '../../../src/signIn/createCredential.ts';
import type { Credential, TokenRequest } from '../../../src/signIn/credential.ts';
import type { CredentialSpec } from '../../../src/signIn/credentialSpec.ts';
import { makeAppIdentity, makeTestAuthority, type TestAuthority, trustAuthority } from '../tls.ts';
import { type SignInService, type SignInTenant, startSignInService } from './signInService.ts';

/** The sign-in service, and credentials that ask it over a transport which notes where requests went. */
export interface SignInBench {
  service: SignInService;
  tls: TestAuthority;
  /** The tenant of the connection, and another one. */
  home: SignInTenant;
  other: SignInTenant;
  transport: Transport;
  /** What the credentials sent. */
  sent: WireRequest[];
  log: Exchange[];
  credential(spec: CredentialSpec): Credential;
  credentialAt(authority: string, spec: CredentialSpec): Credential;
  close(): Promise<void>;
}

export async function startSignInBench(): Promise<SignInBench> {
  const tls = makeTestAuthority();
  const distrust = trustAuthority(tls.authority);
  const service = await startSignInService(tls.server, makeAppIdentity());
  const network = createUndiciTransport();
  const sent: WireRequest[] = [];
  const log: Exchange[] = [];
  const transport: Transport = {
    send(request) {
      sent.push(request);
      return network.send(request);
    },
    close: () => network.close(),
  };
  const credentialAt: SignInBench['credentialAt'] = (authority, spec) =>
    createCredential(spec, { authority, transport, log: (exchange) => log.push(exchange) });
  const [home, other] = service.tenants;
  return {
    service,
    tls,
    home,
    other,
    transport,
    sent,
    log,
    credential: (spec) => credentialAt(service.authority, spec),
    credentialAt,
    async close() {
      await network.close();
      await service.close();
      distrust();
    },
  };
}

export const AUDIENCE = 'https://management.example';

export function tokenRequest(more: Partial<TokenRequest> = {}): TokenRequest {
  return { audience: AUDIENCE, tenant: undefined, claims: undefined, signal: new AbortController().signal, ...more };
}

/** What a JSON web token says. */
export function claimsIn(token: string): Record<string, unknown> {
  const [, payload = ''] = token.split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Record<string, unknown>;
}
