import { parseJson } from '../../json/parseJson.ts';

/** Bytes as text, without a byte order mark; what is not UTF-8 becomes replacement characters. */
export function bodyText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** The JSON value of a body; undefined when it is none. */
export function jsonOrNothing(bytes: Uint8Array): unknown {
  try {
    return parseJson(bodyText(bytes));
  } catch {
    return undefined;
  }
}
