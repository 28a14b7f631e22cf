import * as v from 'valibot';
import type { Answer } from '../http/client.ts';
import { BillingError } from '../http/errors.ts';
import { optionalText } from './wire.ts';

/** A link of a resource (REST reference: common utility resources). */
export const resourceLink = v.looseObject({
  uri: optionalText,
  /** GET where it is missing. */
  method: optionalText,
  headers: v.nullish(v.array(v.looseObject({ key: v.string(), value: v.string() }))),
});

export type ResourceLink = v.InferOutput<typeof resourceLink>;

/**
 * The address that a link of the service means. The service writes its own paths as `/customers/…`, `/v1/customers/…` and
 * `customers/…`, and with the version twice; all of them are below the base. A link to another host comes out as it is, and
 * `HttpClient` refuses it before a token travels.
 *
 * Everything behind the version stays as it is written: encoded blanks, doubled characters, the order of parameters.
 *
 * @param base of the client, with the version
 */
export function resolveLink(base: string, uri: string): string {
  const text = uri.trim();
  const relative = ownPath(base, text);
  if (relative === undefined) {
    return text.startsWith('//') ? `${new URL(base).protocol}${text}` : text;
  }
  return `${base}/${withoutVersion(relative)}`;
}

/** The part behind the host of a link on our own host; undefined for one that leads elsewhere. */
function ownPath(base: string, text: string): string | undefined {
  if (text.toLowerCase().startsWith(`${base.toLowerCase()}/`)) {
    return text.slice(base.length);
  }
  if (/^[a-z][a-z0-9+.-]*:/i.test(text)) {
    const own =
      URL.canParse(text) && new URL(text).origin === new URL(base).origin && !/^[^/?#]*\/\/[^/?#]*@/.test(text);
    return own ? text.replace(/^[^/?#]*\/\/[^/?#]*/, '') : undefined;
  }
  // `//name.of.host/…` is a link to a host; `//invoices/…` is a path with a slash too many.
  return /^\/\/[^/?#]*[.:@]/.test(text) ? undefined : text;
}

function withoutVersion(path: string): string {
  return path.replace(/^\/+/, '').replace(/^(v1\/+)+/i, '');
}

/** Headers that belong to the connection: a link that sets one would send the token or the call elsewhere. */
const OWN_HEADERS =
  /^(authorization|host|cookie|connection|content-.*|transfer-encoding|te|upgrade|expect|proxy-.*|forwarded|x-forwarded-.*|via|origin)$/i;

/**
 * The headers that a link wants to be sent with, among them the continuation token, byte for byte: it is opaque and does not
 * survive any decoding.
 *
 * @throws BillingError of kind `unsafeLink` for a header that a link may not set
 */
export function linkHeaders(link: ResourceLink, answer: Answer): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const { key, value } of link.headers ?? []) {
    // The next page is a call with ids of its own.
    if (/^ms-(request|correlation)id$/i.test(key)) {
      continue;
    }
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(key) || OWN_HEADERS.test(key) || !/^[\t\x20-\x7e]*$/.test(value)) {
      throw unsafeLink(
        answer,
        `the link to the next page wants to set the header '${key.slice(0, 60)}', which is not sent`,
      );
    }
    headers[key] = value;
  }
  return headers;
}

/** A link that cannot be followed: the list ends with this error, never as a short one. */
export function unsafeLink({ status, requestId, correlationId }: Answer, why: string): BillingError {
  return new BillingError('unsafeLink', `${why}.`, {
    status,
    requestId,
    correlationId,
    advice: 'The list is not complete. Try again; report the request id if it stays.',
  });
}
