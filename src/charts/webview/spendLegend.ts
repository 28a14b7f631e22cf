import { element, nameElement } from './elements.ts';
import { inkOn } from './spendPatterns.ts';
import type { LegendEntry } from './spendView.ts';

/** What the colours and lines mean, with exact amounts. */
export function legendList(entries: readonly LegendEntry[]): HTMLElement {
  const made = element(
    'ul',
    'legend',
    ...entries.map(({ label, fill, look, value }) => {
      const sample = element('span', `sample ${look} ${fill.pattern}`);
      sample.setAttribute('aria-hidden', 'true');
      // Set as a property: the page's policy blocks style attributes.
      sample.style.setProperty('--sample', fill.colour);
      sample.style.setProperty('--ink', inkOn(fill.colour));
      return element('li', '', sample, nameElement(label), element('span', 'amount', value));
    }),
  );
  made.setAttribute('aria-label', 'Legend');
  return made;
}
