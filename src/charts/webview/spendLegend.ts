import { element, nameElement } from '../../workbench/webview/elements.ts';
import { legendSample } from '../../workbench/webview/legendSample.ts';
import type { LegendEntry } from './spendView.ts';

/** What the colours and lines mean, with amounts, whose every digit is in their tooltips. */
export function legendList(entries: readonly LegendEntry[]): HTMLElement {
  const made = element(
    'ul',
    'legend',
    ...entries.map(({ label, fill, look, value, exact }) => {
      const sample = legendSample(fill, look);
      const amount = element('span', 'amount', value);
      amount.title = exact;
      return element('li', '', sample, nameElement(label), amount);
    }),
  );
  made.setAttribute('aria-label', 'Legend');
  return made;
}
