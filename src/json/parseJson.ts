import { ExactNumber } from './exact.ts';

/**
 * `JSON.parse` that loses no digit: a number whose text differs from what JavaScript would print becomes an
 * {@link ExactNumber}. For single resources, lists and tables; usage rows never pass here, they stay bytes.
 *
 * @throws SyntaxError as `JSON.parse` does, and for values nested more than 2000 deep
 */
export function parseJson(text: string): unknown {
  return new ExactParser(text).parse();
}

/** Deeper texts are nobody's answer, and would overrun the stack. */
const MAX_DEPTH = 2000;

const QUOTE = 0x22;

/** Digits that a double gives back as they were, whatever they are. */
const SAFE_DIGITS = 15;

/** Written by hand: a reviver, by which `JSON.parse` tells digits too, is called for every value and takes three times as long. */
class ExactParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): unknown {
    this.#skipSpace();
    const value = this.#value(0);
    this.#skipSpace();
    return this.#at < this.#text.length ? this.#fail() : value;
  }

  #value(depth: number): unknown {
    switch (this.#text.charCodeAt(this.#at)) {
      case QUOTE:
        return this.#string();
      case 0x7b:
        return this.#object(depth + 1);
      case 0x5b:
        return this.#list(depth + 1);
      case 0x74:
        return this.#word('true', true);
      case 0x66:
        return this.#word('false', false);
      case 0x6e:
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  #object(depth: number): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    for (let more = this.#open(0x7d, depth); more; more = this.#next(0x7d)) {
      const key = this.#text.charCodeAt(this.#at) === QUOTE ? this.#string() : this.#fail();
      this.#skipSpace();
      if (this.#text.charCodeAt(this.#at) !== 0x3a) {
        this.#fail();
      }
      this.#at++;
      this.#skipSpace();
      const value = this.#value(depth);
      if (key === '__proto__') {
        // An assignment would change what the object is.
        Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
      } else {
        object[key] = value;
      }
    }
    return object;
  }

  #list(depth: number): unknown[] {
    const list: unknown[] = [];
    for (let more = this.#open(0x5d, depth); more; more = this.#next(0x5d)) {
      list.push(this.#value(depth));
    }
    return list;
  }

  /** Steps into an object or a list; false when it is empty. */
  #open(close: number, depth: number): boolean {
    if (depth > MAX_DEPTH) {
      this.#fail();
    }
    this.#at++;
    this.#skipSpace();
    if (this.#text.charCodeAt(this.#at) === close) {
      this.#at++;
      return false;
    }
    return true;
  }

  /** Steps to the next member or item; false behind the last one. */
  #next(close: number): boolean {
    this.#skipSpace();
    const code = this.#text.charCodeAt(this.#at);
    if (code !== close && code !== 0x2c) {
      this.#fail();
    }
    this.#at++;
    if (code === close) {
      return false;
    }
    this.#skipSpace();
    return true;
  }

  #string(): string {
    const text = this.#text;
    const start = this.#at;
    for (let at = start + 1; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.#at = at + 1;
        return text.slice(start + 1, at);
      }
      if (code === 0x5c || code < 0x20) {
        return this.#escapedString(at);
      }
    }
    return this.#fail();
  }

  /** A string with an escape in it, or with what may not be in one. */
  #escapedString(from: number): string {
    const text = this.#text;
    const start = this.#at;
    for (let at = from; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.#at = at + 1;
        return JSON.parse(text.slice(start, at + 1)) as string;
      }
      at += code === 0x5c ? 1 : 0;
    }
    return this.#fail();
  }

  #number(): number | ExactNumber {
    const text = this.#text;
    const start = this.#at;
    let at = text.charCodeAt(start) === 0x2d ? start + 1 : start;
    const first = at;
    at = text.charCodeAt(at) === 0x30 ? at + 1 : this.#digits(at);
    const point = at;
    let isPlain = true;
    if (text.charCodeAt(at) === 0x2e) {
      at = this.#digits(at + 1);
      // 0.0000001 is written as 1e-7, and 1.50 as 1.5.
      isPlain = text.charCodeAt(at - 1) !== 0x30 && (text.charCodeAt(first) !== 0x30 || at - point <= 6);
    }
    const exponent = text.charCodeAt(at);
    if (exponent === 0x65 || exponent === 0x45) {
      const sign = text.charCodeAt(at + 1);
      at = this.#digits(sign === 0x2b || sign === 0x2d ? at + 2 : at + 1);
      isPlain = false;
    }
    this.#at = at;
    const digits = text.slice(start, at);
    const value = Number(digits);
    return (isPlain && value !== 0 && at - start <= SAFE_DIGITS) || String(value) === digits
      ? value
      : new ExactNumber(digits);
  }

  /** Where the digits end that begin at a position: there has to be one. */
  #digits(from: number): number {
    let at = from;
    for (let code = this.#text.charCodeAt(at); code >= 0x30 && code <= 0x39; code = this.#text.charCodeAt(at)) {
      at++;
    }
    return at === from ? this.#fail() : at;
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) {
      this.#fail();
    }
    this.#at += word.length;
    return value;
  }

  #skipSpace(): void {
    for (let code = this.#text.charCodeAt(this.#at); isSpace(code); code = this.#text.charCodeAt(this.#at)) {
      this.#at++;
    }
  }

  #fail(): never {
    throw new SyntaxError(`The text is not JSON behind character ${this.#at}.`);
  }
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
