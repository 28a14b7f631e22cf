import type { TokenCredential } from '@azure/identity';
import { BillingError } from '../api/http/errors.ts';
import { assertCertificate } from './appCertificate.ts';
import { authorityOptions } from './authorityOptions.ts';
import type { AccessToken, Credential, TokenRequest } from './credential.ts';
import type { CredentialOptions, ServicePrincipalSpec } from './credentialSpec.ts';
import { askIdentity, tokenOf } from './identityCredential.ts';

/**
 * An app registration with a secret or a certificate. Nothing is kept between two tokens: the secret is read when it is needed, so
 * one that was changed or removed counts at once.
 */
export class ServicePrincipal implements Credential {
  readonly actor = 'app';
  readonly #spec: ServicePrincipalSpec;
  readonly #options: CredentialOptions;

  constructor(spec: ServicePrincipalSpec, options: CredentialOptions) {
    this.#spec = spec;
    this.#options = options;
  }

  async getToken(request: TokenRequest): Promise<AccessToken> {
    const { clientId } = this.#spec;
    const tenant = request.tenant ?? this.#spec.tenant;
    return askIdentity(request.signal, { credential: 'servicePrincipal', tenant, clientId }, async () =>
      tokenOf(await this.#credential(tenant), { ...request, tenant }),
    );
  }

  async #credential(tenant: string): Promise<TokenCredential> {
    const { clientId, proof } = this.#spec;
    const given = await proof();
    if (given === undefined) {
      throw new BillingError(
        'signIn',
        `No secret or certificate of the app ${clientId} (clientId) is kept on this machine.`,
        {
          code: 'noSecret',
          advice: 'Edit the connection and enter it.',
        },
      );
    }
    const { ClientCertificateCredential, ClientSecretCredential } = await import('@azure/identity');
    const options = authorityOptions(this.#options);
    if ('secret' in given) {
      return new ClientSecretCredential(tenant, clientId, given.secret, options);
    }
    const { certificate, password } = given;
    assertCertificate(certificate, password);
    const encrypted = password === undefined ? {} : { certificatePassword: password };
    return new ClientCertificateCredential(tenant, clientId, { certificate, ...encrypted }, options);
  }
}
