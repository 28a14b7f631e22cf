import { expectEnd, JsonSyntaxError, skipValue, sliceText, startOfText, walkItems, walkMembers } from './scan.ts';

/**
 * The text of a top-level string member of a JSON object, e.g. `nextLink`; undefined when it is absent, null or "".
 *
 * Lists carry it behind megabytes of rows, so the end of the text is tried first: when the last occurrence of the quoted
 * name is followed by a string or null and then only by the closing brace, it stands at the top level. (A quoted name cannot
 * begin inside a string, where quotes are escaped.) Anything else falls back to a walk over the whole text, which also proves
 * that the text is complete: a page that was cut short never passes as the last page. The start of a text that ends well is
 * not looked at here; whoever reads the rows does that.
 *
 * @throws JsonSyntaxError when the text is not a JSON object, or the member is neither a string nor null: a link that cannot be
 *   read must not pass as the last page.
 */
export function topLevelText(bytes: Uint8Array, name: string): string | undefined {
  const tail = tailValue(bytes, name);
  const value = tail === undefined ? walkedValue(bytes, name) : tail;
  if (value !== undefined && value !== null && typeof value !== 'string') {
    throw new JsonSyntaxError(`expected '${name}' to be a text or null`, 0);
  }
  return value || undefined;
}

/** The value when the member is the last one of the text, undefined when that cannot be told. */
function tailValue(bytes: Uint8Array, name: string): string | null | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const quoted = `"${name}"`;
  const at = buffer.lastIndexOf(quoted);
  if (at < 0) {
    return undefined;
  }
  const match = /^\s*:\s*("(?:[^"\\]|\\.)*"|null)\s*\}\s*$/.exec(buffer.toString('utf8', at + quoted.length));
  return match?.[1] === undefined ? undefined : (JSON.parse(match[1]) as string | null);
}

/**
 * Fails unless the text is a JSON object with a list as its top-level member `name`. Most pages open with their list: then
 * only the first bytes are looked at.
 *
 * @throws JsonSyntaxError
 */
export function requireList(bytes: Uint8Array, name: string): void {
  const start = startOfText(bytes);
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', start, start + 64);
  if (new RegExp(`^\\{\\s*"${name}"\\s*:\\s*\\[`).test(head)) {
    return;
  }
  let found = false;
  walkMembers(bytes, start, (keyStart, keyEnd, valueStart) => {
    if (JSON.parse(sliceText(bytes, keyStart, keyEnd)) !== name) {
      return undefined;
    }
    found = true;
    return walkItems(bytes, valueStart);
  });
  if (!found) {
    throw new JsonSyntaxError(`expected a list named '${name}'`, start);
  }
}

function walkedValue(bytes: Uint8Array, name: string): unknown {
  let found: unknown;
  const end = walkMembers(bytes, startOfText(bytes), (keyStart, keyEnd, valueStart) => {
    if (JSON.parse(sliceText(bytes, keyStart, keyEnd)) !== name) {
      return undefined;
    }
    const valueEnd = skipValue(bytes, valueStart);
    found = JSON.parse(sliceText(bytes, valueStart, valueEnd));
    return valueEnd;
  });
  expectEnd(bytes, end);
  return found;
}
