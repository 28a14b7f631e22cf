import path from 'node:path';
import type { Locator } from 'playwright-core';
import type { Workbench } from './editor/page.ts';

/** The list of exports in a window, and the way to a new one, as a person goes it. */
export class ExportsPage {
  readonly #window: Workbench;
  readonly #folder: string;

  /** @param folder absolute; where files are saved */
  constructor(window: Workbench, folder: string) {
    this.#window = window;
    this.#folder = folder;
  }

  get pane(): Locator {
    return this.#window.page.locator('.part.sidebar .pane').filter({ hasText: /^Exports/ });
  }

  /** Opens the list; it is closed in a new window. */
  async unfold(): Promise<void> {
    await this.#window.page.locator('.part.sidebar .pane-header').filter({ hasText: 'Exports' }).click();
  }

  /** The newest row with such a text. */
  job(text: RegExp): Locator {
    return this.pane.locator('[role="treeitem"]').filter({ hasText: text }).first();
  }

  async press(row: Locator, name: string): Promise<void> {
    await row.hover();
    await row.getByRole('button', { name }).click();
  }

  /** Answers the dialog that asks for the file; left out, with the name that it proposes. Returns the path. */
  async saveAs(name?: string): Promise<string> {
    const { page } = this.#window;
    const input = page.locator('.quick-input-widget input').first();
    await input.waitFor();
    // The dialog shows the folder first.
    while (!/\.(csv|ndjson|parquet)$/.test(await input.inputValue())) {
      await page.waitForTimeout(100);
    }
    if (name !== undefined) {
      await input.fill(path.join(this.#folder, name));
    }
    const file = await input.inputValue();
    // A dialog that is still looking at the folder takes no notice.
    const isOpen = async () => (await input.isVisible()) && (await input.inputValue()) === file;
    do {
      await input.press('Enter');
      await page.waitForTimeout(500);
    } while (await isOpen());
    return file;
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
