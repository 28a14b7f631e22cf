import * as vscode from 'vscode';
import { BillingError } from '../api/http/errors.ts';
import { explain } from '../workbench/failures.ts';
import { plainText } from '../workbench/text.ts';
import { SpendPanel, type SpendSurroundings } from './spendPanel.ts';
import { type SpendSubject, subjectIdentity } from './spendSubject.ts';
import { readView, viewText } from './spendViewFile.ts';

/** What the page shows of a file that says nothing that can be shown. */
const NOTHING: SpendSubject = {
  connection: '',
  label: 'View file',
  question: {
    scope: '',
    period: 'MonthToDate',
    granularity: 'auto',
    groupBy: '',
    filters: [],
    metric: 'actual',
    currency: 'billing',
    top: 10,
    view: 'columns',
  },
};

/**
 * Shows a view file in a panel. In a folder that is not trusted nothing is sent before the person in front says so: the file can come
 * from anybody, and names a connection and a scope. What is chosen in the panel goes into the file, to be saved or undone as any change; a file that is
 * changed otherwise is read again.
 *
 * @param kept told of the panel, and of its end
 */
export function editView(
  document: vscode.TextDocument,
  panel: vscode.WebviewPanel,
  surroundings: SpendSurroundings,
  kept: {
    opened(panel: SpendPanel): void;
    activated(panel: SpendPanel, active: boolean): void;
    closed(panel: SpendPanel): void;
  },
): void {
  const { connections } = surroundings;
  const read = () => readView(document.getText(), connections, new Date());
  const writer = new ViewWriter(document, read);
  const view = new SpendPanel(panel, NOTHING, surroundings, {
    changed: (subject) => writer.write(subject),
    activated: (active) => kept.activated(view, active),
    closed: () => {
      listener.dispose();
      kept.closed(view);
    },
    isFile: true,
    doubt: (subject) => (vscode.workspace.isTrusted ? undefined : untrusted(subject)),
  });
  const show = () => {
    try {
      // The page shows a failure too.
      view.show(read(), true).catch(() => {});
    } catch (error) {
      const advice = error instanceof BillingError ? (error.advice ?? '') : '';
      view.refuse(error instanceof Error ? error.message : explain(error), advice);
    }
  };
  const listener = vscode.Disposable.from(
    vscode.workspace.onDidChangeTextDocument(({ document: changed, contentChanges }) => {
      if (changed === document && contentChanges.length > 0 && !writer.hasWritten(document)) {
        show();
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(show),
  );
  kept.opened(view);
  show();
}

function untrusted({ connection, question }: SpendSubject): { message: string; advice: string; action: string } {
  return {
    message: plainText(
      `Nothing was sent: this file asks for the costs of ${question.scope} with the connection '${connection}', and its folder is not trusted.`,
    ),
    advice: 'Read the costs if you know the file, or trust the folder with "Workspaces: Manage Workspace Trust".',
    action: 'Read Costs',
  };
}

/** Writes what is chosen in a panel into its file: one change after the other, because each replaces the whole text. */
class ViewWriter {
  readonly #document: vscode.TextDocument;
  readonly #read: () => SpendSubject;
  #wanted: SpendSubject | undefined;
  #writing: Promise<void> | undefined;
  #text = '';

  constructor(document: vscode.TextDocument, read: () => SpendSubject) {
    this.#document = document;
    this.#read = read;
  }

  write(subject: SpendSubject): void {
    this.#wanted = subject;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
  }

  /** Whether the text is what is just being written: the panel shows that, or something newer. */
  hasWritten(document: vscode.TextDocument): boolean {
    return this.#writing !== undefined && document.getText().replaceAll('\r\n', '\n') === this.#text;
  }

  async #writeAll(): Promise<void> {
    for (let subject = this.#wanted; subject !== undefined; subject = this.#wanted) {
      this.#wanted = undefined;
      if (this.#isNews(subject)) {
        const { uri, lineCount } = this.#document;
        this.#text = viewText(subject, this.#document.getText());
        const edit = new vscode.WorkspaceEdit();
        edit.replace(uri, new vscode.Range(0, 0, lineCount, 0), this.#text);
        await vscode.workspace.applyEdit(edit);
      }
    }
  }

  /** Whether the file says something else, in whatever order. One that cannot be read is not replaced by what it does not say. */
  #isNews(subject: SpendSubject): boolean {
    try {
      return subjectIdentity(this.#read()) !== subjectIdentity(subject);
    } catch {
      return false;
    }
  }
}
