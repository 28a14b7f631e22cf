import * as vscode from 'vscode';
import { audienceOf } from '../api/clouds.ts';
import type { Exchange } from '../api/http/client.ts';
import type { Transport } from '../api/http/transport.ts';
import type { Connection } from '../contributions.ts';
import { createCredential } from '../signIn/createCredential.ts';
import type { Credential } from '../signIn/credential.ts';
import { AppSecrets } from './appSecrets.ts';
import { ConnectionError } from './connectionError.ts';
import { showDeviceCode } from './deviceCodePrompt.ts';
import { EditorCredential } from './editorCredential.ts';
import { editorProvider } from './editorProvider.ts';
import { servicesOf } from './services.ts';
import { SignInMemory } from './signInMemory.ts';

/** What signing in needs of the extension. */
export interface SignInParts {
  memory: SignInMemory;
  secrets: AppSecrets;
  /** Folder of the extension: where a plug-in package of the identity package may lie. */
  extensionPath: string;
}

/** Where the editor keeps things for the extension. */
export interface SignInStores {
  state: vscode.Memento;
  secretStorage: vscode.SecretStorage;
  extensionPath: string;
}

export function signInPartsOf({ state, secretStorage, extensionPath }: SignInStores): SignInParts {
  return { memory: new SignInMemory(state), secrets: new AppSecrets(secretStorage), extensionPath };
}

/** Set by the host of tests only: the id of a provider that a test extension registers. */
const TEST_PROVIDER = process.env.AZURE_BILLING_EXPLORER_TEST_PROVIDER;

/**
 * How a connection signs in; undefined when it sends no token.
 *
 * @param onAccountChange another person is signed in now, or nobody
 */
export function credentialOf(
  connection: Connection,
  { memory, secrets, extensionPath }: SignInParts,
  transport: Transport,
  log: (exchange: Exchange) => void,
  onAccountChange: () => void,
): Credential | undefined {
  const { name, credential, tenantId: tenant, clientId } = connection;
  if (credential === 'none') {
    return undefined;
  }
  const { authority, partnerCenter, graph } = servicesOf(connection);
  if (credential === 'editor') {
    const ownApp = [partnerCenter, graph].filter((address) => address !== undefined).map(audienceOf);
    return new EditorCredential({
      authentication: vscode.authentication,
      provider: () => TEST_PROVIDER ?? editorProvider(connection, sovereignSettings()),
      connection: name,
      tenantId: tenant,
      clientId,
      ownApp: new Set(ownApp),
      needsOwnApp: partnerCenter === undefined ? undefined : audienceOf(partnerCenter),
      account: {
        get: () => memory.get(name).account,
        set: (account) => void memory.note(name, { account }),
      },
      onAccountChange,
    });
  }
  if (authority === undefined) {
    throw new ConnectionError(`endpoints.authority: the connection '${name}' has none.`);
  }
  const options = { authority, transport, log };
  switch (credential) {
    case 'azureCli':
      return createCredential({ credential, tenant }, options);
    case 'servicePrincipal':
      return createCredential(
        { credential, tenant: tenant ?? '', clientId: clientId ?? '', proof: () => secrets.get(connection) },
        options,
      );
    case 'deviceCode':
      return createCredential(
        { credential, tenant, clientId, showCode: (code, ended) => showDeviceCode(name, code, ended) },
        options,
      );
    case 'default':
      return createCredential({ credential, tenant, clientId, plugin: { from: [extensionPath] } }, options);
  }
}

function sovereignSettings(): { environment: unknown; customEnvironment: unknown } {
  const settings = vscode.workspace.getConfiguration('microsoft-sovereign-cloud');
  return { environment: settings.get('environment'), customEnvironment: settings.get('customEnvironment') };
}
