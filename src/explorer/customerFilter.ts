/** What the customers of Partner Center are narrowed down to, by connection. Forgotten with the window. */
export class CustomerFilters {
  readonly #texts = new Map<string, string>();

  /** Undefined: all are listed. */
  get(connection: string): string | undefined {
    return this.#texts.get(connection.toLowerCase());
  }

  set(connection: string, text: string | undefined): void {
    if (text === undefined) {
      this.#texts.delete(connection.toLowerCase());
    } else {
      this.#texts.set(connection.toLowerCase(), text);
    }
  }
}
