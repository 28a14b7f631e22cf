import { isUtf8 } from 'node:buffer';
import { expectEnd, JsonSyntaxError, skipSpace, startOfText, walkMembers } from '../../json/scan.ts';
import { BillingError } from '../http/errors.ts';

const LINE_FEED = 0x0a;

/** Longer than any row: bytes that go on beyond it without a line's end are no JSON lines. */
const LONGEST_LINE = 16 * 1024 * 1024;

/**
 * The lines of a text of JSON lines, each a JSON object (RFC 8259) in UTF-8, as bytes without white space around them; some at a time.
 * Blank lines hold nothing and are left out. The last line needs no end.
 *
 * @param operation opens the error message
 * @param file how the message names the file
 * @throws BillingError of kind `malformed` that tells the line, but nothing of what stands in it; whatever reading `bytes` throws
 */
export async function* jsonLines(
  bytes: AsyncIterable<Uint8Array>,
  operation: string,
  file: string,
): AsyncGenerator<Uint8Array[], void, undefined> {
  let number = 0;
  const refuse = (why: string, cause?: unknown) =>
    new BillingError('malformed', `${operation} failed: line ${number} of ${file} ${why}.`, {
      advice: 'Nothing of it is complete; start the export again.',
      cause,
    });
  const record = (line: Uint8Array): Uint8Array | undefined => {
    number++;
    const start = number === 1 ? startOfText(line) : skipSpace(line, 0);
    if (start === line.length) {
      return undefined;
    }
    try {
      const end = walkMembers(line, start);
      expectEnd(line, end);
      if (isUtf8(line)) {
        return line.subarray(start, end);
      }
    } catch (error) {
      if (error instanceof JsonSyntaxError) {
        throw refuse('is not a JSON object', error);
      }
      throw error;
    }
    throw refuse('is not UTF-8');
  };

  let begun: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    const lines: Uint8Array[] = [];
    let at = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, at)) {
      const line = record(whole(begun, chunk.subarray(at, end)));
      begun = [];
      length = 0;
      at = end + 1;
      if (line !== undefined) {
        lines.push(line);
      }
    }
    begun.push(chunk.subarray(at));
    length += chunk.length - at;
    if (length > LONGEST_LINE) {
      number++;
      throw refuse('is longer than any row');
    }
    if (lines.length > 0) {
      yield lines;
    }
  }
  const last = record(whole(begun));
  if (last !== undefined) {
    yield [last];
  }
}

function whole(begun: readonly Uint8Array[], end?: Uint8Array): Uint8Array {
  const parts = end === undefined ? begun : [...begun, end];
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
}
