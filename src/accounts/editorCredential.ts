import type { AuthenticationSession, authentication, Disposable } from 'vscode';
import { BillingError } from '../api/http/errors.ts';
import { reasonOf } from '../api/http/networkFailure.ts';
import type { AccessToken, Credential, TokenRequest } from '../signIn/credential.ts';
import { notSignedIn } from './notSignedIn.ts';
import { expiryOf } from './tokenPayload.ts';

/** The part of the editor's API that signs in. */
export type EditorAuthentication = Pick<typeof authentication, 'getSession' | 'getAccounts' | 'onDidChangeSessions'>;

export interface EditorCredentialOptions {
  authentication: EditorAuthentication;
  /** Which of the editor's sign-ins it is; asked each time, because settings decide it. */
  provider(): string;
  connection: string;
  tenantId: string | undefined;
  /** The user's own app registration; the editor's own app signs in where it is undefined. */
  clientId: string | undefined;
  /** Audiences that the own app is used for. */
  ownApp: ReadonlySet<string>;
  /** Audience that gives no token to the editor's own app. */
  needsOwnApp: string | undefined;
  /** What the account is recognised by when the same person is looked for again. */
  account: { get(): string | undefined; set(id: string): void };
  /** Another person is signed in now, or nobody. */
  onAccountChange(): void;
}

type SessionRequest = Parameters<EditorAuthentication['getSession']>[1];

/**
 * The editor's own account. Reads never ask anybody; {@link signIn} does. Once a connection knows its account it stays with it:
 * another one is used after a sign-in by command only, so a connection never shows another partner's costs of its own accord.
 */
export class EditorCredential implements Credential {
  readonly actor = 'user';
  readonly #options: EditorCredentialOptions;
  readonly #subscription: Disposable;
  /** Audience → claims that a service demanded and that only the person can bring about. */
  readonly #demanded = new Map<string, string>();
  /** Whose session was read last; undefined when nobody's was, null before the first read. */
  #seen: string | undefined | null = null;
  #lastAudience: string | undefined;

