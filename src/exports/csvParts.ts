/** Longer than any header row: a file that goes on beyond it without a line's end is no table. Bytes. */
const LONGEST_HEADER = 1024 * 1024;

const LINE_FEED = 0x0a;
const QUOTE = 0x22;
const NOTHING = new Uint8Array();

/** The files are not parts of one table. */
export class DifferentColumns extends Error {
  override readonly name = 'DifferentColumns';
}

/**
 * CSV files as one (RFC 4180): the first as it is, of the others the rows only. Header rows have to be equal but for a byte order
 * mark and the kind of line end. Files without a byte are left out; a last row without a line's end gets one when another file
 * follows.
 *
 * @throws DifferentColumns; whatever reading a part throws
 */
export async function* joinCsv(
  parts: Iterable<AsyncIterable<Uint8Array>>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let columns: string | undefined;
  let lineEnded = true;
  for (const part of parts) {
    const chunks = part[Symbol.asyncIterator]();
    try {
      const { header, rest } = await readHeader(chunks);
      if (header.length === 0) {
        continue;
      }
      if (columns === undefined) {
        columns = columnsOf(header);
        yield header;
        lineEnded = header.at(-1) === LINE_FEED;
      } else if (columns !== columnsOf(header)) {
        throw new DifferentColumns('The files do not have the same columns.');
      }
      let first = true;
      for (let rows: Uint8Array | undefined = rest; rows !== undefined; rows = await nextOf(chunks)) {
        if (rows.length > 0) {
          if (first && !lineEnded) {
            yield Buffer.from('\r\n');
          }
          first = false;
          yield rows;
          lineEnded = rows.at(-1) === LINE_FEED;
        }
      }
    } finally {
      await chunks.return?.();
    }
  }
}

/** The first row with its line's end, and what came behind it already. */
async function readHeader(chunks: AsyncIterator<Uint8Array>): Promise<{ header: Uint8Array; rest: Uint8Array }> {
  let read: Uint8Array = NOTHING;
  let quoted = false;
  for (let at = 0; ; ) {
    for (; at < read.length; at++) {
      if (read[at] === QUOTE) {
        quoted = !quoted;
      } else if (read[at] === LINE_FEED && !quoted) {
        return { header: read.subarray(0, at + 1), rest: read.subarray(at + 1) };
      }
    }
    if (read.length > LONGEST_HEADER) {
      throw new DifferentColumns('A file has no header row.');
    }
    const more = await nextOf(chunks);
    if (more === undefined) {
      return { header: read, rest: NOTHING };
    }
    read = Buffer.concat([read, more]);
  }
}

async function nextOf(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array | undefined> {
  const step = await chunks.next();
  return step.done === true ? undefined : step.value;
}

/** Without a byte order mark, which the decoder takes away, and without the line's end. */
function columnsOf(header: Uint8Array): string {
  return new TextDecoder().decode(header).trimEnd();
}
