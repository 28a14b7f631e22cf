import { CLOUDS, cloudOfHost } from '../api/clouds.ts';
import { isLoopback } from '../api/http/loopback.ts';
import type { Connection, Endpoints } from '../contributions.ts';
import { ConnectionError } from './connectionError.ts';

const SERVICES = ['resourceManager', 'partnerCenter', 'graph'] as const;
const FIELDS: readonly string[] = [...SERVICES, 'authority'];

/**
 * The addresses of an entry. The clouds have theirs from the table, and no entry can change them; addresses of an entry's own
 * cannot be those of a cloud. With that, and because a token is always for the origin that it is sent to, no entry gets hold of
 * a token that is for a cloud.
 *
 * @throws ConnectionError with a sentence that begins with the field
 */
export function parseEndpoints(
  value: unknown,
  cloud: Connection['cloud'],
  credential: Connection['credential'],
): Endpoints | undefined {
  if (cloud !== 'custom') {
    if (value !== undefined) {
      throw new ConnectionError(
        `endpoints: the addresses of '${cloud}' are known; leave them out, or use the cloud 'custom'.`,
      );
    }
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConnectionError("endpoints: the cloud 'custom' needs an object with resourceManager.");
  }
  const entry: Partial<Record<keyof Endpoints, unknown>> = value;
  const unknown = Object.keys(entry).find((field) => !FIELDS.includes(field));
  if (unknown !== undefined) {
    throw new ConnectionError(`endpoints.${unknown}: a connection has no such endpoint.`);
  }
  const endpoints: Endpoints = {
    resourceManager: serviceAddress('resourceManager', entry.resourceManager, credential),
  };
  for (const field of ['partnerCenter', 'graph'] as const) {
    if (entry[field] !== undefined) {
      endpoints[field] = serviceAddress(field, entry[field], credential);
    }
  }
  if (entry.authority !== undefined) {
    endpoints.authority = authorityAddress(entry.authority, credential);
  } else if (credential !== 'none') {
    throw new ConnectionError(
      `endpoints.authority: the credential '${credential}' needs the address of the service that gives the tokens.`,
    );
  }
  return endpoints;
}

function serviceAddress(
  field: (typeof SERVICES)[number],
  value: unknown,
  credential: Connection['credential'],
): string {
  const url = address(`endpoints.${field}`, value, credential);
  const cloud = cloudOfHost(url.hostname);
  if (cloud !== undefined) {
    throw new ConnectionError(
      `endpoints.${field}: ${url.hostname} belongs to ${CLOUDS[cloud].label}; set cloud to '${cloud}' instead.`,
    );
  }
  return url.href.replace(/\/+$/, '');
}

function authorityAddress(value: unknown, credential: Connection['credential']): string {
  const url = address('endpoints.authority', value, credential);
  if (url.protocol === 'http:' && credential !== 'none') {
    throw new ConnectionError('endpoints.authority: has to be https, on this machine too: secrets are sent there.');
  }
  if (url.pathname !== '/') {
    throw new ConnectionError(
      'endpoints.authority: has to be an address without a path; the tenant belongs into tenantId.',
    );
  }
  return url.origin;
}

function address(field: string, text: unknown, credential: Connection['credential']): URL {
  if (typeof text !== 'string' || !URL.canParse(text)) {
    throw new ConnectionError(`${field}: has to be an address such as http://127.0.0.1:8080.`);
  }
  const url = new URL(text);
  if ((url.protocol !== 'http:' && url.protocol !== 'https:') || url.username !== '' || url.password !== '') {
    throw new ConnectionError(`${field}: has to be an http or https address without a user name.`);
  }
  if (/[?#]/.test(text)) {
    throw new ConnectionError(`${field}: has to be an address without a query or fragment; paths are put behind it.`);
  }
  const loopback = isLoopback(url.hostname);
  if (credential === 'none' && !loopback) {
    throw new ConnectionError(
      `${field}: the credential 'none' is accepted for this machine only (127.0.0.1, localhost, [::1]).`,
    );
  }
  if (url.protocol === 'http:' && !loopback) {
    throw new ConnectionError(`${field}: has to be https; http is accepted for this machine only.`);
  }
  return url;
}
