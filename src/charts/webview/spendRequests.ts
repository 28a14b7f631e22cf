/** How long a first word may take: the extension says at once that it works. Milliseconds. */
const FIRST_WORD = 20_000;

/** How long it may say nothing while it works. Milliseconds. */
const SILENCE = 300_000;

/** What was asked of the extension and not answered yet. Requests count up, and an answer to an earlier one is out of date. */
export class SpendRequests {
  readonly #lost: () => void;
  #asked = 0;
  #answered = 0;
  #timer: number | undefined;

  /** @param lost told when the extension says nothing any more; what it says later counts all the same */
  constructor(lost: () => void) {
    this.#lost = lost;
  }

  get newest(): number {
    return this.#asked;
  }

  /** Whether something was asked that has no answer. */
  get isOpen(): boolean {
    return this.#asked !== this.#answered;
  }

  /** Counts a new request. */
  ask(): number {
    this.expect();
    return ++this.#asked;
  }

  /** A word of the extension is due. */
  expect(): void {
    this.#wait(FIRST_WORD);
  }

  /**
   * The extension is at work.
   *
   * @param until ISO time up to which it waits itself
   */
  renew(until?: string): void {
    this.#wait(SILENCE + (until === undefined ? 0 : Math.max(Date.parse(until) - Date.now(), 0)));
  }

  /** Answers to a question that was changed since are out of date; those that nobody asked for are not. */
  isOld(answers: number): boolean {
    return answers !== 0 && answers !== this.#asked;
  }

  /** All that was asked has its answer, or will not get one. */
  close(): void {
    this.#answered = this.#asked;
    clearTimeout(this.#timer);
  }

  #wait(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(this.#lost, milliseconds);
  }
}
