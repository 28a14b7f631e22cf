/** A picture in rows and columns, for reading, copying and files. Digits are exact and plain; empty where there is none. */
export interface Sheet {
  title: string;
  /** The first names what a row is. */
  head: string[];
  rows: string[][];
}

/** RFC 4180, with names that a spreadsheet would run as a formula made text. */
export function csvOf(sheet: Sheet): string {
  return [sheet.head, ...sheet.rows].map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('');
}

/** A table of GitHub's Markdown. Names are text: nothing of them becomes a link, a tag or another cell. */
export function markdownOf(sheet: Sheet): string {
  const row = (cells: string[]) => `| ${cells.join(' | ')} |\n`;
  const rule = sheet.head.map((_, at) => (at === 0 ? '---' : '---:'));
  const rows = sheet.rows.map((cells) => row(cells.map(markdownText)));
  return `${markdownText(sheet.title)}\n\n${row(sheet.head.map(markdownText))}${row(rule)}${rows.join('')}`;
}

const NUMBER = /^-?\d+(\.\d+)?$/;

function csvCell(text: string): string {
  const guarded = /^[=+\-@\t\r]/.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

function markdownText(text: string): string {
  return NUMBER.test(text)
    ? text
    : text.replaceAll(/[\\`*_{}[\]<>()#!|~&]/g, (sign) => `\\${sign}`).replaceAll(/\s+/g, ' ');
}
