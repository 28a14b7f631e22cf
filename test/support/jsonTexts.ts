/**
 * JSON texts out of arbitrary bytes: each choice takes one, and the simplest is taken when there are none left. So a property test draws
 * a cheap array of bytes, and a failure shrinks to a short text.
 */
export class JsonTexts {
  readonly #choices: Uint8Array;
  #at = 0;

  constructor(choices: Uint8Array) {
    this.#choices = choices;
  }

  /** An integer from 0 to `below` - 1. */
  choose(below: number): number {
    return (this.#choices[this.#at++] ?? 0) % below;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.choose(from.length)] as T;
  }

  /** White space, nearly always none. */
  space(): string {
    return this.choose(6) < 5 ? '' : this.pick([' ', '\n', '\r\n', '\t', '  \n\t ']);
  }

  /** A string with its quotes, its characters escaped or not. */
  string(): string {
    const length = this.choose(4) === 3 ? this.choose(60) : this.choose(6);
    const parts = Array.from({ length }, () => this.pick(CHARACTERS));
    return `"${parts.join('')}"`;
  }

  /** The same text in one of the ways that JSON has for it. */
  escaped(text: string): string {
    const unit = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    const at = this.choose(5) === 4 ? this.choose(text.length) : -1;
    return `"${Array.from(text, (character, i) => (i === at ? unit(character) : character)).join('')}"`;
  }

  number(): string {
    const digits = () =>
      Array.from({ length: 1 + this.choose(this.choose(5) === 4 ? 40 : 4) }, () => this.choose(10)).join('');
    const whole = this.pick(['0', '7', `1${digits()}`]);
    const fraction = this.choose(2) === 0 ? '' : `.${digits()}`;
    const exponent = this.choose(5) === 4 ? `${this.pick(['e', 'E'])}${this.pick(['', '+', '-'])}${digits()}` : '';
    return `${this.pick(['', '-'])}${whole}${fraction}${exponent}`;
  }

  value(depth = 0): string {
    switch (this.choose(depth < 4 ? 9 : 6)) {
      case 0:
        return 'null';
      case 1:
      case 2:
        return this.string();
      case 3:
      case 4:
        return this.number();
      case 5:
        return this.pick(['true', 'false']);
      case 6:
        return this.#deep();
      case 7:
        return `[${this.#list(() => this.value(depth + 1))}]`;
      default:
        return `{${this.#list(() => `${this.string()}${this.space()}:${this.space()}${this.value(depth + 1)}`)}}`;
    }
  }

  /** Lists within lists. */
  #deep(): string {
    const depth = this.choose(8) === 7 ? 300 : this.choose(12);
    return '['.repeat(depth) + this.number() + ']'.repeat(depth);
  }

  #list(item: () => string): string {
    return this.join(Array.from({ length: this.choose(4) }, item));
  }

  /** Texts with commas and white space between them. */
  join(texts: readonly string[]): string {
    const space = this.space();
    return `${space}${texts.join(`${this.space()},${space}`)}${this.space()}`;
  }
}

const CHARACTERS: readonly string[] = [
  ...['a', 'b', 'Z', '0', ' ', ',', ';', "'", '=', '-', '+', '@', '/', '{', '}', '[', ']', ':', '\u007f'],
  ...['é', 'ß', 'م', '語', '\u00a0', '\u2028', '\ufeff', '\uffff', '🌿', '👩🏽‍💻', '＝'],
  ...[
    '\\n',
    '\\r',
    '\\t',
    '\\b',
    '\\f',
    '\\/',
    '\\\\',
    '\\"',
    '\\u0041',
    '\\u00E9',
    '\\u0022',
    '\\u002c',
    '\\u000a',
    '\\u0000',
  ],
  ...['\\ud83c\\udf3f', '\\uD83C', '\\udf3f', '\\ud83cx', '\\ud83c\\n', '\\u8a9e', 'abcdefghijklmnopqrstuvwxyz'],
];
