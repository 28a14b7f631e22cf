import { button, element, nameElement } from '../../workbench/webview/elements.ts';
import { keptState, listenToHost, postToHost } from '../../workbench/webview/host.ts';
import { readKept, readUsageTableToPage, type UsageTableToHost, type UsageTableToPage } from '../tableContract.ts';
import { ACTION_LABELS, TablePage } from './tablePage.ts';

const tellHost: (message: UsageTableToHost) => void = postToHost;
const main = document.querySelector('main') ?? document.body;

let page: TablePage | undefined;
let progress: HTMLElement | undefined;

listenToHost<UsageTableToPage>(readUsageTableToPage, (message) => {
  switch (message.type) {
    case 'opening':
      return showOpening(message);
    case 'stopped':
      return showStopped(message);
    case 'table':
      return showTable(message);
    default:
      page?.hear(message);
  }
});
document.addEventListener('copy', (event) => {
  if (page?.copyFromMenu() === true) {
    event.preventDefault();
  }
});
// What somebody pressed, or came to by Tab, has the focus a moment later.
window.addEventListener('focus', () => setTimeout(() => page?.takeFocus(), 100));
tellHost({ type: 'ready' });

function showOpening({ title, message }: Extract<UsageTableToPage, { type: 'opening' }>): void {
  if (progress?.isConnected === true) {
    progress.replaceChildren(message);
    return;
  }
  progress = element('p', '', message);
  progress.setAttribute('role', 'status');
  replace(
    title,
    progress,
    element(
      'div',
      'actions',
      button('Cancel', () => tellHost({ type: 'act', action: 'cancel' })),
    ),
  );
}

function showStopped({ title, why, message, actions }: Extract<UsageTableToPage, { type: 'stopped' }>): void {
  const text = element('p', why === 'failed' ? 'failed' : '', message);
  text.setAttribute('role', why === 'failed' ? 'alert' : 'status');
  const buttons = actions.map((action, index) => {
    const made = button(ACTION_LABELS[action], () => tellHost({ type: 'act', action }));
    made.className = index === 0 ? '' : 'secondary';
    return made;
  });
  replace(title, text, element('div', 'actions', ...buttons));
}

function replace(title: string, ...content: HTMLElement[]): void {
  page?.close();
  page = undefined;
  main.replaceChildren(element('div', 'message', element('h1', '', nameElement(title)), ...content));
}

function showTable(message: Extract<UsageTableToPage, { type: 'table' }>): void {
  page?.close();
  page = new TablePage(message, readKept(keptState())?.choice ?? null, tellHost);
  main.replaceChildren(page.element);
  page.start();
}
