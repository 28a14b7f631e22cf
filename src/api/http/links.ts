import { BillingError, maskUrl } from './errors.ts';

/**
 * Checks a link the service handed out (nextLink, Location, Azure-AsyncOperation) before a token travels with it: it has
 * to be on one of the connection's own origins, with the same scheme, and without user information. (A link without a host is
 * a path on the connection's base and leads nowhere else; it does not come here.)
 *
 * `https://host:443` and `https://host` are the same origin; any other change of host, port or scheme is refused.
 *
 * @param origins the origins of the connection, as `URL.origin` gives them
 * @returns the parsed link; send the text itself unchanged (see {@link requestTarget})
 * @throws BillingError of kind `unsafeLink`
 */
export function checkLink(link: string, origins: readonly string[]): URL {
  let url: URL;
  try {
    url = new URL(link);
  } catch {
    throw new BillingError('unsafeLink', `The service sent a link that is not an address: ${quote(link)}.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new BillingError(
      'unsafeLink',
      `The service sent a link with a user name in it to ${quote(url.host)}, and it was not followed.`,
    );
  }
  if (!origins.includes(url.origin)) {
    throw new BillingError(
      'unsafeLink',
      `The service sent a link to ${quote(url.origin)}, which is not one of this connection's hosts (${origins.join(', ')}), and it was not followed.`,
      { advice: 'No token was sent there. If this host is right, correct the endpoints of the connection.' },
    );
  }
  return url;
}

function quote(value: string): string {
  return `'${maskUrl(value).slice(0, 200)}'`;
}

/** Path and query of an absolute address exactly as written: session tokens do not survive normalising. */
export function requestTarget(address: string, url: URL): string {
  const written = /^[a-z]+:\/\/[^/?#]*(\/[^#]*)/i.exec(address)?.[1];
  return written !== undefined && /^[\x21-\x7e]+$/.test(written) ? written : url.pathname + url.search;
}
