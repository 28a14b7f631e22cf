import { element } from '../../workbench/webview/elements.ts';
import { csvOf, markdownOf } from '../../workbench/webview/sheet.ts';
import type { SpendToHost } from '../spendContract.ts';
import { pngOf, svgOf } from './spendPaper.ts';
import { driverSheet, stepSheet } from './spendSheets.ts';
import type { Printable } from './spendStage.ts';

export type SavedAs = Extract<SpendToHost, { type: 'save' }>['as'];

/** What is shown in a format of its own. A comparison has its drivers in the table, all else its steps. */
export function savedData(
  as: Exclude<SavedAs, 'view'>,
  title: string,
  shown: Printable,
  isComparison: boolean,
): string {
  const { picture, view, colours } = shown;
  switch (as) {
    case 'png':
      return pngOf(title, picture, view, colours);
    case 'svg':
      return svgOf(title, picture, view, colours);
    case 'csv':
      return csvOf(sheet());
    case 'markdown':
      return markdownOf(sheet());
  }

  function sheet() {
    return (isComparison ? driverSheet(picture) : undefined) ?? stepSheet(picture);
  }
}

/** What can be done with a picture as a whole. */
export function savingButtons(refresh: () => void, save: (as: SavedAs) => void): HTMLElement {
  const made = (label: string, press: () => void) => {
    const button = document.createElement('vscode-button');
    button.secondary = true;
    button.textContent = label;
    button.addEventListener('click', press);
    return button;
  };
  return element(
    'div',
    'actions saving',
    made('Refresh', refresh),
    made('Save as PNG…', () => save('png')),
    made('Save as SVG…', () => save('svg')),
    made('Save as CSV…', () => save('csv')),
    made('Copy as Markdown', () => save('markdown')),
    made('Save View As…', () => save('view')),
  );
}
