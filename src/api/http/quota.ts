import type { Clock } from './clock.ts';
import { readProviderCounters, readResourceManagerCounters, ToldCounters } from './quotaCounters.ts';
import { QUOTA_RULES, type QuotaArea, type QuotaRule } from './quotaRules.ts';
import { type QuotaLimit, type QuotaSnapshot, type QuotaWait, shareLeft } from './quotaSnapshot.ts';
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

/** Waits without an answer that names a time. */
const MINUTE = 60_000;

/** From this many on, ledgers of scopes that have nothing in their windows are dropped. */
const MANY_LEDGERS = 500;

export interface AdmitOptions {
  signal?: AbortSignal | undefined;
  /** What is on screen goes first: the higher one. 0 when left out. */
  priority?: number | undefined;
  /** What the user would call it, for those who look at what waits. */
  operation?: string | undefined;
  /** Told when the call cannot go at once, with the wait as it looks now. */
  onWait?: ((milliseconds: number) => void) | undefined;
}

interface Waiting {
  claim: QuotaClaim;
  operation: string | undefined;
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

/** What was spent of one limit, oldest first. */
interface Ledger {
  area: QuotaArea;
  scope: string | undefined;
  rule: QuotaRule;
  spent: Spent[];
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
  readonly #ledgers = new Map<string, Ledger>();
  /** The service said when it takes calls of this area and scope again. */
  readonly #blocked = new Map<string, { area: QuotaArea; scope: string; until: number }>();
  readonly #told = new ToldCounters();
  readonly #waiting: Waiting[] = [];
  /** Calls that were refused and wait before they are sent again. */
  readonly #refused = new Set<QuotaWait>();
  readonly #listeners = new Set<() => void>();
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
      ...QUOTA_RULES[claim.area].map((rule) => rule.limit - spentWithin(this.#of(claim, rule), now - rule.window)),
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
        operation: options.operation,
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
        this.#tell();
      };
      signal?.addEventListener('abort', leave);
      this.#waiting.push(waiting);
      this.#pump();
      if (this.#waiting.includes(waiting)) {
        const now = this.#clock.now();
        options.onWait?.(Math.max(this.#admissibleAt(claim, now) - now, 0));
        this.#tell();
      }
    });
  }

  /**
   * Learns from an answer: a 429 blocks the scope for as long as it says, and counters that stand at zero block until their window
   * has passed.
   *
   * @param claim what the call cost; undefined for a call without a known limit, of which only Azure Resource Manager's counters
   *   are kept
   * @param wait milliseconds that the answer asks to wait, if it does
   * @param path where the call went: a counter of a subscription is that of the one in the path
   */
  learn(
    claim: QuotaClaim | undefined,
    status: number,
    headers: WireHeaders,
    wait: number | undefined,
    path?: string,
  ): void {
    const now = this.#clock.now();
    this.#told.note(readResourceManagerCounters(headers), undefined, subscriptionOf(path), now);
    if (claim !== undefined) {
      // Counters on the answer to a page are those of lists that are begun.
      const counters = claim.area === 'usagePages' ? [] : readProviderCounters(headers);
      this.#metered ||= counters.length > 0;
      const { area, scope } = claim;
      for (const counter of counters) {
        const rule = QUOTA_RULES[area].find(({ told }) => told === counter.name);
        this.#told.note([counter], area, rule?.per === 'scope' ? scope : '', now);
      }
      const exhausted = counters.some(({ remaining }) => remaining === 0);
      const until = status === 429 ? now + (wait ?? MINUTE) : exhausted ? now + MINUTE : 0;
      if (until > this.#blockedUntil(claim)) {
        this.#blocked.set(blockKey(claim), { area, scope, until });
        this.#pump();
      }
    }
    this.#tell();
  }

