import type { QuotaArea } from './quotaRules.ts';

/** One of the service's limits and what is left of it. Times are milliseconds since 1970, UTC. */
export interface QuotaLimit {
  area: QuotaArea;
  /** The scope in lower case; absent where the whole connection (its tenant) shares the limit. */
  scope?: string;
  /** So many calls or query units within any `window` milliseconds. */
  limit: number;
  counts: 'calls' | 'units';
  window: number;
  /** As the client counts, or as the service told when that was less and still holds. Not below 0. */
  remaining: number;
  /** The service's own counter, as long as it may still hold. */
  told?: { remaining: number; at: number };
  /** When more of it is free again; absent when nothing of it is used. */
  freesAt?: number;
}

/** A call that waits for a limit. */
export interface QuotaWait {
  /** What the user would call it, e.g. "Query costs". */
  operation: string | undefined;
  area: QuotaArea | undefined;
  scope: string | undefined;
  /** When it may go, as it looks now. */
  until: number;
  /** The service refused it (429), or the client keeps it back so that it is not refused. */
  cause: 'refused' | 'paced';
}

/** The limits of one connection at one moment. */
export interface QuotaSnapshot {
  at: number;
  /** Whether the service has shown by a counter that it enforces limits; before that nothing is kept back. */
  metered: boolean;
  /** Limits of which something is used, the tightest first. */
  limits: QuotaLimit[];
  /** Scopes of which the service said when it takes calls again. */
  blocked: { area: QuotaArea; scope: string; until: number }[];
  /** Azure Resource Manager's own counters as last told; `scope` is a subscription id. */
  counters: { name: string; scope?: string; remaining: number; at: number }[];
  /** The one that goes first in front. */
  waiting: QuotaWait[];
}

/** Share of a limit that is left, 0 to 1. */
export function shareLeft({ remaining, limit }: QuotaLimit): number {
  return remaining / limit;
}
