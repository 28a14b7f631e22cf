import { type Answer, failure, type SampleRequest } from './answers.ts';
import { SlidingWindows, TokenBuckets } from './quotaMeters.ts';
import type { Tenant } from './tenant.ts';
import { type Limit, limitsOf, type QuotaFamily } from './throttleLimits.ts';

/** `documented` enforces the published limits; `off`, the default, enforces none. */
export type ThrottlePolicy = 'documented' | 'off';
export const THROTTLE_POLICIES: readonly ThrottlePolicy[] = ['documented', 'off'];

/** What the throttle has done since the start or the last reset. */
export interface ThrottleCounts {
  readonly policy: ThrottlePolicy;
  readonly admitted: number;
  /** Requests answered 429. */
  readonly refused: number;
  /** How often each kind of limit was the reason, or one of them; kinds that never were are absent. */
  readonly refusedBy: Readonly<Record<string, number>>;
}

const RETRY_HEADERS: Readonly<Record<QuotaFamily, string>> = {
  qpu: 'x-ms-ratelimit-microsoft.costmanagement-qpu-retry-after',
  entity: 'x-ms-ratelimit-microsoft.costmanagement-entity-retry-after',
  tenant: 'x-ms-ratelimit-microsoft.costmanagement-tenant-retry-after',
  client: 'x-ms-ratelimit-microsoft.costmanagement-client-retry-after',
  clienttype: 'x-ms-ratelimit-microsoft.costmanagement-clienttype-retry-after',
  consumption: 'x-ms-ratelimit-microsoft.consumption-retry-after',
  other: 'retry-after',
};

type Kind = 'reads' | 'writes' | 'deletes';

const seconds = (milliseconds: number): string => String(Math.max(1, Math.ceil(milliseconds / 1000)));

/**
 * Enforces the published limits: those of Azure Resource Manager (token buckets of a subscription or the tenant; the
 * answer 429 has Retry-After) and those of the billing calls (the answer 429 has the header family of its provider, and
 * Retry-After only for price sheets and cost reports). A refused request takes nothing. Time is a clock's that tests can hand in, and can be moved on.
 */
export class Throttle {
  readonly #tenant: Tenant;
  readonly #policy: ThrottlePolicy;
  readonly #clock: () => number;
  #ahead = 0;
  #windows = new Map<string, SlidingWindows>();
  #buckets = newBuckets();
  #admitted = 0;
  #refused = 0;
  #refusedBy: Record<string, number> = {};

  constructor(tenant: Tenant, policy: ThrottlePolicy, clock: () => number) {
    this.#tenant = tenant;
    this.#policy = policy;
    this.#clock = clock;
  }

  /** The answer with the counters in its headers, or 429 instead of it. */
  async answer(request: SampleRequest, clientType: string | undefined, normal: () => Promise<Answer>): Promise<Answer> {
    if (this.#policy === 'off') return normal();
    const now = this.#clock() + this.#ahead;
    const kind = kindOf(request.method);
    const subscription = /^\/subscriptions\/([^/]+)/i.exec(request.path)?.[1]?.toLowerCase();
    const bucket = this.#buckets[kind];
    const key = subscription ?? 'tenant';
    const wait = bucket.wait(key, now);
    if (wait > 0) {
      return this.#refuse(['arm'], 'TooManyRequests', this.#toldBucket(subscription, kind, now), {
        'retry-after': seconds(wait),
      });
    }
    const limits = limitsOf(this.#tenant, request, clientType);
    const waits = limits.map((limit) => ({ limit, wait: this.#window(limit).wait(limit.key, limit.cost, now) }));
    const full = waits.filter((item) => item.wait > 0);
    if (full.length === 0) {
      bucket.spend(key, now);
      for (const limit of limits) this.#window(limit).spend(limit.key, limit.cost, now);
      this.#admitted++;
      const told = { ...this.#toldBucket(subscription, kind, now), ...this.#told(limits, now) };
      const answer = await normal();
      return { ...answer, headers: { ...answer.headers, ...told } };
    }
    const longest = new Map<QuotaFamily, number>();
    for (const item of full) {
      longest.set(item.limit.family, Math.max(item.wait, longest.get(item.limit.family) ?? 0));
    }
    const retry: Record<string, string> = {};
    for (const [family, time] of longest) retry[RETRY_HEADERS[family]] = seconds(time);
    if (full.some((item) => item.limit.retryAfter)) retry['retry-after'] = seconds(Math.max(...longest.values()));
    return this.#refuse([...longest.keys()], '429', this.#told(limits, now), retry);
  }

  counts(): ThrottleCounts {
    return {
      policy: this.#policy,
      admitted: this.#admitted,
      refused: this.#refused,
      refusedBy: { ...this.#refusedBy },
    };
  }

  /** Moves the throttle's time on, as if so many milliseconds had passed. Throws a RangeError for less than none. */
  advance(milliseconds: unknown): void {
    if (typeof milliseconds !== 'number' || !Number.isFinite(milliseconds) || milliseconds < 0) {
      throw new RangeError('advance must be a number of milliseconds from 0.');
    }
    this.#ahead += milliseconds;
  }

  /** All limits are free again, and the counts are 0. */
  reset(): void {
    this.#windows = new Map();
    this.#buckets = newBuckets();
    this.#admitted = 0;
    this.#refused = 0;
    this.#refusedBy = {};
  }

  #refuse(
    reasons: readonly string[],
    code: string,
    told: Readonly<Record<string, string>>,
    retry: Readonly<Record<string, string>>,
  ): Answer {
    this.#refused++;
    for (const reason of reasons) this.#refusedBy[reason] = (this.#refusedBy[reason] ?? 0) + 1;
    return failure(429, code, 'Too many requests. Please retry.', { ...told, ...retry });
  }

  #window({ family, most, seconds: length }: Limit): SlidingWindows {
    const name = `${family} ${most}/${length}`;
    let window = this.#windows.get(name);
    if (!window) {
      window = new SlidingWindows(most, length);
      this.#windows.set(name, window);
    }
    return window;
  }

  #toldBucket(subscription: string | undefined, kind: Kind, now: number): Record<string, string> {
    const left = this.#buckets[kind].left(subscription ?? 'tenant', now);
    const owner = subscription === undefined ? 'tenant' : 'subscription';
    return { [`x-ms-ratelimit-remaining-${owner}-${kind}`]: String(Math.floor(left)) };
  }

  /** What is left of each limit that is told; limits under one header stand in it one after the other. */
  #told(limits: readonly Limit[], now: number): Record<string, string> {
    const headers: Record<string, string> = {};
    for (const limit of limits) {
      if (!limit.remaining) continue;
      const { header, name } = limit.remaining;
      const text = `${name}:${this.#window(limit).left(limit.key, now)}`;
      headers[header] = headers[header] === undefined ? text : `${headers[header]},${text}`;
      if (limit.family === 'qpu') headers['x-ms-ratelimit-microsoft.costmanagement-qpu-consumed'] = String(limit.cost);
    }
    return headers;
  }
}

function kindOf(method: string): Kind {
  if (method === 'GET' || method === 'HEAD') return 'reads';
  return method === 'DELETE' ? 'deletes' : 'writes';
}

// Azure Resource Manager: throttling limits of a subscription and of a tenant.
const newBuckets = (): Record<Kind, TokenBuckets> => ({
  reads: new TokenBuckets(250, 25),
  writes: new TokenBuckets(200, 10),
  deletes: new TokenBuckets(200, 10),
});
