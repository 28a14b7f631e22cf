// A parameter of a challenge (RFC 9110, 11.2). Quoted texts are taken whole, so that nothing inside one is mistaken for a parameter.
const PARAMETER = /([a-z_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gi;

/**
 * The claims that a service demands of the token, as JSON; undefined when the challenge (a WWW-Authenticate header) demands
 * none. Public article "Claims challenges, claims requests, and client capabilities".
 */
export function claimsOf(challenge: string): string | undefined {
  for (const [, name, quoted, plain] of challenge.matchAll(PARAMETER)) {
    if (name?.toLowerCase() === 'claims') {
      return decodedObject(quoted ?? plain ?? '');
    }
  }
  return undefined;
}

/** Claims travel in base64, of either alphabet; what is not an object is no demand that could be answered. */
function decodedObject(base64: string): string | undefined {
  const text = Buffer.from(base64, 'base64').toString('utf8');
  try {
    const claims: unknown = JSON.parse(text);
    return typeof claims === 'object' && claims !== null && !Array.isArray(claims) ? text : undefined;
  } catch {
    return undefined;
  }
}
