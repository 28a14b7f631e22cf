import { createHash } from 'node:crypto';
import type { Answer, Call, HttpClient, SendOptions } from './client.ts';
import { BillingError } from './errors.ts';
import type { QuotaClaim } from './quota.ts';

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

/** Where a page is. Plain data: session tokens of the list, but no right to read it. */
export interface PageMark {
  address: string;
  headers?: Readonly<Record<string, string>>;
  quota?: QuotaClaim;
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
  /** The call that brings the first page. */
  readonly first: Call;
  readonly #client: HttpClient;
  readonly #read: (answer: Answer, call: Call) => PageRead<T>;
  readonly #followed = new Set<string>();
  #next: Call | undefined;
  #pages = 0;

  constructor(client: HttpClient, first: Call, read: (answer: Answer, call: Call) => PageRead<T>) {
    this.#client = client;
    this.first = first;
    this.#next = first;
    this.#read = read;
  }

  /** Whether there may be another page. */
  get more(): boolean {
    return this.#next !== undefined;
  }

  /** Where the next page is: all that {@link continueAt} needs, after a restart too. Undefined behind the last page. */
  get mark(): PageMark | undefined {
    if (this.#next === undefined) {
      return undefined;
    }
    const { address, headers, quota } = this.#next;
    return { address, ...(headers && { headers }), ...(quota && { quota }) };
  }

  /**
   * Goes on at a mark of another walk over the same list.
   *
   * @param mark its link is checked as any link is, when it is followed
   */
  continueAt({ address, headers, quota }: PageMark): void {
    const { headers: _first, quota: _begun, ...rest } = this.first;
    this.#next = { ...rest, address, ...(headers && { headers }), ...(quota && { quota }) };
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
    const { value, next, answer } = await this.#client.send(call, (page) => this.#readNew(page, call), options);
    this.#followed.add(this.#identity(call));
    this.#next = next;
    this.#pages++;
    return { value, answer, number: this.#pages };
  }

  #readNew(answer: Answer, call: Call): PageRead<T> & { answer: Answer } {
    const page = this.#read(answer, call);
    const next = page.next === undefined ? undefined : this.#identity(page.next);
    if (next !== undefined && (next === this.#identity(call) || this.#followed.has(next))) {
      const message = `the link on page ${this.#pages + 1} leads back to a page that was read before.`;
      const { status, requestId, correlationId } = answer;
      const advice = 'The list is not complete. Try again; report the request id if it stays.';
      throw new BillingError('unsafeLink', message, { status, requestId, correlationId, advice });
    }
    return { ...page, answer };
  }

  /** All pages that are left. */
  async *rest(options: SendOptions = {}): AsyncGenerator<Page<T>, void, undefined> {
    for (let page = await this.nextPage(options); page !== undefined; page = await this.nextPage(options)) {
      yield page;
    }
  }

  /**
   * What makes two calls ask for the same page: the address, and headers, where Partner Center puts its token. A digest of them, because
   * a list may have thousands of pages, and the tokens of each are long.
   */
  #identity(call: Call): string {
    return createHash('sha256')
      .update(`${this.#client.absolute(call.address)} ${JSON.stringify(call.headers ?? {})}`)
      .digest('base64');
  }
}
