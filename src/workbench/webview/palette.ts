/** What fills the marks of a group. */
export interface Fill {
  /** `#rrggbb` */
  colour: string;
  pattern: Pattern;
}

/** Drawn over a colour, where colours alone are too few or say too little. */
export type Pattern = 'plain' | 'stripes' | 'dots' | 'lines' | 'slashes';

/** What a palette is made of: colours of the editor's theme, `#rrggbb`. */
export interface Theme {
  /** Neighbours of them differ. */
  hues: readonly string[];
  background: string;
  /** Where every neighbour has another pattern too. */
  highContrast: boolean;
}

const PATTERNS: readonly Pattern[] = ['plain', 'stripes', 'dots', 'lines', 'slashes'];

/** What a graphical object needs against what is beside it (WCAG 2.2, 1.4.11), and a little for rounding. */
const LEAST_CONTRAST = 3.1;

/** The second shade of a hue stands out from the background about as much as this, or hardly more than it has to. */
const STRONG_CONTRAST = 9.5;

/** Contrasts that are tried where a theme has two hues that look alike. */
const SHADES = [LEAST_CONTRAST, 4.5, 6.5, STRONG_CONTRAST, 13];

/** Colours nearer to each other than this look alike in thin parts of a column: a distance of bytes. */
const ALIKE = 60;

/** More than a picture has groups. */
const MOST_GROUPS = 60;

/**
 * Fills that differ from each other, each far enough from the background: the hues of the theme, then another shade of each, then both
 * again with patterns.
 */
export function groupFills({ hues, background, highContrast }: Theme): Fill[] {
  const first = hues.map((hue) => visibleOn(hue, background));
  const colours: string[] = [];
  for (const shades of [...first.map((hue) => [hue]), ...first.map((hue) => [otherShade(hue, background)])]) {
    const more = SHADES.map((wanted) => withContrast(shades[0] ?? background, background, wanted));
    colours.push(furthest([...shades, ...more], colours));
  }
  return Array.from({ length: MOST_GROUPS }, (_, at) => {
    const round = Math.floor(at / colours.length);
    const pattern = PATTERNS[(highContrast ? at + round : round) % PATTERNS.length];
    return { colour: colours[at % colours.length] ?? background, pattern: pattern ?? 'plain' };
  });
}

/** A colour, made lighter or darker until marks of it can be seen on a background. */
export function visibleOn(colour: string, background: string): string {
  return contrast(colour, background) >= LEAST_CONTRAST ? colour : withContrast(colour, background, LEAST_CONTRAST);
}

/** How much two colours stand out from each other: 1 to 21, as WCAG 2.2 defines it. */
export function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** Black or white: what can be read on a colour. */
export function textOn(colour: string): string {
  return contrast(colour, '#000000') >= contrast(colour, '#ffffff') ? '#000000' : '#ffffff';
}

/** The first of some colours that is like none of those taken already, or the one that is least like them. */
function furthest(candidates: readonly string[], taken: readonly string[]): string {
  const distances = candidates.map((each) => Math.min(...taken.map((other) => distance(each, other))));
  const at = distances.findIndex((each) => each >= ALIKE);
  return candidates[at < 0 ? distances.indexOf(Math.max(...distances)) : at] ?? '#808080';
}

/** How far two colours are from each other: 0 to 441. */
export function distance(one: string, other: string): number {
  const to = bytesOf(other);
  return Math.hypot(...bytesOf(one).map((byte, at) => byte - (to[at] ?? byte)));
}

/** Of the two ends of what can be seen, the one that is further away. */
function otherShade(colour: string, background: string): string {
  const own = contrast(colour, background);
  const further = own * own > LEAST_CONTRAST * STRONG_CONTRAST ? LEAST_CONTRAST : STRONG_CONTRAST;
  return withContrast(colour, background, further);
}

/** Mixed with black or white until it stands out as much as is wanted, as near as bytes allow and never less where that is possible. */
function withContrast(colour: string, background: string, wanted: number): string {
  const onDark = luminance(background) < 0.18;
  const more = contrast(colour, background) < wanted;
  const end = more === onDark ? '#ffffff' : '#000000';
  let [low, high] = [0, 1];
  for (let step = 0; step < 16; step++) {
    const middle = (low + high) / 2;
    const enough = contrast(mix(colour, end, middle), background) >= wanted;
    if (enough === more) {
      high = middle;
    } else {
      low = middle;
    }
  }
  return mix(colour, end, more ? high : low);
}

function mix(one: string, other: string, share: number): string {
  const [from, to] = [bytesOf(one), bytesOf(other)];
  return hexOf(from.map((byte, at) => byte + ((to[at] ?? byte) - byte) * share));
}

/** Relative luminance as WCAG 2.2 defines it. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = bytesOf(colour).map((byte) => {
    const part = byte / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function bytesOf(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}

/** @param bytes red, green and blue, rounded here */
export function hexOf(bytes: readonly number[]): string {
  const hex = bytes.map((byte) =>
    Math.min(Math.max(Math.round(byte), 0), 255)
      .toString(16)
      .padStart(2, '0'),
  );
  return `#${hex.join('')}`;
}
