import type { WireHeaders } from './transport.ts';

/** What a counter header of an answer says is left. */
interface CounterReading {
  /** `tenant-reads` and the like of Azure Resource Manager; `costmanagement-entity-requests`, `QueriesPerMin` of the cost providers. */
  name: string;
  remaining: number;
}

const RESOURCE_MANAGER = /^x-ms-ratelimit-remaining-((?:tenant|subscription)-[a-z-]+)$/;
const PROVIDER = /^x-ms-ratelimit-(?:remaining-)?microsoft\.([a-z-]+)$/;

/** The counters of the cost providers: on an answer they prove that the service counts. */
export function readProviderCounters(headers: WireHeaders): CounterReading[] {
  return Object.entries(headers).flatMap(([header, value]) => {
    const name = header.includes('remaining') ? PROVIDER.exec(header)?.[1] : undefined;
    return name === undefined ? [] : readParts(name, value);
  });
}

/** The counters of Azure Resource Manager (public article "Understand how Azure Resource Manager throttles requests"). */
export function readResourceManagerCounters(headers: WireHeaders): CounterReading[] {
  return Object.entries(headers).flatMap(([header, value]) => {
    const name = RESOURCE_MANAGER.exec(header)?.[1];
    return name !== undefined && /^\s*\d+\s*$/.test(value) ? [{ name, remaining: Number(value) }] : [];
  });
}

/** `DefaultQuota:3` names a bucket, which says nothing; `QueriesPerHour:577,QueriesPerMin:59` names limits. */
function readParts(name: string, value: string): CounterReading[] {
  return value.split(',').flatMap((part) => {
    const [, word = '', digits] = /^\s*(?:([\w.-]+)\s*:)?\s*(\d+)\s*$/.exec(part) ?? [];
    return digits === undefined ? [] : [{ name: /^Queries/.test(word) ? word : name, remaining: Number(digits) }];
  });
}

/** A reading with its place and time. */
interface ToldCounter extends CounterReading {
  /** What was asked: an area of limits and its scope, or the subscription of a counter of Azure Resource Manager. */
  area: string | undefined;
  scope: string | undefined;
  /** Milliseconds since 1970, UTC. */
  at: number;
}

/** Beyond this many the oldest are forgotten: a walk over all customers asks about as many scopes. */
const MOST = 200;

/** The counters as they were last told. */
export class ToldCounters {
  readonly #counters = new Map<string, ToldCounter>();

  note(readings: readonly CounterReading[], area: string | undefined, scope: string | undefined, at: number): void {
    for (const { name, remaining } of readings) {
      const key = keyOf(name, area, scope);
      // Anew, so that the map's order is that of time.
      this.#counters.delete(key);
      this.#counters.set(key, { name, remaining, area, scope, at });
      if (this.#counters.size > MOST) {
        const [oldest = key] = this.#counters.keys();
        this.#counters.delete(oldest);
      }
    }
  }

  get(name: string, area: string, scope: string | undefined): ToldCounter | undefined {
    return this.#counters.get(keyOf(name, area, scope));
  }

  /** Those that belong to no area: Azure Resource Manager's own. Latest first. */
  ofResourceManager(): ToldCounter[] {
    return [...this.#counters.values()].filter(({ area }) => area === undefined).reverse();
  }
}

function keyOf(name: string, area: string | undefined, scope: string | undefined): string {
  return `${area ?? ''} ${name} ${scope ?? ''}`;
}
