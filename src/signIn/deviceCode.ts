import type { DeviceCodeCredential, DeviceCodeInfo } from '@azure/identity';
import { BillingError } from '../api/http/errors.ts';
import { authorityOptions } from './authorityOptions.ts';
import type { AccessToken, Credential, TokenRequest } from './credential.ts';
import type { CredentialOptions, DeviceCodeSpec, UserCode } from './credentialSpec.ts';
import { askIdentity, optionsOf, scopeOf, tokenOf } from './identityCredential.ts';
import type { WayOfSignIn } from './wayOfSignIn.ts';

/**
 * A person who enters a code. Sign-in is per tenant, and lasts as long as this object: nothing is written to the disk.
 */
export class DeviceCode implements Credential {
  readonly actor = 'user';
  readonly #spec: DeviceCodeSpec;
  readonly #options: CredentialOptions;
  /** By tenant: the package takes the account of one tenant for that of all. */
  #signedIn = new Map<string | undefined, SilentDeviceCode>();

  constructor(spec: DeviceCodeSpec, options: CredentialOptions) {
    this.#spec = spec;
    this.#options = options;
  }

  async getToken(request: TokenRequest): Promise<AccessToken> {
    const way = this.#way(request);
    return askIdentity(request.signal, way, async () => {
      const known = this.#signedIn.get(way.tenant);
      if (known === undefined) {
        throw new BillingError('signIn', 'Nobody is signed in.', {
          code: 'notSignedIn',
          advice: 'Run "Azure Billing: Sign In…" and enter the code that it shows.',
        });
      }
      return tokenOf(known.credential, { ...request, tenant: way.tenant });
    });
  }

  async signIn(request: TokenRequest): Promise<void> {
    const way = this.#way(request);
    // A sign-out meanwhile is not undone.
    const signedIn = this.#signedIn;
    const over = new AbortController();
    // The code on the screen goes with the sign-in; the sign-in goes when the code cannot be shown.
    const signal = AbortSignal.any([request.signal, over.signal]);
    try {
      await askIdentity(signal, way, async () => {
        const known = signedIn.get(way.tenant) ?? (await this.#create(way.tenant));
        known.show = (code) => {
          this.#spec.showCode({ ...code, tenant: way.tenant }, signal).catch((error: unknown) => over.abort(error));
        };
        const asked = { ...request, tenant: way.tenant, signal };
        await known.credential.authenticate(scopeOf(asked), optionsOf(asked));
        signedIn.set(way.tenant, known);
      });
    } finally {
      over.abort();
    }
  }

  async signOut(): Promise<void> {
    this.#signedIn = new Map();
  }

  #way({ tenant }: TokenRequest): WayOfSignIn {
    return { credential: 'deviceCode', tenant: tenant ?? this.#spec.tenant, clientId: this.#spec.clientId };
  }

  async #create(tenant: string | undefined): Promise<SilentDeviceCode> {
    const { DeviceCodeCredential } = await import('@azure/identity');
    const { clientId } = this.#spec;
    const held: SilentDeviceCode = {
      credential: new DeviceCodeCredential({
        ...authorityOptions(this.#options),
        ...(tenant === undefined ? {} : { tenantId: tenant }),
        ...(clientId === undefined ? {} : { clientId }),
        // Only signIn asks a person.
        disableAutomaticAuthentication: true,
        userPromptCallback: (info) => held.show(userCode(info)),
      }),
      show: () => undefined,
    };
    return held;
  }
}

interface SilentDeviceCode {
  credential: DeviceCodeCredential;
  show: (code: Omit<UserCode, 'tenant'>) => void;
}

/** The package asks for no more than a text; the page is opened by the editor, so it has to be a web page with nothing hidden in it. */
function userCode({ userCode: code, verificationUri }: DeviceCodeInfo): Omit<UserCode, 'tenant'> {
  const url = URL.canParse(verificationUri) ? new URL(verificationUri) : undefined;
  if (
    typeof code !== 'string' ||
    !/^[A-Za-z0-9-]{4,40}$/.test(code) ||
    url?.protocol !== 'https:' ||
    url.username !== ''
  ) {
    throw new BillingError('signIn', 'The sign-in service gave no code that could be entered.', {
      code: 'noUserCode',
      advice: 'Check endpoints.authority, tenantId and clientId of the connection.',
    });
  }
  return { code, address: url.href };
}
