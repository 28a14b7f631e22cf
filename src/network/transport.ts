import { BillingError } from '../api/http/errors.ts';
import { reasonOf } from '../api/http/networkFailure.ts';
import type { Transport, WireRequest, WireResponse } from '../api/http/transport.ts';
import { createUndiciTransport, type UndiciTransport } from '../api/http/undiciTransport.ts';
import { Connector } from './connector.ts';
import { isForEditor, isUndecided, sendByFetch } from './editorFetch.ts';
import type { NetworkSettings } from './settings.ts';

/** The transport of a connection, which follows the settings. */
export interface NetworkTransport extends Transport {
  /** Requests from now on travel by these settings; those under way end as they began. */
  use(settings: NetworkSettings): void;
}

export interface NetworkTransportOptions {
  /** Told when the way to a host changes; one sentence without secrets. */
  log?: ((sentence: string) => void) | undefined;
}

/** Sends requests directly or through the proxy that the settings name, else the way that the editor knows. */
export function createTransport(settings: NetworkSettings, { log }: NetworkTransportOptions = {}): NetworkTransport {
  let line = new Line(settings, log);
  const retired = new Set<Line>();
  return {
    send: (request) => line.send(request),
    use(next) {
      const old = line;
      line = new Line(next, log);
      retired.add(old);
      // It fails when everything is closed meanwhile, which is just as well.
      void old
        .retire()
        .catch(() => {})
        .finally(() => retired.delete(old));
    },
    async close() {
      await Promise.all([line, ...retired].map((each) => each.close()));
    },
  };
}

/** What belongs to one state of the settings: connections, certificates, and what was learned of the ways. */
class Line {
  readonly #connector: Connector;
  readonly #wire: UndiciTransport;
  readonly #log: NetworkTransportOptions['log'];
  /** Errors before anything was sent: only then a request may be sent another way. */
  readonly #unsent = new WeakSet<Error>();
  /**
   * Whether the editor's fetch reached a host that could not be reached directly. Then it is asked for all of them: where a firewall
   * swallows what is sent, each direct try would take half a minute.
   */
  #byFetch = false;

  constructor(settings: NetworkSettings, log: NetworkTransportOptions['log']) {
    const connector = new Connector(settings);
    this.#connector = connector;
    this.#log = log;
    this.#wire = createUndiciTransport((options, callback) =>
      connector.connect(options, (...[error, socket]) => {
        if (error === null) {
          callback(null, socket);
        } else {
          this.#unsent.add(error);
          callback(error, null);
        }
      }),
    );
  }

  async send(request: WireRequest): Promise<WireResponse> {
    if (this.#byFetch && isUndecided(this.#connector, request.origin)) {
      return this.#sendByKeptFetch(request);
    }
    try {
      return await this.#wire.send(request);
    } catch (error) {
      request.signal.throwIfAborted();
      const isForFetch =
        error instanceof Error && this.#unsent.has(error) && isForEditor(this.#connector, request.origin, error);
      if (!isForFetch) {
        throw error;
      }
      return this.#sendByFetch(request, error);
    }
  }

  /** Tried once; when it brings nothing either, the first error tells more. */
  async #sendByFetch(request: WireRequest, error: Error): Promise<WireResponse> {
    let response: WireResponse;
    try {
      response = await sendByFetch(request);
    } catch (failure) {
      request.signal.throwIfAborted();
      throw failure instanceof BillingError ? failure : error;
    }
    if (!this.#byFetch) {
      this.#byFetch = true;
      this.#log?.(
        `${new URL(request.origin).host} cannot be reached directly (${reasonOf(error)}); requests go the way that the editor found.`,
      );
    }
    return response;
  }

  /** The machine may have moved to another network: the direct way is tried again after a failure. */
  async #sendByKeptFetch(request: WireRequest): Promise<WireResponse> {
    try {
      return await sendByFetch(request);
    } catch (error) {
      request.signal.throwIfAborted();
      this.#byFetch = false;
      throw error;
    }
  }

  retire(): Promise<void> {
    return this.#wire.retire();
  }

  close(): Promise<void> {
    this.#connector.close();
    return this.#wire.close();
  }
}
