import type { TokenCredentialOptions } from '@azure/identity';
import type { CredentialOptions } from './credentialSpec.ts';
import { createIdentityHttp } from './identityHttp.ts';

type AuthorityOptions = TokenCredentialOptions & { disableInstanceDiscovery: boolean };

/**
 * What all credentials of the package that ask the sign-in service have in common. The authority is the connection's, so the
 * package need not ask the public cloud whether it knows it: a private or sovereign cloud may not reach that. A failed request is
 * repeated by the call that needs the token, which tells the user; so not here as well.
 */
export function authorityOptions(
  { authority, transport, log }: CredentialOptions,
  managedIdentity: readonly string[] = [],
): AuthorityOptions {
  return {
    authorityHost: authority.replace(/\/+$/, ''),
    disableInstanceDiscovery: true,
    httpClient: createIdentityHttp({ transport, authority: new URL(authority).origin, managedIdentity, log }),
    retryOptions: { maxRetries: 0 },
  };
}
