/** A request as it was answered. */
export interface LoggedRequest {
  method: string;
  /** Percent-encoded, as sent. */
  path: string;
  /** Without the question mark. */
  query: string;
  /** 0 for a request that got no status line, such as one that hangs. */
  status: number;
  /** Names in lower case; repeated headers joined by a comma. */
  headers: Record<string, string>;
}

const MOST = 10_000;

/** The last 10,000 requests, and how many there were by route. */
export class RequestLog {
  #ring: LoggedRequest[] = [];
  #oldest = 0;
  #counts: Record<string, number> = {};

  add(route: string, request: LoggedRequest): void {
    this.#counts[route] = (this.#counts[route] ?? 0) + 1;
    if (this.#ring.length < MOST) {
      this.#ring.push(request);
      return;
    }
    this.#ring[this.#oldest] = request;
    this.#oldest = (this.#oldest + 1) % MOST;
  }

  /** Oldest first. */
  requests(): readonly LoggedRequest[] {
    return [...this.#ring.slice(this.#oldest), ...this.#ring.slice(0, this.#oldest)];
  }

  counts(): Record<string, number> {
    return { ...this.#counts };
  }

  reset(): void {
    this.#ring = [];
    this.#oldest = 0;
    this.#counts = {};
  }
}
