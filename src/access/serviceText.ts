const TOKEN = /\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?/g;
const SECRET_PARAMETER = /([?&;\s](?:sig|signature|code|token|access_token|client_secret|password|key)=)[^&\s"']+/gi;
const BEARER = /\b(Bearer|Basic)\s+[\w+/=.~-]{8,}/gi;

const LONGEST = 600;

/**
 * Text of the service as one line that may be sent on: no control or direction characters, and nothing that opens a door (tokens,
 * signatures, authorization headers).
 */
export function sendable(text: string): string {
  const clean = text
    .replace(/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/gu, ' ')
    .replace(TOKEN, '…')
    .replace(SECRET_PARAMETER, '$1…')
    .replace(BEARER, '$1 …')
    .trim();
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST - 1)}…` : clean;
}
