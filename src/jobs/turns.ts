/** Lets one piece of work run at a time, in the order of arrival. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs when all that came before is over, however that ended. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work, work);
    this.#last = result.catch(() => {});
    return result;
  }
}
