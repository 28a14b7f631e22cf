/** JSON text around the values that change from day to day; odd entries name a value. */
export type Template = readonly string[];

/** Begins a text that `compile` treats as a mark. No name, id or tag of the tenant contains it. */
export const MARK = '\u0001';

/**
 * Cuts JSON text at marked values. `name` is a text value filled in later, `#name` a number filled in later, `=1.5` a
 * number known now.
 */
export function compile(row: unknown): Template {
  const pieces: string[] = [''];
  const escaped = JSON.stringify(MARK).slice(1, -1);
  JSON.stringify(row)
    .split(`"${escaped}`)
    .forEach((piece, index) => {
      const last = pieces.length - 1;
      if (index === 0) {
        pieces[last] = piece;
        return;
      }
      const end = piece.indexOf('"');
      const mark = piece.slice(0, end);
      const rest = piece.slice(end + 1);
      if (mark.startsWith('=')) pieces[last] += mark.slice(1) + rest;
      else if (mark.startsWith('#')) pieces.push(mark.slice(1), rest);
      else {
        pieces[last] += '"';
        pieces.push(mark, `"${rest}`);
      }
    });
  return pieces;
}

/** The text with all values filled in. */
export function fill(template: Template, values: Readonly<Record<string, string>>): string {
  let text = template[0] ?? '';
  for (let i = 1; i + 1 < template.length; i += 2) text += (values[template[i] ?? ''] ?? '') + template[i + 1];
  return text;
}
