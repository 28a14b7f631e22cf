/** Steps of colour between nothing and the peak. */
export const STEPS = 10;

/** How a cell looks: `outside`, `gap`, `zero`, `negative`, or a step from 1 up to `STEPS`. */
export type Look = 'outside' | 'gap' | 'zero' | 'negative' | `step${number}`;

/**
 * The look of a cell. Equal steps from nothing to the peak; for a colour a double is near enough.
 *
 * @param cell digits; empty for a gap, null outside
 * @param peak digits of the largest cell
 */
export function lookOf(cell: string | null, peak: string): Look {
  if (cell === null) {
    return 'outside';
  }
  if (cell === '') {
    return 'gap';
  }
  const share = Number(cell) / Number(peak);
  if (Number(cell) <= 0) {
    return Number(cell) < 0 ? 'negative' : 'zero';
  }
  return `step${Math.min(Math.max(Math.ceil(share * STEPS), 1), STEPS)}`;
}
