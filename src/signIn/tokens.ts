import type { Clock } from '../api/http/clock.ts';
import type { TokenDemand, TokenSource } from '../api/http/token.ts';
import { claimsOf } from './challenge.ts';
import type { Credential } from './credential.ts';
import { TokenFlight } from './tokenFlight.ts';

/** A token is renewed this long before it expires, if nothing else is said; short ones after half of their life. Milliseconds. */
const AHEAD = 5 * 60_000;
/** A token that expires sooner than this may be refused by the time it arrives: a new one is waited for. */
const TOO_SHORT = 30_000;
/** The pause after a failed renewal, while the old token lives. */
const PAUSE = 30_000;
/** A token that was got this recently and is refused is not renewed: the next one would be no better. */
const RECENT = 60_000;

/** The tokens of one credential, by audience and tenant. */
export class Tokens {
  readonly #credential: Credential;
  readonly #clock: Clock;
  readonly #kept = new Map<string, TokenCache>();

  constructor(credential: Credential, clock: Clock) {
    this.#credential = credential;
    this.#clock = clock;
  }

  /**
   * Gives tokens for one audience (e.g. `https://management.azure.com`), in the credential's own tenant or another. Kept until
   * they expire, renewed shortly before, got once however many wait.
   */
  source(audience: string, tenant?: string): TokenSource {
    const key = JSON.stringify([audience, tenant]);
    return (demand) => {
      let cache = this.#kept.get(key);
      if (cache === undefined) {
        cache = new TokenCache(this.#credential, this.#clock, audience, tenant);
        this.#kept.set(key, cache);
      }
      return cache.give(demand);
    };
  }

  /** Forgets all tokens; who waits for one is told that the sign-in ended. Sources go on with new ones. */
  clear(): void {
    for (const cache of this.#kept.values()) {
      cache.end();
    }
    this.#kept.clear();
  }
}

interface Kept {
  token: string;
  expiresOn: number;
  renewAt: number;
  receivedAt: number;
  /** The claims that it was got for. */
  claims: string | undefined;
}

/** The token for one audience in one tenant. */
class TokenCache {
  readonly #credential: Credential;
  readonly #clock: Clock;
  readonly #audience: string;
  readonly #tenant: string | undefined;
  readonly #flights = new Map<string | undefined, TokenFlight<Kept>>();
  #kept: Kept | undefined;

  constructor(credential: Credential, clock: Clock, audience: string, tenant: string | undefined) {
    this.#credential = credential;
    this.#clock = clock;
    this.#audience = audience;
    this.#tenant = tenant;
  }

  async give({ signal, challenge, refused }: TokenDemand): Promise<string> {
    signal.throwIfAborted();
    return challenge === undefined ? this.#current(signal) : this.#better(claimsOf(challenge), refused, signal);
  }

  end(): void {
    this.#kept = undefined;
    for (const flight of this.#flights.values()) {
      flight.end();
    }
    this.#flights.clear();
  }

  async #current(signal: AbortSignal): Promise<string> {
    const kept = this.#kept;
    const now = this.#clock.now();
    if (kept === undefined || kept.expiresOn <= now) {
      return (await this.#get(undefined, signal)).token;
    }
    if (now < kept.renewAt) {
      return kept.token;
    }
    if (now < kept.expiresOn - TOO_SHORT) {
      this.#renewBehind(kept);
      return kept.token;
    }
    try {
      return (await this.#get(undefined, signal)).token;
    } catch (error) {
      signal.throwIfAborted();
      if (this.#kept === kept && this.#clock.now() < kept.expiresOn) {
        return kept.token;
      }
      throw error;
    }
  }

  /** Nobody waits for it, and nobody hears of its failure: the old token does until it expires. */
  #renewBehind(kept: Kept): void {
    if (!this.#flights.has(undefined)) {
      kept.renewAt = this.#clock.now() + PAUSE;
      this.#get(undefined, new AbortController().signal).catch(() => undefined);
    }
  }

  /** Answers a refusal: with a token for the claims that were demanded, or with another than one that was kept too long. */
  async #better(claims: string | undefined, refused: string | undefined, signal: AbortSignal): Promise<string> {
    const kept = this.#kept;
    if (kept !== undefined && (claims === undefined || kept.claims === claims)) {
      const renewedMeanwhile = kept.token !== refused;
      if (renewedMeanwhile || this.#clock.now() - kept.receivedAt < RECENT) {
        return kept.token;
      }
    }
    if (kept?.token === refused) {
      this.#kept = undefined;
    }
    return (await this.#get(claims, signal)).token;
  }

  #get(claims: string | undefined, signal: AbortSignal): Promise<Kept> {
    let flight = this.#flights.get(claims);
    if (flight === undefined) {
      const started = new TokenFlight<Kept>(
        (shared) => this.#ask(claims, shared),
        () => {
          // A later flight may have taken its place.
          if (this.#flights.get(claims) === started) {
            this.#flights.delete(claims);
          }
        },
      );
      flight = started;
      this.#flights.set(claims, flight);
    }
    return flight.join(signal);
  }

  async #ask(claims: string | undefined, signal: AbortSignal): Promise<Kept> {
    const given = await this.#credential.getToken({
      audience: this.#audience,
      tenant: this.#tenant,
      claims,
      signal,
    });
    // A sign-out does not wait for a credential that is slow to notice it.
    signal.throwIfAborted();
    const receivedAt = this.#clock.now();
    const ahead = Math.min(AHEAD, (given.expiresOn - receivedAt) / 2);
    this.#kept = {
      token: given.token,
      expiresOn: given.expiresOn,
      renewAt: given.refreshAfter ?? given.expiresOn - ahead,
      receivedAt,
      claims,
    };
    return this.#kept;
  }
}
