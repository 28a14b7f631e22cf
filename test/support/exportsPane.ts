import path from 'node:path';
import type { Locator } from 'playwright-core';
import type { Workbench } from './editor/page.ts';

/** The list of exports, and the dialog that asks for a file, as a person uses them. */
export class ExportsPane {
  readonly #window: Workbench;
  readonly #folder: string;

  /** @param folder absolute; files that are typed go there */
  constructor(window: Workbench, folder: string) {
    this.#window = window;
    this.#folder = folder;
  }

  get pane(): Locator {
    return this.#window.page.locator('.part.sidebar .pane').filter({ hasText: /^Exports/ });
  }

  /** Opens the list, which is closed at first. */
  async show(): Promise<void> {
    await this.#window.page.locator('.part.sidebar .pane-header').filter({ hasText: 'Exports' }).click();
  }

  /** The newest row with such a text. */
  job(text: RegExp): Locator {
    return this.pane.locator('[role="treeitem"]').filter({ hasText: text }).first();
  }

  /** Presses a button of a row. */
  async press(row: Locator, name: string): Promise<void> {
    await row.hover();
    await row.getByRole('button', { name }).click();
  }

  /** Answers the file dialog; without a name with what it proposes. Resolves to the whole path. */
  saveAs(name?: string): Promise<string> {
    return this.#window.answerFileDialog(name === undefined ? undefined : path.join(this.#folder, name));
  }

  /**
   * Exports the whole billing account as CSV, in the background, and resolves when rows come.
   *
   * @param name beginning with twelve characters that no other export in the list begins with
   * @param days `from to to` (ISO dates, inclusive); a person is asked first where that takes long
   */
  async exportAll(name: string, days: string): Promise<void> {
    const window = this.#window;
    await window.runCommand('Azure Billing: Export Usage…');
    await window.quickPick('Harbourlight Cloud Partners');
    await window.quickPick('Whole billing account');
    await window.quickPick('Days…');
    await window.inputBox(days);
    await window.quickPick(/^CSV/);
    await this.saveAs(name);
    const background = window.quickInput.getByRole('option', { name: /^Run in Background/ });
    const rows = this.pane
      .locator('[role="treeitem"]')
      .filter({ hasText: name.slice(0, 12) })
      .filter({ hasText: /\d rows/ })
      .first();
    await background.or(rows).first().waitFor();
    if (await background.isVisible()) {
      await background.click();
      await rows.waitFor();
    }
  }
}
