import { badRequest } from './answers.ts';
import { isObject, member, oneOf } from './bodyMembers.ts';
import type { CostScope } from './costScopes.ts';
import type { ExportDestination, ExportInput } from './exportModel.ts';
import type { ExportVersion } from './exportVersions.ts';
import { type StorageAccount, storageAccountNamed, storageAccountOf } from './storageAccounts.ts';
import type { Tenant } from './tenant.ts';

/** What is shown in place of a SAS token; sending it back keeps the token. */
export const HIDDEN_SAS_TOKEN = '***';

const PATH = 'properties.deliveryInfo.destination';
const CONTAINER = /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;
const SAS_SERVICES = 'b';
const SAS_RESOURCES = 'sco';
const SAS_PERMISSIONS = 'rwdlac';

/** The storage account that an export writes to now; undefined for one that is gone. */
export function accountOfDestination(tenant: Tenant, destination: ExportDestination): StorageAccount | undefined {
  const { resourceId, storageAccount = '' } = destination;
  return resourceId === undefined ? storageAccountNamed(tenant, storageAccount) : storageAccountOf(tenant, resourceId);
}

/**
 * Reads where an export writes (REST reference: Exports - Create Or Update, ExportDeliveryDestination). Throws a Refusal
 * that names the member which breaks a rule.
 */
export function readDestination(
  tenant: Tenant,
  scope: CostScope,
  version: ExportVersion,
  deliveryInfo: unknown,
  existing: ExportInput | undefined,
): ExportDestination {
  if (!isObject(deliveryInfo)) throw badRequest('properties.deliveryInfo is required and must be an object.');
  const destination = member(deliveryInfo, 'destination');
  if (!isObject(destination)) throw badRequest(`${PATH} is required and must be an object.`);
  const type = member(destination, 'type');
  if (type !== undefined) oneOf(type, ['AzureBlob'], `${PATH}.type`);
  const container = text(destination, 'container');
  if (container === undefined) throw badRequest(`${PATH}.container is required.`);
  if (!CONTAINER.test(container)) {
    throw badRequest(
      `The value '${container}' of ${PATH}.container is not valid: it must have 3 to 63 lower-case letters, digits and single dashes.`,
    );
  }
  const folder = text(destination, 'rootFolderPath') ?? '';
  if (folder.startsWith('/')) {
    throw badRequest(`The value '${folder}' of ${PATH}.rootFolderPath is not valid: it must not begin with a slash.`);
  }
  const place = { container, rootFolderPath: folder.replace(/\/+$/, '') };
  const resourceId = text(destination, 'resourceId');
  const storageAccount = text(destination, 'storageAccount');
  const sasToken = text(destination, 'sasToken');
  if (version.sasToken && (storageAccount !== undefined || sasToken !== undefined)) {
    if (resourceId !== undefined) {
      throw badRequest(`${PATH} must have either resourceId, or storageAccount and sasToken.`);
    }
    return { ...place, ...readSigned(tenant, scope, storageAccount, sasToken, existing) };
  }
  return { ...place, resourceId: readResourceId(tenant, scope, resourceId, existing) };
}

function readResourceId(
  tenant: Tenant,
  scope: CostScope,
  resourceId: string | undefined,
  existing: ExportInput | undefined,
): string {
  const path = `${PATH}.resourceId`;
  if (resourceId === undefined) throw badRequest(`${path} is required.`);
  // An export of a deleted account can still be changed, as long as it stays where it is.
  if (existing?.destination.resourceId?.toLowerCase() === resourceId.toLowerCase()) return resourceId;
  if (
    !/^\/?subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.storage\/storageaccounts\/[^/]+$/i.test(
      resourceId,
    )
  ) {
    throw badRequest(`The value '${resourceId}' of ${path} is not the resource id of a storage account.`);
  }
  const account = storageAccountOf(tenant, resourceId);
  if (!account) throw badRequest(`The storage account '${resourceId}' of ${path} was not found.`);
  const billing = scope.kind !== 'subscription' && scope.kind !== 'resourceGroup';
  if (billing && account.subscription) {
    throw badRequest(
      `The storage account of ${path} is in a customer's subscription: exports of billing scopes need one in a subscription of the partner's own.`,
    );
  }
  return resourceId;
}

function readSigned(
  tenant: Tenant,
  scope: CostScope,
  storageAccount: string | undefined,
  sasToken: string | undefined,
  existing: ExportInput | undefined,
): Pick<ExportDestination, 'storageAccount' | 'sasToken'> & { storageAccount: string; sasToken: string } {
  if (scope.kind !== 'billingAccount') {
    throw badRequest(`${PATH}.sasToken is supported at the scope of a billing account only.`);
  }
  if (storageAccount === undefined) throw badRequest(`${PATH}.storageAccount is required beside sasToken.`);
  if (sasToken === undefined) throw badRequest(`${PATH}.sasToken is required beside storageAccount.`);
  if (!storageAccountNamed(tenant, storageAccount)) {
    throw badRequest(`The storage account '${storageAccount}' of ${PATH}.storageAccount was not found.`);
  }
  const kept = existing?.destination.sasToken;
  if (sasToken === HIDDEN_SAS_TOKEN && kept !== undefined) return { storageAccount, sasToken: kept };
  const parameters = new URLSearchParams(sasToken.replace(/^\?/, ''));
  const lacks = (name: string, letters: string): string =>
    [...letters].filter((letter) => !parameters.get(name)?.includes(letter)).join('');
  for (const [name, letters] of [
    ['ss', SAS_SERVICES],
    ['srt', SAS_RESOURCES],
    ['sp', SAS_PERMISSIONS],
  ] as const) {
    const missing = lacks(name, letters);
    if (missing !== '') throw badRequest(`${PATH}.sasToken is not valid: its ${name} lacks '${missing}'.`);
  }
  if (!parameters.get('sig')) throw badRequest(`${PATH}.sasToken is not valid: it has no sig.`);
  return { storageAccount, sasToken };
}

function text(object: unknown, name: string): string | undefined {
  const value = member(object, name);
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw badRequest(`${PATH}.${name} must be a text.`);
  return value;
}
