/** A name as an identifier of SQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as a literal of SQL. @throws RangeError for a text with a NUL character, which no literal can hold */
export function literal(text: string): string {
  if (text.includes('\0')) {
    throw new RangeError('A text for the engine may not hold a NUL character.');
  }
  return `'${text.replaceAll("'", "''")}'`;
}

/** A file's path as a literal that means this file alone: `*`, `?` and `[` are no patterns. */
export function fileLiteral(file: string): string {
  return literal(filePattern(file));
}

/** The pattern that matches this file alone. */
export function filePattern(file: string): string {
  return file.replace(/[[*?]/g, '[$&]');
}
