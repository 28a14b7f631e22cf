/** Response headers with lower-case names; a repeated header is joined with ", ". */
export type WireHeaders = Readonly<Record<string, string>>;

/** One HTTP request as it goes out. */
export interface WireRequest {
  method: string;
  /** Scheme, host and port, e.g. `https://management.azure.com`. */
  origin: string;
  /** Path and query exactly as they are sent. */
  path: string;
  headers: Record<string, string>;
  body?: string | undefined;
  /** The body of the answer is read to its end anyway and may come in one piece: gives the memory for one of so many bytes. */
  whole?: (bytes: number) => Uint8Array;
  signal: AbortSignal;
}

/** The answer with its body still on the way. */
export interface WireResponse {
  status: number;
  headers: WireHeaders;
  /** Fails when the connection breaks before the announced end. */
  body: AsyncIterable<Uint8Array>;
}

/** Sends requests for one connection. */
export interface Transport {
  /** Rejects with the network's error, or with the signal's reason when aborted. */
  send(request: WireRequest): Promise<WireResponse>;
  /** Ends idle connections; requests under way fail. */
  close(): Promise<void>;
}
