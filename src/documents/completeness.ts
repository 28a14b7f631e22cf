import * as vscode from 'vscode';
import { tabUris } from './tabUris.ts';
import type { UsageDocument, UsageDocuments } from './usageDocuments.ts';

const STATES = {
  open: { icon: 'history', short: 'open' },
  settling: { icon: 'history', short: 'settling' },
  closed: { icon: 'pass', short: 'closed' },
} as const;

/** The status bar item that says of the usage document in front what it is: rows, pages, period, open or closed, when fetched. */
export class CompletenessNote implements vscode.Disposable {
  readonly #documents: UsageDocuments;
  readonly #item: vscode.StatusBarItem;
  readonly #subscriptions: vscode.Disposable[];

  constructor(documents: UsageDocuments) {
    this.#documents = documents;
    this.#item = vscode.window.createStatusBarItem('azureBilling.completeness', vscode.StatusBarAlignment.Right, 100);
    this.#item.name = 'Azure Billing: Completeness';
    this.#item.command = 'azureBilling.showCompleteness';
    const update = () => this.#update();
    this.#subscriptions = [
      this.#item,
      documents.onDidBuild(update),
      vscode.window.tabGroups.onDidChangeTabs(update),
      vscode.window.tabGroups.onDidChangeTabGroups(update),
    ];
    update();
  }

  #current(): UsageDocument | undefined {
    for (const uri of tabUris(vscode.window.tabGroups.activeTabGroup.activeTab)) {
      const document = this.#documents.get(uri);
      if (document !== undefined) {
        return document;
      }
      // The note comes with the event when there is something to tell.
      void this.#documents.recall(uri);
    }
    return undefined;
  }

  #update(): void {
    const document = this.#current();
    if (document === undefined) {
      this.#item.hide();
      return;
    }
    const state = STATES[document.state];
    const rows = document.report.rows;
    this.#item.text = `$(${state.icon}) ${count(rows, 'row')} · ${state.short}`;
    this.#item.tooltip = document.facts.join('\n');
    this.#item.accessibilityInformation = { label: document.facts.join('. '), role: 'button' };
    this.#item.show();
  }

  /** The same facts as a dialog, for keyboard and screen reader. */
  async show(): Promise<void> {
    const document = this.#current();
    if (document === undefined) {
      void vscode.window.showInformationMessage('Open a usage document first; this tells how complete it is.');
      return;
    }
    const [title = '', ...detail] = document.facts;
    const copy = { title: 'Copy Request IDs' };
    const close = { title: 'Close', isCloseAffordance: true };
    const answer = await vscode.window.showInformationMessage(
      title,
      { modal: true, detail: detail.join('\n') },
      close,
      copy,
    );
    if (answer === copy) {
      await vscode.env.clipboard.writeText(document.report.requestIds.join('\n'));
    }
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }
}

function count(value: number, noun: string): string {
  return `${value.toLocaleString(vscode.env.language)} ${noun}${value === 1 ? '' : 's'}`;
}
