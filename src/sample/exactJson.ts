/** JSON whose numbers keep the digits they were written with: a number is read as the raw value that writes them again. */

// TypeScript 6 declares neither raw JSON values nor the source text that a reviver is given.
const exact = JSON as unknown as {
  rawJSON(text: string): unknown;
  isRawJSON(value: unknown): value is { readonly rawJSON: string };
  parse(text: string, reviver: (key: string, value: unknown, context: { readonly source: string }) => unknown): unknown;
};

/** Reads JSON text; throws a SyntaxError when it is none. */
export function parseExact(text: string): unknown {
  return exact.parse(text, (_key, value, { source }) => (typeof value === 'number' ? exact.rawJSON(source) : value));
}

/** A number of exactly these digits, for texts that are known to be JSON numbers. */
export function exactDigits(digits: string): unknown {
  return exact.rawJSON(digits);
}

/** The digits of a number that `parseExact` read; undefined for everything else. */
export function digitsOf(value: unknown): string | undefined {
  return exact.isRawJSON(value) ? value.rawJSON : undefined;
}

/** How a value is quoted in a message. */
export function quoted(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');
}
