import * as vscode from 'vscode';
import { type ConnectionQuota, quotaGlance, quotaTooltip } from './quotaTexts.ts';

export interface QuotaSource {
  onDidChangeQuota: vscode.Event<void>;
  /** The limits of the connections that were used. */
  quotas(): ConnectionQuota[];
}

/** Answers that come in a bunch are looked at once. Milliseconds. */
const BUNCH = 200;

const SECOND = 1000;

/**
 * The status bar item that says how much of Azure's limits is left when that is little, and counts down while a call waits for one.
 * Nothing runs while it is hidden but one look after a bunch of answers.
 */
export class QuotaStatus implements vscode.Disposable {
  readonly #source: QuotaSource;
  readonly #item: vscode.StatusBarItem;
  readonly #subscription: vscode.Disposable;
  #look: NodeJS.Timeout | undefined;
  /** When the look under way is due; a change must not put it off. */
  #due = Number.POSITIVE_INFINITY;

  constructor(source: QuotaSource) {
    this.#source = source;
    this.#item = vscode.window.createStatusBarItem('azureBilling.quota', vscode.StatusBarAlignment.Right, 99);
    this.#item.name = "Azure Billing: Azure's Limits";
    this.#item.command = 'azureBilling.showQuota';
    this.#subscription = source.onDidChangeQuota(() => this.#lookIn(BUNCH));
    this.#lookIn(BUNCH);
  }

  #lookIn(milliseconds: number): void {
    const due = Date.now() + milliseconds;
    if (due >= this.#due) {
      return;
    }
    clearTimeout(this.#look);
    this.#due = due;
    this.#look = setTimeout(() => this.#update(), milliseconds);
  }

  #update(): void {
    this.#due = Number.POSITIVE_INFINITY;
    const quotas = this.#source.quotas();
    const now = Date.now();
    const glance = quotaGlance(quotas, now);
    if (glance === undefined) {
      this.#item.hide();
      return;
    }
    this.#item.text = glance.text;
    this.#item.tooltip = quotaTooltip(quotas, now);
    this.#item.accessibilityInformation = { label: glance.spoken, role: 'button' };
    this.#item.show();
    this.#lookIn(glance.staleAt === undefined ? SECOND : Math.max(glance.staleAt - now, BUNCH));
  }

  dispose(): void {
    clearTimeout(this.#look);
    this.#subscription.dispose();
    this.#item.dispose();
  }
}
