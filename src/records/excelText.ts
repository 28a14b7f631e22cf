/** Characters of one cell at most (Microsoft Support: Excel specifications and limits); UTF-16 units, as Excel counts. */
export const CELL_CHARACTERS = 32_767;

/** What XML has to escape, what XML 1.0 cannot hold at all, and what would be read as an escape of the latter. */
const SPECIAL =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[&<>]|[\u0000-\u0008\u000b-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|_(?=[xX][0-9A-Fa-f]{4})/g;

/**
 * Text for an element of a sheet. Characters that XML cannot hold become `_x001F_`, as strings of the format do (ECMA-376, part 1,
 * ST_Xstring); line feeds and tabs stay.
 */
export function sheetText(text: string): string {
  return text.replace(SPECIAL, (found) => {
    switch (found) {
      case '&':
        return '&amp;';
      case '<':
        return '&lt;';
      case '>':
        return '&gt;';
      default:
        return `_x${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;
    }
  });
}

/** Text for an attribute. */
export function attributeText(text: string): string {
  return sheetText(text).replaceAll('"', '&quot;');
}

/** An element with text; blanks at its ends and line breaks count. */
export function textElement(text: string): string {
  return /^\s|\s$|\n/.test(text) ? `<t xml:space="preserve">${sheetText(text)}</t>` : `<t>${sheetText(text)}</t>`;
}

/** What a cell can hold of a text; a character of two units is not torn apart. */
export function cellPart(text: string): string {
  if (text.length <= CELL_CHARACTERS) {
    return text;
  }
  const last = text.charCodeAt(CELL_CHARACTERS - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? CELL_CHARACTERS - 1 : CELL_CHARACTERS);
}

/** Letters of a column, from 0: A, B, … Z, AA. */
export function columnLetters(column: number): string {
  const letter = String.fromCharCode(65 + (column % 26));
  return column < 26 ? letter : columnLetters(Math.floor(column / 26) - 1) + letter;
}

/** A name that Excel takes for a sheet: 31 characters without `[]:*?/\`, no quotes at the ends, not the reserved one. */
export function sheetName(text: string): string {
  const name = sheetPart(text.replace(/[[\]:*?/\\]|\p{C}/gu, ' ').replace(/\s+/g, ' '));
  return name === '' || /^(?:history|about|notes)$/i.test(name) ? 'Rows' : name;
}

function sheetPart(text: string): string {
  return Array.from(text)
    .reduce((name, character) => (name.length + character.length > 31 ? name : name + character), '')
    .replace(/^[\s']+|[\s']+$/g, '');
}
