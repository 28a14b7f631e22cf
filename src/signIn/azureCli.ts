import type { AccessToken, Credential, TokenRequest } from './credential.ts';
import { askIdentity, tokenOf } from './identityCredential.ts';

/** `az` starts slowly on some machines, and refreshes tokens over a slow network. Milliseconds. */
const TIME_LIMIT = 60_000;

/**
 * The account of the Azure CLI. `az` is a program of its own: it has its own network settings (HTTPS_PROXY, REQUESTS_CA_BUNDLE),
 * keeps its own tokens, and may be signed in as an app.
 */
export class AzureCli implements Credential {
  readonly actor = 'unknown';
  readonly #tenant: string | undefined;

  constructor(tenant: string | undefined) {
    this.#tenant = tenant;
  }

  async getToken(request: TokenRequest): Promise<AccessToken> {
    const tenant = request.tenant ?? this.#tenant;
    return askIdentity(request.signal, { credential: 'azureCli', tenant, clientId: undefined }, async () => {
      const { AzureCliCredential } = await import('@azure/identity');
      const cli = new AzureCliCredential({
        processTimeoutInMs: TIME_LIMIT,
        ...(tenant === undefined ? {} : { tenantId: tenant }),
      });
      return tokenOf(cli, { ...request, tenant });
    });
  }
}
