import { sliceText } from '../json/scan.ts';

/** A member that objects had, known by the columns or not. */
interface Member {
  /** -1 when no column holds it. */
  readonly slot: number;
  /** What came behind it the last time. */
  next: { readonly key: Uint8Array; readonly member: Member } | undefined;
}

/**
 * Where the members of objects go, by their keys. A service writes the members of all its records in one order, so the key that came
 * next the last time is compared first, byte by byte: to decode each key costs more than all the rest of reading a record.
 */
export class MemberIndex {
  readonly #anyCase: boolean;
  readonly #members: ReadonlyMap<string, Member>;
  readonly #first: Member = { slot: -1, next: undefined };
  #last = this.#first;

  /** @param slots name of a member → its slot */
  constructor(slots: Iterable<readonly [name: string, slot: number]>, anyCase: boolean) {
    this.#anyCase = anyCase;
    this.#members = new Map(
      Array.from(slots, ([name, slot]) => [
        JSON.stringify(anyCase ? name.toLowerCase() : name),
        { slot, next: undefined },
      ]),
    );
  }

  /** Call it before the first member of each object. */
  begin(): void {
    this.#last = this.#first;
  }

  /**
   * The slot of the next member, whose key stands there with its quotes; -1 when it has none.
   *
   * @throws TypeError when the key is not UTF-8
   */
  slotOf(page: Uint8Array, start: number, end: number): number {
    const before = this.#last;
    if (before.next !== undefined && isAt(page, start, end, before.next.key)) {
      this.#last = before.next.member;
    } else {
      const key = keyText(page, start, end);
      this.#last = this.#members.get(this.#anyCase ? key.toLowerCase() : key) ?? { slot: -1, next: undefined };
      // A copy: a view would keep the whole page.
      before.next = { key: Uint8Array.from(page.subarray(start, end)), member: this.#last };
    }
    return this.#last.slot;
  }
}

function isAt(page: Uint8Array, start: number, end: number, bytes: Uint8Array): boolean {
  if (end - start !== bytes.length) {
    return false;
  }
  for (let i = 0; i < bytes.length; i++) {
    if (page[start + i] !== bytes[i]) {
      return false;
    }
  }
  return true;
}

/** A key with its quotes, in the one way that `JSON.stringify` writes it: JSON lets `"cost"` be sent as `"co\u0073t"` too. */
export function keyText(page: Uint8Array, start: number, end: number): string {
  const text = sliceText(page, start, end);
  return text.includes('\\') ? JSON.stringify(JSON.parse(text)) : text;
}
