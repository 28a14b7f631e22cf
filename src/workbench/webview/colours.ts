import { type Fill, groupFills, hexOf, visibleOn } from './palette.ts';

/** Colours of the editor's theme, as the renderer of charts can read them. */
export interface Colours {
  /** Of the groups, in their order. */
  groups: Fill[];
  others: string;
  text: string;
  faint: string;
  line: string;
  background: string;
  more: string;
  less: string;
  font: string;
}

/** Neighbours differ in hue. */
const HUES = ['blue', 'orange', 'green', 'purple', 'yellow', 'red'];

/** Reads what the theme sets now. */
export function readColours(): Colours {
  const probe = document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);
  const read = (colour: string): string => {
    probe.style.color = colour;
    return hexOfComputed(getComputedStyle(probe).color);
  };
  const hue = (name: string) => read(`var(--vscode-charts-${name})`);
  const background = read('var(--vscode-editor-background)');
  const highContrast = /\bvscode-high-contrast/.test(document.body.className);
  const colours = {
    groups: groupFills({ hues: HUES.map(hue), background, highContrast }),
    others: read('var(--vscode-descriptionForeground)'),
    text: read('var(--vscode-foreground)'),
    faint: read('var(--vscode-descriptionForeground)'),
    line: read('color-mix(in srgb, var(--vscode-foreground) 22%, var(--vscode-editor-background))'),
    background,
    more: visibleOn(hue('red'), background),
    less: visibleOn(hue('green'), background),
    font: getComputedStyle(document.body).fontFamily,
  };
  probe.remove();
  return colours;
}

/** Tells when the theme changed: the editor writes its variables and its name anew. */
export function watchTheme(changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
}

/** A computed colour is `rgb(1, 2, 3)` or, where colours were mixed, `color(srgb 0.1 0.2 0.3)`. */
function hexOfComputed(computed: string): string {
  const numbers = (computed.match(/-?\d*\.?\d+(e-?\d+)?/g) ?? []).map(Number);
  const scale = computed.startsWith('color(') ? 255 : 1;
  return hexOf(numbers.slice(0, 3).map((part) => part * scale));
}
