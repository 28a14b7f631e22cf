import { hash } from '../hash.ts';
import type { PartnerCall } from './call.ts';
import { invalidInput } from './errors.ts';

/**
 * Continuation tokens of line items and customers: opaque texts of the published look (joined by a comma, with slashes,
 * plus and equals signs), which are valid only byte for byte as they were given out.
 */
export class SeekTokens {
  readonly #key: number;

  constructor(seed: number) {
    this.#key = hash(seed, 0x5ee4);
  }

  /** `list` tells the list apart from all others: a token of one list is none of another. */
  seal(list: string, state: string): string {
    const text = Buffer.from(state).toString('base64');
    return `${this.#mark(1, list, state)}/${this.#mark(2, list, state)}+${this.#mark(3, list, state)}=,${text}`;
  }

  /** The state in the call's header MS-ContinuationToken. Throws a refusal for a token that is absent, foreign or altered. */
  open(call: PartnerCall, list: string): string {
    const token = call.header('ms-continuationtoken');
    if (!token) throw invalidInput('The header MS-ContinuationToken is required to seek the next page.');
    const state = Buffer.from(token.slice(token.indexOf(',') + 1), 'base64').toString();
    if (this.seal(list, state) !== token)
      throw invalidInput('The continuation token in MS-ContinuationToken is not valid.');
    return state;
  }

  #mark(n: number, list: string, state: string): string {
    return hash(this.#key, n, ...Buffer.from(`${list}\n${state}`)).toString(36);
  }
}
