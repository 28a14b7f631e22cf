import { sliceText } from '../json/scan.ts';

/** Where the members of objects go, by their keys. */
export class MemberIndex {
  readonly #anyCase: boolean;
  readonly #slots: ReadonlyMap<string, number>;

  /** @param slots name of a member → its slot */
  constructor(slots: Iterable<readonly [name: string, slot: number]>, anyCase: boolean) {
    this.#anyCase = anyCase;
    this.#slots = new Map(
      Array.from(slots, ([name, slot]) => [JSON.stringify(anyCase ? name.toLowerCase() : name), slot]),
    );
  }

  /**
   * The slot of a key, as {@link keyText} gives it; undefined when it has none.
   *
   * @throws TypeError when the key is not UTF-8
   */
  slotOf(key: string): number | undefined {
    return this.#slots.get(this.#anyCase ? key.toLowerCase() : key);
  }
}

/** A key with its quotes, in the one way that `JSON.stringify` writes it: JSON lets `"cost"` be sent as `"co\u0073t"` too. */
export function keyText(page: Uint8Array, start: number, end: number): string {
  const text = sliceText(page, start, end);
  return text.includes('\\') ? JSON.stringify(JSON.parse(text)) : text;
}
