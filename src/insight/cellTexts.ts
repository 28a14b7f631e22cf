const OUTER = /^[ \t\r\n]+|[ \t\r\n]+$/g;
const PRINTABLE_ASCII = /^[ -~]*$/;

/** A cell without the white space around it; empty for none. */
export function trimmed(cell: string | null | undefined): string {
  return cell === null || cell === undefined ? '' : cell.replace(OUTER, '');
}

/**
 * What tells values apart: ids are spelled in several ways. Letters beyond ASCII keep their case, so that a database, which folds them
 * by other tables than JavaScript, finds the same.
 */
export function folded(text: string): string {
  return PRINTABLE_ASCII.test(text) ? text.toLowerCase() : text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

const AMERICAN = /^(\d{2})\/(\d{2})\/(\d{4})/;
const ISO = /^\d{4}-\d{2}-\d{2}/;

/** A day, `YYYY-MM-DD`, of the forms that cost files write (ISO, and `MM/DD/YYYY`); empty for what is none. UTC. */
export function cellDay(text: string): string {
  const american = AMERICAN.exec(text);
  return american === null ? (ISO.exec(text)?.[0] ?? '') : `${american[3]}-${american[1]}-${american[2]}`;
}
