import type { Answer } from '../answers.ts';
import type { PartnerCall } from './call.ts';

const MOST = 1_000;

/**
 * The first results of writes by their MS-RequestId (Partner Center: headers): a retry of the same call gets the same answer and
 * changes nothing. The oldest are forgotten.
 */
export class FirstResults {
  #answers = new Map<string, Answer>();

  /** The kept answer of the same call, or the new one, which is kept when it succeeded. */
  async of(call: PartnerCall, make: () => Promise<Answer>): Promise<Answer> {
    const id = call.header('ms-requestid');
    if (call.method === 'GET' || !id) return make();
    const key = `${id.toLowerCase()} ${call.method} ${call.path.toLowerCase()}`;
    const first = this.#answers.get(key);
    if (first) return first;
    const answer = await make();
    if (answer.status < 300) {
      const [oldest] = this.#answers.keys();
      if (this.#answers.size >= MOST && oldest !== undefined) this.#answers.delete(oldest);
      this.#answers.set(key, answer);
    }
    return answer;
  }

  reset(): void {
    this.#answers = new Map();
  }
}
