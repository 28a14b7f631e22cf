import * as vscode from 'vscode';
import { readBudgetText } from '../budgeting/budgetText.ts';
import { contextOf } from '../budgeting/saveBudget.ts';
import { BUDGET_SCHEME } from '../contributions.ts';
import { parseJson } from '../json/parseJson.ts';
import { plainText } from '../workbench/text.ts';
import { type BudgetDesk, today } from './budgetDesk.ts';
import type { OpenBudgets } from './openBudgets.ts';

const SEVERITIES = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  // Whether the service takes it is not known here.
  uncertain: vscode.DiagnosticSeverity.Information,
} as const;

/** What is wrong with budgets that are open, while they are typed. */
export class BudgetDiagnostics implements vscode.Disposable {
  readonly #desk: BudgetDesk;
  readonly #budgets: OpenBudgets;
  readonly #shown = vscode.languages.createDiagnosticCollection(BUDGET_SCHEME);
  readonly #subscription: vscode.Disposable;

  constructor(desk: BudgetDesk, budgets: OpenBudgets) {
    this.#desk = desk;
    this.#budgets = budgets;
    this.#subscription = vscode.Disposable.from(
      this.#shown,
      vscode.workspace.onDidOpenTextDocument((document) => this.check(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.check(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#shown.delete(uri)),
    );
    vscode.workspace.textDocuments.forEach((document) => void this.check(document));
  }

  /** Of a document of another scheme nothing. */
  async check(document: vscode.TextDocument): Promise<void> {
    if (document.uri.scheme !== BUDGET_SCHEME) {
      return;
    }
    const { place, base } = this.#budgets.at(document.uri);
    // Without the connection the rules are not known, only the syntax is; nothing is sent.
    const arm = await this.#desk.arm(place.connection).catch(() => undefined);
    if (document.isClosed) {
      return;
    }
    const text = document.getText();
    const { body, diagnostics } = readBudgetText(text, arm && contextOf(arm, place, today(), base ?? undefined));
    const own = body === undefined && !isJson(text) && editorValidates(document) ? [] : diagnostics;
    this.#shown.set(
      document.uri,
      own.map(({ start, end, message, severity, code }) => {
        const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
        const shown = new vscode.Diagnostic(range, plainText(message), SEVERITIES[severity]);
        shown.source = 'Azure Billing';
        shown.code = code;
        return shown;
      }),
    );
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}

function isJson(text: string): boolean {
  try {
    parseJson(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether the editor itself says where a text is no JSON: twice is once too often. */
function editorValidates({ uri, languageId }: vscode.TextDocument): boolean {
  const validates = vscode.workspace.getConfiguration('json', { uri, languageId }).get('validate.enable') !== false;
  return (
    validates && languageId === 'json' && vscode.extensions.getExtension('vscode.json-language-features') !== undefined
  );
}
