import type { Exchange } from '../api/http/client.ts';
import type { Transport } from '../api/http/transport.ts';

/** How a connection signs in, with what the editor adds. Tenants are ids or domains. */
export type CredentialSpec = AzureCliSpec | ServicePrincipalSpec | DeviceCodeSpec | DefaultSpec;

export interface AzureCliSpec {
  credential: 'azureCli';
  tenant?: string | undefined;
}

export interface ServicePrincipalSpec {
  credential: 'servicePrincipal';
  tenant: string;
  /** Id of the app registration. */
  clientId: string;
  /** Reads it where it is kept, each time a token is needed; undefined where none is kept. */
  proof: () => Promise<AppProof | undefined>;
}

/** What proves that an app is the one it says. */
export type AppProof =
  | { secret: string }
  | {
      /** Certificate and RSA private key, both PEM, one behind the other. */
      certificate: string;
      /** Of the private key, where it is encrypted. */
      password?: string | undefined;
    };

export interface DeviceCodeSpec {
  credential: 'deviceCode';
  tenant?: string | undefined;
  /** Of an own app registration; left out, that of the Azure development tools. */
  clientId?: string | undefined;
  /** Shows a code until the signal is aborted, which it is when the sign-in is over. An error ends the sign-in with that error. */
  showCode: (code: UserCode, signal: AbortSignal) => Promise<void>;
}

/** A code that a person enters on a page, on this device or another. */
export interface UserCode {
  code: string;
  /** An https address. */
  address: string;
  /** The tenant that is signed in to, where one was named. */
  tenant: string | undefined;
}

export interface DefaultSpec {
  credential: 'default';
  tenant?: string | undefined;
  /** Of a user-assigned managed identity. */
  clientId?: string | undefined;
  plugin?: IdentityPluginPlace | undefined;
}

/** Where a plug-in package of the identity package may lie. */
export interface IdentityPluginPlace {
  /** Name of the package; `@azure/identity-vscode` when left out. */
  name?: string | undefined;
  /** Folders from which it is looked up as Node does. Never a workspace's: the package's code runs. */
  from: readonly string[];
}

export interface CredentialOptions {
  /** Address of the sign-in service without a tenant, e.g. `https://login.microsoftonline.com`. */
  authority: string;
  /** The connection's: its proxy and certificates count for the sign-in too. */
  transport: Transport;
  log?: ((exchange: Exchange) => void) | undefined;
}