  /** Notes that a refused call waits before it is sent again, as long as the work goes on. */
  async waitRefused<T>(call: Omit<QuotaWait, 'until' | 'cause'>, milliseconds: number, work: Promise<T>): Promise<T> {
    const wait: QuotaWait = { ...call, until: this.#clock.now() + milliseconds, cause: 'refused' };
    this.#refused.add(wait);
    this.#tell();
    try {
      return await work;
    } finally {
      this.#refused.delete(wait);
      this.#tell();
    }
  }

  /** Tells after a call was counted, began or ended to wait, or an answer said something. The returned function ends it. */
  onDidChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The limits as they are now. */
  snapshot(): QuotaSnapshot {
    const now = this.#clock.now();
    const limits = [...this.#ledgers.values()]
      .map((ledger) => this.#limit(ledger, now))
      .filter(({ remaining, limit }) => remaining < limit)
      .sort((a, b) => shareLeft(a) - shareLeft(b) || a.window - b.window);
    const paced = this.#waiting.map(({ claim, operation }): QuotaWait => {
      const { area, scope } = claim;
      return { operation, area, scope, until: this.#admissibleAt(claim, now), cause: 'paced' };
    });
    return {
      at: now,
      metered: this.#metered,
      limits,
      blocked: [...this.#blocked.values()].filter(({ until }) => until > now),
      counters: this.#told.ofResourceManager().map(({ name, scope, remaining, at }) => ({
        name,
        remaining,
        at,
        ...(scope === undefined ? {} : { scope }),
      })),
      waiting: [...this.#refused, ...paced].sort((a, b) => a.until - b.until),
    };
  }

  #limit({ area, scope, rule, spent }: Ledger, now: number): QuotaLimit {
    const { limit, window, counts } = rule;
    const counted = Math.max(limit - spentWithin(spent, now - window), 0);
    const reading = rule.told === undefined ? undefined : this.#told.get(rule.told, area, scope ?? '');
    const told = reading !== undefined && reading.at > now - window ? reading : undefined;
    const since = spent.find(({ at }) => at > now - window)?.at ?? told?.at;
    return {
      area,
      ...(scope === undefined ? {} : { scope }),
      limit,
      counts: counts ?? 'calls',
      window,
      remaining: Math.min(counted, told?.remaining ?? counted),
      ...(told === undefined ? {} : { told: { remaining: told.remaining, at: told.at } }),
      ...(since === undefined ? {} : { freesAt: since + window }),
    };
  }

  #tell(): void {
    for (const listener of this.#listeners) {
      listener();
    }
  }

  #blockedUntil(claim: QuotaClaim): number {
    return this.#blocked.get(blockKey(claim))?.until ?? 0;
  }

  #admissibleAt(claim: QuotaClaim, now: number): number {
    if (!this.#metered) {
      return Math.max(now, this.#blockedUntil(claim));
    }
    const times = QUOTA_RULES[claim.area].map((rule) =>
      fitsAt(this.#of(claim, rule), amountOf(claim, rule), rule, now),
    );
    return Math.max(now, this.#blockedUntil(claim), ...times);
  }

  #of(claim: QuotaClaim, rule: QuotaRule): readonly Spent[] {
    return this.#ledgers.get(ruleKey(claim, rule))?.spent ?? [];
  }

  #ledger(claim: QuotaClaim, rule: QuotaRule): Ledger {
    const key = ruleKey(claim, rule);
    let ledger = this.#ledgers.get(key);
    if (ledger === undefined) {
      ledger = { area: claim.area, scope: rule.per === 'scope' ? claim.scope : undefined, rule, spent: [] };
      this.#ledgers.set(key, ledger);
    }
    return ledger;
  }

  #spend(claim: QuotaClaim, at: number): void {
    for (const rule of QUOTA_RULES[claim.area]) {
      const { spent } = this.#ledger(claim, rule);
      while (spent[0] !== undefined && spent[0].at <= at - rule.window) {
        spent.shift();
      }
      spent.push({ at, amount: amountOf(claim, rule) });
    }
    if (this.#ledgers.size > MANY_LEDGERS) {
      this.#forgetPast(at);
    }
  }

  /** A session that asks about thousands of scopes need not remember those that are free again. */
  #forgetPast(now: number): void {
    for (const [key, { rule, spent }] of this.#ledgers) {
      if (spentWithin(spent, now - rule.window) === 0) {
        this.#ledgers.delete(key);
      }
    }
    for (const [key, { until }] of this.#blocked) {
      if (until <= now) {
        this.#blocked.delete(key);
      }
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
      if (at <= now && !QUOTA_RULES[claim.area].some((rule) => taken.has(ruleKey(claim, rule)))) {
        this.#spend(claim, now);
        waiting.admit();
        continue;
      }
      for (const rule of QUOTA_RULES[claim.area]) {
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

function subscriptionOf(path: string | undefined): string | undefined {
  return path === undefined ? undefined : /^\/subscriptions\/([^/?]+)/i.exec(path)?.[1]?.toLowerCase();
}
