import type { Answer, Call, HttpClient, SendOptions } from './client.ts';
import { BillingError } from './errors.ts';

/** One page: what `read` made of it, and the answer it came with. */
export interface Page<T> {
  value: T;
  answer: Answer;
  /** 1 for the first page. */
  number: number;
}

/** What a kind of paging makes of a page: the value for the caller and how to ask for the next page. */
export interface PageRead<T> {
  value: T;
  /** Absent on the last page. */
  next?: Call | undefined;
}

/**
 * A list that is read page by page, in its own time: the tree takes one page now and the next when the user asks for
 * it, an export takes them all. Kinds of paging differ only in `read`: GET the nextLink (ARM lists), POST the same body
 * to it (cost query), send back a continuation token (Partner Center).
 *
 * A failed page can be asked for again; nothing is skipped. A link that was followed before ends the walk with an error: a
 * circle must never look like a short or an endless list.
 */
export class PageWalk<T> {
  readonly #client: HttpClient;
  readonly #read: (answer: Answer, call: Call) => PageRead<T>;
  readonly #followed = new Set<string>();
  #next: Call | undefined;
  #pages = 0;

  constructor(client: HttpClient, first: Call, read: (answer: Answer, call: Call) => PageRead<T>) {
    this.#client = client;
    this.#next = first;
    this.#read = read;
  }

  /** Whether there may be another page. */
  get more(): boolean {
    return this.#next !== undefined;
  }

  /** How many pages were read. */
  get pages(): number {
    return this.#pages;
  }

  /** The next page, or undefined behind the last one. */
  async nextPage(options: SendOptions = {}): Promise<Page<T> | undefined> {
    const call = this.#next;
    if (call === undefined) {
      return undefined;
    }
    const page = await this.#client.send(call, (answer) => ({ read: this.#read(answer, call), answer }), options);
    this.#followed.add(this.#identity(call));
    const next = page.read.next;
    if (next !== undefined && this.#followed.has(this.#identity(next))) {
      throw new BillingError(
        'unsafeLink',
        `${call.operation} failed: the link on page ${this.#pages + 1} leads back to a page that was read before.`,
        {
          requestId: page.answer.requestId,
          advice: 'The list is not complete. Try again; report the request id if it stays.',
        },
      );
    }
    this.#next = next;
    this.#pages++;
    return { value: page.read.value, answer: page.answer, number: this.#pages };
  }

  /** All pages that are left. */
  async *rest(options: SendOptions = {}): AsyncGenerator<Page<T>, void, undefined> {
    for (let page = await this.nextPage(options); page !== undefined; page = await this.nextPage(options)) {
      yield page;
    }
  }

  /** What makes two calls ask for the same page: the address, and headers, where Partner Center puts its token. */
  #identity(call: Call): string {
    return `${this.#client.absolute(call.address)} ${JSON.stringify(call.headers ?? {})}`;
  }
}
