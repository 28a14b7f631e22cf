import type { Dispatcher } from 'undici';
import type { WireHeaders, WireRequest, WireResponse } from './transport.ts';

/** What an answer may announce to be believed: memory for it is taken before it comes. Bytes. */
const BELIEVED = 64 * 1024 * 1024;

/**
 * Sends a request whose answer is wanted in one piece. Its bytes are copied from the socket's buffers to where they stay, which costs a
 * third less than a stream that is collected behind.
 */
export function sendWhole(
  dispatcher: Dispatcher,
  request: WireRequest,
  room: (bytes: number) => Uint8Array,
): Promise<WireResponse> {
  return new Promise((resolve, reject) => {
    const { origin, path, method, headers, body, signal } = request;
    signal.throwIfAborted();
    const answer = new WholeAnswer(signal, room, resolve, reject);
    try {
      dispatcher.dispatch({ origin, path, method: method as 'GET', headers, body: body ?? null }, answer);
    } catch (error) {
      answer.fail(error);
    }
  });
}

class WholeAnswer implements Dispatcher.DispatchHandler {
  readonly #signal: AbortSignal;
  readonly #room: (bytes: number) => Uint8Array;
  readonly #resolve: (response: WireResponse) => void;
  readonly #reject: (error: unknown) => void;
  readonly #body = Promise.withResolvers<Uint8Array>();
  #controller: Dispatcher.DispatchController | undefined;
  /** All of it where its length was announced, or else what came so far. */
  #bytes: Uint8Array | undefined;
  #length = 0;
  #chunks: Uint8Array[] = [];

  constructor(
    signal: AbortSignal,
    room: (bytes: number) => Uint8Array,
    resolve: (response: WireResponse) => void,
    reject: (error: unknown) => void,
  ) {
    this.#signal = signal;
    this.#room = room;
    this.#resolve = resolve;
    this.#reject = reject;
    // Nobody has to read a body: a refusal may be known by its status.
    this.#body.promise.catch(() => {});
    signal.addEventListener('abort', this.#abort, { once: true });
  }

  readonly #abort = (): void => {
    this.fail(this.#signal.reason);
    this.#controller?.abort(this.#signal.reason as Error);
  };

  fail(error: unknown): void {
    this.#end();
    this.#reject(error);
    this.#body.reject(error);
  }

  #end(): void {
    this.#signal.removeEventListener('abort', this.#abort);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#signal.aborted) {
      this.#abort();
    }
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    // Others announce that an answer will come.
    if (status < 200) {
      return;
    }
    const announced = Number(headers['content-length'] ?? Number.NaN);
    if (announced > 0 && announced <= BELIEVED) {
      this.#bytes = this.#room(announced);
    }
    this.#resolve({ status, headers: wireHeaders(headers), body: inOnePiece(this.#body.promise) });
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (this.#bytes === undefined) {
      this.#chunks.push(chunk);
    } else {
      this.#bytes.set(chunk, this.#length);
      this.#length += chunk.length;
      giveBack(chunk);
    }
  }

  onResponseEnd(): void {
    this.#end();
    this.#body.resolve(this.#bytes?.subarray(0, this.#length) ?? Buffer.concat(this.#chunks));
    this.#chunks = [];
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
  }
}

/**
 * Frees what the socket was read into, once the parser has left it: it would pile up until the engine collects the whole heap for it,
 * again and again. Only memory that the chunk has for itself, as every read of a socket has: not slices of a shared pool.
 */
function giveBack({ buffer, length }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === length) {
    process.nextTick(() => buffer.transfer(0));
  }
}

async function* inOnePiece(body: Promise<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  yield await body;
}

/** Headers with one text each. */
export function wireHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): WireHeaders {
  const joined: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) {
      joined[name] = Array.isArray(value) ? value.join(', ') : value;
    }
  }
  return joined;
}
