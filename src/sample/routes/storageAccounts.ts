import { badRequest, json, Refusal, type SampleRequest } from '../answers.ts';
import { member } from '../bodyMembers.ts';
import { jsonBody } from '../jsonBody.ts';
import type { ServiceState } from '../state.ts';
import { type StorageAccount, storageAccountOf } from '../storageAccounts.ts';
import type { Tenant } from '../tenant.ts';
import { versionOf } from '../versions.ts';
import { get, post, type Route } from './table.ts';

const PATH = 'subscriptions/*/resourcegroups/*/providers/microsoft.storage/storageaccounts/*';
const VERSIONS = [
  '2019-06-01',
  '2021-01-01',
  '2021-02-01',
  '2021-04-01',
  '2021-06-01',
  '2021-08-01',
  '2021-09-01',
  '2022-05-01',
  '2022-09-01',
  '2023-01-01',
  '2023-04-01',
  '2023-05-01',
] as const;

/** The part of Microsoft.Storage that leads to the files of an export (REST reference: Storage Accounts). */
export function storageAccountRoutes(tenant: Tenant, { exports, storage }: ServiceState): Route[] {
  const find = (request: SampleRequest, [subscription = '', group = '', name = '']: readonly string[]) => {
    versionOf(request, VERSIONS, 'storageAccounts');
    const id = `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Storage/storageAccounts/${name}`;
    const account = storageAccountOf(tenant, id);
    if (account) return account;
    throw new Refusal(
      404,
      'ResourceNotFound',
      `The resource 'Microsoft.Storage/storageAccounts/${name}' under the resource group '${group}' was not found.`,
    );
  };
  return [
    get('storageAccounts.get', PATH, async (request, names) => {
      const { id, name, location } = find(request, names);
      await exports.writeStories(name);
      return json({
        id,
        name,
        type: 'Microsoft.Storage/storageAccounts',
        location,
        kind: 'StorageV2',
        sku: { name: 'Standard_LRS', tier: 'Standard' },
        properties: {
          provisioningState: 'Succeeded',
          primaryEndpoints: { blob: `${storage.endpoint(name)}/` },
          primaryLocation: location,
          statusOfPrimary: 'available',
          supportsHttpsTrafficOnly: false,
        },
      });
    }),
    post('storageAccounts.listServiceSas', `${PATH}/listservicesas`, async (request, names) => {
      const account = find(request, names);
      if (!account.canSign) {
        throw new Refusal(
          403,
          'AuthorizationFailed',
          `The client does not have authorization to perform action 'Microsoft.Storage/storageAccounts/listServiceSas/action' over scope '${account.id}', or the scope is invalid.`,
        );
      }
      await exports.writeStories(account.name);
      const { container, expiry } = readServiceSas(jsonBody(request), account);
      return json({ serviceSasToken: storage.containerSignature({ account: account.name, container }, expiry) });
    }),
  ];
}

/**
 * Reads what a signature is asked for (REST reference: Storage Accounts - List Service SAS). Only signatures that read and list a
 * container are made: more than that nobody needs to fetch the files of an export.
 */
function readServiceSas(body: unknown, account: StorageAccount): { container: string; expiry: Date } {
  const text = (name: string): string => {
    const value = member(body, name);
    if (typeof value !== 'string' || value === '') throw badRequest(`${name} is required.`);
    return value;
  };
  const resource = text('canonicalizedResource');
  const [, service, owner = '', container = '', ...deeper] = resource.split('/');
  if (service !== 'blob' || owner.toLowerCase() !== account.name || container === '' || deeper.length > 0) {
    throw badRequest(
      `The value '${resource}' of canonicalizedResource is not valid: it must be /blob/${account.name}/ and the name of a container.`,
    );
  }
  const signed = text('signedResource');
  if (signed !== 'c') throw badRequest(`The value '${signed}' of signedResource is not valid: it must be c.`);
  const permission = text('signedPermission');
  if (!/^(r|l|rl)$/.test(permission)) {
    throw badRequest(`The value '${permission}' of signedPermission is not valid: it must be r, l or rl.`);
  }
  const protocol = member(body, 'signedProtocol');
  if (protocol !== undefined && protocol !== 'https' && protocol !== 'https,http') {
    throw badRequest(`The value '${String(protocol)}' of signedProtocol is not valid: use https or https,http.`);
  }
  const expiry = new Date(text('signedExpiry'));
  if (Number.isNaN(expiry.getTime())) throw badRequest('signedExpiry is not a date and time.');
  return { container, expiry };
}
