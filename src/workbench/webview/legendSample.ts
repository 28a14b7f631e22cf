import { element } from './elements.ts';
import type { Fill } from './palette.ts';
import { inkOn } from './patterns.ts';

/** What a fill looks like beside its name. */
export function legendSample({ colour, pattern }: Fill, look: 'area' | 'line' | 'dashed' | 'dotted'): HTMLElement {
  const sample = element('span', `sample ${look} ${pattern}`);
  sample.setAttribute('aria-hidden', 'true');
  // Set as a property: the page's policy blocks style attributes.
  sample.style.setProperty('--sample', colour);
  sample.style.setProperty('--ink', inkOn(colour));
  return sample;
}
