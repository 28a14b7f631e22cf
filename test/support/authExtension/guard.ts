import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SampleService } from '../../../src/sample/service.ts';

/** Whom a token that was let through stands for. */
export interface Caller {
  path: string;
  tid: string;
  oid: string;
  appid: string;
}

/** A sample service that lets in nobody without a token for its own origin. */
export interface Guard {
  base: string;
  /** Requests that were let through. */
  callers: Caller[];
  /** Requests that were refused. */
  refused: number;
  /** Refuses all tokens of the sign-ins so far with a challenge for these claims. */
  demand(claims: string): void;
  close(): Promise<void>;
}

export async function startGuard({ endpoints }: SampleService): Promise<Guard> {
  const target = new URL(endpoints.resourceManager);
  let demanded: { claims: string; since: number } | undefined;
  let newest = 0;
  const server = createServer((incoming, outgoing) => {
    const token = /^Bearer (\S+)$/.exec(incoming.headers.authorization ?? '')?.[1];
    const claims = token === undefined ? undefined : payloadOf(token);
    const serial = Number(claims?.jti ?? 0);
    newest = Math.max(newest, serial);
    const tooOld = demanded !== undefined && serial <= demanded.since;
    if (claims?.aud !== guard.base || tooOld) {
      guard.refused++;
      const base64 = Buffer.from(demanded?.claims ?? '{}').toString('base64');
      const header = tooOld ? `Bearer error="insufficient_claims", claims="${base64}"` : 'Bearer error="invalid_token"';
      outgoing.writeHead(401, { 'www-authenticate': header, 'content-type': 'application/json' });
      outgoing.end(JSON.stringify({ error: { code: 'InvalidAuthenticationToken', message: 'The token is refused.' } }));
      return;
    }
    const { tid, oid, appid } = claims as Record<string, string>;
    guard.callers.push({ path: incoming.url ?? '', tid: tid ?? '', oid: oid ?? '', appid: appid ?? '' });
    const { authorization: _checked, ...headers } = incoming.headers;
    const sent = forward(
      { host: target.hostname, port: target.port, path: incoming.url, method: incoming.method, headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      },
    );
    sent.on('error', () => outgoing.destroy());
    incoming.pipe(sent);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const guard: Guard = {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    callers: [],
    refused: 0,
    demand(claims) {
      demanded = { claims, since: newest };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return guard;
}

function payloadOf(token: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
