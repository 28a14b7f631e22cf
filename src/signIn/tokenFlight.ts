import { BillingError } from '../api/http/errors.ts';

/** One piece of work that many wait for. Who stops waiting leaves it to the others; when all have left, it is cancelled. */
export class TokenFlight<T> {
  readonly #cancel = new AbortController();
  readonly #result: Promise<T>;
  readonly #over: () => void;
  #waiting = 0;

  /** @param over called when it is finished or nobody waits for it any more, before anybody hears of it */
  constructor(work: (signal: AbortSignal) => Promise<T>, over: () => void) {
    this.#over = over;
    this.#result = work(this.#cancel.signal).finally(over);
    // When all have left nobody hears of its end.
    this.#result.catch(() => undefined);
  }

  /** @throws the signal's reason when the caller stops waiting */
  join(signal: AbortSignal): Promise<T> {
    this.#waiting++;
    return new Promise<T>((resolve, reject) => {
      const shared = this.#cancel.signal;
      const leave = (): void => {
        signal.removeEventListener('abort', stop);
        shared.removeEventListener('abort', end);
        this.#waiting--;
      };
      const stop = (): void => {
        leave();
        reject(signal.reason);
        if (this.#waiting === 0) {
          this.#over();
          this.#cancel.abort();
        }
      };
      const end = (): void => {
        leave();
        reject(shared.reason);
      };
      signal.addEventListener('abort', stop);
      shared.addEventListener('abort', end);
      const settle = <V>(tell: (value: V) => void) => {
        return (value: V): void => {
          if (!signal.aborted && !shared.aborted) {
            leave();
            tell(value);
          }
        };
      };
      this.#result.then(settle(resolve), settle(reject));
    });
  }

  /** Tells all who wait that the sign-in ended. */
  end(): void {
    this.#cancel.abort(
      new BillingError('signIn', 'The sign-in ended while a token was got.', {
        code: 'signedOut',
        advice: 'Sign in again.',
      }),
    );
  }
}
