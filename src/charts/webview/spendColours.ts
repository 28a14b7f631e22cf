/** Colours of the editor's theme, as the renderer of charts can read them. */
export interface Colours {
  /** Of the groups, in their order. */
  groups: string[];
  others: string;
  text: string;
  faint: string;
  line: string;
  background: string;
  more: string;
  less: string;
  font: string;
  /** Where colours say little, patterns do. */
  highContrast: boolean;
}

/** Neighbours differ in hue; the second half are mixes of the first. */
const HUES = ['blue', 'orange', 'green', 'purple', 'yellow', 'red'];

/** Reads what the theme sets now. */
export function readColours(): Colours {
  const probe = document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);
  const read = (colour: string): string => {
    probe.style.color = colour;
    return hexOf(getComputedStyle(probe).color);
  };
  const hue = (name: string) => `var(--vscode-charts-${name})`;
  const mixed = (name: string) => `color-mix(in srgb, ${hue(name)} 55%, var(--vscode-foreground))`;
  const deep = (name: string) => `color-mix(in srgb, ${hue(name)} 50%, var(--vscode-editor-background))`;
  const colours = {
    groups: [...HUES.map(hue), ...HUES.map(mixed), ...HUES.map(deep)].map(read),
    others: read('var(--vscode-descriptionForeground)'),
    text: read('var(--vscode-foreground)'),
    faint: read('var(--vscode-descriptionForeground)'),
    line: read('color-mix(in srgb, var(--vscode-foreground) 22%, var(--vscode-editor-background))'),
    background: read('var(--vscode-editor-background)'),
    more: read('var(--vscode-charts-red)'),
    less: read('var(--vscode-charts-green)'),
    font: getComputedStyle(document.body).fontFamily,
    highContrast: /\bvscode-high-contrast/.test(document.body.className),
  };
  probe.remove();
  return colours;
}

/** Black or white: what can be read on a colour, by its relative luminance as WCAG 2.2 defines it. */
export function textOn(colour: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return luminance > 0.179 ? '#000000' : '#ffffff';
}

/** Tells when the theme changed: the editor writes its variables and its name anew. */
export function watchTheme(changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
}

/** A computed colour is `rgb(1, 2, 3)` or, where colours were mixed, `color(srgb 0.1 0.2 0.3)`. */
function hexOf(computed: string): string {
  const numbers = (computed.match(/-?\d*\.?\d+(e-?\d+)?/g) ?? []).map(Number);
  const scale = computed.startsWith('color(') ? 255 : 1;
  const hex = numbers.slice(0, 3).map((part) => {
    const byte = Math.min(Math.max(Math.round(part * scale), 0), 255);
    return byte.toString(16).padStart(2, '0');
  });
  return `#${hex.join('')}`;
}
