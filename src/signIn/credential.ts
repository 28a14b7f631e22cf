/** What a token has to be for. */
export interface TokenRequest {
  /** The service, e.g. `https://management.azure.com`; without `/.default`. */
  audience: string;
  /** Id or domain of a tenant; the credential's own where it is undefined. */
  tenant: string | undefined;
  /** JSON that the service demanded of the token in a claims challenge. */
  claims: string | undefined;
  signal: AbortSignal;
}

export interface AccessToken {
  token: string;
  /** Milliseconds since 1970, UTC. */
  expiresOn: number;
  /** From when on a new one should be got, where the sign-in service says so; milliseconds since 1970, UTC. */
  refreshAfter?: number;
}

/** One way to sign in. */
export interface Credential {
  /**
   * Asks nobody: where a person is needed it fails, and {@link signIn} is the way.
   *
   * @throws BillingError of kind `signIn`, or `unreachable` when the sign-in service gave no answer; the signal's reason when aborted
   */
  getToken(request: TokenRequest): Promise<AccessToken>;
  /** Whom the tokens stand for: an app alone sees other things in Partner Center than a user. */
  readonly actor: 'user' | 'app' | 'unknown';
  /** Asks the person, where the credential can; only on the person's own command. Fails as {@link getToken} does. */
  signIn?(request: TokenRequest): Promise<void>;
  /** Forgets the person and what was kept for them. */
  signOut?(): Promise<void>;
  dispose?(): void;
}
