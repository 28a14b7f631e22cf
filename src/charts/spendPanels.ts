import * as vscode from 'vscode';
import { BillingError } from '../api/http/errors.ts';
import {
  type Commands,
  type SaveSpendArgument,
  type ShownSpend,
  type ShowSpendArgument,
  SPEND_PANEL,
} from '../contributions.ts';
import { calledByPerson, isTreeRow } from '../workbench/commands.ts';
import { describeForLog, explain, isCancellation } from '../workbench/failures.ts';
import { plainText } from '../workbench/text.ts';
import { editView } from './spendEditors.ts';
import { checkSave, pickSave, savePicture } from './spendFiles.ts';
import { SpendPanel, type SpendSurroundings } from './spendPanel.ts';
import { panelTitle } from './spendPanelTexts.ts';
import { checkedSubject, type SpendSubject, spendSubject, subjectIdentity } from './spendSubject.ts';

type ShowArgument = Commands['azureBilling.showSpend']['argument'];

/** The open panels of spend, those of view files among them. */
export class SpendPanels {
  readonly #surroundings: SpendSurroundings;
  /** Panels of their own, which the command brings to the front again. */
  readonly #own = new Set<SpendPanel>();
  /** The one that was in front last: title actions and the palette mean it. */
  #front: SpendPanel | undefined;

  constructor(surroundings: SpendSurroundings) {
    this.#surroundings = surroundings;
  }

  /**
   * Shows the spend that an argument means, in the panel that shows it already or in a new one. Resolves when it is read to its end;
   * undefined when the user backs out, or reading failed for a person, who sees that in the panel.
   */
  async show(argument: ShowArgument): Promise<ShownSpend | undefined> {
    const subject = await spendSubject(argument, this.#surroundings.connections, new Date());
    if (subject === undefined) {
      return undefined;
    }
    const known = this.#known(subject, saysScopeAlone(argument));
    known?.reveal();
    const panel = known ?? this.#open(subject);
    return this.#load(panel, calledByPerson(argument));
  }

  /** Fills a panel that the editor brought back after a reload. Its state comes from the disk and may be anything. */
  restore(panel: vscode.WebviewPanel, state: unknown): void {
    try {
      const subject = checkedSubject(state, this.#surroundings.connections, new Date());
      // Not awaited: the editor shows the panel, and so how far it is, when this is done.
      this.#load(this.#keep(panel, subject), true).catch(() => {});
    } catch (error) {
      panel.dispose();
      void vscode.window.showErrorMessage(plainText(`A spend panel cannot be shown again: ${explain(error)}`));
    }
  }

  /** Shows a view file. */
  edit(document: vscode.TextDocument, panel: vscode.WebviewPanel): void {
    editView(document, panel, this.#surroundings, {
      opened: (view) => this.#activated(view, panel.active),
      activated: (view, active) => this.#activated(view, active),
      closed: (view) => this.#forget(view),
    });
  }

  async refresh(): Promise<void> {
    await this.#inFront().refresh();
  }

  /** Saves the picture in front. @returns the path, or the text that was copied; undefined when the user backs out */
  async save(argument: SaveSpendArgument | vscode.Uri | undefined): Promise<string | undefined> {
    const panel = this.#inFront();
    const given = argument === undefined || argument instanceof vscode.Uri ? undefined : checkSave(argument);
    const as = given?.as ?? (await pickSave());
    return as && savePicture(panel.subject, await panel.pictureAs(as), given?.file);
  }

  #inFront(): SpendPanel {
    if (this.#front === undefined) {
      throw new BillingError('argument', 'There is no spend panel in front.', {
        advice: 'Open one with "Show Spend" on a row of the tree.',
      });
    }
    return this.#front;
  }

  #known(subject: SpendSubject, scopeAlone: boolean): SpendPanel | undefined {
    const identity = subjectIdentity(subject);
    const isSame = (panel: SpendPanel) =>
      subjectIdentity(panel.subject) === identity ||
      (scopeAlone &&
        panel.subject.connection === subject.connection &&
        panel.subject.question.scope === subject.question.scope);
    return [...this.#own].find(isSame);
  }

  #open(subject: SpendSubject): SpendPanel {
    return this.#keep(
      vscode.window.createWebviewPanel(SPEND_PANEL, panelTitle(subject), vscode.ViewColumn.Active),
      subject,
    );
  }

  #keep(webviewPanel: vscode.WebviewPanel, subject: SpendSubject): SpendPanel {
    const panel: SpendPanel = new SpendPanel(webviewPanel, subject, this.#surroundings, {
      changed: () => {},
      activated: (active) => this.#activated(panel, active),
      closed: () => this.#forget(panel),
    });
    this.#own.add(panel);
    this.#activated(panel, webviewPanel.active);
    return panel;
  }

  #activated(panel: SpendPanel, active: boolean): void {
    if (active || this.#front === undefined) {
      this.#front = panel;
    }
  }

  #forget(panel: SpendPanel): void {
    this.#own.delete(panel);
    if (this.#front === panel) {
      this.#front = [...this.#own].at(-1);
    }
  }

  async #load(panel: SpendPanel, byPerson: boolean): Promise<ShownSpend | undefined> {
    try {
      return await panel.load(byPerson);
    } catch (error) {
      if (!byPerson || isCancellation(error)) {
        throw error;
      }
      // The panel says what went wrong; a notification would say it twice.
      const { connection, question } = panel.subject;
      this.#surroundings.log.error(`[${connection}] Spend of ${question.scope}: ${describeForLog(error)}`);
      return undefined;
    }
  }
}

/** Whoever names the scope and nothing else wants to see it as it was left. */
function saysScopeAlone(argument: ShowArgument): boolean {
  if (argument === undefined || isTreeRow(argument)) {
    return true;
  }
  const { connection: _connection, scope: _scope, label: _label, ...rest } = argument as ShowSpendArgument;
  return !(argument instanceof vscode.Uri) && Object.keys(rest).length === 0;
}
