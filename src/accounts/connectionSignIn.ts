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
  /** Service → whose token it was sent last, as `subjectOf` says it. */
  readonly #sent = new Map<string, string | undefined>();
  #turn = Symbol('account');

  constructor(options: ConnectionSignInOptions) {
    this.#options = options;
    this.#tokens = new Tokens(options.credential, options.clock);
  }

  get actor(): Credential['actor'] {
    return this.#options.credential.actor;
  }

  /**
   * Another value after each moment at which the account may have become another one, by command or of its own accord; it stays over
   * renewals of the same person's tokens, and where the same person signs in again.
   */
  get turn(): symbol {
    return this.#turn;
  }

  #accountMayDiffer(): void {
    this.#turn = Symbol('account');
  }

  /** Tokens for a service, by its address: always for the very origin that they are sent to. */
  source(address: string): TokenSource {
    const audience = audienceOf(address);
    const source = this.#tokens.source(audience);
    return async (demand) => {
      const { connection, memory } = this.#options;
      if (memory.get(connection).signedOut === true) {
        throw notSignedIn(connection);
      }
      const token = await source(demand);
      this.#noteSent(audience, subjectOf(token));
      return token;
    };
  }

  /** Other windows and tools change accounts too, and tell nobody: only the tokens say so. */
  #noteSent(audience: string, subject: string | undefined): void {
    if (this.#sent.has(audience) && this.#sent.get(audience) !== subject) {
      this.#accountMayDiffer();
    }
    this.#sent.set(audience, subject);
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
    const before = memory.get(connection).subject;
    let isSame = false;
    for (const [index, address] of addresses.entries()) {
      try {
        const request = { audience: audienceOf(address), tenant: undefined, claims: undefined, signal };
        await credential.signIn?.(request);
        const subject = await credential.getToken(request).then(
          ({ token }) => subjectOf(token),
          (error: unknown) => {
            if (!isSame) {
              this.#accountMayDiffer();
            }
            throw error;
          },
        );
        isSame = subject !== undefined && subject === before;
        if (!isSame) {
          this.#accountMayDiffer();
        }
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
      return isAway ? (this.#sent.get(audienceOf(address)) ?? memory.get(connection).subject) : undefined;
    }
  }

  async signOut(): Promise<void> {
    const { connection, credential, memory } = this.#options;
    await memory.note(connection, { signedOut: true, account: undefined, subject: undefined });
    this.#tokens.clear();
    this.#sent.clear();
    this.#accountMayDiffer();
    await credential.signOut?.();
  }

  /** Another account, or none: what is kept belongs to the one before. */
  forgetTokens(): void {
    this.#tokens.clear();
    this.#accountMayDiffer();
  }

  dispose(): void {
    this.#tokens.clear();
    this.#options.credential.dispose?.();
  }
}
