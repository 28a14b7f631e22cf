import type { Answer } from '../answers.ts';
import { SlidingWindows } from '../quotaMeters.ts';
import { gatewayThrottled } from './errors.ts';
import type { Settings } from './settings.ts';

/** What the throttle did since the start or the last reset. */
export interface PartnerThrottleCounts {
  readonly admitted: number;
  /** Requests answered 429. */
  readonly refused: number;
}

/**
 * The limits of Partner Center's gateway (Partner Center: API throttling guidance): so many requests a minute for the partner, or
 * for the partner with one customer. A refused request counts, too: who does not wait waits longer.
 */
export class PartnerThrottle {
  readonly #settings: () => Settings;
  readonly #clock: () => number;
  #ahead = 0;
  #most = 0;
  #windows = new SlidingWindows(1, 60);
  #counts = { admitted: 0, refused: 0 };

  constructor(settings: () => Settings, clock: () => number) {
    this.#settings = settings;
    this.#clock = clock;
  }

  /** The answer to a request too many; undefined when it is admitted. `customer` is the one whose call it is. */
  refusalOf(customer: string | undefined): Answer | undefined {
    const { throttle, requestsPerMinute, buckets } = this.#settings();
    if (throttle === 'off') return undefined;
    if (this.#most !== requestsPerMinute) {
      this.#most = requestsPerMinute;
      this.#windows = new SlidingWindows(requestsPerMinute, 60);
    }
    const now = this.#clock() + this.#ahead;
    const key = buckets === 'partner' || customer === undefined ? 'partner' : customer.toLowerCase();
    const wait = this.#windows.wait(key, 1, now);
    this.#windows.spend(key, 1, now);
    if (wait === 0) {
      this.#counts.admitted++;
      return undefined;
    }
    this.#counts.refused++;
    return gatewayThrottled(Math.max(1, Math.ceil(wait / 1000)));
  }

  counts(): PartnerThrottleCounts {
    return { ...this.#counts };
  }

  /** Moves the throttle's time on by so many milliseconds. */
  advance(milliseconds: number): void {
    this.#ahead += milliseconds;
  }

  reset(): void {
    this.#most = 0;
    this.#counts = { admitted: 0, refused: 0 };
  }
}
