import type { AnswerStore, KeptAnswer } from '../spend/answerStore.ts';
import type { Asker } from '../store/readTypes.ts';
import type { Store } from '../store/store.ts';
import { type EntryKey, OWN_PERIOD } from '../store/storeTypes.ts';

/** The scope of answers whose question names its own. */
const ANY_SCOPE = '';

/** Answers of one connection in the store. What fails is told to the log, and the service is asked instead. */
export class StoredAnswers implements AnswerStore {
  readonly #store: () => Promise<Store | undefined>;
  readonly #asker: Asker;
  readonly #failed: (error: unknown) => void;

  constructor(store: () => Promise<Store | undefined>, asker: Asker, failed: (error: unknown) => void) {
    this.#store = store;
    this.#asker = asker;
    this.#failed = failed;
  }

  get whose(): string {
    return this.#asker.origin;
  }

  async find(question: string, month?: string): Promise<KeptAnswer | undefined> {
    try {
      const found = await (await this.#store())?.findAnswer(this.#keyOf(question, month));
      return found && { bytes: found.bytes, fetchedAt: found.freshness.fetchedAt };
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
  }

  async keep(question: string, month: string | undefined, { bytes, fetchedAt }: KeptAnswer): Promise<void> {
    try {
      const store = await this.#store();
      // Another account may have been chosen while the question was under way.
      if (store !== undefined && (await this.#asker.sameness()) === 'same') {
        await store.keepAnswer(this.#keyOf(question, month), bytes, fetchedAt);
      }
    } catch (error) {
      this.#failed(error);
    }
  }

  #keyOf(question: string, month: string = OWN_PERIOD): EntryKey {
    const { connection, origin } = this.#asker;
    return { connection, origin, scope: ANY_SCOPE, month, dataset: question };
  }
}
