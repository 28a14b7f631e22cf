/** What a token is asked for. */
export interface TokenDemand {
  signal: AbortSignal;
  /** Given once per call, after it was refused with 401: the answer's WWW-Authenticate header, empty where it had none. */
  challenge?: string;
  /** With `challenge`: the token that was refused. */
  refused?: string;
}

/**
 * Gives the bearer token for one audience. Asked with a challenge, it gives another token, or the refused one again when it has
 * no better: then the refusal stands.
 */
export type TokenSource = (demand: TokenDemand) => Promise<string>;

/** The tokens of one call: asked for on every attempt, because a long list outlives one token, and renewed once after a 401. */
export class CallToken {
  readonly #source: TokenSource | undefined;
  #sent: string | undefined;
  #renewed: string | undefined;
  #mayRenew = true;

  constructor(source: TokenSource | undefined) {
    this.#source = source;
  }

  /** For the next attempt; undefined for a service that takes none. */
  async take(signal: AbortSignal): Promise<string | undefined> {
    const renewed = this.#renewed;
    this.#renewed = undefined;
    this.#sent = renewed ?? (await this.#source?.({ signal }));
    return this.#sent;
  }

  /** Whether there is another token than the one that was refused. The service is believed when it refuses that one too. */
  async renew(challenge: string, signal: AbortSignal): Promise<boolean> {
    const refused = this.#sent;
    if (this.#source === undefined || refused === undefined || !this.#mayRenew) {
      return false;
    }
    this.#mayRenew = false;
    const token = await this.#source({ signal, challenge, refused });
    if (token === refused) {
      return false;
    }
    this.#renewed = token;
    return true;
  }
}
