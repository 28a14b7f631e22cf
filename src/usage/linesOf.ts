const LINE_FEED = 0x0a;

/** Lines without their ends; empty ones are left out. */
export function linesOf(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const found = bytes.indexOf(LINE_FEED, at);
    const end = found < 0 ? bytes.length : found;
    if (end > at) {
      lines.push(bytes.subarray(at, end));
    }
    at = end + 1;
  }
  return lines;
}
