import { createHash } from 'node:crypto';
import { asRecord } from '../api/http/errors.ts';

/** Tokens that tell no expiry are asked for again this often; the editor keeps them fresh. Milliseconds. */
const ASK_AGAIN = 5 * 60_000;

/**
 * When a token expires, from the `exp` of a JSON web token (RFC 7519). Nothing is trusted because of it: it decides only when the
 * token is asked for again, and a token of any other shape is asked for again soon.
 *
 * @returns milliseconds since 1970, UTC
 */
export function expiryOf(token: string, now: number): number {
  const { exp } = payloadOf(token);
  return typeof exp === 'number' && Number.isFinite(exp) ? exp * 1000 : now + ASK_AGAIN;
}

/**
 * A text that is the same for all tokens of a person or an app in a tenant (claims `oid`, `sub` and `tid`, "Access token claims
 * reference"), and tells neither; undefined when the token does not say whose it is.
 */
export function subjectOf(token: string): string | undefined {
  const { oid, sub, tid } = payloadOf(token);
  const who = oid ?? sub;
  return typeof who === 'string'
    ? createHash('sha256')
        .update(JSON.stringify([who, tid]))
        .digest('hex')
    : undefined;
}

function payloadOf(token: string): Record<string, unknown> {
  const [, payload = ''] = token.split('.');
  try {
    return asRecord(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
  } catch {
    return {};
  }
}
