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
  const [, payload = ''] = token.split('.');
  try {
    const { exp } = asRecord(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
    return typeof exp === 'number' && Number.isFinite(exp) ? exp * 1000 : now + ASK_AGAIN;
  } catch {
    return now + ASK_AGAIN;
  }
}
