import type { ArmClient } from '../api/arm/armClient.ts';
import { refused } from '../api/arm/input.ts';
import {
  getStorageAccount,
  parseStorageAccountId,
  readContainerSas,
  type StorageAccountName,
} from '../api/arm/storageAccounts.ts';
import type { SendOptions } from '../api/http/client.ts';
import { BillingError } from '../api/http/errors.ts';
import type { ContainerAccess } from '../api/storage/container.ts';

/** Where an export is delivered to. */
export interface Destination {
  /** Id of the storage account. */
  resourceId: string;
  container: string;
}

/** Where a shared access signature comes from when Azure does not make one for the sign-in. */
export interface SasSource {
  /** Given with the command: used before anything else. */
  given?: string | undefined;
  /** One that was kept from an earlier time. */
  kept(key: string): Promise<string | undefined>;
  /** Removes the kept one: it is not accepted any more. */
  forget(key: string): Promise<void>;
  /** Asks a person, and keeps the answer; absent where there is nobody to ask. Undefined when the person backs out. */
  ask?: ((key: string, why: BillingError) => Promise<string | undefined>) | undefined;
}

/** Long enough for some ten gigabytes, short enough for a secret. Milliseconds. */
const LIFETIME = 2 * 3600_000;

/** The sign-in may see the export but not the storage account, or not make signatures for it. */
const NO_RIGHT = new Set([401, 403, 404, 409]);

/**
 * The right to read a container: from Azure for the sign-in, else by a shared access signature that was given or kept, else by
 * asking. A signature that was kept and is refused is forgotten.
 *
 * @param use what is done with it
 * @throws BillingError; undefined is returned when the person who was asked backs out
 */
export async function withContainer<T>(
  arm: ArmClient,
  { resourceId, container }: Destination,
  source: SasSource,
  options: SendOptions,
  use: (access: ContainerAccess) => Promise<T>,
): Promise<T | undefined> {
  const name = parseStorageAccountId(resourceId);
  const key = `${name.account.toLowerCase()}/${container.toLowerCase()}`;
  if (source.given !== undefined) {
    return use(await byHand(arm, name, container, source.given, options));
  }
  const signed = await bySignIn(arm, name, container, options);
  if ('access' in signed) {
    return use(signed.access);
  }
  const kept = await source.kept(key);
  if (kept !== undefined) {
    try {
      return await use(await byHand(arm, name, container, kept, options));
    } catch (error) {
      if (!(error instanceof BillingError && error.status === 403)) {
        throw error;
      }
      await source.forget(key);
      throw new BillingError(error.kind, error.message, {
        ...error,
        advice:
          'The shared access signature that was kept for the container is not accepted any more and was removed; start again with a new one.',
        cause: error.cause,
      });
    }
  }
  if (source.ask === undefined) {
    throw new BillingError(signed.refusal.kind, signed.refusal.message, {
      ...signed.refusal,
      advice: `The sign-in has no right to read the storage account '${name.account}': give a shared access signature with Read and List for the container '${container}' as 'sas'.`,
      cause: signed.refusal.cause,
    });
  }
  const asked = await source.ask(key, signed.refusal);
  return asked === undefined ? undefined : use(await byHand(arm, name, container, asked, options));
}

async function bySignIn(
  arm: ArmClient,
  name: StorageAccountName,
  container: string,
  options: SendOptions,
): Promise<{ access: ContainerAccess } | { refusal: BillingError }> {
  try {
    const { properties } = await getStorageAccount(arm, name, options);
    const until = new Date(arm.storage.clock.now() + LIFETIME);
    const sas = await readContainerSas(arm, name, container, until, options);
    return { access: { container: containerAddress(properties.primaryEndpoints.blob, container), sas } };
  } catch (error) {
    if (error instanceof BillingError && error.kind === 'refused' && NO_RIGHT.has(error.status ?? 0)) {
      return { refusal: error };
    }
    throw error;
  }
}

/** A signature that a person made: the bare query, or the whole address of the container as the portal shows it. */
async function byHand(
  arm: ArmClient,
  name: StorageAccountName,
  container: string,
  text: string,
  options: SendOptions,
): Promise<ContainerAccess> {
  const { address, sas } = readSas(text, container);
  return { container: address ?? containerAddress(await blobEndpoint(arm, name, options), container), sas };
}

/**
 * Reads a shared access signature. Messages never contain it.
 *
 * @throws BillingError of kind `argument`
 */
export function readSas(text: string, container: string): { address?: string; sas: string } {
  const given = text.trim();
  const [, before = '', sas = ''] = /^([^?]*)\??([^?]*)$/.exec(given.includes('?') ? given : `?${given}`) ?? [];
  if (new URLSearchParams(sas).get('sig') === null || /\s/.test(given)) {
    throw refused('sas', "is no shared access signature: it has to have a part that begins with 'sig='.");
  }
  if (before === '') {
    return { sas };
  }
  const url = URL.canParse(before) ? new URL(before) : undefined;
  const [path] = /[^/]+$/.exec(decodeURI(url?.pathname.replace(/\/+$/, '') ?? '')) ?? [];
  if (url === undefined) {
    throw refused('sas', 'does not begin with an address.');
  }
  if (path !== undefined && path.toLowerCase() !== container.toLowerCase()) {
    throw refused('sas', `is for '${path}' and not for the container '${container}'.`);
  }
  return { address: containerAddress(path === undefined ? url.href : new URL('.', url).href, container), sas };
}

function containerAddress(endpoint: string, container: string): string {
  return `${endpoint.replace(/\/+$/, '')}/${encodeURIComponent(container)}`;
}

/** Where blobs are in the clouds, by the host of their Azure Resource Manager. */
const STORAGE_SUFFIXES: ReadonlyMap<string, string> = new Map([
  ['management.azure.com', 'core.windows.net'],
  ['management.usgovcloudapi.net', 'core.usgovcloudapi.net'],
  ['management.chinacloudapi.cn', 'core.chinacloudapi.cn'],
]);

async function blobEndpoint(arm: ArmClient, name: StorageAccountName, options: SendOptions): Promise<string> {
  try {
    return (await getStorageAccount(arm, name, options)).properties.primaryEndpoints.blob;
  } catch (error) {
    const suffix = STORAGE_SUFFIXES.get(new URL(arm.http.absolute('/')).hostname);
    if (!(error instanceof BillingError) || error.kind !== 'refused') {
      throw error;
    }
    if (suffix === undefined) {
      throw refused('sas', 'has to be the whole address of the container here: its host is not known.');
    }
    return `https://${name.account.toLowerCase()}.blob.${suffix}`;
  }
}
