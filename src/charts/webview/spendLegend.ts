import { element, nameElement } from '../../workbench/webview/elements.ts';
import { inkOn } from '../../workbench/webview/patterns.ts';
import type { LegendEntry } from './spendView.ts';

/** What the colours and lines mean, with amounts, whose every digit is in their tooltips. */
export function legendList(entries: readonly LegendEntry[]): HTMLElement {
  const made = element(
    'ul',
    'legend',
    ...entries.map(({ label, fill, look, value, exact }) => {
      const sample = element('span', `sample ${look} ${fill.pattern}`);
      sample.setAttribute('aria-hidden', 'true');
      // Set as a property: the page's policy blocks style attributes.
      sample.style.setProperty('--sample', fill.colour);
      sample.style.setProperty('--ink', inkOn(fill.colour));
      const amount = element('span', 'amount', value);
      amount.title = exact;
      return element('li', '', sample, nameElement(label), amount);
    }),
  );
  made.setAttribute('aria-label', 'Legend');
  return made;
}
