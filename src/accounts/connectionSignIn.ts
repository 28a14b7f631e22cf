import { audienceOf } from '../api/clouds.ts';
import type { Clock } from '../api/http/clock.ts';
import { BillingError } from '../api/http/errors.ts';
import type { TokenSource } from '../api/http/token.ts';
import type { Credential } from '../signIn/credential.ts';
import { Tokens } from '../signIn/tokens.ts';
import { notSignedIn } from './notSignedIn.ts';
import type { SignInMemory } from './signInMemory.ts';
import { subjectOf } from './tokenPayload.ts';

export interface ConnectionSignInOptions {
  connection: string;
  credential: Credential;
  memory: SignInMemory;
  clock: Clock;
}

/** The sign-in of one connection: its tokens by service, and the person's wish to be signed out. */
export class ConnectionSignIn {
  readonly #options: ConnectionSignInOptions;
  readonly #tokens: Tokens;

  constructor(options: ConnectionSignInOptions) {
    this.#options = options;
    this.#tokens = new Tokens(options.credential, options.clock);
  }

  get actor(): Credential['actor'] {
    return this.#options.credential.actor;
  }

  /** Tokens for a service, by its address: always for the very origin that they are sent to. */
  source(address: string): TokenSource {
    const source = this.#tokens.source(audienceOf(address));
    return async (demand) => {
      const { connection, memory } = this.#options;
      if (memory.get(connection).signedOut === true) {
        throw notSignedIn(connection);
      }
      return source(demand);
    };
  }

  /**
   * Signs in for services, one after the other, asking the person where the credential can; proves it with a token for each.
   *
   * @param addresses of the services; a failure of the first one stands, the others' are given back
   * @throws BillingError of kind `signIn`
   */
  async signIn(addresses: readonly string[], signal: AbortSignal): Promise<unknown[]> {
    const { connection, credential, memory } = this.#options;
    const failures: unknown[] = [];
    for (const [index, address] of addresses.entries()) {
      try {
        const request = { audience: audienceOf(address), tenant: undefined, claims: undefined, signal };
        await credential.signIn?.(request);
        await credential.getToken(request);
      } catch (error) {
        if (index === 0 || signal.aborted) {
          throw error;
        }
        failures.push(error);
      }
    }
    await memory.note(connection, { signedOut: undefined });
    this.#tokens.clear();
    return failures;
  }

  /**
   * Whose eyes see what a service answers: the same text for the same person or app, over windows. Where the sign-in service cannot be
   * reached, whoever it was before. Asks nobody.
   *
   * @param address of a service
   * @returns undefined when nobody is signed in, or tokens do not say whose they are
   */
  async subject(address: string, signal: AbortSignal): Promise<string | undefined> {
    const { connection, memory } = this.#options;
    try {
      const subject = subjectOf(await this.source(address)({ signal }));
      if (subject !== memory.get(connection).subject) {
        await memory.note(connection, { subject });
      }
      return subject;
    } catch (error) {
      const isAway = signal.aborted || (error instanceof BillingError && error.kind === 'unreachable');
      return isAway ? memory.get(connection).subject : undefined;
    }
  }

  async signOut(): Promise<void> {
    const { connection, credential, memory } = this.#options;
    await memory.note(connection, { signedOut: true, account: undefined, subject: undefined });
    this.#tokens.clear();
    await credential.signOut?.();
  }

  /** Another account, or none: what is kept belongs to the one before. */
  forgetTokens(): void {
    this.#tokens.clear();
  }

  dispose(): void {
    this.#tokens.clear();
    this.#options.credential.dispose?.();
  }
}