  constructor(options: EditorCredentialOptions) {
    this.#options = options;
    this.#subscription = options.authentication.onDidChangeSessions(({ provider }) => {
      void this.#sessionsChanged(provider.id).catch(() => undefined);
    });
  }

  async getToken({ audience, tenant, claims, signal }: TokenRequest): Promise<AccessToken> {
    this.#checkApp(audience);
    const demanded = claims ?? this.#demanded.get(audience);
    const session = await cancellable(
      this.#read(this.#request(audience, tenant, claims), claims !== undefined),
      signal,
    );
    this.#lastAudience = audience;
    if (session === undefined) {
      if (demanded !== undefined) {
        this.#demanded.set(audience, demanded);
        throw notSignedIn(this.#options.connection, 'The service demands more of the sign-in of the connection');
      }
      throw notSignedIn(this.#options.connection);
    }
    return { token: session.accessToken, expiresOn: expiryOf(session.accessToken, Date.now()) };
  }

  /** Asks the person: for whom, where nobody is known or the known one is signed in; else the same one again. */
  async signIn({ audience, tenant, signal }: TokenRequest): Promise<void> {
    this.#checkApp(audience);
    const { authentication, connection, account } = this.#options;
    const claims = this.#demanded.get(audience);
    const detail = `The connection '${connection}' of Azure Billing signs in to read billing data.`;
    const known = await this.#knownAccount();
    const provider = this.#options.provider();
    const session = await cancellable(
      claims !== undefined && known !== undefined
        ? this.#answerClaims(provider, audience, tenant, claims, known, detail)
        : authentication.getSession(provider, this.#scopes(audience, tenant), {
            createIfNone: { detail },
            ...(known === undefined ? { clearSessionPreference: true } : { account: known }),
          }),
      signal,
    ).catch((error: unknown) => {
      signal.throwIfAborted();
      if (/did not consent|cancell?ed/i.test(reasonOf(error))) {
        throw new DOMException('The sign-in was given up.', 'AbortError');
      }
      throw this.#failure(error);
    });
    this.#demanded.delete(audience);
    account.set(session.account.id);
    this.#seen = session.account.id;
  }

  /** Lets the person choose another account at the next {@link signIn}. The editor's own account stays signed in to the editor. */
  async signOut(): Promise<void> {
    this.#demanded.clear();
    this.#seen = null;
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  /** A provider that takes no challenges gets a new session instead. */
  async #answerClaims(
    provider: string,
    audience: string,
    tenant: string | undefined,
    claims: string,
    account: AuthenticationSession['account'],
    detail: string,
  ): Promise<AuthenticationSession> {
    const { authentication } = this.#options;
    try {
      return await authentication.getSession(provider, challenge(claims, this.#scopes(audience, tenant)), {
        createIfNone: { detail },
        account,
      });
    } catch (error) {
      if (!takesNoChallenges(error)) {
        throw error;
      }
      return authentication.getSession(provider, this.#scopes(audience, tenant), {
        forceNewSession: { detail },
        account,
      });
    }
  }

  #request(audience: string, tenant: string | undefined, claims: string | undefined): SessionRequest {
    const scopes = this.#scopes(audience, tenant);
    return claims === undefined ? scopes : challenge(claims, scopes);
  }

  #scopes(audience: string, tenant: string | undefined): string[] {
    const { tenantId, clientId, ownApp } = this.#options;
    const from = tenant ?? tenantId;
    return [
      `${audience}/.default`,
      ...(from === undefined ? [] : [`VSCODE_TENANT:${from}`]),
      ...(clientId === undefined || !ownApp.has(audience) ? [] : [`VSCODE_CLIENT_ID:${clientId}`]),
    ];
  }

  /** What the editor has without asking anybody. */
  async #read(request: SessionRequest, challenged: boolean): Promise<AuthenticationSession | undefined> {
    const { authentication, provider, account } = this.#options;
    const id = account.get();
    const known = await this.#knownAccount();
    let session: AuthenticationSession | undefined;
    if (id === undefined || known !== undefined) {
      try {
        session = await authentication.getSession(provider(), request, {
          silent: true,
          ...(known === undefined ? {} : { account: known }),
        });
      } catch (error) {
        if (!challenged || !takesNoChallenges(error)) {
          throw this.#failure(error);
        }
      }
    }
    if (session !== undefined && id === undefined) {
      account.set(session.account.id);
    }
    if (!challenged) {
      this.#seen = session?.account.id;
    }
    return session;
  }

  async #knownAccount(): Promise<AuthenticationSession['account'] | undefined> {
    const id = this.#options.account.get();
    if (id === undefined) {
      return undefined;
    }
    try {
      return (await this.#options.authentication.getAccounts(this.#options.provider())).find((one) => one.id === id);
    } catch (error) {
      throw this.#failure(error);
    }
  }

  /** Every extension's activity comes by here: only a change of the own account counts. */
  async #sessionsChanged(provider: string): Promise<void> {
    const audience = this.#lastAudience;
    if (audience === undefined || provider !== this.#options.provider()) {
      return;
    }
    const before = this.#seen;
    await this.#read(this.#request(audience, undefined, undefined), false);
    if (before !== null && this.#seen !== before) {
      this.#options.onAccountChange();
    }
  }

  #checkApp(audience: string): void {
    const { needsOwnApp, clientId, connection } = this.#options;
    if (audience === needsOwnApp && clientId === undefined) {
      throw new BillingError('signIn', "The editor's own app gets no token for Partner Center.", {
        code: 'ownAppNeeded',
        advice: `Register an app in your partner tenant with the permission "Microsoft Partner Center, user_impersonation" and set its id as clientId of the connection '${connection}'.`,
      });
    }
  }

  #failure(error: unknown): BillingError {
    if (error instanceof BillingError) {
      return error;
    }
    return new BillingError('signIn', `The editor could not sign in to the connection '${this.#options.connection}'.`, {
      advice: 'Look into the log of the editor\'s authentication extension ("Output: Microsoft Authentication").',
      cause: error,
    });
  }
}

/** The claims as the header that the editor takes (RFC 9110, 11.6.1). */
function challenge(claims: string, fallbackScopes: readonly string[]): SessionRequest {
  const base64 = Buffer.from(claims, 'utf8').toString('base64');
  return { wwwAuthenticate: `Bearer error="insufficient_claims", claims="${base64}"`, fallbackScopes };
}

function takesNoChallenges(error: unknown): boolean {
  return /does not support (?:getting|creating) sessions? from challenges/i.test(reasonOf(error));
}

/** The editor's sign-in cannot be called off; who waits for it can. */
function cancellable<T>(work: Thenable<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) {
      stop();
      return;
    }
    signal.addEventListener('abort', stop, { once: true });
    work.then(
      (value) => {
        signal.removeEventListener('abort', stop);
        resolve(value);
      },
      (error: unknown) => {
        signal.removeEventListener('abort', stop);
        reject(error);
      },
    );
  });
}
