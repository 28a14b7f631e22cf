import { CONNECTION_CLOUDS, type Connection, CREDENTIALS } from '../contributions.ts';
import { ConnectionError } from './connectionError.ts';
import { parseEndpoints } from './endpoints.ts';

const FIELDS: ReadonlySet<string> = new Set<keyof Connection>([
  'name',
  'cloud',
  'credential',
  'tenantId',
  'clientId',
  'endpoints',
]);

const GUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const DOMAIN = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/i;

/**
 * Checks one entry of the setting or a command argument, field by field.
 *
 * @throws ConnectionError with a sentence that begins with the field
 */
export function parseConnection(value: unknown): Connection {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConnectionError('A connection has to be an object with name, cloud and credential.');
  }
  const entry: Partial<Record<keyof Connection, unknown>> = value;
  const unknown = Object.keys(entry).find((field) => !FIELDS.has(field));
  if (unknown !== undefined) {
    throw new ConnectionError(`${unknown}: a connection has no such field.`);
  }
  const name = parseName(entry.name);
  const cloud = oneOf('cloud', entry.cloud, CONNECTION_CLOUDS);
  const credential = oneOf('credential', entry.credential, CREDENTIALS);
  if (credential === 'none' && cloud !== 'custom') {
    throw new ConnectionError(
      `credential: 'none' is for services on this machine; the cloud '${cloud}' needs one that signs in.`,
    );
  }
  const tenantId = parseTenant(entry.tenantId, credential);
  const clientId = parseClient(entry.clientId, credential);
  const endpoints = parseEndpoints(entry.endpoints, cloud, credential);
  return {
    name,
    cloud,
    credential,
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(clientId === undefined ? {} : { clientId }),
    ...(endpoints === undefined ? {} : { endpoints }),
  };
}

/** @throws ConnectionError */
export function parseName(value: unknown): string {
  const name = typeof value === 'string' ? value.trim() : '';
  if (name === '' || name.length > 60 || /[\p{Cc}\p{Cf}\p{Cs}/\\@:?#%]/u.test(name)) {
    throw new ConnectionError(
      'name: has to be a text of 1 to 60 characters without control characters and / \\ @ : ? # %.',
    );
  }
  return name;
}

/**
 * The tenant that tokens are asked of.
 *
 * @throws ConnectionError
 */
export function parseTenant(value: unknown, credential: Connection['credential']): string | undefined {
  if (value === undefined) {
    if (credential === 'servicePrincipal') {
      throw new ConnectionError('tenantId: a service principal needs the id or domain of its tenant.');
    }
    return undefined;
  }
  if (credential === 'none') {
    throw new ConnectionError("tenantId: the credential 'none' has no tenant; leave it out.");
  }
  const tenant = typeof value === 'string' ? value.trim() : '';
  if (!GUID.test(tenant) && !DOMAIN.test(tenant)) {
    throw new ConnectionError(
      'tenantId: has to be the id of a tenant (a GUID) or one of its domains, such as contoso.onmicrosoft.com.',
    );
  }
  return tenant.toLowerCase();
}

const TAKES_CLIENT: ReadonlySet<Connection['credential']> = new Set([
  'editor',
  'servicePrincipal',
  'deviceCode',
  // Of a managed identity.
  'default',
]);

/** Whether a way to sign in takes an app registration. */
export function takesClient(credential: Connection['credential']): boolean {
  return TAKES_CLIENT.has(credential);
}

/**
 * The app registration that signs in.
 *
 * @throws ConnectionError
 */
export function parseClient(value: unknown, credential: Connection['credential']): string | undefined {
  if (value === undefined) {
    if (credential === 'servicePrincipal') {
      throw new ConnectionError('clientId: a service principal needs the id of its app registration.');
    }
    return undefined;
  }
  if (!takesClient(credential)) {
    throw new ConnectionError(
      `clientId: the credential '${credential}' signs in without an app of your own; leave it out.`,
    );
  }
  const client = typeof value === 'string' ? value.trim() : '';
  if (!GUID.test(client)) {
    throw new ConnectionError('clientId: has to be the id of an app registration (a GUID).');
  }
  return client.toLowerCase();
}

function oneOf<T extends string>(field: string, value: unknown, values: readonly T[]): T {
  const found = values.find((known) => known === value);
  if (found === undefined) {
    throw new ConnectionError(`${field}: has to be one of ${values.map((known) => `'${known}'`).join(', ')}.`);
  }
  return found;
}
