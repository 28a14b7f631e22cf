const mark = 'HOST-TESTS| ';

/** A line of the run inside the extension host, made recognisable among other output. */
export function markLine(line: string): string {
  return mark + line;
}

/** The line as the run printed it, or `undefined` when something else printed it. */
export function unmarkLine(line: string): string | undefined {
  return line.startsWith(mark) ? line.slice(mark.length) : undefined;
}
