import { type KeyObject, verify } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request as forward } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Identity } from '../tls.ts';

interface Claims {
  aud?: string;
  exp?: number;
  iss?: string;
  jti?: string;
  [name: string]: unknown;
}

/** A service that looks at tokens before it lets a request through to the sample service behind it. */
export interface GuardedService {
  /** Address, and the audience that its tokens have to be for. */
  base: string;
  /** Of each request: how the guard decided, and with which token. */
  decisions: { status: number; token: string | undefined }[];
  /** From now on tokens need this claim; the challenge says so. */
  demand(claim: { name: string; value: string } | undefined): void;
  /** Tokens that were seen so far are good no more, without a word on why. */
  revoke(): void;
  close(): Promise<void>;
}

export interface GuardOptions {
  tls: Identity;
  /** Certificate authority of the service behind. */
  ca: string;
  /** Address of the service behind, https. */
  behind: string;
  /** What the tokens are signed with. */
  publicKey: KeyObject;
  /** Their issuer begins with this. */
  issuer: string;
}

export async function startGuardedService(options: GuardOptions): Promise<GuardedService> {
  const { tls, ca, behind, publicKey, issuer } = options;
  let demanded: { name: string; value: string } | undefined;
  const revoked = new Set<string>();
  const seen = new Set<string>();
  let base = '';
  const decisions: GuardedService['decisions'] = [];

  const server = createServer({ key: tls.key, cert: tls.cert }, (incoming, response) => {
    const token = /^Bearer (.+)$/.exec(incoming.headers.authorization ?? '')?.[1];
    const challenge = refusal(token);
    decisions.push({ status: challenge === undefined ? 200 : 401, token });
    if (challenge !== undefined) {
      incoming.resume();
      response.writeHead(401, { 'content-type': 'application/json', 'www-authenticate': challenge });
      response.end(
        JSON.stringify({ error: { code: 'InvalidAuthenticationToken', message: 'The access token is invalid.' } }),
      );
      return;
    }
    passOn(incoming, response);
  });

  /** The WWW-Authenticate header for a token that is not good enough. */
  function refusal(token: string | undefined): string | undefined {
    const plain = `Bearer authorization_uri="${issuer}", error="invalid_token"`;
    const claims = token === undefined ? undefined : verified(token, publicKey);
    if (token === undefined || claims === undefined || revoked.has(token)) {
      return plain;
    }
    seen.add(token);
    if (claims.aud !== base || (claims.exp ?? 0) * 1000 < Date.now() || claims.iss?.startsWith(issuer) !== true) {
      return plain;
    }
    if (demanded === undefined || claims[demanded.name] === demanded.value) {
      return undefined;
    }
    const wanted = { access_token: { [demanded.name]: { essential: true, value: demanded.value } } };
    const base64 = Buffer.from(JSON.stringify(wanted)).toString('base64');
    return `Bearer realm="", authorization_uri="${issuer}", error="insufficient_claims", claims="${base64}"`;
  }

  function passOn(incoming: IncomingMessage, response: ServerResponse): void {
    const { authorization: _, ...headers } = incoming.headers as IncomingHttpHeaders;
    const outgoing = forward(behind + (incoming.url ?? ''), { method: incoming.method, headers, ca }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    incoming.pipe(outgoing);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    base,
    decisions,
    demand(claim) {
      demanded = claim;
    },
    revoke() {
      for (const token of seen) {
        revoked.add(token);
      }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The claims of a JSON web token whose signature (RS256) is good. */
function verified(token: string, key: KeyObject): Claims | undefined {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const good = verify('RSA-SHA256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'));
  return good ? (JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Claims) : undefined;
}
