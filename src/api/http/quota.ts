import type { Clock } from './clock.ts';
import type { WireHeaders } from './transport.ts';

/** What a call costs, and whom: set by the modules of the API, used by the scheduler. */
export interface QuotaClaim {
  /** Which limits apply. */
  area: QuotaArea;
  /** The scope asked about, in one spelling. */
  scope: string;
  /** Query units; 1 when left out. Cost Management counts one for each month of data. */
  units?: number;
}

export type QuotaArea =
  | 'costQuery'
  | 'usageDetails'
  | 'usageDetailsOfSubscription'
  | 'charges'
  | 'priceSheet'
  | 'costDetails';

/** At most `limit` calls (or query units) within any `window` milliseconds, counted together for the same `per`. */
interface QuotaRule {
  per: 'scope' | 'connection';
  limit: number;
  window: number;
  counts?: 'units';
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * The documented limits. Sources: "Manage costs with automation" (query processing units and requests per scope) and "Cost
 * Management API latency and rate limits". A connection stands for its tenant.
 */
const RULES: Readonly<Record<QuotaArea, readonly QuotaRule[]>> = {
  costQuery: [
    { per: 'scope', limit: 4, window: MINUTE },
    { per: 'connection', limit: 12, window: 10 * SECOND, counts: 'units' },
    { per: 'connection', limit: 60, window: MINUTE, counts: 'units' },
    { per: 'connection', limit: 600, window: HOUR, counts: 'units' },
  ],
  usageDetails: [{ per: 'scope', limit: 6, window: MINUTE }],
  usageDetailsOfSubscription: [{ per: 'connection', limit: 10, window: MINUTE }],
  charges: [
    { per: 'scope', limit: 20, window: MINUTE },
    { per: 'connection', limit: 125, window: MINUTE },
  ],
  priceSheet: [{ per: 'scope', limit: 30, window: MINUTE }],
  costDetails: [
    { per: 'scope', limit: 2, window: MINUTE },
    { per: 'scope', limit: 10, window: HOUR },
    { per: 'scope', limit: 50, window: 24 * HOUR },
  ],
};

export interface AdmitOptions {
  signal?: AbortSignal | undefined;
  /** What is on screen goes first: the higher one. 0 when left out. */
  priority?: number | undefined;
  /** Told when the call cannot go at once, with the wait as it looks now. */
  onWait?: ((milliseconds: number) => void) | undefined;
}

interface Waiting {
  claim: QuotaClaim;
  priority: number;
  /** Order of arrival. */
  place: number;
  admit(): void;
}

/** What was admitted at one moment. */
interface Spent {
  at: number;
  amount: number;
}

/**
 * Keeps calls within Azure's limits, so that they are not refused: a call waits for its turn before it is sent. Waiting calls go by
 * priority, then by arrival; a call that is cancelled leaves the queue and costs nothing.
 *
 * Calls are counted from the first one on, but nobody waits for a limit before the service has shown, by a counter in an answer, that
 * it counts too: Azure does, a service on this machine need not. A refusal blocks its scope in any case.
 */
export class QuotaScheduler {
  readonly #clock: Clock;
  readonly #spent = new Map<string, Spent[]>();
  /** The service said when it takes calls of this area and scope again. */
  readonly #blocked = new Map<string, number>();
  readonly #waiting: Waiting[] = [];
  #places = 0;
  /** Whether the service has shown that it counts. */
  #metered = false;
  #wake: AbortController | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many calls wait for their turn. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Units that are left of a limit right now, the tightest one that applies. */
  remaining(claim: QuotaClaim): number {
    const now = this.#clock.now();
    return Math.min(
      ...RULES[claim.area].map((rule) => rule.limit - spentWithin(this.#of(claim, rule), now - rule.window)),
      this.#blockedUntil(claim) > now ? 0 : Number.POSITIVE_INFINITY,
    );
  }

  /**
   * Resolves when the call may be sent; it is counted then.
   *
   * @throws the signal's reason when it is aborted before
   */
  async admit(claim: QuotaClaim, options: AdmitOptions = {}): Promise<void> {
    const { signal } = options;
    signal?.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const waiting: Waiting = {
        claim,
        priority: options.priority ?? 0,
        place: this.#places++,
        admit: () => done(resolve),
      };
      const leave = () => done(() => reject(signal?.reason));
      const done = (settle: () => void) => {
        signal?.removeEventListener('abort', leave);
        const index = this.#waiting.indexOf(waiting);
        if (index >= 0) {
          this.#waiting.splice(index, 1);
        }
        settle();
      };
      signal?.addEventListener('abort', leave);
      this.#waiting.push(waiting);
      this.#pump();
      if (this.#waiting.includes(waiting)) {
        const now = this.#clock.now();
        options.onWait?.(Math.max(this.#admissibleAt(claim, now) - now, 0));
      }
    });
  }

  /**
   * Learns from an answer: a 429 blocks the scope for as long as it says, and counters that stand at zero block until their window
   * has passed.
   *
   * @param wait milliseconds that the answer asks to wait, if it does
   */
  learn(claim: QuotaClaim, status: number, headers: WireHeaders, wait: number | undefined): void {
    const now = this.#clock.now();
    this.#metered ||= Object.keys(headers).some(isCounter);
    const until = status === 429 ? now + (wait ?? MINUTE) : exhausted(headers) ? now + MINUTE : 0;
    if (until > this.#blockedUntil(claim)) {
      this.#blocked.set(blockKey(claim), until);
      this.#pump();
    }
  }

  #blockedUntil(claim: QuotaClaim): number {
    return this.#blocked.get(blockKey(claim)) ?? 0;
  }

  #admissibleAt(claim: QuotaClaim, now: number): number {
    if (!this.#metered) {
      return Math.max(now, this.#blockedUntil(claim));
    }
    const times = RULES[claim.area].map((rule) => fitsAt(this.#of(claim, rule), amountOf(claim, rule), rule, now));
    return Math.max(now, this.#blockedUntil(claim), ...times);
  }

  #of(claim: QuotaClaim, rule: QuotaRule): Spent[] {
    const key = ruleKey(claim, rule);
    let spent = this.#spent.get(key);
    if (spent === undefined) {
      spent = [];
      this.#spent.set(key, spent);
    }
    return spent;
  }

  #spend(claim: QuotaClaim, at: number): void {
    for (const rule of RULES[claim.area]) {
      const spent = this.#of(claim, rule);
      while (spent[0] !== undefined && spent[0].at <= at - rule.window) {
        spent.shift();
      }
      spent.push({ at, amount: amountOf(claim, rule) });
    }
  }

  /** Admits whoever can go now, and sleeps until the next one can. */
  #pump(): void {
    this.#wake?.abort();
    this.#wake = undefined;
    const now = this.#clock.now();
    let next = Number.POSITIVE_INFINITY;
    // Limits that somebody ahead waits for: nobody overtakes there, else a big claim would starve.
    const taken = new Set<string>();
    const inOrder = this.#waiting.toSorted((a, b) => b.priority - a.priority || a.place - b.place);
    for (const waiting of inOrder) {
      const { claim } = waiting;
      const at = this.#admissibleAt(claim, now);
      if (at <= now && !RULES[claim.area].some((rule) => taken.has(ruleKey(claim, rule)))) {
        this.#spend(claim, now);
        waiting.admit();
        continue;
      }
      for (const rule of RULES[claim.area]) {
        if (fitsAt(this.#of(claim, rule), amountOf(claim, rule), rule, now) > now) {
          taken.add(ruleKey(claim, rule));
        }
      }
      if (at > now) {
        next = Math.min(next, at);
      }
    }
    if (next < Number.POSITIVE_INFINITY) {
      const wake = new AbortController();
      this.#wake = wake;
      this.#clock.sleep(next - now, wake.signal).then(
        () => this.#pump(),
        () => {},
      );
    }
  }
}

function ruleKey(claim: QuotaClaim, rule: QuotaRule): string {
  return `${claim.area} ${rule.limit}/${rule.window} ${rule.per === 'scope' ? claim.scope : ''}`;
}

function blockKey(claim: QuotaClaim): string {
  return `${claim.area} ${claim.scope}`;
}

function amountOf(claim: QuotaClaim, rule: QuotaRule): number {
  return rule.counts === 'units' ? (claim.units ?? 1) : 1;
}

function spentWithin(spent: readonly Spent[], after: number): number {
  return spent.reduce((sum, { at, amount }) => (at > after ? sum + amount : sum), 0);
}

/** When `amount` more fits under a rule. More than the limit at once can never fit: such a claim waits for an empty window. */
function fitsAt(spent: readonly Spent[], amount: number, rule: QuotaRule, now: number): number {
  let used = spentWithin(spent, now - rule.window);
  const room = Math.max(rule.limit - amount, 0);
  if (used <= room) {
    return now;
  }
  for (const one of spent) {
    if (one.at > now - rule.window) {
      used -= one.amount;
      if (used <= room) {
        return one.at + rule.window;
      }
    }
  }
  return now;
}

/** Counters of the cost providers, not those of Azure Resource Manager itself. */
function isCounter(header: string): boolean {
  return header.startsWith('x-ms-ratelimit-') && header.includes('remaining') && header.includes('microsoft.');
}

/** Whether a counter that the service sends (`DefaultQuota:0`, `QueriesPerMin:0`) stands at zero. */
function exhausted(headers: WireHeaders): boolean {
  return Object.entries(headers).some(([name, value]) => isCounter(name) && /:\s*0+\s*(?:,|$)/.test(value));
}
