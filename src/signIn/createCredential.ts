import { BillingError } from '../api/http/errors.ts';
import { AzureCli } from './azureCli.ts';
import type { Credential } from './credential.ts';
import type { CredentialOptions, CredentialSpec } from './credentialSpec.ts';
import { DefaultChain } from './defaultChain.ts';
import { DeviceCode } from './deviceCode.ts';
import { ServicePrincipal } from './servicePrincipal.ts';

/**
 * A credential by `@azure/identity`, which is loaded when the first token is asked for.
 *
 * @throws BillingError of kind `argument` when the authority is no https address
 */
export function createCredential(spec: CredentialSpec, options: CredentialOptions): Credential {
  assertAuthority(options.authority);
  switch (spec.credential) {
    case 'azureCli':
      return new AzureCli(spec.tenant);
    case 'servicePrincipal':
      return new ServicePrincipal(spec, options);
    case 'deviceCode':
      return new DeviceCode(spec, options);
    case 'default':
      return new DefaultChain(spec, options);
  }
}

function assertAuthority(authority: string): void {
  const url = URL.canParse(authority) ? new URL(authority) : undefined;
  if (
    url?.protocol !== 'https:' ||
    url.username !== '' ||
    url.password !== '' ||
    url.search !== '' ||
    url.hash !== ''
  ) {
    throw new BillingError(
      'argument',
      'endpoints.authority: has to be an https address without a user name or a query.',
      {
        advice: 'Give the address of the sign-in service, e.g. https://login.microsoftonline.com.',
      },
    );
  }
}
