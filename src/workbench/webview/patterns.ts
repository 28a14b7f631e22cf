import { type Fill, type Pattern, textOn } from './palette.ts';

/** How the renderer of charts draws each pattern; the words beside the picture have the same by style sheet. */
const DECALS: Readonly<Record<Exclude<Pattern, 'plain'>, object>> = {
  stripes: { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: -Math.PI / 4 },
  dots: {
    symbol: 'circle',
    symbolSize: 0.7,
    dashArrayX: [
      [6, 6],
      [0, 6, 6, 0],
    ],
    dashArrayY: [6, 0],
  },
  lines: { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: 0 },
  slashes: { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: Math.PI / 4 },
};

/** What looks like no pattern, for what would take one from elsewhere. */
export const NO_DECAL: object = { color: 'transparent' };

/** The style of what a fill covers, for the renderer of charts. */
export function styleOf({ colour, pattern }: Fill): { color: string; decal?: object } {
  // Made anew each time: the renderer writes into it.
  return pattern === 'plain'
    ? { color: colour }
    : { color: colour, decal: { ...DECALS[pattern], color: inkOn(colour) } };
}

/**
 * The part of an option that describes a picture to those who do not see it.
 *
 * @param areas what fills the areas of a treemap: it takes patterns from nowhere else
 */
export function ariaOption(description: string, areas: readonly Fill[] = []): object {
  const decals = areas.map((fill) => styleOf(fill).decal ?? { ...NO_DECAL });
  const decal = areas.some(({ pattern }) => pattern !== 'plain') ? { show: true, decals } : { show: false };
  return { enabled: true, label: { enabled: true, description }, decal };
}

/** What a pattern is drawn with: black or white, half of it. */
export function inkOn(colour: string): string {
  return `${textOn(colour)}80`;
}
