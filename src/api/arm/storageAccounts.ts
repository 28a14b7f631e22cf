import * as v from 'valibot';
import { unexpected } from '../http/body.ts';
import type { Answer, Call, SendOptions } from '../http/client.ts';
import { BillingError } from '../http/errors.ts';
import { type ArmClient, armPath, getOne, readAs } from './armClient.ts';
import { normalizeId, segment } from './scope.ts';
import { optionalText } from './wire.ts';

/** Names that an id of a storage account is made of. */
export interface StorageAccountName {
  subscription: string;
  resourceGroup: string;
  account: string;
}

const ID =
  /^\/subscriptions\/([^/?#]+)\/resourceGroups\/([^/?#]+)\/providers\/Microsoft\.Storage\/storageAccounts\/([a-z0-9]{3,24})$/i;

/**
 * Reads the id of a storage account, as the destination of an export names it.
 *
 * @throws BillingError of kind `malformed`
 */
export function parseStorageAccountId(id: string): StorageAccountName {
  const [, subscription, resourceGroup, account] = ID.exec(normalizeId(id)) ?? [];
  if (subscription === undefined || resourceGroup === undefined || account === undefined) {
    throw new BillingError('malformed', `'${id.slice(0, 200)}' is not the id of a storage account.`, {
      advice: 'Look at the destination of the export.',
    });
  }
  return { subscription, resourceGroup, account };
}

const storageAccount = v.looseObject({
  name: v.string(),
  properties: v.looseObject({ primaryEndpoints: v.looseObject({ blob: v.string() }) }),
});

/** A storage account that can hold blobs (REST reference: Storage Accounts - Get Properties). */
export type StorageAccount = v.InferOutput<typeof storageAccount>;

/** A storage account and the address of its blobs. */
export function getStorageAccount(
  arm: ArmClient,
  name: StorageAccountName,
  options?: SendOptions,
): Promise<StorageAccount> {
  const address = armPath(arm, 'storageAccounts', accountPath(name));
  return getOne(arm, { operation: 'Get the storage account', method: 'GET', address }, storageAccount, options);
}

const token = v.looseObject({ serviceSasToken: optionalText });

/**
 * A shared access signature that reads and lists one container (REST reference: Storage Accounts - List Service SAS). It needs
 * the right `listServiceSas/action`, which roles that only read data do not have.
 *
 * @param until when it ends, UTC; keep it short
 * @returns the signature as a query, without the question mark: a secret
 */
export function readContainerSas(
  arm: ArmClient,
  name: StorageAccountName,
  container: string,
  until: Date,
  options?: SendOptions,
): Promise<string> {
  const call: Call = {
    operation: 'Ask for the right to read the container',
    method: 'POST',
    address: armPath(arm, 'storageAccounts', `${accountPath(name)}/ListServiceSas`),
    // It makes a signature and changes nothing.
    repeatable: true,
    body: {
      canonicalizedResource: `/blob/${name.account}/${container}`,
      signedResource: 'c',
      signedPermission: 'rl',
      signedProtocol: arm.storage.loopback ? 'https,http' : 'https',
      signedExpiry: `${until.toISOString().slice(0, 19)}Z`,
    },
  };
  const read = (answer: Answer): string => {
    const sas = (readAs(token, answer).serviceSasToken ?? '').replace(/^\?/, '');
    if (sas === '') {
      throw unexpected(answer, 'the answer has no signature.');
    }
    return sas;
  };
  return arm.http.send(call, read, options);
}

function accountPath({ subscription, resourceGroup, account }: StorageAccountName): string {
  const group = `/subscriptions/${segment(subscription)}/resourceGroups/${segment(resourceGroup)}`;
  return `${group}/providers/Microsoft.Storage/storageAccounts/${segment(account)}`;
}
