import type { Connection, Endpoints } from '../contributions.ts';

/** A connection entry is wrong; the message names the field. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;
const FIELDS = new Set(['name', 'cloud', 'credential', 'endpoints']);

/**
 * Checks one entry of the setting or a command argument.
 *
 * @throws ConnectionError with a sentence that names the field
 */
export function parseConnection(value: unknown): Connection {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConnectionError('A connection has to be an object with name, cloud, credential and endpoints.');
  }
  const entry = value as Record<string, unknown>;
  const unknown = Object.keys(entry).find((field) => !FIELDS.has(field));
  if (unknown !== undefined) {
    throw new ConnectionError(`${unknown}: a connection has no such field.`);
  }
  const name = typeof entry.name === 'string' ? entry.name.trim() : '';
  if (name === '' || name.length > 60 || /[\p{Cc}\p{Cf}\p{Cs}/\\@:?#%]/u.test(name)) {
    throw new ConnectionError(
      'name: has to be a text of 1 to 60 characters without control characters and / \\ @ : ? # %.',
    );
  }
  if (entry.cloud !== 'custom') {
    throw new ConnectionError("cloud: has to be 'custom'; sign-in to the Azure clouds is not part of this version.");
  }
  if (entry.credential !== 'none') {
    throw new ConnectionError("credential: has to be 'none'; sign-in is not part of this version.");
  }
  return { name, cloud: 'custom', credential: 'none', endpoints: parseEndpoints(entry.endpoints) };
}

const OPTIONAL = ['partnerCenter', 'graph'] as const;

function parseEndpoints(value: unknown): Endpoints {
  const entry = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const unknown = Object.keys(entry).find((field) => !['resourceManager', ...OPTIONAL].includes(field));
  if (unknown !== undefined) {
    throw new ConnectionError(`endpoints.${unknown}: a connection has no such endpoint.`);
  }
  const endpoints: Endpoints = { resourceManager: loopback('endpoints.resourceManager', entry.resourceManager) };
  for (const field of OPTIONAL) {
    if (entry[field] !== undefined) {
      endpoints[field] = loopback(`endpoints.${field}`, entry[field]);
    }
  }
  return endpoints;
}

function loopback(field: string, text: unknown): string {
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
  if (!LOOPBACK.test(url.hostname)) {
    throw new ConnectionError(
      `${field}: the credential 'none' is accepted for this machine only (127.0.0.1, localhost, [::1]).`,
    );
  }
  return url.href.replace(/\/+$/, '');
}
