import { authorityOptions } from './authorityOptions.ts';
import type { AccessToken, Credential, TokenRequest } from './credential.ts';
import type { CredentialOptions, DefaultSpec, IdentityPluginPlace } from './credentialSpec.ts';
import { askIdentity, tokenOf } from './identityCredential.ts';
import { useIdentityPluginAt } from './identityPlugin.ts';

/** Azure's Instance Metadata Service: a link-local address that every virtual machine of Azure has. */
const METADATA_SERVICE = 'http://169.254.169.254';
/** Where the platform tells its own address for managed identity. */
const ENDPOINT_VARIABLES = ['IDENTITY_ENDPOINT', 'IMDS_ENDPOINT', 'MSI_ENDPOINT', 'AZURE_POD_IDENTITY_AUTHORITY_HOST'];
/** Of the command-line tools in the chain. Milliseconds. */
const TIME_LIMIT = 60_000;

/**
 * What this machine has: an app named by the environment, workload or managed identity, the Azure Resources extension (with a
 * plug-in package), Azure CLI, Azure PowerShell, Azure Developer CLI; the order is that of DefaultAzureCredential.
 */
export class DefaultChain implements Credential {
  readonly actor = 'unknown';
  readonly #spec: DefaultSpec;
  readonly #options: CredentialOptions;

  constructor(spec: DefaultSpec, options: CredentialOptions) {
    this.#spec = spec;
    this.#options = options;
  }

  async getToken(request: TokenRequest): Promise<AccessToken> {
    const { clientId, plugin: place } = this.#spec;
    const tenant = request.tenant ?? this.#spec.tenant;
    const plugin = place === undefined ? undefined : await refusedPlugin(place);
    return askIdentity(request.signal, { credential: 'default', tenant, clientId, plugin }, async () => {
      const { DefaultAzureCredential } = await import('@azure/identity');
      const options = {
        ...authorityOptions(this.#options, managedIdentityOrigins()),
        processTimeoutInMs: TIME_LIMIT,
        // An app from the environment is registered in a tenant of its own.
        ...(tenant === undefined ? {} : { tenantId: tenant, additionallyAllowedTenants: [tenant] }),
      };
      const chain =
        clientId === undefined
          ? new DefaultAzureCredential(options)
          : new DefaultAzureCredential({ ...options, managedIdentityClientId: clientId });
      return tokenOf(chain, { ...request, tenant });
    });
  }
}

/** Hands the plug-in on; why not, where one lies there. None at all is usual, and no news. */
async function refusedPlugin(place: IdentityPluginPlace): Promise<string | undefined> {
  const state = await useIdentityPluginAt(place);
  return state.used || !state.installed ? undefined : state.reason;
}

function managedIdentityOrigins(): string[] {
  const named = ENDPOINT_VARIABLES.map((name) => process.env[name]).filter((value) => value !== undefined);
  return [METADATA_SERVICE, ...named.filter((value) => URL.canParse(value)).map((value) => new URL(value).origin)];
}
