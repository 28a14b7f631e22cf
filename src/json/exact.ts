declare global {
  interface JSON {
    /** Text that `JSON.stringify` writes as it is (ECMAScript proposal "JSON.parse source text access"; Node 22 and later). */
    rawJSON(text: string): unknown;
  }
}

/**
 * A JSON number that a double cannot give back: `1.12345678901234567890`, `33.90`, `1e400`.
 *
 * Costs carry up to 20 decimals, so the digits the service sent are kept as text and written back unchanged.
 */
export class ExactNumber {
  readonly digits: string;

  constructor(digits: string) {
    this.digits = digits;
  }

  toString(): string {
    return this.digits;
  }

  toJSON(): unknown {
    return JSON.rawJSON(this.digits);
  }
}

/** A number as {@link parseJson} returns it. */
export type JsonNumber = number | ExactNumber;

/** The digits of a number exactly as they stood in the JSON text. */
export function digitsOf(value: JsonNumber): string {
  return value instanceof ExactNumber ? value.digits : String(value);
}
